"""Services by their code: what is offered, what it costs, bans, periods and ends."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounts.fakes import NOW, Desk
from tests.accounts.test_tariffs import DAY, PENNILESS, PRIVATE, TALKER, codes, give, told

INTERNET_M, TURBO, BUSINESS, HIDE, MISSED = "3361", "3362", "3363", "3381", "3382"
EUROPE, PACK, WEATHER, NEWS, CONTENT_BAN, PAID_BAN = "3401", "3351", "3501", "3503", "801", "526"
EMPLOYEE = 12


@pytest.mark.parametrize(
    ("number", "kind", "offered"),
    [
        (PRIVATE, "option", "3361 3371 3381 3382 3351 3352 3353 3354"),
        (TALKER, "option", "3362 3371 3381 3382 3351 3352 3353 3354"),
        (EMPLOYEE, "option", "3363 3381 3382 3351 3352 3353 3354"),
        (PRIVATE, "roaming", "3401 3402 3403"),
    ],
)
def test_what_the_tariff_has_is_offered(desk: Desk, number: int, kind: str, offered: str) -> None:
    answer = desk.answer(number, "service.offers", kind=kind)
    assert codes(answer.values["services"]) == offered.split()


# code, outcome of asking, price now and each period, what is left of 250.00
ADDED: list[tuple[str, str, tuple[int, str, int], int]] = [
    (MISSED, "ok", (0, "once", 0), 25_000),
    (HIDE, "ok", (200, "day", 1_000), 23_800),
    (PACK, "ok", (1_500, "once", 0), 23_500),
    (CONTENT_BAN, "ok", (0, "once", 0), 25_000),
    (WEATHER, "ok", (3_000, "month", 0), 22_000),
]


@pytest.mark.parametrize(("code", "outcome", "cost", "left"), ADDED)
def test_price_and_first_fee_are_taken_at_once(
    desk: Desk, code: str, outcome: str, cost: tuple[int, str, int], left: int
) -> None:
    quote = desk.answer(PRIVATE, "service.quote", code=code)
    assert quote.outcome == outcome
    assert tuple(quote.values[name] for name in ("cost", "period", "price")) == cost
    assert desk.answer(PRIVATE, "service.add", code=code).values["balance"] == left
    assert desk.balance(PRIVATE) == left


@pytest.mark.parametrize(
    ("number", "code", "outcome"),
    [
        (PRIVATE, "9999", "service_unknown"),
        (PRIVATE, TURBO, "service_unavailable"),
        (TALKER, INTERNET_M, "service_unavailable"),
        (TALKER, WEATHER, "service_on"),
        (PRIVATE, BUSINESS, "service_unavailable"),
    ],
)
def test_what_cannot_be_added(desk: Desk, number: int, code: str, outcome: str) -> None:
    before = desk.balance(number)
    assert desk.outcome(number, "service.quote", code=code) == outcome
    assert desk.outcome(number, "service.add", code=code) == outcome
    assert desk.balance(number) == before


def test_without_money_nothing_is_connected(desk: Desk) -> None:
    answer = desk.answer(PENNILESS, "service.add", code=INTERNET_M)
    assert (answer.outcome, answer.values["short"]) == ("insufficient_balance", 35_000)
    assert desk.answer(PENNILESS, "service.mine", kind="all").values["services"] == ()
    assert not desk.book.jobs_of("79220000003", "service.fee")


def test_mine_are_listed_with_what_they_cost(desk: Desk) -> None:
    mine = desk.answer(TALKER, "service.mine", kind="all").values["services"]
    assert isinstance(mine, tuple)
    assert [(row["name"], row["cost"], row["period"]) for row in mine] == [
        ("Weather", 3_000, "month"),
        ("Horoscope", 4_500, "month"),
    ]


@pytest.mark.parametrize(
    ("ban", "code", "outcome"),
    [
        (CONTENT_BAN, NEWS, "content_banned"),
        (CONTENT_BAN, HIDE, "ok"),
        (PAID_BAN, NEWS, "paid_banned"),
        (PAID_BAN, PACK, "paid_banned"),
        (PAID_BAN, MISSED, "ok"),
    ],
)
def test_a_ban(desk: Desk, ban: str, code: str, outcome: str) -> None:
    assert desk.answer(PRIVATE, "service.state", code=ban).values["on"] is False
    desk.answer(PRIVATE, "service.add", code=ban)
    assert desk.answer(PRIVATE, "service.state", code=ban).values["on"] is True
    assert desk.outcome(PRIVATE, "service.add", code=code) == outcome
    assert desk.outcome(PRIVATE, "service.remove", code=ban) == "ok"
    assert desk.outcome(PRIVATE, "service.add", code=NEWS) == "ok"


def test_one_subscription_is_stopped_or_all(desk: Desk) -> None:
    assert desk.outcome(TALKER, "service.remove", code=WEATHER) == "ok"
    assert desk.outcome(TALKER, "service.removal", code=WEATHER) == "service_off"
    assert desk.outcome(TALKER, "service.remove", code=WEATHER) == "service_off"
    assert desk.answer(TALKER, "service.remove_content").values == {"count": 1}
    assert desk.outcome(TALKER, "service.remove_content") == "subscriptions_none"
    desk.run_due(NOW + 31 * DAY)
    assert desk.balance(TALKER) == 100_000 - 64_000


def test_units_of_a_pack_and_of_an_option(desk: Desk) -> None:
    desk.answer(PRIVATE, "service.add", code=PACK)
    desk.answer(PRIVATE, "service.add", code="3371")
    left = {row.kind: row.left for row in desk.book.packages("79220000001")}
    assert left == {"megabytes": 100, "sms": 100}
    assert codes(desk.answer(PRIVATE, "service.mine", kind="all").values["services"]) == ["3371"]


def test_a_daily_fee_is_paid_each_day_suspends_and_resumes(desk: Desk) -> None:
    desk.answer(TALKER, "service.remove_content")
    desk.answer(TALKER, "service.add", code=NEWS)
    assert told(desk.run_due(NOW + 2 * DAY)) == []
    assert desk.balance(TALKER) == 100_000 - 3 * 300
    take_all(desk)
    assert told(desk.run_due(NOW + 3 * DAY)) == [("02", "sms.fee_short")]
    assert told(desk.run_due(NOW + 5 * DAY)) == []
    assert _suspended(desk)
    give(desk, 1_000)
    assert told(desk.run_due(NOW + 6 * DAY)) == []
    assert not _suspended(desk)
    assert desk.balance(TALKER) == 700


def test_an_option_for_some_days_ends_by_itself(desk: Desk) -> None:
    give(desk, 1)
    desk.answer(TALKER, "service.add", code=EUROPE)
    assert told(desk.run_due(NOW + 30 * DAY - 1)) == []
    assert ("02", "sms.svc.off") in told(desk.run_due(NOW + 30 * DAY))
    assert EUROPE not in codes(desk.answer(TALKER, "service.mine", kind="all").values["services"])


def take_all(desk: Desk) -> None:
    """Spend what is left."""
    balance = desk.balance(TALKER)
    give(desk, -balance)


def _suspended(desk: Desk) -> Any:
    mine = desk.answer(TALKER, "service.mine", kind="content").values["services"]
    assert isinstance(mine, tuple)
    return mine[0]["suspended"]
