"""The pictures that reached a server's showcase: which are to be shown, which are, and which are to be removed."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, RowMapping, case, delete, func, or_, select, update

from bot.storage.engine import Database
from bot.storage.inserts import inserted
from bot.storage.ledger import LedgerTransaction
from bot.storage.tables import favourites, generations, showcase

ShowcaseOf = Callable[[dict[str, Any]], tuple[int, int] | None]
"""Returns the channel and the number of stars of a server's showcase, by its rules as JSON, or None without one."""

_WORK: Final = timedelta(seconds=20)  # for which one process has a picture to itself; a nonce covers a slower one
_AT_ONCE: Final = 20


class ShowcaseState(StrEnum):
    """How far a picture has come.

    DUE ─> SHOWN ─> WITHDRAWN ─> REMOVED
      └────────────────┘
    """

    DUE = "due"  # it has its stars, and is to be posted
    SHOWN = "shown"
    WITHDRAWN = "withdrawn"  # its message is to be deleted
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of the showcase; `tried_at` is when somebody last began to post or delete its message."""

    generation_id: UUID
    channel_id: int
    state: ShowcaseState
    at: datetime
    tried_at: datetime | None
    message_id: int | None


class ShowcaseStore:
    """Hands pictures out to be shown or removed, each to one process at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, now: datetime) -> Sequence[Shown]:
        """Return some pictures to be shown or removed, as they were before, that no other process has just now."""
        t = showcase.c
        free = or_(t.tried_at.is_(None), t.tried_at < now - _WORK)
        open_ = t.state.in_((ShowcaseState.DUE, ShowcaseState.WITHDRAWN))
        waiting = select(showcase).where(open_, free).order_by(t.at).limit(_AT_ONCE)
        if not await self._database.read(lambda connection: connection.execute(waiting).first()):
            return []

        def work(connection: Connection) -> Sequence[Shown]:
            rows = connection.execute(waiting.with_for_update(skip_locked=True)).mappings().all()
            ids = [row["generation_id"] for row in rows]
            connection.execute(update(showcase).where(t.generation_id.in_(ids)).values(tried_at=now))
            return [_shown(row) for row in rows]

        return await self._database.write(work)

    async def note_shown(self, generation_id: UUID, message_id: int) -> None:
        """Note the message of a picture, whose removal may be due by now, and that nobody works on it any more."""
        t = showcase.c
        then = {ShowcaseState.DUE: ShowcaseState.SHOWN, ShowcaseState.REMOVED: ShowcaseState.WITHDRAWN}
        state = case(then, value=t.state, else_=t.state)
        noted = update(showcase).where(t.generation_id == generation_id)
        noted = noted.values(state=state, message_id=message_id, tried_at=None)
        await self._database.write(lambda connection: connection.execute(noted))

    async def note_removed(self, generation_id: UUID) -> None:
        """Note that a picture isn't shown any more, and won't be again."""
        statement = update(showcase).where(showcase.c.generation_id == generation_id)
        removed = statement.values(state=ShowcaseState.REMOVED, message_id=None)
        await self._database.write(lambda connection: connection.execute(removed))

    async def drop(self, tried: Shown, showcase_of: ShowcaseOf) -> bool:
        """Forget a picture that couldn't be shown, so that its next star tries it again.

        Returns True if a star has come since the one that was tried, so that the picture is due again.
        """
        t, f, generation_id = showcase.c, favourites.c, tried.generation_id
        dropped = delete(showcase).where(t.generation_id == generation_id, t.state == ShowcaseState.DUE)
        later = select(f.server_key, f.at).where(f.generation_id == generation_id, f.at > tried.at)
        latest = later.order_by(f.at.desc()).limit(1)

        def work(connection: Connection) -> bool:
            lock_stars(connection, generation_id)
            if not connection.execute(dropped).rowcount:
                return False
            star = connection.execute(latest).first()
            return star is not None and count_star(connection, generation_id, star.server_key, star.at, showcase_of)

        return await self._database.write(work)

    async def postpone(self, generation_id: UUID, until: datetime) -> None:
        """Keep every process from working on a picture before a moment."""
        statement = update(showcase).where(showcase.c.generation_id == generation_id).values(tried_at=until)
        await self._database.write(lambda connection: connection.execute(statement))

    async def withdraw(self, message_ids: Collection[int]) -> bool:
        """Note that pictures are to be removed whose own messages were deleted, and return True if one is shown."""
        its = select(generations.c.id).where(generations.c.message_id.in_(message_ids))
        mine = select(showcase.c.generation_id).where(showcase.c.generation_id.in_(its))

        def work(connection: Connection) -> None:
            withdraw(connection, ids)

        if ids := await self._database.read(lambda connection: connection.execute(mine).scalars().all()):
            await self._database.write(work)
        return bool(ids)


def withdraw(connection: Connection, ids: Collection[UUID]) -> None:
    """Note in an open transaction that pictures are to be removed, if they are shown or about to be."""
    t = showcase.c
    statement = update(showcase).where(t.generation_id.in_(ids), t.state.in_((ShowcaseState.DUE, ShowcaseState.SHOWN)))
    connection.execute(statement.values(state=ShowcaseState.WITHDRAWN))


def lock_stars(connection: Connection, generation_id: UUID) -> None:
    """Make transactions that count a picture's stars wait for each other, or each would miss the other's star."""
    connection.execute(select(generations.c.id).where(generations.c.id == generation_id).with_for_update())


def count_star(
    connection: Connection, generation_id: UUID, server_key: str, at: datetime, showcase_of: ShowcaseOf
) -> bool:
    """Note that a picture is to be shown if it has its stars, and return True if that wasn't noted before."""
    chosen = showcase_of(LedgerTransaction(connection).rules(server_key))
    if chosen is None or _stars(connection, generation_id) < chosen[1]:
        return False
    due = {"generation_id": generation_id, "channel_id": chosen[0], "state": ShowcaseState.DUE, "at": at}
    return inserted(connection, showcase, due)


def _stars(connection: Connection, generation_id: UUID) -> int:
    """Return how many members keep a public picture that is still there, except for its own."""
    f, t = favourites.c, generations.c
    others = select(func.count()).join_from(favourites, generations, t.id == f.generation_id)
    others = others.where(f.generation_id == generation_id, f.user_id != t.user_id)
    return connection.execute(others.where(t.private.is_(False), t.deleted_at.is_(None))).scalar_one()


def _shown(row: RowMapping) -> Shown:
    return Shown(**{name: row[name] for name in Shown.__slots__} | {"state": ShowcaseState(row["state"])})
