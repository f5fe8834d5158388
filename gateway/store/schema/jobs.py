"""Tables of what happens on a date: jobs, and the orders people wait for."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, Table

from gateway.store.columns import each, moment, money, partial, serial, words
from gateway.store.schema.base import metadata

job = Table(
    "job",
    metadata,
    words("key", key=True),
    *each(words, "kind", "subject"),
    *each(moment, "due", "not_before"),
    words("payload"),
    money("attempts"),
    words("failure"),
    partial("failure = ''", "due", "key"),
    Index(None, "subject", "kind"),
    sqlite_with_rowid=False,
)
"""`not_before` is `due`, or later once it failed. `failure` is empty while the job waits; then the
reason it was given up for."""

order = Table(
    "service_order",
    metadata,
    serial(),
    *each(words, "kind", "subject", "msisdn", "state"),
    *each(moment, "at", "changed_at"),
    words("payload"),
    CheckConstraint("id > 0", name="id"),
    Index(None, "subject", "kind", "id"),
    Index(None, "kind", "state", "id"),
)
