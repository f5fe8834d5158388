"""A database made ready for a start: migrated, its epoch counted, filled where asked and empty."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.accounts.demo import load_demo
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


def open_store(config: Config, hasher: Argon2Hasher, now: float) -> Opened:
    """Open, migrate, count the start, fill with demo data where asked and empty. Raises Fault."""
    try:
        database = open_database(config.database)
    except CannotOpen as fault:
        raise Fault(str(fault)) from None
    connection = UnitConnection(database)
    try:
        unit = connection.begin()
        epoch = unit.message_epoch()
        if config.demo and unit.book.is_empty():
            load_demo(unit.book, hasher, now, config.subscribers)
        sessions = unit.sessions_alive()
        connection.commit()
    except StoreUnavailable as fault:
        database.close()
        raise Fault(f"database: {fault}") from None
    finally:
        connection.drop()
    return Opened(database, epoch, sessions)
