"""The Book in SQL does what any book must: the cases of the account core, over both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

import tests.accounts.book_companies
import tests.accounts.book_jobs
import tests.accounts.book_money
import tests.accounts.book_services  # noqa: F401 - its cases
from gateway.accounts.book import OPENING, REVENUE, BookAdmin, Charge, Hold, Leg, Transfer
from gateway.store import money
from gateway.store.engine import Database
from gateway.store.schema.core import question, txn
from gateway.store.unit import SqlUnit
from gateway.store.verify import verify
from tests.accounts.book_cases import CASES, ONE, fill
from tests.accounts.ledger_table import CASES as LEDGER
from tests.accounts.ledger_table import run
from tests.store.turns import ACCOUNT, MSISDN, Turns, debit, opened


@pytest.mark.parametrize("name", CASES)
def test_book(name: str, unit: SqlUnit) -> None:
    CASES[name](unit.book)


@pytest.mark.parametrize("case", LEDGER)
def test_ledger(case: str, turns: Turns, database: Database) -> None:
    turns.run(lambda unit: run(LEDGER[case], unit.book))
    assert verify(database) == []


def test_a_refusal_leaves_no_trace_of_itself(turns: Turns, database: Database) -> None:
    turns.run(opened(10))
    assert turns.run(debit("sms:1", 11)) == "insufficient_balance"
    assert turns.run(debit("sms:1", 1, account=9999)) == "account_unknown"
    with database.reading() as connection:
        assert connection.execute(select(txn.c.key)).scalars().all() == [f"open:{ACCOUNT}"]
        assert connection.execute(text("SELECT count(*) FROM entry")).scalar_one() == 2


def test_money_beyond_32_bits_is_kept(book: BookAdmin) -> None:
    book.add_account(ACCOUNT, 0, 0.0)
    much = 9_000_000_000_000_000
    assert (
        book.transfer(Transfer("k", "opening", 0.0, (Leg(OPENING, -much), Leg(ACCOUNT, much))))
        == "ok"
    )
    assert book.transfer(Transfer("l", "x", 0.0, (Leg(ACCOUNT, -1), Leg(REVENUE, 1)))) == "ok"


def test_a_transfer_of_more_legs_than_there_are_statements_for_is_a_bug(unit: SqlUnit) -> None:
    legs = tuple(Leg(REVENUE, 0) for _ in range(money.LEGS_MAX))
    assert unit.book.transfer(Transfer("k", "x", 0.0, legs)) == "ok"
    with pytest.raises(AssertionError, match="legs"):
        unit.book.transfer(Transfer("l", "x", 0.0, (*legs, Leg(REVENUE, 0))))


def test_a_key_of_a_hold_whose_money_is_gone_is_known(book: BookAdmin) -> None:
    run("account A1 10.00", book)
    hold = Hold("h", 1001, 1_000, "call", 0.0, 60.0)
    assert [book.reserve(hold), book.reserve(hold)] == ["ok", "exists"]


def test_holds_expire_in_portions(book: BookAdmin, monkeypatch: pytest.MonkeyPatch) -> None:
    run("account A1 10.00", book)
    for number in range(5):
        book.reserve(Hold(f"h{number}", 1001, 100, "call", 0.0, float(number)))
    monkeypatch.setattr(money, "EXPIRED_HOLDS_MAX", 2)
    assert [book.expire_holds(9.0) for _ in range(4)] == [2, 2, 1, 0]
    run("A1 has 10.00 held 0.00 -> ok", book)


def test_a_charge_keeps_every_field(book: BookAdmin) -> None:
    fill(book)
    refused = Charge(
        1.5, ONE, 1001, "sms", "000110", "EUROPE", 2, 1900, 0, "CH19", "why, почему", "d", "sms",
        True, "",
    )  # fmt: skip
    book.record_charge(refused)
    assert book.charges(ONE, 1) == (refused,)


def test_what_people_write_is_stored_whatever_it_is(turns: Turns, database: Database) -> None:
    turns.run(opened(0))
    turns.run(lambda unit: unit.book.add_question(MSISDN, "a\0b\ud83d – ё", 1.0))
    with database.reading() as connection:
        assert connection.execute(select(question.c.text)).scalar_one() == "ab? – ё"
