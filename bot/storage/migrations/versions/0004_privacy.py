"""Privacy: who asked to be forgotten, what was erased already, and indexes that find a person and dead tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table, the column and the indexes."""
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.add_column("generations", sa.Column("erased_at", _MOMENT))
    op.create_index("generations_by_person", "generations", ["user_id", "created_at"])
    answerable = sa.text("interaction_token IS NOT NULL")
    op.create_index(
        "generations_with_token",
        "generations",
        ["interaction_expires_at"],
        sqlite_where=answerable,
        postgresql_where=answerable,
    )


def downgrade() -> None:
    """Forget who asked; what was erased stays so."""
    op.drop_index("generations_with_token", "generations")
    op.drop_index("generations_by_person", "generations")
    with op.batch_alter_table("generations") as table:
        table.drop_column("erased_at")
    op.drop_table("erasures")
