"""What the operator has yet to be told of a trouble, so that a message which Discord did not take is sent later."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of what is written down already, the operator was told."""
    op.add_column("troubles", sa.Column("over", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("troubles", sa.Column("credits_left", sa.Integer))
    op.add_column("troubles", sa.Column("tell_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Forget what is over, and what was not told."""
    op.execute("DELETE FROM troubles WHERE over")
    with op.batch_alter_table("troubles") as table:
        table.drop_column("tell_at")
        table.drop_column("credits_left")
        table.drop_column("over")
