"""Lineage: where a picture comes from, how it is shown, and what became of its message."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("private", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("spoiler", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("reply_to_id", sa.BigInteger()),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("parent_kinship", sa.String(16)),
        sa.Column("parent_channel_id", sa.BigInteger()),
        sa.Column("parent_message_id", sa.BigInteger()),
        sa.Column("image_width", sa.Integer()),
        sa.Column("image_height", sa.Integer()),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
    ]


def upgrade() -> None:
    """Add the columns, and the index that finds a picture by its message."""
    with op.batch_alter_table("generations") as table:
        for column in _columns():
            table.add_column(column)
        table.create_index("generations_by_message", ["message_id"])


def downgrade() -> None:
    """Drop them again."""
    with op.batch_alter_table("generations") as table:
        table.drop_index("generations_by_message")
        for column in reversed(_columns()):
            table.drop_column(column.name)
