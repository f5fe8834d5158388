"""Vouchers, the promised payment, packs: money in, money lent, money for a pack."""

from __future__ import annotations

import pytest

from gateway.accounts.book import PACKAGES, PROMISED, VOUCHERS, Leg, Package, Transfer
from tests.accounts.fakes import NOW, Desk

CARD, CARD_AMOUNT = "105000000300", 30_000
THIRD_DAY_2359 = NOW - (14 * 3600 + 46 * 60 + 40) + 3 * 86_400 + 23 * 3600 + 59 * 60


def give(desk: Desk, number: int, amount: int) -> None:
    """Set the balance by a test's transfer."""
    account = desk.subscriber(number).account
    legs = (Leg(9, -amount), Leg(account, amount))
    assert desk.book.transfer(Transfer(f"give:{number}:{amount}", "test", NOW, legs)) == "ok"


# --- vouchers ----------------------------------------------------------------------------------


def test_a_voucher_is_good_once(desk: Desk) -> None:
    answered = desk.answer(3, "account.topup_voucher", code=CARD, recipient="")
    assert answered.values == {
        "amount": CARD_AMOUNT,
        "balance": CARD_AMOUNT,
        "own": True,
        "recipient": "79220000003",
    }
    assert desk.outcome(3, "account.topup_voucher", code=CARD, recipient="") == "voucher_used"
    assert desk.outcome(1, "account.topup_voucher", code=CARD, recipient="") == "voucher_used"
    assert desk.balance(3) == CARD_AMOUNT
    [transfer] = [t for t in desk.book.journal.values() if t.kind == "voucher"]
    assert transfer.legs == (Leg(VOUCHERS, -CARD_AMOUNT), Leg(1003, CARD_AMOUNT))


def test_a_second_number_tops_up_the_account_it_belongs_to(desk: Desk) -> None:
    assert desk.outcome(7, "account.topup_voucher", code=CARD, recipient="") == "ok"
    assert desk.balance(1) == 25_000 + CARD_AMOUNT


def test_five_wrong_codes_pause_it_for_an_hour_from_the_fifth(desk: Desk) -> None:
    for minute in range(5):
        desk.now = NOW + 60 * minute
        assert desk.outcome(3, "account.topup_voucher", code="1", recipient="") == "voucher_unknown"
    assert desk.outcome(3, "account.topup_voucher", code=CARD, recipient="") == "voucher_paused"
    desk.now = NOW + 240 + 3599
    assert desk.outcome(3, "account.topup_voucher", code=CARD, recipient="") == "voucher_paused"
    assert desk.outcome(4, "account.topup_voucher", code="1", recipient="") == "voucher_unknown"
    desk.now = NOW + 240 + 3600
    assert desk.outcome(3, "account.topup_voucher", code=CARD, recipient="") == "ok"


def test_a_good_code_forgets_the_wrong_ones(desk: Desk) -> None:
    for _ in range(4):
        assert desk.outcome(3, "account.topup_voucher", code="1", recipient="") == "voucher_unknown"
    assert desk.outcome(3, "account.topup_voucher", code=CARD, recipient="") == "ok"
    assert desk.outcome(3, "account.topup_voucher", code=CARD, recipient="") == "voucher_used"
    assert desk.outcome(3, "account.topup_voucher", code="105000000100", recipient="") == "ok"


# --- the promised payment ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "fee"), [(5_000, 1_000), (15_000, 2_000), (30_000, 2_000), (40_000, 4_000)]
)
def test_promised_payment(desk: Desk, amount: int, fee: int) -> None:
    due = int(THIRD_DAY_2359)
    quote = desk.answer(3, "promised.quote", amount=amount)
    assert quote.values == {"amount": amount, "fee": fee, "due": due, "days": 3}
    assert desk.balance(3) == 0
    assert desk.outcome(3, "promised.debt") == "promised_no_debt"
    taken = desk.answer(3, "promised.take", amount=amount)
    assert taken.values == {"amount": amount, "fee": fee, "total": amount + fee, "due": due}
    assert desk.balance(3) == amount
    assert desk.answer(3, "promised.debt").values == {"debt": amount + fee, "due": due}
    [transfer] = [t for t in desk.book.journal.values() if t.kind == "promised"]
    assert transfer.legs == (Leg(PROMISED, -amount), Leg(1003, amount))


