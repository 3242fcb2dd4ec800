"""Unkept images: since when a finished picture's bytes wait for the image store to take them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column, which is empty for nearly every picture, and an index that holds the others."""
    op.add_column("generations", sa.Column("unkept_since", sa.DateTime(timezone=True)))
    op.create_index(
        "generations_unkept",
        "generations",
        ["executor", "unkept_since"],
        sqlite_where=sa.text("unkept_since IS NOT NULL"),
        postgresql_where=sa.text("unkept_since IS NOT NULL"),
    )


def downgrade() -> None:
    """Forget which pictures are not kept yet."""
    op.drop_index("generations_unkept", "generations")
    with op.batch_alter_table("generations") as table:
        table.drop_column("unkept_since")
