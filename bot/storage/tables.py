"""Our tables; `migrations/` builds them, and a test holds the two against each other."""

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    false,
    text,
)

from bot.storage.utc import UtcDateTime

metadata = MetaData()


_NOT_DELETED: Final = "finished_at IS NOT NULL AND deleted_at IS NULL"
IN_HISTORY: Final = f"state = 'delivered' AND {_NOT_DELETED}"

generations = Table(
    "generations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # Origin
    Column("server_key", String(32), nullable=False),
    Column("guild_id", BigInteger),
    Column("channel_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("executor", String(64), nullable=False),
    Column("upload_limit_bytes", BigInteger, nullable=False),
    Column("application_id", BigInteger),
    Column("interaction_token", Text),
    Column("interaction_expires_at", UtcDateTime),
    Column("reply_to_id", BigInteger),
    Column("event", String(160)),
    Column("event_round", Integer, nullable=False, server_default=text("'0'")),
    # Request
    Column("prompt", Text, nullable=False),
    Column("prompt_folded", Text, nullable=False),  # as it is searched, see `folding`
    Column("params", JSON, nullable=False),
    Column("references", JSON, nullable=False),
    Column("duration_key", String(32), nullable=False),
    Column("private", Boolean, nullable=False, server_default=false()),
    Column("spoiler", Boolean, nullable=False, server_default=false()),
    Column("age_restricted", Boolean, nullable=False, server_default=false()),  # its channel was, at that time
    Column("locale", String(16)),  # of its messages, by Discord's code
    Column("style", JSON(none_as_null=True)),  # as it was at that time
    Column("style_id", Integer),
    Column("sources", JSON(none_as_null=True)),  # of the choices that weren't typed
    # Lineage
    Column("parent_id", Uuid),
    Column("parent_derivation", String(16)),
    Column("parent_channel_id", BigInteger),
    Column("parent_message_id", BigInteger),
    # The pictures of one command, which share a card; the first one's id, places from 1
    Column("batch_id", Uuid),
    Column("batch_place", Integer),
    Column("batch_size", Integer),
    # How moderators review it before it's posted, by the rules at that time; see `reviews`
    Column("review", JSON(none_as_null=True)),
    Column("approved_at", UtcDateTime),
    # The ledger: reserved at an estimate, settled at the true cost; a refund is 0 credits and does not count.
    Column("credits_reserved", Integer, nullable=False),
    Column("credits", Integer),
    Column("refunded", Boolean, nullable=False, server_default=false()),  # to its member; the server has paid
    Column("usual_seconds", Float),
    Column("estimate", JSON(none_as_null=True)),
    Column("drawing_seconds", Float),  # from the order to the end, by Apiframe's clock
    # What became of it
    Column("card_id", BigInteger),
    Column("message_id", BigInteger),
    Column("message_channel_id", BigInteger),
    Column("job_id", String(64)),
    Column("submitted_at", UtcDateTime),
    Column("order_body", Text),
    Column("delivery_began_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("result_url", Text),
    Column("image_key", String(96)),
    Column("image_width", Integer),
    Column("image_height", Integer),
    Column("unsaved_since", UtcDateTime),  # the bytes wait for the image store to take them
    Column("deleted_at", UtcDateTime),
    Column("erased_at", UtcDateTime),
    Column("failure", JSON(none_as_null=True)),
    # With all that is counted, so that no row is looked at.
    Index(
        "generations_by_server",
        *("server_key", "created_at", "state", "credits", "credits_reserved", "user_id", "channel_id", "style_id"),
    ),
    Index(
        "generations_by_member",
        *("server_key", "user_id", "created_at", "state", "credits", "credits_reserved", "refunded"),
    ),
    Index(
        "generations_unfinished",
        "server_key",
        "user_id",
        sqlite_where=text("finished_at IS NULL"),
        postgresql_where=text("finished_at IS NULL"),
    ),
    Index(
        "generations_with_token",
        "interaction_expires_at",
        sqlite_where=text("interaction_token IS NOT NULL"),
        postgresql_where=text("interaction_token IS NOT NULL"),
    ),
    Index(
        "generations_unsaved",
        "executor",
        "unsaved_since",
        sqlite_where=text("unsaved_since IS NOT NULL"),
        postgresql_where=text("unsaved_since IS NOT NULL"),
    ),
    Index(
        "generations_by_batch",
        "batch_id",
        "batch_place",
        sqlite_where=text("batch_id IS NOT NULL"),
        postgresql_where=text("batch_id IS NOT NULL"),
    ),
    Index("generations_by_state", "state", "created_at"),
    Index("generations_by_message", "message_id"),
    Index("generations_by_parent", "parent_id", "state", "created_at"),
    Index("generations_by_job", "job_id"),
    Index("generations_by_person", "user_id", "created_at"),
    Index("generations_by_duration_key", "duration_key", "state", "finished_at"),
    # What `/history` shows; with the prompt on SQLite, where an index is read faster than rows of tables are.
    Index(
        "generations_in_history",
        *("server_key", "user_id", "created_at", "channel_id", "private", "id", "style_id"),
        postgresql_where=text(IN_HISTORY),
    ).ddl_if(dialect="postgresql"),
    Index(
        "generations_in_history_with_prompt",
        *("server_key", "user_id", "created_at", "channel_id", "private", "id", "style_id", "prompt_folded"),
        *(
            "state",
            "finished_at",
            "deleted_at",
        ),  # SQLite reads the row otherwise, even for conditions that the index implies
        # Without the state: SQLite would prepare each statement that binds one again each time, to compare the two.
        sqlite_where=text(_NOT_DELETED),
    ).ddl_if(dialect="sqlite"),
    Index(
        "generations_with_style",
        "created_at",
        sqlite_where=text("style_id IS NOT NULL"),
        postgresql_where=text("style_id IS NOT NULL"),
    ),
    # One Discord event makes one picture, even if several processes receive it.
    Index("generations_by_event", "event", "event_round", unique=True),
)

# The same condition as the partial index for these few rows.
IS_UNFINISHED = generations.c.finished_at.is_(None)

# Further messages that show a picture, each for one message of a member who asked; NULL until it is posted.
reposts = Table(
    "reposts",
    metadata,
    Column("request_id", BigInteger, primary_key=True, autoincrement=False),
    Column("generation_id", Uuid, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("message_id", BigInteger),
    Index("reposts_by_generation", "generation_id"),
    Index("reposts_by_message", "message_id"),
)

# How many pictures count, and their credits, by the hour (UTC) in which they were asked for; kept by triggers.
usage_hours = Table(
    "usage_hours",
    metadata,
    Column("server_key", String(32), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),  # or EVERYBODY
    Column("hour", UtcDateTime, primary_key=True),
    Column("pictures", Integer, nullable=False),
    Column("credits", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Which pictures members keep as favourites; each is a star that the showcase counts.
favourites = Table(
    "favourites",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("generation_id", Uuid, primary_key=True),
    Column("server_key", String(32), nullable=False),  # of the picture
    Column("at", UtcDateTime, nullable=False),
    Index("favourites_by_person", "user_id", "server_key"),
    Index("favourites_by_picture", "generation_id", "user_id"),
)

# The pictures that reached a showcase, each once; the message comes after the row, see `bot/favourites`.
showcase = Table(
    "showcase",
    metadata,
    Column("generation_id", Uuid, primary_key=True),
    Column("channel_id", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("tried_at", UtcDateTime),
    Column("message_id", BigInteger),
    Index("showcase_by_state", "state", "at"),
)

# The reviews of pictures and prompts, open and decided, and when their next steps are due, see `bot/reviews`.
reviews = Table(
    "reviews",
    metadata,
    Column("generation_id", Uuid, primary_key=True),
    Column("server_key", String(32), nullable=False),
    Column("user_id", BigInteger, nullable=False),  # who asked for the picture
    Column("channel_id", BigInteger, nullable=False),
    Column("message_id", BigInteger),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("deadline", UtcDateTime, nullable=False),
    Column("decision", String(16)),
    Column("decided_by", BigInteger),
    Column("decided_at", UtcDateTime),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("card", String(16), nullable=False),
    Column("card_due_at", UtcDateTime),  # when there is something to do about the card; NULL is never
    Column("tried", Boolean, nullable=False, server_default=false()),  # somebody began to post the card
    Column("lost_id", BigInteger),  # the card's latest message that is gone
    Column("resume_due_at", UtcDateTime),  # when the picture's work has to go on after the decision; likewise
    Column("told_at", UtcDateTime),  # when moderators got the message that the card can't be posted
    Index("reviews_open", "deadline", sqlite_where=text("decision IS NULL"), postgresql_where=text("decision IS NULL")),
    Index(
        "reviews_with_card_due",
        "card_due_at",
        sqlite_where=text("card_due_at IS NOT NULL"),
        postgresql_where=text("card_due_at IS NOT NULL"),
    ),
    Index(
        "reviews_to_resume",
        "resume_due_at",
        sqlite_where=text("resume_due_at IS NOT NULL"),
        postgresql_where=text("resume_due_at IS NOT NULL"),
    ),
    Index("reviews_by_member", "server_key", "user_id", "decision"),
    Index("reviews_by_message", "message_id"),
)

# The choices that apply where a member makes none; those of a server are part of its rules.
member_defaults = Table(
    "member_defaults",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("choices", JSON, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

# The languages that Discord has for servers, for processes without its gateway; see `bot.i18n.speech`.
server_locales = Table(
    "server_locales",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("locale", String(16)),
    Column("is_community", Boolean, nullable=False),
)

# Styles of members (`user:…`) and of servers (`guild:…`); the kept images are in `content`, each with its note.
styles = Table(
    "styles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("owner", String(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),  # what the spellings of one name have in common
    Column("version", Integer, nullable=False),
    Column("content", JSON, nullable=False),
    Column("shared_in", JSON, nullable=False),  # the keys of servers, and of channels outside them
    Column("created_at", UtcDateTime, nullable=False),
    Column("edited_at", UtcDateTime, nullable=False),
    Index("styles_by_name", "owner", "name_key", unique=True),
    sqlite_autoincrement=True,  # pictures know their style by its number, which no other may get
)

# The latest notice of each percentage of a server's limits in its audit log channel.
budget_notices = Table(
    "budget_notices",
    metadata,
    Column("server_key", String(32), primary_key=True),
    Column("budget", String(32), primary_key=True),
    Column("percent", Integer, primary_key=True, autoincrement=False),
    Column("allowed", Float, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# The weekly summary of each server in its audit log channel, by the Monday of its week. The channel is where a message
# may stand that isn't noted.
weekly_summaries = Table(
    "weekly_summaries",
    metadata,
    Column("server_key", String(32), primary_key=True),
    Column("week", Date, primary_key=True),
    Column("not_before", UtcDateTime, nullable=False),
    Column("channel_id", BigInteger),
    Column("posting_since", UtcDateTime),
    Column("done", Boolean, nullable=False, server_default=false()),
)

rulebooks = Table(
    "rulebooks",
    metadata,
    Column("server_key", String(32), primary_key=True),
    Column("rules", JSON, nullable=False),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("server_key", String(32), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", BigInteger, nullable=False),
    Column("command", Text, nullable=False),
    Column("changes", JSON, nullable=False),
    Column("undone", Boolean, nullable=False, server_default=false()),
    Index("audit_log_by_server", "server_key", "id"),
)

refusals = Table(
    "refusals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("server_key", String(32), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("rule", String(32), nullable=False),
    Index("refusals_by_server", "server_key", "at"),
)

# What people asked to have forgotten, until the last trace is gone; or which pictures of theirs a moderator deleted:
# those that were asked for in one server since a moment.
erasures = Table(
    "erasures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("server_key", String(32)),
    Column("since", UtcDateTime),
)

# Alerts sent to the operator and not resolved yet; NULL if there is nothing to send.
alerts = Table(
    "alerts",
    metadata,
    Column("alert", String(32), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("resolved", Boolean, nullable=False, server_default=false()),
    Column("credits_left", Integer),
    Column("notify_at", UtcDateTime),
    Column("detail", Text),
)

# Which processes work here, or worked and were killed; those that stopped in an orderly way until nothing is left.
executors = Table(
    "executors",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("stopped_at", UtcDateTime),
    Column("shard_count", Integer),
    Column("shard_ids", JSON, nullable=False),
)
