"""From a request to the decision of all limits, and to the stored picture, with a year in the ledger."""

import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from benchmarks.databases import POSTGRESQL, SQLITE, NewDatabase
from benchmarks.full_ledger import AVERAGE, BUSY_MONTH, fill
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
PLACES = {"an average server": AVERAGE, "a server with a busy month": BUSY_MONTH}
GENEROUS = 10**9
IN_FORCE = (Limit.IMAGES_PER_HOUR, Limit.IMAGES_PER_DAY, Limit.CONCURRENT, Limit.COOLDOWN)
REQUEST = ImagineRequest(prompt="a red boat", params=FluxParams(resolution=Resolution.ONE_MP))


async def measure_deciding(new_database: NewDatabase, pictures: int, requests: int) -> list[Row]:
    """Fill each database with this many pictures, and request one more, several times, in each of some servers."""
    return [row for kind in (SQLITE, POSTGRESQL) for row in await _measure(new_database, kind, pictures, requests)]


async def _measure(new_database: NewDatabase, kind: str, pictures: int, requests: int) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        database = Database(parse_database_url(new_database(kind, Path(folder))))
        try:
            await migrate(database)
            await fill(database, pictures)
            return await _rows(database, kind, requests)
        finally:
            await database.close()


async def _rows(database: Database, kind: str, requests: int) -> list[Row]:
    empty = await durations(lambda: database.write(lambda _: None), requests)
    rows: list[Row] = []
    for name, number in PLACES.items():
        for limits, words in ((IN_FORCE, ""), ((*IN_FORCE, Limit.CREDITS_PER_MONTH), ", credits limited")):
            asking = _Asking(database, limits, number)
            decided = await durations(asking.refused, requests)
            reserved = await durations(asking.reserved, requests)
            rows += [
                _row(f"deciding in {name}{words}, {kind}", decided, empty),
                _row(f"reserving in {name}{words}, {kind}", reserved, empty),
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


async def durations(act: Callable[[], Awaitable[object]], times: int) -> list[float]:
    """Return the seconds that each of several calls takes, after one that isn't counted."""
    await act()  # once before, because SQLAlchemy compiles at first use
    durations: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        await act()
        durations.append(time.perf_counter() - began)
    return durations


def _row(what: str, taken: list[float], floor: list[float]) -> Row:
    least, median, worst = min(taken), percentile(taken, 50), percentile(taken, 99)
    bare = milliseconds([min(floor), percentile(floor, 50), percentile(floor, 99)])
    aim = f"{DECIDED_SECONDS * 1000:.0f} ms"
    return Row(
        f"{what}, least / median / p99", milliseconds([least, median, worst]), bare, aim, median < DECIDED_SECONDS
    )
