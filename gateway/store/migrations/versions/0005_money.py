"""what the money services keep"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.add_column("promise", sa.Column("paid", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "autopay",
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("msisdn", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("threshold", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.CheckConstraint("kind IN ('period', 'threshold')", name=op.f("ck_autopay_kind")),
        sa.PrimaryKeyConstraint("account", "kind", name=op.f("pk_autopay")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "point_lot",
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until", sa.Double(), autoincrement=False, nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_point_lot_points")),
        sa.PrimaryKeyConstraint("account", "until", name=op.f("pk_point_lot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "discount",
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_discount_amount")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_discount")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("discount")
    op.drop_table("point_lot")
    op.drop_table("autopay")
    op.drop_column("promise", "paid")
