"""The tables. Money is BIGINT kopecks, times are epoch seconds, every constraint has a name.

`account` caches what the journal (`txn`, `entry`) says; system accounts (id <= 999) have journal
legs only, or every debit would meet on one row. Keys are UNIQUE from the first migration.
Constraints are the last line of defence: the statements refuse before they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
)

# SQLite counts rows by itself only in a column spelt INTEGER (which is 64 bits wide there).
_SERIAL = BigInteger().with_variant(Integer(), "sqlite")


def _serial(name: str = "id") -> Column[int]:
    return Column(name, _SERIAL, primary_key=True, autoincrement=True)


def _text(name: str, key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False)


def _money(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _moment(name: str, nullable: bool = False) -> Column[float]:
    return Column(name, Double, nullable=nullable)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def _columns(make: Callable[[str], Column[Any]], *names: str) -> Iterator[Column[Any]]:
    return (make(name) for name in names)


def _partial(condition: str, *columns: str) -> Index:
    """An index of the rows that meet `condition`, alike in both dialects."""
    return Index(None, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


# --- numbers and money -----------------------------------------------------------------------

account = Table(
    "account",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    *_columns(_money, "balance", "held", "credit", "points"),
    _moment("at"),
    CheckConstraint("id > 999", name="id"),
    CheckConstraint("held >= 0", name="held"),
    CheckConstraint("credit >= 0", name="credit"),
    CheckConstraint("points >= 0", name="points"),
    CheckConstraint("balance - held + credit >= 0", name="available"),
)

subscriber = Table(
    "subscriber",
    metadata,
    _text("msisdn", key=True),
    _text("imsi"),
    Column("account", BigInteger, ForeignKey("account.id"), nullable=False, index=True),
    _flag("owner"),
    *_columns(
        _text, "language", "handset", "sim", "zone", "plmn", "region", "tariff", "email", "card"
    ),
    *_columns(_flag, "login_alert", "roaming_on"),
    *_columns(_text, "company", "role"),
    _moment("activated_at"),
    _partial("company <> ''", "company"),
)

txn = Table(
    "txn",
    metadata,
    _serial(),
    Column("key", Text, nullable=False, unique=True),
    _text("kind"),
    _moment("at"),
    _text("memo"),
)

entry = Table(
    "entry",
    metadata,
    Column("txn", BigInteger, ForeignKey("txn.id"), primary_key=True, autoincrement=False),
    Column("leg", SmallInteger, primary_key=True, autoincrement=False),
    Column("account", BigInteger, nullable=False),
    _text("unit"),
    _money("amount"),
    CheckConstraint("unit IN ('RUB', 'PTS')", name="unit"),
    sqlite_with_rowid=False,
)

hold = Table(
    "hold",
    metadata,
    _text("key", key=True),
    Column("account", BigInteger, ForeignKey("account.id"), nullable=False),
    _money("amount"),
    _text("kind"),
    *_columns(_moment, "at", "expires_at"),
    _text("state"),
    _money("posted"),
    CheckConstraint("state IN ('held', 'posted', 'voided', 'expired')", name="state"),
    CheckConstraint("amount >= 0 AND posted >= 0 AND posted <= amount", name="amount"),
    _partial("state = 'held'", "expires_at"),
)

charge = Table(
    "charge",
    metadata,
    _serial(),
    _moment("at"),
    _text("msisdn"),
    _money("account"),
    *_columns(_text, "channel", "address", "zone"),
    *_columns(_money, "units", "price", "amount"),
    *_columns(_text, "rule", "explanation", "dialogue", "category"),
    _flag("refused"),
    _text("key"),
    Index(None, "msisdn", "at"),
)

# --- secrets and logins ----------------------------------------------------------------------

credential = Table(
    "credential",
    metadata,
    _text("msisdn", key=True),
    _text("kind", key=True),
    _text("digest"),
    _moment("issued_at"),
    _moment("expires_at", nullable=True),
    _flag("own"),
)

login_failure = Table(
    "login_failure",
    metadata,
    _text("msisdn", key=True),
    _money("failed"),
    _moment("at"),
)

login = Table(
    "login",
    metadata,
    _serial(),
    _text("msisdn"),
    _moment("at"),
    _text("channel"),
    Index(None, "msisdn", "at"),
)

attempt = Table(
    "attempt",
    metadata,
    _text("purpose", key=True),
    _text("msisdn", key=True),
    _moment("began"),
    _money("attempts"),
)

pending_code = Table(
    "pending_code",
    metadata,
    _text("msisdn", key=True),
    _text("purpose", key=True),
    *_columns(_text, "digest", "payload"),
    _moment("expires_at"),
)

# --- vouchers, promises, packages, services, requests ----------------------------------------

voucher = Table(
    "voucher",
    metadata,
    _text("digest", key=True),
    _money("amount"),
    _text("used_by"),
    _moment("used_at", nullable=True),
)

promise = Table(
    "promise",
    metadata,
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    *_columns(_money, "amount", "fee"),
    *_columns(_moment, "taken_at", "due"),
    _text("key"),
)

package = Table(
    "package",
    metadata,
    _text("msisdn", key=True),
    _text("kind", key=True),
    *_columns(_money, "left", "total"),
    _moment("until"),
    CheckConstraint('"left" >= 0', name="left"),
)

forwarding = Table(
    "forwarding",
    metadata,
    _text("msisdn", key=True),
    _text("kind", key=True),
    _text("number"),
)

barring = Table("barring", metadata, _text("msisdn", key=True), _text("kind", key=True))

barring_password = Table("barring_password", metadata, _text("msisdn", key=True), _text("digest"))

registration = Table(
    "registration",
    metadata,
    _text("msisdn", key=True),
    _text("company"),
    _moment("at"),
    _text("state"),
)

question = Table("question", metadata, _serial(), _text("msisdn"), _text("text"), _moment("at"))

# --- turns -----------------------------------------------------------------------------------

session = Table(
    "session",
    metadata,
    _text("dialogue", key=True),
    _text("body"),
    _moment("deadline"),
)

replay = Table(
    "replay",
    metadata,
    _text("key", key=True),
    _text("message_id"),
    _moment("until"),
    Index(None, "until"),
    sqlite_with_rowid=False,
)

outbox = Table(
    "outbox",
    metadata,
    _serial("seq"),
    Column("id", Text, nullable=False, unique=True),
    *_columns(_text, "link", "msisdn", "sender", "text"),
    _moment("at"),
    _flag("secret"),
    _text("state"),
    _money("attempts"),
    _moment("acknowledged_at", nullable=True),
    CheckConstraint("state IN ('queued', 'acknowledged', 'failed')", name="state"),
    _partial("state = 'queued'", "link", "seq"),
    Index(None, "msisdn", "seq"),
)

scheduled = Table(
    "scheduled",
    metadata,
    _text("id", key=True),
    *_columns(_text, "link", "source", "destination", "service_type", "text"),
    Column("data_coding", SmallInteger, nullable=False),
    Column("registered_delivery", SmallInteger, nullable=False),
    _moment("due"),
    Index(None, "due"),
    sqlite_with_rowid=False,
)

meta = Table("meta", metadata, _text("name", key=True), _money("value"))
"""Durable counters; `message_epoch` makes message ids unique over restarts."""
