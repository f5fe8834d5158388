"""The SIM: blocked, suspended, unblocked, replaced."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.accounts.services.sim import iccid
from gateway.charging.tariff import default_terms
from tests.accounts.fakes import NOW, Desk
from tests.accounts.test_tariffs import DAY, PENNILESS, PRIVATE, told

LOST = 8


@pytest.mark.parametrize(
    ("reason", "sim", "price"), [("lost", "lost", 0), ("temporary", "suspended", 3_000)]
)
def test_a_block(desk: Desk, reason: str, sim: str, price: int) -> None:
    assert desk.answer(PRIVATE, "sim.quote", reason=reason).values["fee"] == price
    assert desk.outcome(PRIVATE, "sim.block", reason=reason) == "ok"
    assert desk.subscriber(PRIVATE).sim == sim
    assert desk.balance(PRIVATE) == 25_000 - price
    assert desk.outcome(PRIVATE, "packages.buy", kind="sms") == "number_blocked"
    assert desk.outcome(PRIVATE, "sim.block", reason=reason) == "number_blocked"
    assert desk.outcome(PRIVATE, "account.balance") == "ok"


def test_a_suspension_that_cannot_be_paid_blocks_nothing(desk: Desk) -> None:
    assert desk.outcome(PENNILESS, "sim.block", reason="temporary") == "insufficient_balance"
    assert desk.subscriber(PENNILESS).sim == "active"
    assert desk.outcome(PENNILESS, "sim.block", reason="lost") == "ok"


def test_a_suspension_is_paid_each_month_until_it_is_lifted(desk: Desk) -> None:
    desk.answer(PRIVATE, "sim.block", reason="temporary")
    assert told(desk.run_due(NOW + 30 * DAY)) == []
    assert desk.balance(PRIVATE) == 25_000 - 2 * 3_000
    assert desk.outcome(PRIVATE, "sim.unblock") == "ok"
    assert desk.subscriber(PRIVATE).sim == "active"
    desk.run_due(NOW + 90 * DAY)
    assert desk.balance(PRIVATE) == 25_000 - 2 * 3_000
    assert desk.outcome(PRIVATE, "sim.unblock") == "sim_active"


def test_whoever_found_a_lost_sim_does_not_unblock_it(desk: Desk) -> None:
    assert desk.outcome(LOST, "sim.unblock") == "sim_lost"
    assert desk.subscriber(LOST).sim == "lost"
    desk.book.update_subscriber("79220000008", {"sim": "debt"})
    assert desk.outcome(LOST, "sim.unblock") == "sim_in_debt"


def test_unless_the_terms_say_so(desk: Desk) -> None:
    terms = default_terms()
    services = replace(terms.services, sim=replace(terms.services.sim, unblock_lost=True))
    desk.accounts.core = replace(desk.accounts.core, terms=replace(terms, services=services))
    assert desk.outcome(LOST, "sim.unblock") == "ok"
    assert desk.subscriber(LOST).sim == "active"


def test_a_replacement_keeps_the_number_and_changes_the_card(desk: Desk) -> None:
    assert desk.outcome(PRIVATE, "sim.status") == "sim_order_none"
    order = desk.answer(PRIVATE, "sim.replace", reason="faulty").values["order"]
    assert desk.outcome(PRIVATE, "sim.replace", reason="lost") == "sim_order_open"
    assert desk.answer(PRIVATE, "sim.status").values["state"] == "ordered"
    assert told(desk.run_due(NOW + 3_600)) == [("01", "sms.sim.ready")]
    shown = desk.answer(PRIVATE, "sim.status").values
    assert (shown["order"], shown["state"]) == (order, "ready")
    assert isinstance(shown["office"], int)
    assert 1 <= shown["office"] <= 20
    old = desk.subscriber(PRIVATE).imsi
    desk.book.update_subscriber("79220000001", {"sim": "lost"})
    assert told(desk.run_due(NOW + 2 * DAY)) == [("01", "sms.sim.done")]
    new = desk.subscriber(PRIVATE)
    assert new.imsi != old
    assert (len(new.imsi), new.imsi[:5], new.sim) == (15, "25002", "active")
    assert desk.answer(PRIVATE, "sim.status").values["state"] == "collected"
    assert desk.outcome(PRIVATE, "sim.replace", reason="lost") == "ok"


@given(st.integers(1, 10**11 - 1))
def test_an_iccid_ends_in_its_luhn_digit(number: int) -> None:
    digits = [int(digit) for digit in iccid(number)]
    assert len(digits) == 19
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    assert (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
