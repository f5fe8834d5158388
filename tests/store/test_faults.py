"""When the database fails: what is acknowledged is stored, and the store recovers by itself."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable

import psycopg
import pytest

from gateway.store.engine import Database
from gateway.store.errors import StoreUnavailable
from gateway.store.faults import is_contention, is_fault
from gateway.store.reader import Reader
from gateway.store.unit import SqlUnit
from gateway.store.verify import verify
from tests.store.turns import Turns, balance, debit, opened


def test_a_full_disk_is_unavailable_and_heals(sqlite: Database) -> None:
    turns = Turns(sqlite)
    turns.writer.start()
    turns.run(opened(10_000))

    def limit(pages: int) -> None:
        turns.run(lambda unit: unit._execute(f"PRAGMA max_page_count={pages}", ()).fetchone())

    limit(1)  # SQLite takes the present size for a limit below it

    def fill(number: int) -> Callable[[SqlUnit], None]:
        return lambda unit: unit.save_session(f"d{number}", "x" * 2_000, 1.0)

    answers = [turns.submit(fill(number)) for number in range(50)]
    outcomes = [answer.wait() for answer in answers]
    failures = [outcome for outcome in outcomes if outcome is not None]
    assert failures
    assert all(isinstance(outcome, StoreUnavailable) for outcome in failures)
    assert all("full" in str(outcome) for outcome in failures)
    limit(1_000_000)
    assert turns.run(debit("sms:1")) == "ok"
    turns.writer.close()
    stored = sqlite.connect().execute("SELECT count(*) FROM session").fetchone()[0]
    assert stored == 50 - len(failures), "every acknowledged one, and no other"
    assert verify(sqlite) == []


def test_a_database_that_is_locked_for_too_long_is_unavailable(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite.connect()
    other.execute("BEGIN IMMEDIATE")
    connect = sqlite.connect

    def impatient(reading: bool = False) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(reading)
        made.execute("PRAGMA busy_timeout=1")
        return made

    monkeypatch.setattr(sqlite, "connect", impatient)
    turns = Turns(sqlite)
    turns.writer.start()
    with pytest.raises(StoreUnavailable, match="locked"):
        turns.run(opened(100))
    other.execute("ROLLBACK")
    assert turns.run(opened(100)) == "ok"
    turns.writer.close()
    other.close()


def ended(database: Database) -> None:
    """End every other connection to this PostgreSQL database."""
    connection = database.connect()
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    connection.close()


@pytest.fixture
def on_postgres(request: pytest.FixtureRequest) -> Database:
    from tests.store.conftest import emptied

    return emptied(request.getfixturevalue("postgres"))


@pytest.mark.postgres
def test_a_connection_lost_in_a_turn_fails_its_batch_and_is_opened_anew(
    on_postgres: Database,
) -> None:
    turns = Turns(on_postgres)
    first = turns.submit(opened(100))

    def cut_off(unit: SqlUnit) -> None:
        ended(on_postgres)
        unit.load_session("d")

    answers = [turns.submit(work) for work in (debit("sms:1"), cut_off, debit("sms:2"))]
    turns.writer.start()
    for answer in (first, *answers):
        with pytest.raises(StoreUnavailable):
            answer.get()
    assert turns.run(opened(100)) == "ok"
    assert turns.run(debit("sms:1")) == "ok"
    turns.writer.close()
    assert verify(on_postgres) == []


@pytest.mark.postgres
def test_a_connection_lost_while_idle_costs_no_turn(on_postgres: Database) -> None:
    turns = Turns(on_postgres)
    turns.writer.start()
    turns.run(opened(100))
    ended(on_postgres)
    assert turns.run(debit("sms:1")) == "ok"
    assert turns.run(balance()) == 95
    turns.writer.close()


@pytest.mark.postgres
def test_a_reader_that_lost_its_connection_says_so_once(on_postgres: Database) -> None:
    reader = Reader(on_postgres)
    assert reader.read(lambda unit: unit.load_session("d")) is None
    ended(on_postgres)
    with pytest.raises(StoreUnavailable):
        reader.read(lambda unit: unit.load_session("d"))
    assert reader.read(lambda unit: unit.load_session("d")) is None
    reader.close()


@pytest.mark.postgres
def test_two_processes_that_meet_crosswise_both_succeed(on_postgres: Database) -> None:
    """Each takes from one account and then from the other; PostgreSQL must end one of them."""
    pair = [Turns(on_postgres), Turns(on_postgres)]
    for turns in pair:
        turns.writer.start()
    pair[0].run(opened(100))
    pair[0].run(opened(100, 1002, "79220000002"))
    meet = threading.Barrier(2)
    met: set[int] = set()

    def crosswise(first: int, second: int) -> Callable[[SqlUnit], list[str]]:
        def work(unit: SqlUnit) -> list[str]:
            one = debit(f"x:{first}:1", 1, first)(unit)
            if first not in met:
                met.add(first)
                meet.wait(10)
            return [one, debit(f"x:{first}:2", 1, second)(unit)]

        return work

    answers = [
        pair[0].submit(crosswise(1001, 1002)),
        pair[1].submit(crosswise(1002, 1001)),
    ]
    assert [answer.get() for answer in answers] == [["ok", "ok"]] * 2
    for turns in pair:
        turns.writer.close()
    assert verify(on_postgres) == []


def _sqlite(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("as the driver says")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "fault", "contention"),
    [
        (_sqlite(sqlite3.SQLITE_FULL), True, False),
        (_sqlite(sqlite3.SQLITE_IOERR_FSYNC), True, False),
        (_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), True, False),
        (_sqlite(sqlite3.SQLITE_ERROR), False, False),
        (_sqlite(sqlite3.SQLITE_CONSTRAINT_UNIQUE), False, False),
        (sqlite3.ProgrammingError("no code"), False, False),
        (psycopg.OperationalError("the connection is lost"), True, False),
        (psycopg.InterfaceError("the connection is closed"), True, False),
        (psycopg.errors.DiskFull(), True, False),
        (psycopg.errors.AdminShutdown(), True, False),
        (psycopg.errors.LockNotAvailable(), True, False),
        (psycopg.errors.QueryCanceled(), True, False),
        (psycopg.errors.ReadOnlySqlTransaction(), True, False),
        (psycopg.errors.InternalError_(), True, False),
        (psycopg.errors.DeadlockDetected(), False, True),
        (psycopg.errors.SerializationFailure(), False, True),
        (psycopg.errors.UniqueViolation(), False, False),
        (psycopg.errors.InFailedSqlTransaction(), False, False),
        (ValueError("a bug"), False, False),
    ],
)
def test_faults_are_told_from_bugs(error: Exception, fault: bool, contention: bool) -> None:
    assert (is_fault(error), is_contention(error)) == (fault, contention)
