"""The table of letters: one waits in it until it was handed over, through any restart."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Table, Text

from gateway.store.columns import each, flag, moment, money, partial, serial, words
from gateway.store.schema.base import metadata

mail = Table(
    "mail",
    metadata,
    serial("seq"),
    Column("id", Text, nullable=False, unique=True),
    *each(words, "recipient", "subject", "body"),
    moment("at"),
    *each(words, "document", "format", "follow_up"),
    flag("secret"),
    money("attempts"),
    moment("not_before"),
    *each(words, "state", "failure"),
    CheckConstraint("state IN ('queued', 'sent', 'failed')", name="state"),
    partial("state = 'queued'", "not_before"),
)
"""`document` and `follow_up` (an SMS) are JSON, empty where there is none."""
