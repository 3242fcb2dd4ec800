"""The sums of the ledger beside what its rows say, added up by hand."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection, select

from bot.picture.generation import State
from bot.storage.engine import Database
from bot.storage.tables import generations, usage_hours

Sums = dict[tuple[object, ...], tuple[int, int]]
"""Pictures and credits by server, member (-1 for all of them) and hour."""

_ALL_MEMBERS = -1


async def differing_sums(database: Database) -> list[str]:
    """Return a line for each sum that is not what the rows say."""
    kept, counted = await database.read(lambda connection: (_kept(connection), _counted(connection)))
    return [
        f"{whose}: {kept.get(whose)} kept, {counted.get(whose)} in the rows"
        for whose in sorted(kept.keys() | counted.keys(), key=str)
        if kept.get(whose) != counted.get(whose)
    ]


def _kept(connection: Connection) -> Sums:
    return {
        (server, member, hour): (n, cost) for server, member, hour, n, cost in connection.execute(select(usage_hours))
    }


def _counted(connection: Connection) -> Sums:
    pictures: Counter[tuple[object, ...]] = Counter()
    credits_used: Counter[tuple[object, ...]] = Counter()
    for whose, price in _usage(connection):
        pictures[whose] += 1
        credits_used[whose] += price
    return {whose: (count, credits_used[whose]) for whose, count in pictures.items()}


def _usage(connection: Connection) -> Iterator[tuple[tuple[object, ...], int]]:
    for row in connection.execute(select(generations)):
        if row.state == State.FAILED and not row.credits:
            continue
        hour = row.created_at.replace(minute=0, second=0, microsecond=0)
        for member in (_ALL_MEMBERS, *(() if row.refunded else (row.user_id,))):
            yield (row.server_key, member, hour), row.credits_reserved if row.credits is None else row.credits
