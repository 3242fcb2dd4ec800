"""Pictures that are shown a second time, and in which messages."""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.picture.generation import Generation
from bot.picture.repost import Repost
from bot.storage.engine import Database
from bot.storage.rows import to_generation
from bot.storage.tables import generations, reposts

_OF_REQUEST = select(reposts.c.message_id).where(reposts.c.request_id == bindparam("which"))
_BY_MESSAGE = (
    select(generations)
    .join(reposts, reposts.c.generation_id == generations.c.id)
    .where(reposts.c.message_id == bindparam("which"))
)


def reposts_of(connection: Connection, generation_id: UUID) -> Sequence[Repost]:
    """Return the other messages that show a picture, oldest request first."""
    r = reposts.c
    query = select(r.request_id, r.channel_id, r.message_id).where(r.generation_id == generation_id)
    rows = connection.execute(query.order_by(r.request_id)).mappings()
    return [Repost.model_validate(dict(row)) for row in rows]


class RepostStore:
    """Notes each repost before it's posted, so that a deletion finds it after a crash too."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, repost: Repost, generation_id: UUID) -> bool:
        """Note that a picture is about to be posted again; return False if its request has its message already."""

        def work(connection: Connection) -> bool:
            with suppress(IntegrityError), connection.begin_nested():  # another process may note it at the same time
                connection.execute(insert(reposts).values(generation_id=generation_id, **repost.model_dump()))
            return connection.execute(_OF_REQUEST, {"which": repost.request_id}).scalar_one() is None

        return await self._database.write(work)

    async def note(self, request_id: int, message_id: int) -> None:
        """Note in which message the picture stands."""
        statement = update(reposts).where(reposts.c.request_id == request_id).values(message_id=message_id)
        await self._database.write(lambda connection: connection.execute(statement))

    async def find_by_message(self, message_id: int) -> Generation | None:
        """Return the picture that a message shows again, or None."""
        row = await self._database.read(
            lambda connection: connection.execute(_BY_MESSAGE, {"which": message_id}).mappings().one_or_none()
        )
        return None if row is None else to_generation(row)

    async def of(self, generation_id: UUID) -> Sequence[Repost]:
        """Return the other messages that show a picture."""
        return await self._database.read(lambda connection: reposts_of(connection, generation_id))
