"""The database's contents about all pictures and their workflows, as an auditor reads them."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from dbos import DBOSClient, WorkflowStatus
from sqlalchemy import Connection, or_, select, update

from bot.picture.decision import CardStep
from bot.picture.generation import UNFINISHED, Generation
from bot.storage.engine import Database, durable_url, parse_database_url
from bot.storage.rows import to_generation
from bot.storage.showcase import ShowcaseState
from bot.storage.tables import generations, reviews, showcase
from tests.stage import TIMEOUT_SECONDS
from tests.usage_sums import differing_sums

T = TypeVar("T")

GLANCE_SECONDS = 0.02


class Books:
    """The database's contents about all pictures and their workflows."""

    def __init__(self, database: Database, work: DBOSClient) -> None:
        self._database = database
        self._work = work

    async def all(self) -> list[Generation]:
        """Return every generation, oldest first."""

        def work(connection: Connection) -> list[Generation]:
            rows = connection.execute(select(generations).order_by(generations.c.created_at))
            return [to_generation(row) for row in rows.mappings()]

        return await self._database.read(work)

    async def differing_sums(self) -> list[str]:
        """Return a line for each sum of an hour that is not what its pictures say."""
        return await differing_sums(self._database)

    async def closed(self, within: float = TIMEOUT_SECONDS, every: float = GLANCE_SECONDS) -> list[Generation]:
        """Return every generation once all have ended and no work on them is left to do, looked at `every` seconds."""

        async def none_left() -> list[Generation]:
            written = await self.all()
            ended = all(each.state not in UNFINISHED for each in written)
            return written if ended and not await self._works(["PENDING", "ENQUEUED"]) else []

        return await first_true(none_left, within, every)

    async def showcase_settled(self, within: float) -> None:
        """Return once no picture is left to be shown or removed."""
        settled = (ShowcaseState.SHOWN, ShowcaseState.REMOVED)

        def work(connection: Connection) -> bool:
            return all(state in settled for state in connection.execute(select(showcase.c.state)).scalars())

        await first_true(lambda: self._database.read(work), within)

    async def reviews_settled(self, within: float) -> None:
        """Return once no card has to be posted or changed, and no picture's work has to go on after a decision."""
        settled = or_(reviews.c.card == CardStep.SHOWN, reviews.c.card == CardStep.DONE)
        query = select(reviews.c.generation_id).where(or_(~settled, reviews.c.resume_due_at.is_not(None)))
        await first_true(
            lambda: self._database.read(lambda connection: connection.execute(query).first() is None), within
        )

    async def leases_expire(self) -> None:
        """Make what processes have taken for themselves free for others, as it is a while after their death."""
        now = datetime.now(UTC)
        taken = [
            update(showcase).where(showcase.c.tried_at.is_not(None)).values(tried_at=now - timedelta(minutes=1)),
            update(reviews).where(reviews.c.card_due_at > now).values(card_due_at=now),
            update(reviews).where(reviews.c.resume_due_at > now).values(resume_due_at=now),
        ]

        def work(connection: Connection) -> None:
            for statement in taken:
                connection.execute(statement)

        await self._database.write(work)

    async def at_work(self) -> dict[str, set[UUID]]:
        """Return which generations each process works on, or worked on when it died."""
        works: dict[str, set[UUID]] = defaultdict(set)
        for work in await self._works(["PENDING"]):
            works[work.executor_id or ""].add(UUID(work.workflow_id))
        return works

    async def at_work_only(self, executor: str, count: int, within: float) -> None:
        """Return once one process works on this many pictures, and no other on any."""

        async def is_alone() -> bool:
            at_work = await self.at_work()
            return set(at_work) == {executor} and len(at_work[executor]) == count

        await first_true(is_alone, within, every=0.1)

    async def remembered(self) -> set[UUID]:
        """Return the generations whose workflows are stored, whether or not they have ended."""
        works = await self._work.list_workflows_async(load_input=False, load_output=False)
        return {UUID(work.workflow_id) for work in works}

    async def _works(self, status: list[str]) -> list[WorkflowStatus]:
        return await self._work.list_workflows_async(status=status, load_input=False, load_output=False)


async def first_true(ask: Callable[[], Awaitable[T]], within: float, every: float = GLANCE_SECONDS) -> T:
    """Return the first true result of repeated calls; TimeoutError after `within` seconds."""
    async with asyncio.timeout(within):
        while True:
            if answer := await ask():
                return answer
            await asyncio.sleep(every)


@asynccontextmanager
async def open_books(database_url: str) -> AsyncIterator[Books]:
    """Open what the bot writes into the database; on SQLite, that is where it keeps its own by default."""
    url = parse_database_url(database_url)
    database = Database(url)
    work = DBOSClient(system_database_url=durable_url(url).render_as_string(hide_password=False), lazy=True)
    try:
        yield Books(database, work)
    finally:
        work.destroy()
        await database.close()
