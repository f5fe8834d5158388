"""Verify finds each thing that can be wrong, names it and says how far off it is."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from gateway.accounts.book import BONUS, Charge, Hold, Leg, Transfer
from gateway.store.engine import Database
from gateway.store.unit import SqlUnit
from gateway.store.verify import verify
from tests.store.turns import ACCOUNT, MSISDN, Turns, debit, opened


def charge(amount: int, key: str) -> Charge:
    return Charge(
        1.0, MSISDN, ACCOUNT, "sms", "000110", "CIS", 1, amount, amount, "CH04", "why", "d", "sms",
        key=key,
    )  # fmt: skip


@pytest.fixture
def books(database: Database, turns: Turns) -> Database:
    """Right books: 100.00, of which 0.19 were charged and 1.00 is held; 50 points."""

    def used(unit: SqlUnit) -> None:
        debit("sms:1", 19)(unit)
        unit.book.record_charge(charge(19, "sms:1"))
        unit.book.record_charge(charge(0, ""))
        unit.book.reserve(Hold("call:1", ACCOUNT, 100, "call", 0.0, 60.0))
        unit.book.reserve(Hold("call:2", ACCOUNT, 100, "call", 0.0, 60.0))
        unit.book.post_hold("call:2", 40, 2, 30.0)
        legs = (Leg(BONUS, -50, "PTS"), Leg(ACCOUNT, 50, "PTS"))
        unit.book.transfer(Transfer("bonus:1", "bonus", 0.0, legs))

    turns.run(opened(10_000))
    turns.run(used)
    assert verify(database) == []
    return database


@pytest.mark.parametrize(
    ("tamper", "finds"),
    [
        (
            "UPDATE entry SET amount = amount - 1 WHERE account = 2 AND amount = 19",
            ["txn_sums_to_zero: txn sms:1: its legs sum to -0.01"],
        ),
        (
            "DELETE FROM entry WHERE txn = (SELECT id FROM txn WHERE key = 'bonus:1')",
            [
                "txn_has_legs: txn bonus:1: it has none",
                "balance_is_the_journals: account 1001: has 50 points, its journal makes 0 points",
            ],
        ),
        (
            "UPDATE account SET balance = balance + 100",
            ["balance_is_the_journals: account 1001: has 100.41, its journal makes 99.41"],
        ),
        (
            "UPDATE account SET held = held - 1",
            ["held_is_the_open_holds: account 1001: has 0.99 held, its open holds sum to 1.00"],
        ),
        (
            "UPDATE hold SET state = 'voided' WHERE key = 'call:1'",
            ["held_is_the_open_holds: account 1001: has 1.00 held, its open holds sum to 0.00"],
        ),
        (
            "UPDATE charge SET amount = 20 WHERE amount = 19",
            ["charge_has_its_txn: charge 1: is 0.20, its txn 'sms:1' took 0.19"],
        ),
        (
            "UPDATE charge SET key = 'sms:2' WHERE amount = 19",
            ["charge_has_its_txn: charge 1: is 0.19, its txn 'sms:2' took 0.00"],
        ),
        (
            "UPDATE charge SET amount = 19, key = 'sms:1' WHERE amount = 0",
            ["txn_has_one_charge: txn sms:1: 2 charges name it"],
        ),
        (
            "UPDATE entry SET account = 7777 WHERE account = 1001 AND unit = 'PTS'",
            [
                "balance_is_the_journals: account 1001: has 50 points, its journal makes 0 points",
                "account_exists: account 7777: the journal names it, no row has it",
            ],
        ),
    ],
)
def test_what_is_wrong_is_found(books: Database, tamper: str, finds: list[str]) -> None:
    with books.engine.begin() as connection:
        assert connection.execute(text(tamper)).rowcount >= 1
    assert [str(finding) for finding in verify(books)] == finds


def test_an_overspent_account_is_found_where_constraints_were_off(
    sqlite: Database,
) -> None:
    connection = sqlite.connect()
    connection.execute("PRAGMA ignore_check_constraints=ON")
    connection.execute("INSERT INTO account VALUES (1001, -501, 0, 500, 0, 0)")
    connection.close()
    assert [str(finding) for finding in verify(sqlite)] == [
        "balance_is_the_journals: account 1001: has -5.01, its journal makes 0.00",
        "balance_within_credit: account 1001: has -5.01 with a credit of 5.00",
    ]


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE account SET balance = -1",
        "UPDATE account SET held = -1",
        "UPDATE account SET points = -1",
        "UPDATE account SET held = balance + 1",
        "UPDATE txn SET key = 'bonus:1'",
        "UPDATE hold SET posted = amount + 1",
        "UPDATE entry SET unit = 'USD'",
        "INSERT INTO account VALUES (7, 0, 0, 0, 0, 0)",
        "DELETE FROM account",
    ],
)
def test_the_database_itself_refuses(books: Database, tamper: str) -> None:
    with pytest.raises(Exception, match=r"(?i)constraint"), books.engine.begin() as connection:
        connection.execute(text(tamper))


def test_verify_holds_up_no_writer(books: Database, turns: Turns) -> None:
    with books.reading() as connection:
        connection.execute(text("SELECT count(*) FROM txn")).scalar_one()
        assert turns.run(debit("sms:2")) == "ok"
        seen = connection.execute(text("SELECT count(*) FROM txn WHERE key = 'sms:2'"))
        assert seen.scalar_one() == 0, "it sees one moment"
