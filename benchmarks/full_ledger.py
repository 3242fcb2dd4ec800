"""A ledger with a year of pictures, most of them in few servers, and one server with a third of them in a month."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection, text

from bot.storage.engine import Database

SERVERS, MEMBERS = 200, 50  # in each server
AVERAGE = 38  # a server's number: about one in three hundred pictures
BUSY_MONTH = SERVERS  # a server with three tenths of all pictures, all of them in the last 30 days
_AT_ONCE: Final = 50_000

# One after the other, so that each server has its pictures at all times. `n` counts from 0.
_FILL: Final = f"""
WITH {{numbers}},
    drawn AS MATERIALIZED (
        SELECT n, {{random}} AS place, n % 10 < 3 AS busy, CAST({{random}} * {MEMBERS} AS INTEGER) AS member
        FROM numbers
    ),
    placed AS (
        SELECT n, member, n * 1.0 / :pictures AS part, busy,
            CASE WHEN busy THEN {BUSY_MONTH} ELSE CAST({SERVERS - 1} * place * place * place AS INTEGER) END AS guild
        FROM drawn
    ),
    timed AS (
        SELECT *, :now - CASE WHEN busy THEN 2592000.0 ELSE 31536000.0 END * (1 - part) AS at,
            'a red boat at dawn, ' || n AS prompt
        FROM placed
    )
INSERT INTO generations
    (id, state, created_at, finished_at, server_key, guild_id, channel_id, user_id, executor, upload_limit_bytes,
     prompt, prompt_folded, params, "references", duration_key, credits_reserved, credits)
SELECT
    {{id}}, CASE n % 12 WHEN 0 THEN 'failed' ELSE 'delivered' END, {{at}}, {{end}}, 'guild:' || guild, guild,
    11, member, 'shards-all', 10485760, prompt, prompt, '{{{{}}}}', '[]', '1+0', 10,
    CASE n % 12 WHEN 0 THEN 0 ELSE 10 END
FROM timed
"""  # noqa: S608  (our own figures)
_SQLITE: Final[Mapping[str, str]] = {
    "numbers": "RECURSIVE numbers(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :last)",
    "random": "(abs(random()) / 9223372036854775808.0)",
    "id": "lower(hex(randomblob(16)))",
    "at": "strftime('%Y-%m-%d %H:%M:%f', at, 'unixepoch') || '000'",
    "end": "strftime('%Y-%m-%d %H:%M:%f', at + 20, 'unixepoch') || '000'",
}
_POSTGRESQL: Final[Mapping[str, str]] = {
    "numbers": "numbers AS (SELECT generate_series(CAST(:first AS int), CAST(:last AS int) - 1) AS n)",
    "random": "random()",
    "id": "gen_random_uuid()",
    "at": "to_timestamp(at)",
    "end": "to_timestamp(at + 20)",
}


async def fill(database: Database, pictures: int) -> None:
    """Write the pictures, in transactions of many, and tidy up after them."""
    now = datetime.now(UTC).timestamp()
    for first in range(0, pictures, _AT_ONCE):
        values = {"first": first, "last": min(first + _AT_ONCE, pictures), "pictures": pictures, "now": now}
        await database.write(partial(_fill, values=values))
    await tidy(database)


async def tidy(database: Database) -> None:
    """Do what a database does by itself in a year: PostgreSQL's autovacuum, and statistics."""
    if database.dialect == "sqlite":
        await database.write(lambda connection: connection.execute(text("ANALYZE")))
        return
    async with await database.connect_apart() as connection:
        await connection.execute("VACUUM ANALYZE")


def _fill(connection: Connection, values: Mapping[str, object]) -> None:
    words = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    connection.execute(text(_FILL.format(**words)), values)
