"""Limits: each server's rules, who changed them, what they refused, and indexes that count without looking at rows."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COUNTED = ["created_at", "state", "credits", "credits_reserved"]


def upgrade() -> None:
    """Make the tables, and widen the two indexes that the ledger counts by."""
    op.create_table(
        "rulebooks",
        sa.Column("server_key", sa.String(32), primary_key=True),
        sa.Column("rules", sa.JSON(), nullable=False),
    )
    op.create_table(
        "rule_changes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("server_key", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index("rule_changes_by_server", "rule_changes", ["server_key", "id"])
    op.create_table(
        "refusals",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("server_key", sa.String(32), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule", sa.String(32), nullable=False),
    )
    op.create_index("refusals_by_server", "refusals", ["server_key", "at"])
    for name, columns in (
        ("generations_by_server", ["server_key"]),
        ("generations_by_member", ["server_key", "user_id"]),
    ):
        op.drop_index(name, "generations")
        op.create_index(name, "generations", [*columns, *_COUNTED])
    unfinished = sa.text("finished_at IS NULL")
    op.create_index(
        "generations_unfinished",
        "generations",
        ["server_key", "user_id"],
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )


def downgrade() -> None:
    """Forget the rules."""
    op.drop_index("generations_unfinished", "generations")
    for name, columns in (
        ("generations_by_server", ["server_key"]),
        ("generations_by_member", ["server_key", "user_id"]),
    ):
        op.drop_index(name, "generations")
        op.create_index(name, "generations", [*columns, "created_at"])
    for table in ("refusals", "rule_changes", "rulebooks"):
        op.drop_table(table)
