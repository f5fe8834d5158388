"""What is due is carried out: in order, each period once; a failure undone alone, tried again."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from gateway.accounts import answers
from gateway.accounts.books.jobs import Job
from gateway.accounts.dated import Dated
from gateway.domain.port import Letter, Message, Sent
from gateway.domain.report import Column, Report
from gateway.turn import letters
from gateway.turn.dated import PAUSES_SECONDS, Done, do_due
from tests.accounts.fakes import NOW
from tests.turn.house import demo_book, world
from tests.turn.memory_unit import MemoryUnit

ONE = "79220000001"
WEEK = 7 * 86_400.0


class Table:
    """Jobs of three kinds: one that is noted, one that comes weekly, one that fails."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.unit = MemoryUnit(demo_book())
        self.unit.book.waiting_jobs.clear()
        self.world = world()
        self.noted: list[tuple[str, float, float]] = []
        self.broken = True
        kinds = {"note": self.note, "weekly": self.weekly, "fails": self.fails}
        monkeypatch.setattr(answers, "DATED", kinds)
        numbers = count()
        self.next_id = lambda: f"j-{next(numbers)}"

    def schedule(self, key: str, kind: str, due: float) -> None:
        self.unit.book.schedule(Job(key, kind, ONE, due))

    def do(self, now: float, jobs_max: int = 100) -> tuple[Done, ...]:
        return do_due(now, self.unit, self.world, self.next_id, jobs_max)

    def note(self, dated: Dated) -> tuple[Sent, ...]:
        self.noted.append((dated.job.key, dated.job.due, dated.now))
        return (Message(ONE, "err.bye"),)

    def weekly(self, dated: Dated) -> tuple[Sent, ...]:
        dated.book.schedule(replace(dated.job, due=dated.job.due + WEEK))
        return self.note(dated)

    def fails(self, dated: Dated) -> tuple[Sent, ...]:
        sent = self.note(dated)
        dated.book.update_subscriber(ONE, {"email": "half@done.example"})
        if self.broken:
            raise RuntimeError("a bug")
        return sent


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Table:
    return Table(monkeypatch)


def test_nothing_is_done_before_its_time(table: Table) -> None:
    table.schedule("a", "note", NOW + 1)
    assert table.do(NOW) == ()
    assert [done.job.key for done in table.do(NOW + 1)] == ["a"]
    assert table.do(NOW + 1) == ()


def test_what_it_sends_is_queued_under_ids_of_its_own(table: Table) -> None:
    table.schedule("a", "note", NOW)
    table.schedule("b", "note", NOW)
    sent = [done.deliveries for done in table.do(NOW)]
    assert [[sms.id for sms in deliveries] for deliveries in sent] == [["j-0"], ["j-1"]]
    assert list(table.unit.queued) == ["j-0", "j-1"]
    assert {sms.msisdn for sms in table.unit.queued.values()} == {ONE}


def test_a_month_at_once_does_each_week_once_in_order(table: Table) -> None:
    table.schedule("weekly", "weekly", NOW + WEEK)
    table.schedule("other", "note", NOW + 2.5 * WEEK)
    now = NOW + 4 * WEEK
    rounds = 0
    while table.do(now):
        rounds += 1
    assert table.noted == [
        ("weekly", NOW + WEEK, now),
        ("weekly", NOW + 2 * WEEK, now),
        ("other", NOW + 2.5 * WEEK, now),
        ("weekly", NOW + 3 * WEEK, now),
        ("weekly", NOW + 4 * WEEK, now),
    ]
    assert rounds == 4, "what is due again at once waits for another turn"


def test_a_turn_does_a_few(table: Table) -> None:
    for number in range(5):
        table.schedule(f"job{number}", "note", NOW)
    assert [len(table.do(NOW, 2)) for _ in range(4)] == [2, 2, 1, 0]


def test_a_failure_is_undone_alone_and_comes_again(table: Table) -> None:
    table.schedule("a", "fails", NOW)
    table.schedule("b", "note", NOW)
    before = table.unit.book.subscriber(ONE)
    failed, done = table.do(NOW)
    assert (failed.result, done.result) == ("put_off", "done")
    assert isinstance(failed.error, RuntimeError)
    assert table.unit.book.subscriber(ONE) == before
    assert list(table.unit.queued) == ["j-0"]
    assert table.do(NOW + PAUSES_SECONDS[0] - 1) == ()
    table.broken = False
    (again,) = table.do(NOW + PAUSES_SECONDS[0])
    assert (again.result, again.job.due, again.job.attempts) == ("done", NOW, 1)


def test_a_job_that_always_fails_is_given_up_and_kept(table: Table) -> None:
    table.schedule("a", "fails", NOW)
    table.schedule("b", "unknown", NOW)
    now, seen = NOW, []
    for pause in (0.0, *PAUSES_SECONDS):
        now += pause
        seen.append({done.job.key: done.result for done in table.do(now)})
    puts_off = {"a": "put_off", "b": "put_off"}
    assert seen == [puts_off] * len(PAUSES_SECONDS) + [{"a": "given_up", "b": "given_up"}]
    assert table.do(now + 10 * WEEK) == ()
    assert table.unit.book.failed_jobs == {"a": "RuntimeError('a bug')", "b": "KeyError('unknown')"}


def test_a_letter_is_written_in_its_reader_s_language(table: Table) -> None:
    rows = ({"at": 1_764_064_800, "amount": 250, "n": 2}, {"at": None, "amount": 5, "n": None})
    columns = (Column("at", "datetime"), Column("amount", "money"), Column("n", "count"))
    report = Report("statement", {"msisdn": ONE}, columns, rows, {"amount": 255})
    menus = table.world.menus.current
    document = letters.write_report(report, "ru", menus)
    assert [[cell.text for cell in line] for line in document.rows] == [
        ["25.11.2025 15:00", "2,50", "2"],
        ["", "0,05", ""],
    ]
    assert document.rows[0][1].number == 2.5
    assert document.totals[1] == ("2,55", 2.55)
    latin = letters.write_report(report, "ru-Latn", menus)
    assert latin.title.isascii()
    assert letters.write_report(report, "en", menus).rows[0][1].text == "2.50"


def test_a_letter_brings_its_sms(table: Table) -> None:
    then = Message(ONE, "err.bye", language="en")
    letter = Letter("a@firma.ru", "mail.password", {"password": "1", "login": "2"}, "en", then=then)
    mail = letters.write_letter(letter, "id", NOW, table.world.menus.current, None)
    assert "password" in mail.subject.lower()
