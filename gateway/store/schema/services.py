"""The services that are on for a number."""

from __future__ import annotations

from sqlalchemy import Table

from gateway.store.columns import flag, moment, words
from gateway.store.schema.base import metadata

connected = Table(
    "connected",
    metadata,
    words("msisdn", key=True),
    words("service", key=True),
    moment("since"),
    flag("suspended"),
    sqlite_with_rowid=False,
)
