"""Where a flow's turns are committed: dictionaries, or the real SQLite store."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from gateway.accounts.book import BookAdmin
from gateway.accounts.demo import load_demo
from gateway.store.connection import UnitConnection
from gateway.store.engine import open_database
from gateway.store.verify import verify
from tests.accounts.fakes import NOW, FakeHasher
from tests.turn.memory_unit import MemoryUnit

Work = Callable[[Any], Any]


class Store(Protocol):
    """Runs work on a unit inside a transaction."""

    def run(self, work: Work) -> Any:
        """The result, committed; or the exception, with nothing of it left."""
        ...

    def close(self) -> None: ...


class MemoryStore:
    """Demo data in dictionaries."""

    def __init__(self) -> None:
        self.unit = MemoryUnit()
        fill(self.unit.book)

    def run(self, work: Work) -> Any:
        return self.unit.attempt(lambda: work(self.unit))

    def close(self) -> None:
        """Nothing is open."""


class SqliteStore:
    """A copy of a database that `template` made."""

    def __init__(self, template: Path, file: Path) -> None:
        shutil.copy(template, file)
        self._database = open_database(f"sqlite:///{file}")
        self._connection = UnitConnection(self._database)

    def run(self, work: Work) -> Any:
        unit = self._connection.begin()
        try:
            result = work(unit)
        except Exception as error:
            self._connection.rollback()
            return error
        self._connection.commit()
        return result

    def close(self) -> None:
        """The books are right whatever the flow did."""
        self._connection.drop()
        assert verify(self._database) == []
        self._database.close()


def template(file: Path) -> Path:
    """A migrated SQLite file with the demo data."""
    database = open_database(f"sqlite:///{file}")
    connection = UnitConnection(database)
    fill(connection.begin().book)
    connection.commit()
    connection.drop()
    database.close()
    return file


def fill(book: BookAdmin) -> None:
    """The demo data, with digests that a fake hasher reads."""
    load_demo(book, FakeHasher(), NOW)
