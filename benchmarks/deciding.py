"""From a request to the decision of all limits, and to the stored picture, with a year in the ledger."""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.report import Row, milliseconds, percentile
from bot.limits.ledger import Ledger, LimitRefused, Operator
from bot.limits.policy import Allowance, Limit
from bot.limits.prices import PriceList
from bot.picture.origin import Origin
from bot.picture.params import FluxParams, Resolution
from bot.picture.request import ImagineRequest
from bot.storage.engine import Database, parse_database_url
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore
from bot.storage.migrate import migrate

DECIDED_SECONDS = 0.005
SERVERS, MEMBERS = 200, 50  # in each server
HEAVIEST, AVERAGE = 0, 38  # the servers' numbers: a sixth of all pictures, and about one in two hundred
GENEROUS = 10**9
IN_FORCE = (Limit.IMAGES_PER_HOUR, Limit.IMAGES_PER_DAY, Limit.CONCURRENT, Limit.COOLDOWN)
REQUEST = ImagineRequest(prompt="a red boat", params=FluxParams(resolution=Resolution.ONE_MP))

# A year of pictures, one after the other, most of them in few servers, as it is wherever people come together.
_FILL = f"""
WITH RECURSIVE
    numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :pictures),
    drawn AS MATERIALIZED (
        SELECT n, abs(random()) / 9223372036854775808.0 AS place, abs(random()) % {MEMBERS} AS member FROM numbers
    )
INSERT INTO generations
    (id, state, created_at, finished_at, server_key, guild_id, channel_id, user_id, executor, upload_limit_bytes,
     prompt, params, "references", pace, credits_reserved, credits)
SELECT
    lower(hex(randomblob(16))),
    CASE n % 12 WHEN 0 THEN 'failed' ELSE 'delivered' END,
    strftime('%Y-%m-%d %H:%M:%f', :now - 31536000.0 * (1 - n / (:pictures + 0.0)), 'unixepoch') || '000',
    strftime('%Y-%m-%d %H:%M:%f', :now - 31536000.0 * (1 - n / (:pictures + 0.0)) + 20, 'unixepoch') || '000',
    'guild:' || CAST({SERVERS} * place * place * place AS INTEGER),
    CAST({SERVERS} * place * place * place AS INTEGER),
    11, member, 'shards-all', 10485760, 'a red boat at dawn, ' || n, '{{}}', '[]', '1+0', 10,
    CASE n % 12 WHEN 0 THEN 0 ELSE 10 END
FROM drawn
"""  # noqa: S608  (our own figures)


async def measure_deciding(pictures: int, requests: int) -> list[Row]:
    """Fill a database with this many pictures, and request one more, several times, on each of some servers."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        file = Path(folder) / "imagine.db"
        database = Database(parse_database_url(f"sqlite:///{file}"))
        await migrate(database)
        await asyncio.to_thread(_fill, file, pictures)
        try:
            return await _rows(database, requests)
        finally:
            await database.close()


def _fill(file: Path, pictures: int) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(_FILL, {"pictures": pictures, "now": datetime.now(UTC).timestamp()})


async def _rows(database: Database, requests: int) -> list[Row]:
    empty = await _durations(lambda: database.write(lambda _: None), requests)
    rows: list[Row] = []
    for name, number in (("an average", AVERAGE), ("the heaviest", HEAVIEST)):
        for limits, words in ((IN_FORCE, ""), ((*IN_FORCE, Limit.CREDITS_PER_MONTH), ", credits limited")):
            asking = _Asking(database, limits, number)
            decided = await _durations(asking.refused, requests)
            reserved = await _durations(asking.reserved, requests)
            rows += [
                _row(f"deciding in {name} server{words}", decided, empty),
                _row(f"reserving in {name} server{words}", reserved, empty),
            ]
    return rows


class _Asking:
    """One member's requests to a server, under limits that are counted and far away."""

    def __init__(self, database: Database, limits: tuple[Limit, ...], server: int) -> None:
        allowed = {limit: 0 if limit is Limit.COOLDOWN else GENEROUS for limit in limits}
        self._open = _ledger(database, allowed)
        # Size is looked at last, so that all that can be counted is counted before the no.
        self._shut = _ledger(database, allowed | {Limit.MAX_MEGAPIXELS: 0})
        self._origin = Origin(guild_id=server, channel_id=11, user_id=7, upload_limit_bytes=10_485_760)

    async def refused(self) -> None:
        """Count and decide without storing anything."""
        with suppress(LimitRefused):
            await self._shut.reserve(REQUEST, self._origin, "shards-all")

    async def reserved(self) -> None:
        """Count and decide, and store the picture."""
        await self._open.reserve(REQUEST, self._origin, "shards-all")


def _ledger(database: Database, allowed: Allowance) -> Ledger:
    operator = Operator(member=allowed, server=allowed, estimated_credits=10)
    return Ledger(LedgerStore(database), GenerationStore(database), operator, PriceList(LedgerStore(database)))


async def _durations(act: Callable[[], Awaitable[object]], times: int) -> list[float]:
    await act()  # once before, because SQLAlchemy compiles at first use
    durations: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        await act()
        durations.append(time.perf_counter() - began)
    return durations


def _row(what: str, taken: list[float], floor: list[float]) -> Row:
    median, worst = percentile(taken, 50), percentile(taken, 99)
    bare = milliseconds([percentile(floor, 50), percentile(floor, 99)])
    aim = f"{DECIDED_SECONDS * 1000:.0f} ms"
    return Row(f"{what}, median / p99", milliseconds([median, worst]), bare, aim, median < DECIDED_SECONDS)
