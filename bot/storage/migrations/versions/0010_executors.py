"""Executors and events: which processes there are, and which event of Discord's each picture was asked for by."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the columns; of pictures that are there already, no event is known."""
    op.create_table(
        "executors",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True)),
        sa.Column("shard_count", sa.Integer),
        sa.Column("shard_ids", sa.JSON, nullable=False),
    )
    op.add_column("generations", sa.Column("event", sa.String(160)))
    op.add_column("generations", sa.Column("event_round", sa.Integer, nullable=False, server_default="0"))
    op.create_index("generations_by_event", "generations", ["event", "event_round"], unique=True)
    op.add_column("troubles", sa.Column("detail", sa.Text))


def downgrade() -> None:
    """Forget all of it."""
    op.execute("DELETE FROM troubles WHERE trouble = 'process_gone'")
    with op.batch_alter_table("troubles") as table:
        table.drop_column("detail")
    op.drop_index("generations_by_event", "generations")
    with op.batch_alter_table("generations") as table:
        table.drop_column("event_round")
        table.drop_column("event")
    op.drop_table("executors")
