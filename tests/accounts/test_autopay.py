"""Autopay: by the calendar and by a low balance (F07, F08, K23)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from gateway.accounts.book import REVENUE
from gateway.accounts.ledger import move
from gateway.accounts.posting import post
from tests.accounts.fakes import NOW, Desk
from tests.accounts.test_cards import link

DAY = 86_400
HERE = timezone(timedelta(hours=5))


def spend(desk: Desk, number: int, amount: int) -> None:
    """Money leaves the account for a use."""
    desk.now += 1
    account = desk.subscriber(number).account
    made = move(f"spend:{desk.now}:{amount}", "sms", desk.now, account, REVENUE, amount)
    assert post(desk.book, made) == "ok"


def told(desk: Desk, now: float) -> list[str]:
    """What jobs due by `now` said of autopay."""
    sent = [message.text_id for message in desk.run_due(now)]
    return [text for text in sent if text.startswith("sms.autopay")]


@pytest.mark.parametrize(
    ("period", "days"), [("week", (7, 14, 21)), ("days20", (20, 40, 60)), ("month", (30, 61, 92))]
)
def test_it_pays_by_the_calendar(desk: Desk, period: str, days: tuple[int, ...]) -> None:
    link(desk, 3)
    set_up = desk.answer(3, "autopay.period", period=period, amount=10_000)
    first = NOW + days[0] * DAY
    assert set_up.values == {"period": period, "amount": 10_000, "due": int(first)}
    assert told(desk, first - 1) == []
    for paid, day in enumerate(days, 1):
        assert told(desk, NOW + day * DAY) == ["sms.autopay"]
        assert desk.balance(3) == paid * 10_000


def test_a_month_keeps_its_day_through_short_months(desk: Desk) -> None:
    desk.now = datetime(2027, 1, 31, 12, tzinfo=HERE).timestamp()
    link(desk, 3)
    assert desk.outcome(3, "autopay.period", period="month", amount=10_000) == "ok"
    days = []
    for _ in range(3):
        job = desk.book.job("autopay:1003:period")
        assert job is not None
        days.append(datetime.fromtimestamp(job.due, HERE).strftime("%d.%m"))
        desk.run_due(job.due)
    assert days == ["28.02", "31.03", "30.04"]


def test_after_a_long_stop_it_pays_once(desk: Desk) -> None:
    link(desk, 3)
    desk.answer(3, "autopay.period", period="week", amount=10_000)
    assert told(desk, NOW + 40 * DAY) == ["sms.autopay"]
    assert desk.balance(3) == 10_000
    job = desk.book.job("autopay:1003:period")
    assert job is not None
    assert job.due == NOW + 42 * DAY


def test_strictly_below_the_threshold(desk: Desk) -> None:
    link(desk, 1)
    assert desk.outcome(1, "autopay.threshold", threshold=5_000, amount=30_000) == "ok"
    spend(desk, 1, 20_000)
    assert told(desk, desk.now) == []
    spend(desk, 1, 1)
    assert told(desk, desk.now) == ["sms.autopay"]
    assert desk.balance(1) == 34_999


def test_one_payment_however_often_money_leaves_meanwhile(desk: Desk) -> None:
    link(desk, 1)
    desk.answer(1, "autopay.threshold", threshold=5_000, amount=30_000)
    for _ in range(3):
        spend(desk, 1, 7_000)
    assert told(desk, desk.now) == ["sms.autopay"]
    assert desk.balance(1) == 25_000 - 21_000 + 30_000


def test_a_balance_that_rose_in_between_is_left_alone(desk: Desk) -> None:
    link(desk, 1)
    desk.answer(1, "autopay.threshold", threshold=5_000, amount=30_000)
    spend(desk, 1, 21_000)
    assert desk.outcome(1, "account.topup_card", amount=10_000, recipient="") == "ok"
    assert told(desk, desk.now) == []


def test_set_when_the_balance_is_low_it_pays_at_once(desk: Desk) -> None:
    link(desk, 3)
    desk.answer(3, "autopay.threshold", threshold=5_000, amount=10_000)
    assert told(desk, desk.now) == ["sms.autopay"]
    assert desk.balance(3) == 10_000


def test_a_card_that_refuses_is_tried_three_times_a_day(desk: Desk) -> None:
    link(desk, 1, "4000000000000002")
    desk.answer(1, "autopay.threshold", threshold=24_000, amount=10_000)
    failed = []
    for _ in range(5):
        spend(desk, 1, 2_000)
        failed.append(told(desk, desk.now))
    assert failed == [["sms.autopay.failed"]] * 3 + [[], []]
    assert desk.balance(1) == 15_000
    desk.now += DAY
    spend(desk, 1, 2_000)
    assert told(desk, desk.now) == ["sms.autopay.failed"]


def test_an_unlinked_card_is_told(desk: Desk) -> None:
    link(desk, 3)
    desk.answer(3, "autopay.period", period="week", amount=10_000)
    desk.answer(3, "card.unlink")
    [message] = desk.run_due(NOW + 7 * DAY)
    assert message.values == {"amount": 10_000, "reason": "card_none"}


def test_both_kinds_are_listed_and_switched_off(desk: Desk) -> None:
    link(desk, 1)
    assert desk.outcome(1, "autopay.list") == "autopay_none"
    assert desk.outcome(1, "autopay.off", kind="period") == "autopay_none"
    desk.answer(1, "autopay.period", period="days20", amount=50_000)
    desk.answer(1, "autopay.threshold", threshold=5_000, amount=30_000)
    assert desk.answer(1, "autopay.list").values == {
        "by_period": True,
        "period": "days20",
        "period_amount": 50_000,
        "due": int(NOW) + 20 * DAY,
        "by_threshold": True,
        "threshold": 5_000,
        "threshold_amount": 30_000,
    }
    assert desk.outcome(1, "autopay.off", kind="threshold") == "ok"
    spend(desk, 1, 22_000)
    assert told(desk, desk.now) == []
    assert desk.answer(1, "autopay.list").values["by_threshold"] is False
    assert desk.outcome(1, "autopay.off", kind="period") == "ok"
    assert told(desk, NOW + 40 * DAY) == []


@pytest.mark.parametrize(
    ("threshold", "amount", "outcome"),
    [
        (5_000, 9_999, "autopay_out_of_range"),
        (5_000, 10_000, "ok"),
        (5_000, 1_500_000, "ok"),
        (5_000, 1_500_001, "autopay_out_of_range"),
        (999, 10_000, "threshold_out_of_range"),
        (500_001, 10_000, "threshold_out_of_range"),
    ],
)
def test_its_limits(desk: Desk, threshold: int, amount: int, outcome: str) -> None:
    arguments = {"threshold": threshold, "amount": amount}
    assert desk.outcome(1, "autopay.threshold", **arguments) == "card_none"
    link(desk, 1)
    assert desk.outcome(1, "autopay.threshold", **arguments) == outcome
    if outcome != "threshold_out_of_range":
        assert desk.outcome(1, "autopay.period", period="week", amount=amount) == outcome
