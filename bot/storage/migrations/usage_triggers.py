"""Triggers that keep `usage_hours` true, in the transaction that writes, changes or deletes a picture.

Some migrations have to create them again: one that rebuilds `generations` on SQLite, which drops a table's triggers.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

_EVERYBODY: Final = -1  # in place of a member's id: all members of a server together
_COLUMNS: Final = "state, credits, credits_reserved, refunded, server_key, user_id, created_at"  # that usage depends on
_EVENTS: Final = {"INSERT": ("NEW",), "UPDATE": ("NEW", "OLD"), "DELETE": ("OLD",)}

# The text of a moment in SQLite, cut off: its functions for time calculate in milliseconds.
_SQLITE_HOUR: Final = "substr({row}.created_at, 1, 13) || ':00:00.000000'"
_POSTGRESQL_HOUR: Final = "date_trunc('hour', {row}.created_at, 'UTC')"

_COUNTS: Final = "({row}.state <> 'failed' OR coalesce({row}.credits, 0) > 0)"
_CREDITS: Final = "coalesce({row}.credits, {row}.credits_reserved)"
_USAGE: Final = f"({_COUNTS}, {_CREDITS}, {{row}}.refunded, {{row}}.server_key, {{row}}.user_id, {{row}}.created_at)"
# The server's row always comes first, so that two transactions never wait for each other.
_ADD: Final = f"""
    INSERT INTO usage_hours (server_key, user_id, hour, pictures, credits)
    SELECT {{row}}.server_key, who.user_id, {{hour}}, {{sign}}1, {{sign}}{_CREDITS}
    FROM (SELECT {_EVERYBODY} AS user_id UNION ALL SELECT {{row}}.user_id) AS who
    WHERE {_COUNTS} AND (who.user_id = {_EVERYBODY} OR NOT {{row}}.refunded)
    ON CONFLICT (server_key, user_id, hour) DO UPDATE SET
        pictures = usage_hours.pictures + excluded.pictures, credits = usage_hours.credits + excluded.credits;
"""  # noqa: S608  (no input)
_CLEAN: Final = f"""
    DELETE FROM usage_hours WHERE server_key = {{row}}.server_key AND user_id IN ({_EVERYBODY}, {{row}}.user_id)
        AND hour = {{hour}} AND pictures = 0;
"""  # noqa: S608  (no input)


def create_usage_triggers(connection: Connection) -> None:
    """Create them; pictures that are there already aren't counted."""
    statements = _sqlite() if connection.dialect.name == "sqlite" else _postgresql()
    for statement in statements:
        connection.exec_driver_sql(statement)


def drop_usage_triggers(connection: Connection) -> None:
    """Drop what doesn't go with the tables."""
    if connection.dialect.name == "postgresql":
        for event in _EVENTS:
            connection.exec_driver_sql(f"DROP FUNCTION usage_after_{event.lower()}() CASCADE")


def _sqlite() -> Iterator[str]:
    for event, rows in _EVENTS.items():
        changes = f"UPDATE OF {_COLUMNS}" if event == "UPDATE" else event
        when = f" WHEN {_changed('IS NOT')}" if event == "UPDATE" else ""
        body = "".join(_change(row, _SQLITE_HOUR) for row in rows)
        yield f"CREATE TRIGGER usage_after_{event.lower()} AFTER {changes} ON generations{when} BEGIN{body}END"


def _postgresql() -> Iterator[str]:
    """Yield triggers that fire when a transaction commits, so that it holds no sum while it waits for a picture."""
    for event, rows in _EVENTS.items():
        name = f"usage_after_{event.lower()}"
        body = "".join(_change(row, _POSTGRESQL_HOUR) for row in rows)
        yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN{body} RETURN NULL; END $$"
        when = f"WHEN ({_changed('IS DISTINCT FROM')})" if event == "UPDATE" else ""
        yield (
            f"CREATE CONSTRAINT TRIGGER {name} AFTER {event} ON generations"
            f" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {when} EXECUTE FUNCTION {name}()"
        )


def _changed(differs: str) -> str:
    return f"{_USAGE.format(row='OLD')} {differs} {_USAGE.format(row='NEW')}"


def _change(row: str, hour: str) -> str:
    """Return the statements that add a new row to the sums, or take an old one off them."""
    values = {"row": row, "hour": hour.format(row=row), "sign": "" if row == "NEW" else "-"}
    added = _ADD.format(**values)
    return added if row == "NEW" else added + _CLEAN.format(**values)
