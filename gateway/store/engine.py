"""Opening a database: one URL in, migrated and checked, or one clear line.

SQLite runs in WAL with `synchronous=FULL` and honest transactions (`BEGIN IMMEDIATE`); PostgreSQL
at READ COMMITTED with limits on waiting. Hot statements run on the driver's own connection.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from gateway.store.errors import CannotOpen
from gateway.store.statements import DIALECTS, SQLITE

BUSY_MILLISECONDS_MAX = 10_000
LOCK_MILLISECONDS_MAX = 5_000
STATEMENT_MILLISECONDS_MAX = 10_000
CONNECT_SECONDS_MAX = 5
WAL_PAGES = 4_000
"""A checkpoint about every 16 MB of log, so that few commits pay for one."""
CACHE_KIBIBYTES = 65_536
SQLITE_VERSION_MIN = (3, 35, 0)
"""RETURNING."""

_FORMS = "use sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
WAL_TRIES_MAX = 20
_WAL = "PRAGMA journal_mode=WAL"
_PRAGMAS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA wal_autocheckpoint={WAL_PAGES}",
    f"PRAGMA cache_size=-{CACHE_KIBIBYTES}",
)
_POSTGRES_OPTIONS = (
    f"-c lock_timeout={LOCK_MILLISECONDS_MAX} -c statement_timeout={STATEMENT_MILLISECONDS_MAX}"
    " -c default_transaction_isolation=read\\ committed"
)


class Database:
    """An open, migrated database: its SQLAlchemy engine, and plain driver connections."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.dialect = DIALECTS.index(engine.dialect.name)
        """Index of a statement's text (`statements.DIALECTS`)."""
        self.begin = "BEGIN IMMEDIATE" if self.dialect == SQLITE else "BEGIN"

    def connect(self, reading: bool = False) -> Any:
        """A driver connection in autocommit; transactions are begun by statement.

        Raises the driver's error where the database cannot be reached.
        """
        connection = self.engine.raw_connection()
        driver: Any = connection.driver_connection
        connection.detach()  # the pool forgets it, and so would the proxy
        if self.dialect == SQLITE:
            if reading:
                driver.execute("PRAGMA query_only=ON")
        else:
            driver.autocommit = True
            if reading:
                driver.execute("SET default_transaction_read_only = on")
        return driver

    def reading(self) -> Connection:
        """An SQLAlchemy connection that sees one moment of the database and holds up no writer."""
        if self.dialect == SQLITE:
            return self.engine.connect().execution_options(reading=True)
        return self.engine.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open, lock, migrate to head. `sqlite:///FILE` or `postgresql[+psycopg]://…`.

    Raises CannotOpen (its message is one line, without the password) and SchemaTooNew.
    """
    from gateway.store.migrate import upgrade  # alembic is slow to import

    engine = create(url)
    try:
        upgrade(engine)
    except DBAPIError as error:
        engine.dispose()
        raise CannotOpen(f"database {_shown(engine.url)}: {_reason(error)}") from error
    except CannotOpen:
        engine.dispose()
        raise
    return Database(engine)


def create(url: str) -> Engine:
    """The engine of a URL, nothing opened yet. Raises CannotOpen for a URL that cannot work."""
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    return create_engine(
        parsed,
        poolclass=NullPool,
        connect_args={"connect_timeout": CONNECT_SECONDS_MAX, "options": _POSTGRES_OPTIONS},
    )


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise CannotOpen(f"database URL cannot be read; {_FORMS}") from error
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None:
        raise CannotOpen(f"database URL: unknown scheme {parsed.drivername!r}; {_FORMS}")
    return parsed.set(drivername=driver)


def _sqlite(url: URL) -> Engine:
    if sqlite3.sqlite_version_info < SQLITE_VERSION_MIN:
        raise CannotOpen(f"SQLite {sqlite3.sqlite_version} is too old; 3.35 or later is needed")
    if not url.database or url.database == ":memory:":
        raise CannotOpen("database URL names no file; several connections share it, so it must")
    path = Path(url.database)
    if not path.parent.is_dir():
        raise CannotOpen(f"database {_shown(url)}: the directory {path.parent} does not exist")
    if path.is_dir():
        raise CannotOpen(f"database {_shown(url)}: {path} is a directory, not a file")
    engine = create_engine(url, poolclass=NullPool, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS_MAX}").fetchall()
        _write_ahead(connection)
        for pragma in _PRAGMAS:
            connection.execute(pragma).fetchall()

    @event.listens_for(engine, "begin")
    def begun(connection: Any) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """A new file's journal. Two that switch it at once are refused without waiting, so the one
    refused waits for the other's lock, and tries again."""
    for left in reversed(range(WAL_TRIES_MAX)):
        try:
            connection.execute(_WAL).fetchall()
        except sqlite3.OperationalError:
            if not left:
                raise
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        else:
            return


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)


def _reason(error: DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error.orig).__name__
