"""Reading generations and moving them along."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.picture.generation import UNFINISHED, Generation, State
from bot.storage.engine import READING
from bot.storage.rows import to_generation
from bot.storage.tables import generations


class GenerationStore:
    """The generations in the database; every change names the states that it may start from."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(**READING)

    async def get(self, generation_id: UUID) -> Generation:
        """Return one generation; raise SQLAlchemy's `NoResultFound` if there is none."""
        async with self._reading.connect() as connection:
            result = await connection.execute(select(generations).where(generations.c.id == generation_id))
            return to_generation(result.one()._mapping)  # noqa: SLF001  (SQLAlchemy's documented name for a row as a mapping)

    async def find(self, generation_id: UUID) -> Generation | None:
        """Return one generation, or None if there is none."""
        return await self._one(select(generations).where(generations.c.id == generation_id))

    async def find_by_message(self, message_id: int) -> Generation | None:
        """Return the generation whose picture stands in a message, or None if there is none."""
        return await self._one(select(generations).where(generations.c.message_id == message_id))

    async def history(
        self, server_key: str, user_id: int, words: str, *, with_private: bool, offset: int, limit: int
    ) -> tuple[Sequence[Generation], int]:
        """Return delivered pictures of a member, newest first, whose prompt has `words`; and how many there are."""
        t = generations.c
        mine = (t.server_key == server_key) & (t.user_id == user_id) & (t.state == State.DELIVERED)
        mine &= t.deleted_at.is_(None)
        if not with_private:
            mine &= t.private.is_(False)
        for word in words.split():
            mine &= t.prompt.icontains(word, autoescape=True)
        page = select(generations).where(mine).order_by(t.created_at.desc(), t.id).offset(offset).limit(limit)
        async with self._reading.connect() as connection:
            count = (await connection.execute(select(func.count()).where(mine))).scalar_one()
            return [to_generation(row) for row in (await connection.execute(page)).mappings()], count

    async def _one(self, query: Select[Any]) -> Generation | None:
        async with self._reading.connect() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return None if row is None else to_generation(row)

    async def note(self, generation_id: UUID, **columns: object) -> None:
        """Set columns of a generation, whatever its state."""
        async with self._engine.begin() as connection:
            await connection.execute(update(generations).where(generations.c.id == generation_id).values(columns))

    async def advance(self, generation_id: UUID, to: State, **columns: object) -> Generation:
        """Move a generation on to a state and set columns with it; one that has come further stays as it is."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(generations)
                .where(generations.c.id == generation_id, generations.c.state.in_(_on_the_way(to)))
                .values(state=to, **columns)
            )
        return await self.get(generation_id)

    async def in_states(self, states: Collection[State], executor: str) -> Sequence[Generation]:
        """Return every generation in one of some states that one process wrote down, oldest first."""
        query = select(generations).where(generations.c.state.in_(states), generations.c.executor == executor)
        query = query.order_by(generations.c.created_at)
        async with self._reading.connect() as connection:
            return [to_generation(row) for row in (await connection.execute(query)).mappings()]

    async def ask_once(self) -> None:
        """Raise if the database does not answer."""
        async with self._reading.connect() as connection:
            await connection.execute(select(1))


def _on_the_way(to: State) -> list[State]:
    """Return the states from which a generation may come to `to`, itself among them unless it is an end."""
    order = list(State)
    return [state for state in order[: order.index(to) + 1] if state in UNFINISHED]
