"""Tables of the money services: autopay, lots of points, discounts."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Double, Table

from gateway.store.columns import moment, money, words
from gateway.store.schema.base import metadata

autopay = Table(
    "autopay",
    metadata,
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    words("kind", key=True),
    words("msisdn"),
    money("amount"),
    words("period"),
    money("threshold"),
    moment("since"),
    CheckConstraint("kind IN ('period', 'threshold')", name="kind"),
    sqlite_with_rowid=False,
)

point_lot = Table(
    "point_lot",
    metadata,
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    Column("until", Double, primary_key=True, autoincrement=False),
    money("points"),
    CheckConstraint("points >= 0", name="points"),
    sqlite_with_rowid=False,
)

discount = Table(
    "discount",
    metadata,
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    money("amount"),
    CheckConstraint("amount >= 0", name="amount"),
    sqlite_with_rowid=False,
)
