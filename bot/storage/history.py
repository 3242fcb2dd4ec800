"""Reading the pictures that `/history` shows, by one index."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, func, select, text, update

from bot.picture.generation import Generation
from bot.picture.history_filter import HistoryFilter
from bot.storage.engine import Database
from bot.storage.rows import to_generation
from bot.storage.showcase import withdraw
from bot.storage.tables import IN_HISTORY, favourites, generations

# If fewer pictures than these follow a page, they are counted by the same statement: rare words take one pass, and
# the first statement ends early for frequent ones.
_AHEAD: Final = 200


class HistoryStore:
    """Finds pictures by a filter, newest first or oldest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self,
        server_key: str,
        asked: HistoryFilter,
        *,
        viewer_id: int,
        offset: int,
        limit: int,
        newest_first: bool = True,
    ) -> tuple[Sequence[Generation], int]:
        """Return some of the delivered pictures that a filter leaves, and how many it leaves in all.

        Private pictures are only among them for `viewer_id`, who made them.
        """
        found = _found(server_key, asked, viewer_id)
        ahead = found.order_by(*_order(newest_first=newest_first)).offset(offset).limit(limit + _AHEAD)
        count = select(func.count()).select_from(found.subquery())
        rows = select(generations).order_by(*_order(newest_first=newest_first))

        def work(connection: Connection) -> tuple[Sequence[Generation], int]:
            ids = connection.execute(ahead).scalars().all()
            is_counted = len(ids) < limit + _AHEAD and (ids or not offset)
            total = offset + len(ids) if is_counted else connection.execute(count).scalar_one()
            page = connection.execute(rows.where(generations.c.id.in_(ids[:limit]))).mappings()
            return [to_generation(row) for row in page], total

        return await self._database.read(work)

    async def mark_deleted(self, generation_id: UUID, at: datetime) -> None:
        """Take a picture out of every history, and out of the showcase."""

        def work(connection: Connection) -> None:
            connection.execute(update(generations).where(generations.c.id == generation_id).values(deleted_at=at))
            withdraw(connection, [generation_id])

        await self._database.write(work)


def _order(*, newest_first: bool) -> list[ColumnElement[Any]]:
    times: list[ColumnElement[Any]] = [generations.c.created_at, generations.c.id]
    return [each.desc() for each in times] if newest_first else times


def _found(server_key: str, asked: HistoryFilter, viewer_id: int) -> Select[Any]:
    """Return the ids of all pictures that a filter leaves."""
    t = generations.c
    found: Select[Any] = select(t.id).where(text(IN_HISTORY))
    if asked.favourites:
        f = favourites.c
        found = found.join_from(favourites, generations, t.id == f.generation_id)
        found = found.where(f.user_id == asked.user_id, f.server_key == server_key, *_narrowed(asked, viewer_id))
        # With an offset, they are all found first: PostgreSQL would go through everybody's pictures by time instead.
        kept = found.offset(0).subquery()
        return select(t.id).join_from(kept, generations, t.id == kept.c.id)
    found = found.where(t.server_key == server_key, t.user_id == asked.user_id)
    # SQLite has no statistics by which it would choose this one.
    found = found.with_hint(generations, "INDEXED BY generations_in_history_with_prompt", "sqlite")
    return found.where(*_narrowed(asked, viewer_id))


def _narrowed(asked: HistoryFilter, viewer_id: int) -> Iterator[ColumnElement[bool]]:
    """Yield a condition for each part of a filter: a new part is one more here."""
    t = generations.c
    if asked.favourites or asked.user_id != viewer_id:
        yield t.private.is_(False) | (t.user_id == viewer_id)
    if asked.channel_id is not None:
        yield t.channel_id == asked.channel_id
    if (since := asked.since(datetime.now(UTC))) is not None:
        yield t.created_at >= since
    if asked.style_id is not None:
        yield t.style_id == asked.style_id
    for word in asked.words.split():
        yield t.prompt.icontains(word, autoescape=True)
