"""Every table of the first release."""

import sqlalchemy as sa
from alembic import op

from bot.storage.migrations.usage_triggers import create_usage_triggers, drop_usage_triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables and their indexes."""
    _create_alerts()
    _create_audit_log()
    _create_budget_notices()
    _create_erasures()
    _create_executors()
    _create_favourites()
    _create_generations()
    _create_refusals()
    _create_reposts()
    _create_reviews()
    _create_rulebooks()
    _create_server_locales()
    _create_showcase()
    _create_styles()
    _create_usage_hours()
    _create_weekly_summaries()


def _create_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("alert", sa.String(32), primary_key=True),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("resolved", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("credits_left", sa.Integer()),
        sa.Column("notify_at", _MOMENT),
        sa.Column("detail", sa.Text()),
    )


def _create_audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("server_key", sa.String(32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("undone", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_index("audit_log_by_server", "audit_log", ["server_key", "id"])


def _create_budget_notices() -> None:
    op.create_table(
        "budget_notices",
        sa.Column("server_key", sa.String(32), primary_key=True),
        sa.Column("budget", sa.String(32), primary_key=True),
        sa.Column("percent", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("allowed", sa.Float(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )


def _create_erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("server_key", sa.String(32)),
        sa.Column("since", _MOMENT),
    )


def _create_executors() -> None:
    op.create_table(
        "executors",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("stopped_at", _MOMENT),
        sa.Column("shard_count", sa.Integer()),
        sa.Column("shard_ids", sa.JSON(), nullable=False),
    )


def _create_favourites() -> None:
    op.create_table(
        "favourites",
        sa.Column("user_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("generation_id", sa.Uuid(), primary_key=True),
        sa.Column("server_key", sa.String(32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_index("favourites_by_person", "favourites", ["user_id", "server_key"])
    op.create_index("favourites_by_picture", "favourites", ["generation_id", "user_id"])


def _create_generations() -> None:
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
        sa.Column("reply_to_id", sa.BigInteger()),
        sa.Column("event", sa.String(160)),
        sa.Column("event_round", sa.Integer(), server_default="0", nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("prompt_folded", sa.Text(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("references", sa.JSON(), nullable=False),
        sa.Column("duration_key", sa.String(32), nullable=False),
        sa.Column("private", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("spoiler", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("age_restricted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("locale", sa.String(16)),
        sa.Column("style", sa.JSON()),
        sa.Column("style_id", sa.Integer()),
        sa.Column("sources", sa.JSON(none_as_null=True)),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("parent_derivation", sa.String(16)),
        sa.Column("parent_channel_id", sa.BigInteger()),
        sa.Column("parent_message_id", sa.BigInteger()),
        sa.Column("batch_id", sa.Uuid()),
        sa.Column("batch_place", sa.Integer()),
        sa.Column("batch_size", sa.Integer()),
        sa.Column("review", sa.JSON()),
        sa.Column("approved_at", _MOMENT),
        sa.Column("credits_reserved", sa.Integer(), nullable=False),
        sa.Column("credits", sa.Integer()),
        sa.Column("refunded", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("usual_seconds", sa.Float()),
        sa.Column("estimate", sa.JSON()),
        sa.Column("drawing_seconds", sa.Float()),
        sa.Column("card_id", sa.BigInteger()),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("message_channel_id", sa.BigInteger()),
        sa.Column("job_id", sa.String(64)),
        sa.Column("submitted_at", _MOMENT),
        sa.Column("order_body", sa.Text()),
        sa.Column("delivery_began_at", _MOMENT),
        sa.Column("finished_at", _MOMENT),
        sa.Column("result_url", sa.Text()),
        sa.Column("image_key", sa.String(96)),
        sa.Column("image_width", sa.Integer()),
        sa.Column("image_height", sa.Integer()),
        sa.Column("unsaved_since", _MOMENT),
        sa.Column("deleted_at", _MOMENT),
        sa.Column("erased_at", _MOMENT),
        sa.Column("failure", sa.JSON()),
    )
    _create_generation_indexes()


def _create_generation_indexes() -> None:
    op.create_index("generations_by_duration_key", "generations", ["duration_key", "state", "finished_at"])
    op.create_index("generations_by_event", "generations", ["event", "event_round"], unique=True)
    op.create_index("generations_by_job", "generations", ["job_id"])
    op.create_index(
        "generations_by_member",
        "generations",
        ["server_key", "user_id", "created_at", "state", "credits", "credits_reserved", "refunded"],
    )
    op.create_index("generations_by_message", "generations", ["message_id"])
    op.create_index("generations_by_parent", "generations", ["parent_id", "state", "created_at"])
    op.create_index("generations_by_person", "generations", ["user_id", "created_at"])
    op.create_index(
        "generations_by_server",
        "generations",
        ["server_key", "created_at", "state", "credits", "credits_reserved", "user_id", "channel_id", "style_id"],
    )
    op.create_index("generations_by_state", "generations", ["state", "created_at"])
    _create_history_index()
    _create_partial_index("generations_by_batch", ["batch_id", "batch_place"], "batch_id IS NOT NULL")
    _create_partial_index("generations_unfinished", ["server_key", "user_id"], "finished_at IS NULL")
    _create_partial_index("generations_unsaved", ["executor", "unsaved_since"], "unsaved_since IS NOT NULL")
    _create_partial_index("generations_with_token", ["interaction_expires_at"], "interaction_token IS NOT NULL")
    _create_partial_index("generations_with_style", ["created_at"], "style_id IS NOT NULL")


def _create_history_index() -> None:
    columns = ["server_key", "user_id", "created_at", "channel_id", "private", "id", "style_id"]
    not_deleted = "finished_at IS NOT NULL AND deleted_at IS NULL"
    if op.get_bind().dialect.name == "sqlite":
        columns += ["prompt_folded", "state", "finished_at", "deleted_at"]
        _create_partial_index("generations_in_history_with_prompt", columns, not_deleted)
    else:
        _create_partial_index("generations_in_history", columns, f"state = 'delivered' AND {not_deleted}")


def _create_partial_index(name: str, columns: list[str], where: str, table: str = "generations") -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _create_refusals() -> None:
    op.create_table(
        "refusals",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("server_key", sa.String(32), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("rule", sa.String(32), nullable=False),
    )
    op.create_index("refusals_by_server", "refusals", ["server_key", "at"])


def _create_reposts() -> None:
    op.create_table(
        "reposts",
        sa.Column("request_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("generation_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger()),
    )
    op.create_index("reposts_by_generation", "reposts", ["generation_id"])
    op.create_index("reposts_by_message", "reposts", ["message_id"])


def _create_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("generation_id", sa.Uuid(), primary_key=True),
        sa.Column("server_key", sa.String(32), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("deadline", _MOMENT, nullable=False),
        sa.Column("decision", sa.String(16)),
        sa.Column("decided_by", sa.BigInteger()),
        sa.Column("decided_at", _MOMENT),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("card", sa.String(16), nullable=False),
        sa.Column("card_due_at", _MOMENT),
        sa.Column("tried", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("lost_id", sa.BigInteger()),
        sa.Column("resume_due_at", _MOMENT),
        sa.Column("told_at", _MOMENT),
    )
    _create_partial_index("reviews_open", ["deadline"], "decision IS NULL", table="reviews")
    _create_partial_index("reviews_with_card_due", ["card_due_at"], "card_due_at IS NOT NULL", table="reviews")
    _create_partial_index("reviews_to_resume", ["resume_due_at"], "resume_due_at IS NOT NULL", table="reviews")
    op.create_index("reviews_by_member", "reviews", ["server_key", "user_id", "decision"])
    op.create_index("reviews_by_message", "reviews", ["message_id"])


def _create_rulebooks() -> None:
    op.create_table(
        "member_defaults",
        sa.Column("user_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "rulebooks",
        sa.Column("server_key", sa.String(32), primary_key=True),
        sa.Column("rules", sa.JSON(), nullable=False),
    )


def _create_server_locales() -> None:
    op.create_table(
        "server_locales",
        sa.Column("guild_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("locale", sa.String(16)),
        sa.Column("is_community", sa.Boolean(), nullable=False),
    )


def _create_showcase() -> None:
    op.create_table(
        "showcase",
        sa.Column("generation_id", sa.Uuid(), primary_key=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("tried_at", _MOMENT),
        sa.Column("message_id", sa.BigInteger()),
    )
    op.create_index("showcase_by_state", "showcase", ["state", "at"])


def _create_styles() -> None:
    op.create_table(
        "styles",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("shared_in", sa.JSON(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("edited_at", _MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("styles_by_name", "styles", ["owner", "name_key"], unique=True)


def _create_usage_hours() -> None:
    op.create_table(
        "usage_hours",
        sa.Column("server_key", sa.String(32), primary_key=True),
        sa.Column("user_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("hour", _MOMENT, primary_key=True),
        sa.Column("pictures", sa.Integer(), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    create_usage_triggers(op.get_bind())


def _create_weekly_summaries() -> None:
    op.create_table(
        "weekly_summaries",
        sa.Column("server_key", sa.String(32), primary_key=True),
        sa.Column("week", sa.Date(), primary_key=True),
        sa.Column("not_before", _MOMENT, nullable=False),
        sa.Column("channel_id", sa.BigInteger()),
        sa.Column("posting_since", _MOMENT),
        sa.Column("done", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    """Drop every table with its rows."""
    drop_usage_triggers(op.get_bind())
    for table in (
        "weekly_summaries",
        "styles",
        "showcase",
        "server_locales",
        "rulebooks",
        "reviews",
        "member_defaults",
        "reposts",
        "refusals",
        "generations",
        "favourites",
        "executors",
        "erasures",
        "budget_notices",
        "audit_log",
        "alerts",
        "usage_hours",
    ):
        op.drop_table(table)
