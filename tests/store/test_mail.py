"""The mail over both databases: lent for a while, settled once, and then without its words."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from gateway.domain.port import Sms
from gateway.domain.report import Cell, Document
from gateway.store.engine import Database
from gateway.store.schema.mail import mail as table
from gateway.store.unit import SqlUnit
from gateway.turn.unit import Mail
from tests.store.turns import Turns

DOCUMENT = Document(
    "Отчёт",
    "о чём",
    ("Когда", "Сумма"),
    ((Cell("25.11.2026"), Cell("2,50", 2.5)), (Cell(""), Cell("0", 0.0))),
    (Cell("Итого"), Cell("2,50", 2.5)),
)
THEN = Sms("id1-1", "", "79220000001", "000105", "Отчёт отправлен", 1.0)
PLAIN = Mail("id0-0", "a@firma.ru", "Тема", "Слова", 1.0)
FULL = Mail("id1-0", "b@firma.ru", "Тема", "Слова", 2.0, DOCUMENT, "excel", THEN, secret=True)


def test_a_letter_is_lent_to_one_at_a_time(unit: SqlUnit) -> None:
    unit.queue_mail(FULL)
    unit.queue_mail(PLAIN)
    assert unit.take_mail(0.5, 60.0, 9) == ()
    assert unit.take_mail(5.0, 65.0, 1) == (PLAIN,)
    assert unit.take_mail(5.0, 65.0, 9) == (FULL,)
    assert unit.take_mail(64.9, 99.0, 9) == ()
    again = tuple(replace(mail, attempts=1) for mail in (PLAIN, FULL))
    assert unit.take_mail(65.0, 125.0, 9) == again, "whoever had them died"


def test_a_letter_put_off_comes_again(unit: SqlUnit) -> None:
    unit.queue_mail(PLAIN)
    unit.take_mail(1.0, 601.0, 9)
    unit.put_off_mail(PLAIN.id, 61.0)
    assert unit.take_mail(60.0, 660.0, 9) == ()
    assert unit.take_mail(61.0, 661.0, 9) == (replace(PLAIN, attempts=1),)


def test_a_letter_is_settled_once_and_loses_its_words(turns: Turns, database: Database) -> None:
    turns.run(lambda unit: unit.queue_mail(FULL))
    turns.run(lambda unit: unit.queue_mail(PLAIN))
    assert turns.run(lambda unit: unit.settle_mail(FULL.id))
    assert not turns.run(lambda unit: unit.settle_mail(FULL.id))
    assert turns.run(lambda unit: unit.settle_mail(PLAIN.id, "550 no such user"))
    assert turns.run(lambda unit: unit.take_mail(1e9, 2e9, 9)) == ()
    columns = (table.c.id, table.c.body, table.c.document, table.c.follow_up)
    with database.reading() as look:
        rows = look.execute(
            select(*columns, table.c.state, table.c.failure).order_by(table.c.seq)
        ).all()
    assert [tuple(row) for row in rows] == [
        (FULL.id, "", "", "", "sent", ""),
        (PLAIN.id, "", "", "", "failed", "550 no such user"),
    ]


def test_settled_letters_are_forgotten_and_waiting_ones_kept(unit: SqlUnit) -> None:
    unit.queue_mail(PLAIN)
    unit.queue_mail(FULL)
    unit.settle_mail(PLAIN.id)
    assert [unit.drop_mail(1.0), unit.drop_mail(9.0), unit.drop_mail(9.0)] == [0, 1, 0]
    assert unit.take_mail(9.0, 99.0, 9) == (FULL,)


def test_an_attempt_is_undone_alone(unit: SqlUnit) -> None:
    def fails() -> None:
        unit.queue_mail(FULL)
        unit.queue_mail(FULL)  # the database refuses it

    unit.queue_mail(PLAIN)
    assert isinstance(unit.attempt(fails), Exception)
    assert unit.attempt(lambda: unit.put_off_mail(PLAIN.id, 5.0)) is None
    assert unit.take_mail(5.0, 9.0, 9) == (PLAIN,)
