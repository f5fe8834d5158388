"""Tables of companies: the client, who holds its numbers, what became of each in an order."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table

from gateway.store.columns import each, flag, money, words
from gateway.store.schema.base import metadata

company = Table(
    "company",
    metadata,
    words("name", key=True),
    words("kind"),
    money("account"),
    *each(words, "inn", "branches", "documents"),
    flag("contract_active"),
    money("month_limit"),
    words("keeper"),
)
"""`branches` and `documents` are lists, joined by commas."""

member = Table(
    "member",
    metadata,
    words("msisdn", key=True),
    *each(words, "name", "position", "label", "branch"),
    Column("month_limit", BigInteger, nullable=True),
    money("own_account"),
    sqlite_with_rowid=False,
)
"""A number without a row is in the stock."""

order_line = Table(
    "order_line",
    metadata,
    Column("order_id", BigInteger, primary_key=True, autoincrement=False),
    words("msisdn", key=True),
    words("result"),
    sqlite_with_rowid=False,
)
