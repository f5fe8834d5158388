"""Tables of what logins are proved by."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, Table

from gateway.store.columns import each, moment, partial, words
from gateway.store.schema.base import metadata

token = Table(
    "token",
    metadata,
    words("digest", key=True),
    *each(words, "kind", "msisdn"),
    moment("issued_at"),
    moment("expires_at", nullable=True),
    words("payload"),
    CheckConstraint("kind IN ('session', 'email', 'access_code')", name="kind"),
    Index(None, "msisdn", "kind"),
    partial("expires_at IS NOT NULL", "expires_at"),
    sqlite_with_rowid=False,
)
