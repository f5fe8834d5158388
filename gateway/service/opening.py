"""A database made ready for a start: migrated, its epoch counted, filled where asked and empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.accounts.demo import add_load_subscribers, load_demo
from gateway.service.config import Config
from gateway.service.errors import Fault
from gateway.service.secrets import Argon2Hasher
from gateway.store.connection import UnitConnection
from gateway.store.engine import Database, open_database
from gateway.store.errors import CannotOpen, StoreUnavailable


@dataclass(slots=True)
class Opened:
    """A database made ready: migrated, filled where asked, its epoch counted."""

    database: Database
    epoch: int
    sessions: list[tuple[str, float]]


def open_store(
    config: Config, hasher: Argon2Hasher, now: float, say: Callable[[str], None]
) -> Opened:
    """Open, migrate, count the start. With `demo`: fill what is empty with the demo data; of the
    numbers for load add those that are missing, and say how many. Raises Fault."""
    try:
        database = open_database(config.database)
    except CannotOpen as fault:
        raise Fault(str(fault)) from None
    connection = UnitConnection(database)
    try:
        unit = connection.begin()
        epoch = unit.message_epoch()
        if config.demo and unit.book.is_empty():
            load_demo(unit.book, hasher, now)
        added = add_load_subscribers(unit.book, now, config.subscribers) if config.demo else 0
        sessions = unit.sessions_alive()
        connection.commit()
        if added:
            say(f"added {added} subscribers for load")
    except StoreUnavailable as fault:
        database.close()
        raise Fault(f"database: {fault}") from None
    finally:
        connection.drop()
    return Opened(database, epoch, sessions)
