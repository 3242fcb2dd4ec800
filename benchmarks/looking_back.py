"""A page of `/history` over 100,000 pictures of one person, with each part of its filter."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, text

from benchmarks.databases import POSTGRESQL, SQLITE, NewDatabase
from benchmarks.deciding import durations
from benchmarks.full_ledger import fill, tidy
from benchmarks.report import Row, milliseconds, percentile
from bot.picture.history_filter import HistoryFilter
from bot.storage.engine import Database, parse_database_url
from bot.storage.history import HistoryStore
from bot.storage.migrate import migrate

PAGE_SECONDS = 0.1
MEMBER, SERVER = 7_000_007, "guild:7000007"
FILTERS: Mapping[str, HistoryFilter] = {
    "all pictures": HistoryFilter(MEMBER),
    "words that all have": HistoryFilter(MEMBER, words="red boat"),
    "words that none has": HistoryFilter(MEMBER, words="nowhere"),
    "a channel": HistoryFilter(MEMBER, channel_id=12),
    "days": HistoryFilter(MEMBER, days=30),
    "favourites": HistoryFilter(MEMBER, favourites=True),
    "a style": HistoryFilter(MEMBER, style_id=3),
    "everything": HistoryFilter(MEMBER, favourites=True, channel_id=12, days=300, words="red boat"),
}
_ENDING = ", with a very long coast behind it and three birds above, in the style of an old postcard"
# Prompts of a usual length, and rows as wide as those of the bot.
_OF_ONE = f"""
UPDATE generations SET user_id = {MEMBER}, server_key = '{SERVER}', state = 'delivered', credits = 10,
    channel_id = CASE WHEN credits_reserved % 2 = 0 AND prompt LIKE '%3' THEN 12 ELSE 11 END,
    prompt = prompt || '{_ENDING}', prompt_folded = prompt || '{_ENDING}',
    style_id = CASE WHEN prompt LIKE '%7' THEN 3 END,
    result_url = 'https://cdn.apiframe.ai/' || prompt || prompt || prompt || prompt, image_width = 1024
WHERE id IN (SELECT id FROM generations ORDER BY created_at LIMIT :pictures)
"""  # noqa: S608  (our own figures)
_KEEP = f"""
INSERT INTO favourites (user_id, generation_id, server_key, at)
SELECT {MEMBER}, id, server_key, created_at FROM generations
WHERE user_id = {MEMBER} AND (prompt LIKE '%33, with%' OR prompt LIKE '%77, with%')
"""  # noqa: S608


async def measure_looking_back(new_database: NewDatabase, pictures: int, pages: int) -> list[Row]:
    """Fill each database with this many pictures of one person beside others', and read one page several times."""
    return [row for kind in (SQLITE, POSTGRESQL) for row in await _measure(new_database, kind, pictures, pages)]


async def _measure(new_database: NewDatabase, kind: str, pictures: int, pages: int) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        database = Database(parse_database_url(new_database(kind, Path(folder))))
        try:
            await migrate(database)
            await fill(database, pictures * 3 // 2)
            await database.write(lambda connection: _give(connection, pictures))
            await tidy(database)
            return [await _row(database, kind, name, pages) for name in FILTERS]
        finally:
            await database.close()


def _give(connection: Connection, pictures: int) -> None:
    connection.execute(text(_OF_ONE), {"pictures": pictures})
    connection.execute(text(_KEEP))


async def _row(database: Database, kind: str, name: str, pages: int) -> Row:
    store, asked = HistoryStore(database), FILTERS[name]
    taken = await durations(lambda: store.page(SERVER, asked, viewer_id=MEMBER, offset=0, limit=6), pages)
    _, count = await store.page(SERVER, asked, viewer_id=MEMBER, offset=0, limit=6)
    floor = await durations(lambda: database.read(lambda connection: connection.execute(text("SELECT 1"))), pages)
    figures = [[min(each), percentile(each, 50), percentile(each, 99)] for each in (taken, floor)]
    return Row(
        f"a page of /history, {name} ({count:,}), {kind}, least / median / p99",
        milliseconds(figures[0]),
        milliseconds(figures[1]),
        f"{PAGE_SECONDS * 1000:.0f} ms",
        figures[0][1] < PAGE_SECONDS,
    )