def test_one_debt_at_a_time(desk: Desk) -> None:
    assert desk.outcome(3, "promised.take", amount=5_000) == "ok"
    assert desk.outcome(3, "promised.take", amount=5_000) == "promised_debt_open"
    assert desk.outcome(3, "promised.quote", amount=40_000) == "promised_debt_open"
    assert desk.balance(3) == 5_000


@pytest.mark.parametrize("amount", [0, 4_999, 5_001, 60_000])
def test_only_amounts_of_the_table(desk: Desk, amount: int) -> None:
    assert desk.outcome(3, "promised.take", amount=amount) == "promised_amount_unknown"


@pytest.mark.parametrize(
    ("amount", "floor"), [(5_000, -4_000), (15_000, -10_000), (30_000, -25_000), (40_000, -25_000)]
)
def test_down_to_the_floor_and_no_lower(desk: Desk, amount: int, floor: int) -> None:
    account = desk.book.accounts[1003]
    desk.book.accounts[1003] = type(account)(balance=floor - 1)
    assert desk.outcome(3, "promised.quote", amount=amount) == "promised_floor"
    assert desk.outcome(3, "promised.take", amount=amount) == "promised_floor"
    desk.book.accounts[1003] = type(account)(balance=floor)
    assert desk.outcome(3, "promised.take", amount=amount) == "ok"
    assert desk.balance(3) == floor + amount


# --- packs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "units", "price"),
    [("minutes", 30, 4_500), ("sms", 100, 10_000), ("megabytes", 1024, 7_000)],
)
def test_a_pack_is_quoted_and_bought(desk: Desk, kind: str, units: int, price: int) -> None:
    quote = desk.answer(1, "packages.quote", kind=kind).values
    assert quote == {"kind": kind, "units": units, "price": price, "days": 30}
    assert desk.outcome(1, "packages.show") == "packages_none"
    bought = desk.answer(1, "packages.buy", kind=kind).values
    until = int(NOW) + 30 * 86_400
    assert bought == {
        "kind": kind, "units": units, "price": price, "until": until, "balance": 25_000 - price
    }  # fmt: skip
    shown = desk.answer(1, "packages.show").values
    assert shown == {"minutes": 0, "sms": 0, "megabytes": 0, "until": until} | {kind: units}
    [row] = desk.book.charges("79220000001", 9)
    assert (row.rule, row.amount, row.category) == ("CH15", price, "other")
    assert row.explanation.startswith(f"CH15: pack of {units} {kind}: price of the pack = ")
    assert desk.book.journal[row.key].legs == (Leg(1001, -price), Leg(PACKAGES, price))


def test_a_pack_costs_its_price_to_the_kopeck(desk: Desk) -> None:
    give(desk, 3, 4_499)
    refused = desk.answer(3, "packages.buy", kind="minutes")
    assert (refused.outcome, refused.values) == ("insufficient_balance", {"short": 1})
    assert (desk.balance(3), desk.book.charges("79220000003", 9)) == (4_499, ())
    give(desk, 3, 1)
    assert desk.answer(3, "packages.buy", kind="minutes").values["balance"] == 0


def test_a_pack_adds_to_what_runs(desk: Desk) -> None:
    assert desk.answer(2, "packages.show").values["minutes"] == 700
    desk.now = NOW + 86_400
    bought = desk.answer(2, "packages.buy", kind="minutes").values
    shown = desk.answer(2, "packages.show").values
    assert (shown["minutes"], shown["megabytes"]) == (730, 30_720)
    assert bought["until"] == int(NOW) + 31 * 86_400
    assert shown["until"] == int(NOW) + 30 * 86_400  # the megabytes end first


def test_what_an_ended_package_left_is_nobodys(desk: Desk) -> None:
    desk.now = NOW + 30 * 86_400
    assert desk.outcome(2, "packages.show") == "packages_none"
    assert desk.outcome(2, "packages.buy", kind="minutes") == "ok"
    shown = desk.answer(2, "packages.show").values
    assert (shown["minutes"], shown["megabytes"]) == (30, 0)
    minutes = next(p for p in desk.book.packages("79220000002") if p.kind == "minutes")
    assert minutes == Package("79220000002", "minutes", 30, 30, NOW + 60 * 86_400)
