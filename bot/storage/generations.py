"""Reading generations and moving them along."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select, update
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
