"""What one turn may touch: the Book, its session, the replay window, the outbox and the mail,
on one cursor.

Implements `turn.unit.Unit`. One object serves a connection for its whole life; the transaction
around it belongs to the Writer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from gateway.store.book import SqlBook
from gateway.store.faults import is_contention, is_fault
from gateway.store.mail import MailQueue
from gateway.store.outbox import Outbox
from gateway.store.replays import Replays
from gateway.store.scheduled import ScheduledMessages
from gateway.store.sessions import Sessions
from gateway.store.statements import Execute

T = TypeVar("T")


class SqlUnit(Sessions, Replays, Outbox, MailQueue, ScheduledMessages):
    """`SqlUnit(cursor.execute, database.dialect)`."""

    __slots__ = ("book",)

    def __init__(self, execute: Execute, dialect: int) -> None:
        super().__init__(execute, dialect)
        self.book = SqlBook(execute, dialect)

    def attempt(self, work: Callable[[], T]) -> T | Exception:
        self._execute("SAVEPOINT attempt", ())
        try:
            result: T | Exception = work()
        except Exception as error:
            if is_fault(error) or is_contention(error):
                raise
            result = error
            self._execute("ROLLBACK TO SAVEPOINT attempt", ())
        self._execute("RELEASE SAVEPOINT attempt", ())
        return result
