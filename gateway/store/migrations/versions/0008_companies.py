"""companies and their numbers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: None = None
depends_on: None = None

_REGISTRATION = ("email", "login")


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    for name in _REGISTRATION:
        op.add_column("registration", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "company",
        *map(_words, ("name", "kind")),
        sa.Column("account", sa.BigInteger(), nullable=False),
        *map(_words, ("inn", "branches", "documents")),
        sa.Column("contract_active", sa.Boolean(), nullable=False),
        sa.Column("month_limit", sa.BigInteger(), nullable=False),
        _words("keeper"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_company")),
    )
    op.create_table(
        "member",
        *map(_words, ("msisdn", "name", "position", "label", "branch")),
        sa.Column("month_limit", sa.BigInteger(), nullable=True),
        sa.Column("own_account", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("msisdn", name=op.f("pk_member")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "order_line",
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        *map(_words, ("msisdn", "result")),
        sa.PrimaryKeyConstraint("order_id", "msisdn", name=op.f("pk_order_line")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("order_line", "member", "company"):
        op.drop_table(table)
    for name in reversed(_REGISTRATION):
        op.drop_column("registration", name)
