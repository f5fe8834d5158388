"""tariff plans, options and SIM cards"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.create_table(
        "connected",
        sa.Column("msisdn", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("msisdn", "service", name=op.f("pk_connected")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("connected")
