"""the outbox of letters"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: None = None
depends_on: None = None

_WORDS = ("document", "format", "follow_up")


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("recipient", "subject", "body")),
        sa.Column("at", sa.Double(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _WORDS),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.Double(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('queued', 'sent', 'failed')", name=op.f("ck_mail_state")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_mail")),
        sa.UniqueConstraint("id", name=op.f("uq_mail_id")),
    )
    queued = sa.text("state = 'queued'")
    op.create_index(
        "ix_mail_not_before", "mail", ["not_before"], sqlite_where=queued, postgresql_where=queued
    )


def downgrade() -> None:
    op.drop_table("mail")
