"""What one turn may touch: the Book, its session, the replay window and the outbox, on one cursor.

Implements `turn.unit.Unit`. One object serves a connection for its whole life; the transaction
around it belongs to the Writer.
"""

from __future__ import annotations

from gateway.store.book import SqlBook
from gateway.store.outbox import Outbox
from gateway.store.replays import Replays
from gateway.store.scheduled import ScheduledMessages
from gateway.store.sessions import Sessions
from gateway.store.statements import Execute


class SqlUnit(Sessions, Replays, Outbox, ScheduledMessages):
    """`SqlUnit(cursor.execute, database.dialect)`."""

    __slots__ = ("book",)

    def __init__(self, execute: Execute, dialect: int) -> None:
        super().__init__(execute, dialect)
        self.book = SqlBook(execute, dialect)
