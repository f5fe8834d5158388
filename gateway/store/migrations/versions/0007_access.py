"""what logins are proved by"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.create_table(
        "token",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("msisdn", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('session', 'email', 'access_code')", name=op.f("ck_token_kind")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_token")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_token_msisdn_kind", "token", ["msisdn", "kind"])
    dated = sa.text("expires_at IS NOT NULL")
    op.create_index(
        "ix_token_expires_at", "token", ["expires_at"], sqlite_where=dated, postgresql_where=dated
    )


def downgrade() -> None:
    op.drop_table("token")
