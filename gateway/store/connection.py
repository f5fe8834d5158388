"""One driver connection and the unit on its cursor; reopened after it was lost."""

from __future__ import annotations

import contextlib
from typing import Any

from gateway.store.engine import Database
from gateway.store.errors import StoreUnavailable
from gateway.store.faults import in_a_line
from gateway.store.statements import POSTGRESQL
from gateway.store.unit import SqlUnit


class UnitConnection:
    """Opened at the first need. Used by one thread at a time."""

    __slots__ = ("_connection", "_cursor", "_database", "_reading", "_unit")

    def __init__(self, database: Database, reading: bool = False) -> None:
        self._database = database
        self._reading = reading
        self._connection: Any = None
        self._cursor: Any = None
        self._unit: SqlUnit | None = None

    def unit(self) -> SqlUnit:
        """The unit, on an open connection. Raises StoreUnavailable."""
        if self._unit is None:
            try:
                self._connection = self._database.connect(self._reading)
                self._cursor = self._connection.cursor()
            except Exception as error:
                raise StoreUnavailable(in_a_line(error)) from error
            self._unit = SqlUnit(self._cursor.execute, self._database.dialect)
        return self._unit

    def begin(self) -> SqlUnit:
        """Begin a transaction, reconnecting once where the connection died while it idled.

        Raises StoreUnavailable.
        """
        idled = self._unit is not None
        unit = self.unit()
        try:
            self._cursor.execute(self._database.begin)
        except Exception as error:
            self.drop()
            # SQLite has no connection to lose, and has waited long enough for its lock
            if idled and self._database.dialect == POSTGRESQL:
                return self.begin()
            raise StoreUnavailable(in_a_line(error)) from error
        return unit

    def commit(self) -> None:
        """Commit. Raises StoreUnavailable; then nothing is acknowledged, and the connection is
        opened anew. Where it broke on the way the outcome is unknown: the keys tell."""
        try:
            self._cursor.execute("COMMIT")
        except Exception as error:
            self.drop()
            raise StoreUnavailable(in_a_line(error)) from error
        # PostgreSQL answers the COMMIT of a failed transaction with ROLLBACK and no error
        if getattr(self._cursor, "statusmessage", "COMMIT") != "COMMIT":
            raise StoreUnavailable("the transaction had failed and was rolled back")

    def rollback(self) -> None:
        """Undo the transaction, if there still is one."""
        try:
            self._cursor.execute("ROLLBACK")
        except Exception:
            self.drop()

    def drop(self) -> None:
        """Close what there is; the next need opens anew."""
        connection, self._connection, self._cursor, self._unit = self._connection, None, None, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.close()
