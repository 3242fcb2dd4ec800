"""Troubles: what the operator was told of, so that a restart or another process does not tell it again."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "troubles",
        sa.Column("trouble", sa.String(32), primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Forget what was told."""
    op.drop_table("troubles")
