"""Migrations: alembic to head, under a lock, in one transaction; a newer schema is refused."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from gateway.store.errors import SchemaTooNew

_LOCK = 0x6761746577617931
"""Advisory lock of PostgreSQL; SQLite's BEGIN IMMEDIATE is lock enough."""


def config(connection: Connection | None = None) -> Config:
    """alembic's configuration; `env.py` takes the connection from its attributes."""
    made = Config()
    made.set_main_option("script_location", "gateway.store:migrations")
    made.attributes["connection"] = connection
    return made


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to `revision`. Raises SchemaTooNew, and the driver's errors."""
    with engine.begin() as connection:
        _lock(connection)
        if revision == "head" and _at_head(connection):
            return
        command.upgrade(config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema back to `revision` (`base`: nothing is left)."""
    with engine.begin() as connection:
        _lock(connection)
        command.downgrade(config(connection), revision)


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _at_head(connection: Connection) -> bool:
    current = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(config())
    head = scripts.get_current_head()
    if current is not None and current not in {one.revision for one in scripts.walk_revisions()}:
        raise SchemaTooNew(
            f"the database is at schema revision {current}, which this version (revision {head})"
            " does not know: a newer gateway has migrated it, so run that one"
        )
    return current == head
