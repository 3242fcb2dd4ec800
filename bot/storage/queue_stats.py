"""The pictures that are not finished, summed up by the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.picture.generation import State
from bot.storage.engine import Database
from bot.storage.tables import IS_UNFINISHED, generations

_T = generations.c
_SINCE = func.coalesce(_T.approved_at, _T.created_at)  # a prompt that was reviewed has waited for its turn since then
QUEUE_GROUPS = (
    select(_T.server_key, _T.state, func.count(), func.min(_SINCE), func.max(_T.submitted_at))
    .where(IS_UNFINISHED)
    .group_by(_T.server_key, _T.state)
)


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """The unfinished pictures of one server in one state: how many, and when the oldest was asked for."""

    server_key: str
    state: State
    count: int
    oldest_at: datetime
    last_ordered_at: datetime | None  # the latest of them that is


class QueueStatsStore:
    """Reads unfinished pictures of all processes; finished ones aren't read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def groups(self) -> Sequence[QueueGroup]:
        """Return a pile for each server and state in which there is anything unfinished."""
        return await self._database.read(
            lambda connection: [
                QueueGroup(server, State(state), count, oldest, last)
                for server, state, count, oldest, last in connection.execute(QUEUE_GROUPS)
            ]
        )
