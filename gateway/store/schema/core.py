"""The tables of the core: numbers, money, secrets, turns.

`account` caches what the journal (`txn`, `entry`) says; system accounts (id <= 999) have journal
legs only, or every debit would meet on one row. Keys are UNIQUE from the first migration.
Constraints are the last line of defence: the statements refuse before they do.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    SmallInteger,
    Table,
    Text,
)

from gateway.store.columns import each, flag, moment, money, partial, serial, words
from gateway.store.schema.base import metadata

# --- numbers and money -----------------------------------------------------------------------

account = Table(
    "account",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    *each(money, "balance", "held", "credit", "points"),
    moment("at"),
    CheckConstraint("id > 999", name="id"),
    CheckConstraint("held >= 0", name="held"),
    CheckConstraint("credit >= 0", name="credit"),
    CheckConstraint("points >= 0", name="points"),
    CheckConstraint("balance - held + credit >= 0", name="available"),
    sqlite_with_rowid=False,  # else BIGINT keys are an index beside the table, and read twice
)

subscriber = Table(
    "subscriber",
    metadata,
    words("msisdn", key=True),
    words("imsi"),
    Column("account", BigInteger, ForeignKey("account.id"), nullable=False, index=True),
    flag("owner"),
    *each(words, "language", "handset", "sim", "zone", "plmn", "region", "tariff", "email", "card"),
    *each(flag, "login_alert", "roaming_on"),
    *each(words, "company", "role"),
    moment("activated_at"),
    partial("company <> ''", "company"),
    sqlite_with_rowid=False,
)

txn = Table(
    "txn",
    metadata,
    serial(),
    Column("key", Text, nullable=False, unique=True),
    words("kind"),
    moment("at"),
    words("memo"),
)

entry = Table(
    "entry",
    metadata,
    Column("txn", BigInteger, ForeignKey("txn.id"), primary_key=True, autoincrement=False),
    Column("leg", SmallInteger, primary_key=True, autoincrement=False),
    Column("account", BigInteger, nullable=False),
    words("unit"),
    money("amount"),
    CheckConstraint("unit IN ('RUB', 'PTS')", name="unit"),
    sqlite_with_rowid=False,
)

hold = Table(
    "hold",
    metadata,
    words("key", key=True),
    Column("account", BigInteger, ForeignKey("account.id"), nullable=False),
    money("amount"),
    words("kind"),
    *each(moment, "at", "expires_at"),
    words("state"),
    money("posted"),
    CheckConstraint("state IN ('held', 'posted', 'voided', 'expired')", name="state"),
    CheckConstraint("amount >= 0 AND posted >= 0 AND posted <= amount", name="amount"),
    partial("state = 'held'", "expires_at"),
)

charge = Table(
    "charge",
    metadata,
    serial(),
    moment("at"),
    words("msisdn"),
    money("account"),
    *each(words, "channel", "address", "zone"),
    *each(money, "units", "price", "amount"),
    *each(words, "rule", "explanation", "dialogue", "category"),
    flag("refused"),
    words("key"),
    Index(None, "msisdn", "at"),
)

# --- secrets and logins ----------------------------------------------------------------------

credential = Table(
    "credential",
    metadata,
    words("msisdn", key=True),
    words("kind", key=True),
    words("digest"),
    moment("issued_at"),
    moment("expires_at", nullable=True),
    flag("own"),
)

login_failure = Table(
    "login_failure",
    metadata,
    words("msisdn", key=True),
    money("failed"),
    moment("at"),
)

login = Table(
    "login",
    metadata,
    serial(),
    words("msisdn"),
    moment("at"),
    words("channel"),
    Index(None, "msisdn", "at"),
)

attempt = Table(
    "attempt",
    metadata,
    words("purpose", key=True),
    words("msisdn", key=True),
    moment("began"),
    money("attempts"),
)

pending_code = Table(
    "pending_code",
    metadata,
    words("msisdn", key=True),
    words("purpose", key=True),
    *each(words, "digest", "payload"),
    moment("expires_at"),
)

# --- vouchers, promises, packages, services, requests ----------------------------------------

voucher = Table(
    "voucher",
    metadata,
    words("digest", key=True),
    money("amount"),
    words("used_by"),
    moment("used_at", nullable=True),
)

promise = Table(
    "promise",
    metadata,
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    *each(money, "amount", "fee"),
    *each(moment, "taken_at", "due"),
    words("key"),
    money("paid"),
)

package = Table(
    "package",
    metadata,
    words("msisdn", key=True),
    words("kind", key=True),
    *each(money, "left", "total"),
    moment("until"),
    CheckConstraint('"left" >= 0', name="left"),
)

forwarding = Table(
    "forwarding",
    metadata,
    words("msisdn", key=True),
    words("kind", key=True),
    words("number"),
)

barring = Table("barring", metadata, words("msisdn", key=True), words("kind", key=True))

barring_password = Table("barring_password", metadata, words("msisdn", key=True), words("digest"))

registration = Table(
    "registration",
    metadata,
    words("msisdn", key=True),
    words("company"),
    moment("at"),
    *each(words, "state", "email", "login"),
)

question = Table("question", metadata, serial(), words("msisdn"), words("text"), moment("at"))

# --- turns -----------------------------------------------------------------------------------

session = Table(
    "session",
    metadata,
    words("dialogue", key=True),
    words("body"),
    moment("deadline"),
    sqlite_with_rowid=False,
)

replay = Table(
    "replay",
    metadata,
    words("key", key=True),
    words("message_id"),
    moment("until"),
    Index(None, "until"),
    sqlite_with_rowid=False,
)

outbox = Table(
    "outbox",
    metadata,
    serial("seq"),
    Column("id", Text, nullable=False, unique=True),
    *each(words, "link", "msisdn", "sender", "text"),
    moment("at"),
    flag("secret"),
    words("state"),
    money("attempts"),
    moment("acknowledged_at", nullable=True),
    CheckConstraint("state IN ('queued', 'acknowledged', 'failed')", name="state"),
    partial("state = 'queued'", "link", "seq"),
    Index(None, "msisdn", "seq"),
)

scheduled = Table(
    "scheduled",
    metadata,
    words("id", key=True),
    *each(words, "link", "source", "destination", "service_type", "text"),
    Column("data_coding", SmallInteger, nullable=False),
    Column("registered_delivery", SmallInteger, nullable=False),
    moment("due"),
    Index(None, "due"),
    sqlite_with_rowid=False,
)

meta = Table("meta", metadata, words("name", key=True), money("value"))
"""Durable counters; `message_epoch` makes message ids unique over restarts."""
