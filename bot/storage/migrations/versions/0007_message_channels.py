"""Message channels: where a picture stands that was sent to direct messages, since its channel was closed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column; without a value, a picture stands where it was asked for."""
    op.add_column("generations", sa.Column("message_channel_id", sa.BigInteger()))


def downgrade() -> None:
    """Forget where pictures stand."""
    with op.batch_alter_table("generations") as table:
        table.drop_column("message_channel_id")
