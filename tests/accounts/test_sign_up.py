"""A private subscriber is signed up: an account, the first month of a plan, or a refusal."""

from __future__ import annotations

import pytest

from gateway.accounts.book import OPENING
from gateway.accounts.demo import load_demo
from gateway.accounts.memory import MemoryBook
from gateway.accounts.sign_up import sign_up
from tests.accounts.fakes import NOW, Desk

NEW = "79225550001"


def test_a_number_gets_an_account_of_its_own(desk: Desk) -> None:
    core = desk.accounts.core
    assert sign_up(core, desk.book, NEW, "simple", NOW, language="en", balance=30_000) == "ok"
    found = desk.book.subscriber(NEW)
    assert found is not None
    assert (found.account, found.owner, found.role) == (9225550001, True, "private")
    assert (found.balance, found.language, found.tariff) == (30_000, "en", "simple")
    assert (found.zone, found.imsi, found.activated_at) == ("HOME", "250029225550001", NOW)
    (transfer,) = [each for key, each in desk.book.journal.items() if NEW in key]
    assert [(leg.account, leg.amount) for leg in transfer.legs] == [
        (OPENING, -30_000), (9225550001, 30_000),
    ]  # fmt: skip


@pytest.mark.parametrize(("tariff", "minutes"), [("simple", 0), ("talk_m", 1)])
def test_a_plan_with_a_fee_begins_with_a_paid_month(desk: Desk, tariff: str, minutes: int) -> None:
    assert sign_up(desk.accounts.core, desk.book, NEW, tariff, NOW) == "ok"
    assert len(desk.book.jobs_of(NEW, "tariff.fee")) == minutes
    assert len([one for one in desk.book.packages(NEW) if one.kind == "minutes"]) == minutes


@pytest.mark.parametrize(
    ("msisdn", "tariff", "refusal"),
    [
        ("79220000001", "simple", "number_taken"),
        ("79220000012", "simple", "number_taken"),
        (NEW, "none", "tariff_unknown"),
        (NEW, "business_l", "tariff_unknown"),
        ("79225550002", "simple", "account_exists"),
    ],
)
def test_a_refusal_changes_nothing(desk: Desk, msisdn: str, tariff: str, refusal: str) -> None:
    desk.book.add_account(9225550002, 0, NOW)
    before = MemoryBook()
    load_demo(before, desk.hasher, NOW)
    assert sign_up(desk.accounts.core, desk.book, msisdn, tariff, NOW, balance=1) == refusal
    assert desk.book.numbers == before.numbers
    assert desk.book.journal == before.journal
