"""alembic's entry: run the revisions on the connection that `migrate.py` opened and locked."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from gateway.store.schema import metadata

_connection: Connection = context.config.attributes["connection"]

context.configure(
    connection=_connection,
    target_metadata=metadata,
    render_as_batch=True,
    # SQLite's DDL is transactional where BEGIN is, and we begin ourselves
    transactional_ddl=True,
)
context.run_migrations()
