"""jobs and orders"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("due", sa.Double(), nullable=False),
        sa.Column("not_before", sa.Double(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_job")),
        sqlite_with_rowid=False,
    )
    waits = sa.text("failure = ''")
    op.create_index(
        "ix_job_due_key", "job", ["due", "key"], sqlite_where=waits, postgresql_where=waits
    )
    op.create_index("ix_job_subject_kind", "job", ["subject", "kind"])
    op.create_table(
        "service_order",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("msisdn", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.CheckConstraint("id > 0", name=op.f("ck_service_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_order")),
    )
    op.create_index("ix_service_order_subject_kind_id", "service_order", ["subject", "kind", "id"])
    op.create_index("ix_service_order_kind_state_id", "service_order", ["kind", "state", "id"])


def downgrade() -> None:
    op.drop_table("service_order")
    op.drop_table("job")
