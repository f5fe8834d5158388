"""The Reader: what is read outside turns, on its own connection that cannot write.

For point queries (a GET, `explain`); each statement sees what is committed by then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from gateway.store.connection import UnitConnection
from gateway.store.engine import Database
from gateway.store.errors import StoreUnavailable
from gateway.store.faults import in_a_line, is_fault
from gateway.store.unit import SqlUnit

T = TypeVar("T")


class Reader:
    """Belongs to one thread at a time (the reactor's)."""

    def __init__(self, database: Database) -> None:
        self._connection = UnitConnection(database, reading=True)

    def read(self, query: Callable[[SqlUnit], T]) -> T:
        """`query(unit)`: `unit.book`, `unit.messages(msisdn)`, … Raises StoreUnavailable."""
        try:
            return query(self._connection.unit())
        except Exception as error:
            if not is_fault(error):
                raise
            self._connection.drop()
            raise StoreUnavailable(in_a_line(error)) from error

    def close(self) -> None:
        self._connection.drop()
