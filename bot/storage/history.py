"""Reading the pictures that `/history` shows, by one index."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select, update

from bot.picture.generation import Generation
from bot.picture.history_filter import HistoryFilter
from bot.storage.engine import Database
from bot.storage.folding import fold_case
from bot.storage.reviews import outdate_cards
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
        found_in_order = found.order_by(*_order(*found.selected_columns, newest_first=newest_first))
        ahead = found_in_order.offset(offset).limit(limit + _AHEAD)
        count = select(func.count()).select_from(found.subquery())
        in_order = _order(generations.c.id, generations.c.created_at, newest_first=newest_first)
        rows = select(generations).order_by(*in_order)

        def work(connection: Connection) -> tuple[Sequence[Generation], int]:
            ids = connection.execute(ahead).scalars().all()
            is_counted = len(ids) < limit + _AHEAD and (ids or not offset)
            total = offset + len(ids) if is_counted else connection.execute(count).scalar_one()
            page = connection.execute(rows.where(generations.c.id.in_(ids[:limit]))).mappings()
            return [to_generation(row) for row in page], total

        return await self._database.read(work)

    async def mark_deleted(self, generation_id: UUID, at: datetime) -> None:
        """Take a picture out of every history, out of the showcase, and out of its review channel."""

        def work(connection: Connection) -> None:
            connection.execute(update(generations).where(generations.c.id == generation_id).values(deleted_at=at))
            withdraw(connection, [generation_id])
            outdate_cards(connection, [generation_id], at)

        await self._database.write(work)


def _order(
    picture_id: ColumnElement[Any], created_at: ColumnElement[Any], *, newest_first: bool
) -> list[ColumnElement[Any]]:
    times = [created_at, picture_id]
    return [each.desc() for each in times] if newest_first else times


def _found(server_key: str, asked: HistoryFilter, viewer_id: int) -> Select[Any]:
    """Return the ids and times of all pictures that a filter leaves."""
    t, f = generations.c, favourites.c
    shown: list[ColumnElement[bool]] = [literal_column(IN_HISTORY), *_narrowed(asked, viewer_id)]
    if asked.favourites:
        # Each by its id: PostgreSQL would go through everybody's pictures instead. With an offset, only once.
        created_at = select(t.created_at).where(t.id == f.generation_id, *shown).scalar_subquery()
        kept = select(f.generation_id.label("id"), created_at.label("created_at"))
        kept = kept.where(f.user_id == asked.user_id, f.server_key == server_key).offset(0)
        each = kept.subquery().c
        return select(each.id, each.created_at).where(each.created_at.is_not(None))
    found = select(t.id, t.created_at).where(t.server_key == server_key, t.user_id == asked.user_id, *shown)
    # SQLite has no statistics by which it would choose this one.
    return found.with_hint(generations, "INDEXED BY generations_in_history_with_prompt", "sqlite")


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
    for word in fold_case(asked.words).split():
        yield t.prompt_folded.contains(word, autoescape=True)
