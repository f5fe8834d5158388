"""scheduled messages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.create_table(
        "scheduled",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("service_type", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data_coding", sa.SmallInteger(), nullable=False),
        sa.Column("registered_delivery", sa.SmallInteger(), nullable=False),
        sa.Column("due", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("scheduled", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scheduled_due"), ["due"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("scheduled", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scheduled_due"))

    op.drop_table("scheduled")
