"""A database opened for looking only, by commands that run beside the service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from gateway.service.config import Config
from gateway.service.errors import Fault
from gateway.store.engine import Database, create
from gateway.store.errors import CannotOpen, StoreUnavailable
from gateway.store.faults import in_a_line
from gateway.store.reader import Reader
from gateway.store.unit import SqlUnit

T = TypeVar("T")


@contextmanager
def opened(config: Config) -> Iterator[Database]:
    """The configured database, neither made nor migrated. Raises Fault with one line."""
    try:
        engine = create(config.database)
    except CannotOpen as fault:
        raise Fault(str(fault)) from None
    database = Database(engine)
    try:
        file = engine.url.database
        # SQLite would make an empty file of a name that is none
        if engine.dialect.name == "sqlite" and not Path(file or "").is_file():
            raise Fault(f"database {file}: no such file; `gateway serve` makes it")
        yield database
    finally:
        database.close()


def looked_up(database: Database, query: Callable[[SqlUnit], T]) -> T:
    """What `query(unit)` reads. Raises Fault."""
    reader = Reader(database)
    try:
        with faults_said():
            return reader.read(query)
    finally:
        reader.close()


@contextmanager
def faults_said() -> Iterator[None]:
    """What goes wrong in reading (no table, no file of ours, no connection) becomes a Fault."""
    try:
        yield
    except StoreUnavailable as fault:
        raise Fault(f"database: {fault}") from fault
    except Exception as fault:
        raise Fault(f"database: {in_a_line(fault)}") from fault
