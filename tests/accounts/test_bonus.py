"""Bonus points: earned, expiring, spent, given (F03, F17, F18, K28)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from gateway.accounts.answers import Accounts
from gateway.accounts.bonus import earn
from gateway.accounts.books.money import Lot
from gateway.accounts.memory import MemoryBook
from gateway.charging.tariff import Terms, default_terms
from tests.accounts.fakes import NOW, Desk, FakeRandomness
from tests.accounts.test_autopay import spend
from tests.accounts.test_cards import link

DAY = 86_400
HERE = timezone(timedelta(hours=5))
THREE = "79220000003"
NEXT_DECEMBER = datetime(2027, 12, 1, tzinfo=HERE).timestamp()
DEMO_END = NOW + 365 * DAY


def with_points_for(*roles: str) -> Terms:
    """Terms under which these roles too earn points."""
    terms = default_terms()
    bonus = replace(terms.money.bonus, roles=("private", *roles))
    return replace(terms, money=replace(terms.money, bonus=bonus))


def points(desk: Desk, number: int) -> int:
    return desk.subscriber(number).points


def in_lots(desk: Desk, number: int) -> int:
    return sum(lot.points for lot in desk.book.lots(desk.subscriber(number).account))


def test_a_top_up_earns_points_for_twelve_months(desk: Desk) -> None:
    link(desk, 3)
    desk.answer(3, "account.topup_card", amount=29_999, recipient="")
    assert points(desk, 3) == 2  # one for each 100 roubles
    assert desk.book.lots(1003) == (Lot(NEXT_DECEMBER, 2),)
    desk.answer(3, "account.topup_voucher", code="105000001000", recipient="")
    assert desk.book.lots(1003) == (Lot(NEXT_DECEMBER, 12),)
    assert desk.answer(3, "bonus.show").values == {
        "points": 12, "expiring": 12, "until": int(NEXT_DECEMBER)
    }  # fmt: skip


def test_a_device_earns_points_once_a_receipt(desk: Desk) -> None:
    core, buyer = desk.accounts.core, desk.subscriber(3)
    for receipt, earned in (("device:1", 19), ("device:1", 0), ("device:2", 19)):
        assert earn(core, desk.book, buyer, "device", 199_000, NOW, receipt) == earned
    assert points(desk, 3) == in_lots(desk, 3) == 38


def test_spending_earns_points_monthly(desk: Desk) -> None:
    desk.answer(2, "packages.buy", kind="sms")  # 100 roubles
    desk.answer(2, "packages.buy", kind="minutes")  # 45
    assert points(desk, 2) == 0
    first = desk.now
    desk.run_due(first + 30 * DAY - 1)
    assert points(desk, 2) == 0
    desk.run_due(first + 30 * DAY)
    assert points(desk, 2) == 4  # 145 roubles, one for each 30


def test_a_month_of_spending_is_counted_once(desk: Desk) -> None:
    spent = 0
    for month in range(1, 4):
        desk.answer(1, "packages.buy", kind="minutes")
        spent += 1
        [job] = desk.book.jobs_of("1001", "bonus.month")
        desk.run_due(job.due)
        assert points(desk, 1) == 500 + month  # 45 roubles each
    assert spent == 3


def test_points_expire_soonest_first(desk: Desk) -> None:
    link(desk, 1)
    desk.answer(1, "account.topup_card", amount=100_000, recipient="")
    assert desk.book.lots(1001) == (Lot(DEMO_END, 500), Lot(NEXT_DECEMBER, 10))
    assert desk.answer(1, "bonus.expiring").values["lots"] == (
        {"until": int(DEMO_END), "points": 500},
        {"until": int(NEXT_DECEMBER), "points": 10},
    )
    desk.run_due(DEMO_END)
    assert points(desk, 1) == 10
    desk.run_due(NEXT_DECEMBER)
    assert (points(desk, 1), desk.book.lots(1001)) == (0, ())


@pytest.mark.parametrize("code", sorted(default_terms().money.bonus.rewards))
def test_every_reward_is_given(desk: Desk, code: str) -> None:
    reward = default_terms().money.bonus.rewards[code]
    arguments = {"reward": code, "recipient": ""}
    quoted = desk.answer(1, "bonus.quote", **arguments).values
    assert (quoted["kind"], quoted["units"], quoted["days"]) == (
        reward.kind, reward.units, reward.days,
    )  # fmt: skip
    spent = desk.answer(1, "bonus.spend", **arguments).values
    assert spent["left"] == points(desk, 1) == in_lots(desk, 1) == 500 - reward.points
    if reward.kind == "discount":
        assert desk.book.discount(1001) == reward.units * 100
    else:
        [package] = desk.book.packages("79220000001")
        assert (package.kind, package.left) == (reward.kind, reward.units)
        assert package.until == int(NOW) + 30 * DAY == spent["until"]


def test_all_five_kinds_are_offered(desk: Desk) -> None:
    for kind in ("minutes", "sms", "megabytes", "roaming", "discount"):
        assert desk.answer(1, "bonus.rewards", kind=kind).values["rewards"]


def test_two_points_are_a_rouble_off_the_fee() -> None:
    rewards = default_terms().money.bonus.rewards.values()
    discounts = [reward for reward in rewards if reward.kind == "discount"]
    assert discounts
    assert all(reward.points == 2 * reward.units for reward in discounts)


def test_a_reward_for_another_number(desk: Desk) -> None:
    arguments = {"reward": "100", "recipient": "9220000003"}
    spent = desk.answer(1, "bonus.spend", **arguments).values
    assert (spent["own"], spent["recipient"], spent["left"]) == (False, THREE, 480)
    assert [p.left for p in desk.book.packages(THREE)] == [20]
    assert [(m.msisdn, m.text_id) for m in desk.sent] == [(THREE, "sms.bonus.reward")]


def test_a_gift_keeps_when_it_expires(desk: Desk) -> None:
    arguments = {"recipient": THREE, "points": "200"}
    assert desk.answer(1, "bonus.gift_quote", **arguments).values["points"] == 200
    assert desk.answer(1, "bonus.gift", **arguments).values == {
        "recipient": THREE, "points": 200, "left": 300
    }  # fmt: skip
    assert [(m.msisdn, m.text_id) for m in desk.sent] == [(THREE, "sms.bonus.gift")]
    assert desk.book.lots(1003) == (Lot(DEMO_END, 200),)
    desk.run_due(DEMO_END)
    assert (points(desk, 1), points(desk, 3)) == (0, 0)


@pytest.mark.parametrize(
    ("number", "command", "arguments", "outcome"),
    [
        (1, "bonus.spend", {"reward": "999", "recipient": ""}, "reward_unknown"),
        (3, "bonus.spend", {"reward": "100", "recipient": ""}, "points_short"),
        (1, "bonus.spend", {"reward": "100", "recipient": "9229999999"}, "recipient_unknown"),
        (1, "bonus.gift", {"recipient": THREE, "points": "0"}, "gift_out_of_range"),
        (1, "bonus.gift", {"recipient": THREE, "points": "3001"}, "gift_out_of_range"),
        (1, "bonus.gift", {"recipient": THREE, "points": "501"}, "points_short"),
        (1, "bonus.gift", {"recipient": "79220000007", "points": "5"}, "recipient_self"),
        (1, "bonus.gift", {"recipient": "79229999999", "points": "5"}, "recipient_unknown"),
        (1, "bonus.gift", {"recipient": "79220000011", "points": "5"}, "bonus_not_offered"),
        (11, "bonus.show", {}, "bonus_not_offered"),
        (12, "bonus.expiring", {}, "bonus_not_offered"),
        (11, "bonus.rewards", {"kind": "sms"}, "bonus_not_offered"),
    ],
)
def test_what_is_refused(
    desk: Desk, number: int, command: str, arguments: dict[str, Any], outcome: str
) -> None:
    before = desk.book.snapshot()
    assert desk.outcome(number, command, **arguments) == outcome
    assert desk.book.snapshot() == before


def test_companies_have_none_unless_the_operator_says_so(book: MemoryBook) -> None:
    desk = Desk(book)
    terms = with_points_for("administrator")
    desk.accounts = Accounts(desk.hasher, FakeRandomness(), terms)
    link(desk, 11)
    desk.answer(11, "account.topup_card", amount=100_000, recipient="")
    assert desk.answer(11, "bonus.show").values["points"] == 10
    assert desk.outcome(12, "bonus.show") == "bonus_not_offered"


def test_a_company_s_month_earns_nothing(desk: Desk) -> None:
    spend(desk, 11, 90_000)
    desk.run_due(desk.now + 30 * DAY)
    assert points(desk, 11) == 0
