"""Generations: every request for a picture, what it may cost, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table and its indexes."""
    op.create_table(
        "generations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("server_key", sa.String(32), nullable=False),
        sa.Column("guild_id", sa.BigInteger()),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("executor", sa.String(64), nullable=False),
        sa.Column("upload_limit_bytes", sa.BigInteger(), nullable=False),
        sa.Column("application_id", sa.BigInteger()),
        sa.Column("interaction_token", sa.Text()),
        sa.Column("interaction_expires_at", _MOMENT),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("references", sa.JSON(), nullable=False),
        sa.Column("pace", sa.String(32), nullable=False),
        sa.Column("credits_reserved", sa.Integer(), nullable=False),
        sa.Column("credits", sa.Integer()),
        sa.Column("usual_seconds", sa.Float()),
        sa.Column("card_id", sa.BigInteger()),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("job_id", sa.String(64)),
        sa.Column("submitted_at", _MOMENT),
        sa.Column("delivery_began_at", _MOMENT),
        sa.Column("finished_at", _MOMENT),
        sa.Column("result_url", sa.Text()),
        sa.Column("image_key", sa.String(96)),
        sa.Column("failure", sa.JSON()),
    )
    op.create_index("generations_by_server", "generations", ["server_key", "created_at"])
    op.create_index("generations_by_member", "generations", ["server_key", "user_id", "created_at"])
    op.create_index("generations_by_state", "generations", ["state", "created_at"])
    op.create_index("generations_by_pace", "generations", ["pace", "state", "finished_at"])


def downgrade() -> None:
    """Drop the table and what it remembers."""
    op.drop_table("generations")
