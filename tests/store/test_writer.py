"""The Writer: many turns, one commit; a turn that fails is alone in it; limits; the end."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from gateway.accounts.book import Charge
from gateway.store.engine import Database
from gateway.store.reader import Reader
from gateway.store.unit import SqlUnit
from gateway.store.verify import verify
from gateway.turn.unit import Busy
from tests.store.turns import MSISDN, Turns, balance, debit, opened, saying


def held_up(turns: Turns) -> tuple[threading.Event, threading.Event]:
    """A turn that keeps the writer busy until the second event; the first says it began."""
    began, go_on = threading.Event(), threading.Event()

    def work(_: SqlUnit) -> None:
        began.set()
        assert go_on.wait(20)

    turns.submit(work)
    assert began.wait(20)
    return began, go_on


def test_what_queued_meanwhile_shares_one_commit(turns: Turns, database: Database) -> None:
    turns.run(opened(10_000))
    _, go_on = held_up(turns)
    answers = [turns.submit(debit(f"sms:{number}")) for number in range(200)]
    go_on.set()
    assert [answer.get() for answer in answers] == ["ok"] * 200
    assert [len(delivery) for delivery in turns.deliveries] == [1, 1, 200]
    assert [size for size, _, _ in turns.batches] == [1, 1, 200]
    assert all(waited > 0 and commit > 0 for _, waited, commit in turns.batches)
    assert turns.run(balance()) == 9_000
    assert verify(database) == []


def test_a_batch_has_a_limit(database: Database) -> None:
    turns = Turns(database, batch_turns_max=3)
    answers = [turns.submit(saying(number)) for number in range(7)]
    turns.writer.start()
    assert [answer.get() for answer in answers] == list(range(7))
    turns.writer.close()
    assert [len(delivery) for delivery in turns.deliveries] == [3, 3, 1]


def test_results_leave_after_the_commit(database: Database) -> None:
    turns = Turns(database)
    reader = Reader(database)
    seen: list[Any] = []

    def look(_: Any) -> None:
        seen.append(reader.read(lambda unit: unit.load_session("d")))

    turns.writer.submit(lambda unit: unit.save_session("d", "body", 1.0), look)
    turns.writer.start()
    turns.writer.close()
    reader.close()
    assert seen == ["body"]


@pytest.mark.parametrize("place", [0, 3, 6])
def test_a_turn_that_fails_never_fails_its_neighbours(database: Database, place: int) -> None:
    turns = Turns(database)
    first = turns.submit(opened(1_000))
    runs: list[int] = []

    def poisoned(unit: SqlUnit) -> str:
        runs.append(1)
        debit("sms:poisoned")(unit)
        unit.save_session("poisoned", "{}", 1.0)
        raise ValueError("a bug")

    works = [debit(f"sms:{number}") for number in range(6)]
    works.insert(place, poisoned)
    answers = [turns.submit(work) for work in works]
    turns.writer.start()
    assert first.get() == "ok"
    for number, answer in enumerate(answers):
        if number == place:
            with pytest.raises(ValueError, match="a bug"):
                answer.get()
        else:
            assert answer.get() == "ok"
    assert len(runs) == 2, "in the batch, and alone"
    assert len(turns.deliveries) == 1, "handed over in one call"
    assert turns.run(balance()) == 970
    assert turns.run(lambda unit: unit.load_session("poisoned")) is None
    turns.writer.close()
    assert verify(database) == []


def test_all_of_a_batch_may_fail(database: Database) -> None:
    turns = Turns(database)

    def bug(_: SqlUnit) -> None:
        raise KeyError("bug")

    answers = [turns.submit(bug) for _ in range(50)]
    turns.writer.start()
    for answer in answers:
        with pytest.raises(KeyError):
            answer.get()
    assert turns.run(saying("alive")) == "alive"
    turns.writer.close()


def test_a_statement_the_database_refuses_is_the_turns_own_failure(turns: Turns) -> None:
    turns.run(opened(100))
    _, go_on = held_up(turns)
    before = turns.submit(debit("sms:1"))
    again = turns.submit(opened(100))
    after = turns.submit(debit("sms:2"))
    go_on.set()
    assert (before.get(), after.get()) == ("ok", "ok")
    with pytest.raises(Exception, match=r"(?i)unique"):
        again.get()
    assert turns.run(balance()) == 90


def test_a_turn_that_fails_only_among_others_succeeds_alone(database: Database) -> None:
    turns = Turns(database)
    runs: list[int] = []

    def once(_: SqlUnit) -> str:
        runs.append(1)
        assert len(runs) > 1
        return "second time"

    answers = [turns.submit(work) for work in (saying(1), once, saying(3))]
    turns.writer.start()
    assert [answer.get() for answer in answers] == [1, "second time", 3]
    turns.writer.close()


def test_a_full_queue_says_busy(database: Database) -> None:
    turns = Turns(database, queue_turns_max=2)
    answers = [turns.submit(saying(1)) for _ in range(2)]
    assert turns.writer.waiting == 2
    with pytest.raises(Busy, match="2 turns are waiting"):
        turns.submit(saying(1))
    turns.writer.start()
    assert [answer.get() for answer in answers] == [1, 1]
    assert turns.run(saying(2)) == 2
    turns.writer.close()


def test_closing_finishes_what_is_queued(database: Database) -> None:
    turns = Turns(database)
    answers = [turns.submit(saying(number)) for number in range(600)]
    turns.writer.start()
    turns.writer.close()
    turns.writer.close()
    assert [answer.get() for answer in answers] == list(range(600))
    with pytest.raises(Busy, match="closed"):
        turns.submit(saying(1))


def test_a_key_sent_again_at_once_is_charged_once(turns: Turns, database: Database) -> None:
    turns.run(opened(1_000))

    row = Charge(
        1.0, MSISDN, 1001, "sms", "000110", "EUROPE", 1, 19, 19, "CH04", "why", "d", "sms",
        key="sms:1",
    )  # fmt: skip

    def charged(unit: SqlUnit) -> str:
        outcome = debit("sms:1", 19)(unit)
        if outcome == "ok":
            unit.book.record_charge(row)
        return outcome

    _, go_on = held_up(turns)
    answers = [turns.submit(charged) for _ in range(10)]
    go_on.set()
    assert sorted(answer.get() for answer in answers) == ["exists"] * 9 + ["ok"]
    assert turns.run(balance()) == 981
    assert verify(database) == []


def test_two_writers_share_the_money(database: Database) -> None:
    pair = [Turns(database), Turns(database)]
    for turns in pair:
        turns.writer.start()
    pair[0].run(opened(100))
    answers = [turns.submit(debit(f"sms:{number % 30}")) for number in range(60) for turns in pair]
    outcomes = [answer.get() for answer in answers]
    for turns in pair:
        turns.writer.close()
    assert outcomes.count("ok") == 20, "the money was enough for 20 of the 30 keys"
    assert verify(database) == []


def test_a_reader_cannot_write(database: Database) -> None:
    reader = Reader(database)
    with pytest.raises(Exception, match=r"(?i)read-?only"):
        reader.read(lambda unit: unit.save_session("d", "{}", 1.0))
    assert reader.read(lambda unit: unit.load_session("d")) is None
    reader.close()
