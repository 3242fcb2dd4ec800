"""Reading generations and moving them along."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, Update, exists, func, select, update

from bot.picture.generation import Derivation, Generation, State
from bot.storage.engine import Database
from bot.storage.generation_statements import (
    ACCEPT,
    ADVANCE,
    BY_ID,
    BY_MESSAGE,
    BY_UNFINISHED_CARD,
    NAME_JOB,
    NOTE,
    OF_BATCH,
    OTHER_HAS_JOB,
    PLACED,
    QUEUE,
    WAITING,
    waiting_failed,
)
from bot.storage.rows import to_generation
from bot.storage.tables import IS_UNFINISHED, generations
from bot.storage.usage_hours import lock_changes_of_many

_LONGEST_REVIEW: Final = timedelta(days=8)  # of a prompt: a week, and a day to carry the decision out


class GenerationStore:
    """The generations in the database; every change of state names those that it may start from."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, generation_id: UUID) -> Generation:
        """Return one generation; raise SQLAlchemy's `NoResultFound` if there is none."""
        return await self._database.read(lambda connection: _get(connection, generation_id))

    async def find(self, generation_id: UUID) -> Generation | None:
        """Return one generation, or None if there is none."""
        return await self._one(BY_ID, generation_id)

    async def find_by_message(self, message_id: int) -> Generation | None:
        """Return the generation whose picture stands in a message, the first of a batch, or None if there is none."""
        return await self._one(BY_MESSAGE, message_id)

    async def of_batch(self, batch_id: UUID) -> Sequence[Generation]:
        """Return the pictures of one command, in their order; none if it made only one."""
        return await self._database.read(
            lambda connection: [
                to_generation(row) for row in connection.execute(OF_BATCH, {"which": batch_id}).mappings()
            ]
        )

    async def find_unfinished_by_card(self, card_id: int) -> Generation | None:
        """Return the generation whose progress a message shows, or None if there is none."""
        return await self._one(BY_UNFINISHED_CARD, card_id)

    async def is_awaited(self, job_id: str) -> bool:
        """Return True if a generation waits for an Apiframe job."""
        t = generations.c
        query = select(exists().where(t.state == State.SUBMITTED, t.job_id == job_id))
        return await self._database.read(lambda connection: bool(connection.execute(query).scalar_one()))

    async def children(self, parent_id: UUID, *, limit: int) -> tuple[Sequence[Generation], int]:
        """Return the first delivered pictures that were made from one, oldest first, and how many there are."""
        t = generations.c
        made_from = (t.parent_id == parent_id) & (t.state == State.DELIVERED)
        first = select(generations).where(made_from).order_by(t.created_at, t.id).limit(limit)

        def work(connection: Connection) -> tuple[Sequence[Generation], int]:
            count = connection.execute(select(func.count()).where(made_from)).scalar_one()
            return [to_generation(row) for row in connection.execute(first).mappings()], count

        return await self._database.read(work)

    async def count_derived(self, user_id: int, derivation: Derivation, *, limit: int, replies: bool = False) -> int:
        """Return how many pictures a member made from others in one way (by `replies` only), up to `limit`."""
        t = generations.c
        derived = select(t.id).where(t.user_id == user_id, t.parent_derivation == derivation)
        derived = derived.where(t.event.startswith("message:")) if replies else derived
        query = select(func.count()).select_from(derived.limit(limit).subquery())
        return await self._database.read(lambda connection: connection.execute(query).scalar_one())

    async def note(self, generation_id: UUID, **columns: object) -> None:
        """Set columns of a generation, whatever its state."""
        await self._database.write(lambda connection: connection.execute(NOTE, {"which": generation_id, **columns}))

    async def advance(self, generation_id: UUID, to: State, **columns: object) -> Generation:
        """Move a generation on to a state and set columns with it; one that has come further stays as it is."""

        def work(connection: Connection) -> Generation:
            advanced = connection.execute(ADVANCE[to], {"which": generation_id, "state": to, **columns})
            row = advanced.mappings().one_or_none()
            return _get(connection, generation_id) if row is None else to_generation(row)

        return await self._database.write(work)

    async def note_queued(self, cards: Iterable[tuple[UUID, int | None]], executor: str, owner: str) -> None:
        """Note in one transaction that generations are queued, each with its card; None leaves the stored one.

        Those of `executor` are the `owner`'s from then on.
        """
        of = {"mine": executor, "owner": owner}
        rows = [{"which": generation_id, "card": card_id, **of} for generation_id, card_id in cards]
        await self._database.write(lambda connection: connection.execute(QUEUE, rows))

    async def keep_order(self, generation_id: UUID, order_body: str, at: datetime) -> Generation:
        """Store the order that is about to be sent, and return the picture; one that has ended stays as it is."""
        return await self.advance(generation_id, State.SUBMITTING, order_body=order_body, submitted_at=at)

    async def drop_order(self, generation_id: UUID, kept_at: datetime) -> None:
        """Forget an order that was kept at a time and certainly not accepted, so that the picture can be cancelled."""
        t = generations.c
        statement = NOTE.where(t.state == State.SUBMITTING, t.submitted_at == kept_at)
        dropped = {"which": generation_id, "order_body": None, "submitted_at": None}
        await self._database.write(lambda connection: connection.execute(statement, dropped))

    async def under_way(
        self, server_key: str, user_id: int | None, *, limit: int
    ) -> tuple[Sequence[tuple[int | None, Generation]], int]:
        """Return the oldest unfinished pictures of a member, or of a server, each with its place; and their number.

        Places count from 1, over the pictures of all processes. A place is None for a picture whose turn has come.
        """
        mine = (generations.c.server_key == server_key) & IS_UNFINISHED
        if user_id is not None:
            mine &= generations.c.user_id == user_id
        places = select(PLACED.c.id, PLACED.c.place).subquery()
        query = select(generations, places.c.place).outerjoin(places, places.c.id == generations.c.id).where(mine)
        query = query.order_by(generations.c.created_at, generations.c.id).limit(limit)

        def work(connection: Connection) -> tuple[Sequence[tuple[int | None, Generation]], int]:
            shown = [(row["place"], to_generation(row)) for row in connection.execute(query).mappings()]
            if len(shown) < limit:  # another count could differ: a picture may be finished in between
                return shown, len(shown)
            return shown, max(limit, connection.execute(select(func.count()).where(mine)).scalar_one())

        return await self._database.read(work)

    async def claimed(self, job_ids: Collection[str]) -> frozenset[str]:
        """Return those of some Apiframe jobs that a generation has."""
        query = select(generations.c.job_id).where(generations.c.job_id.in_(job_ids))
        return await self._database.read(lambda connection: frozenset(connection.execute(query).scalars()))

    async def accept(self, generation_id: UUID, job_id: str, at: datetime) -> bool:
        """Move a generation on to the job that Apiframe made for it; return False if another one has that job."""
        accepted = {"state": State.SUBMITTED, "submitted_at": at, "order_body": None}
        return await self._claim(ACCEPT, generation_id, job_id, accepted)

    async def name_job(self, generation_id: UUID, job_id: str) -> bool:
        """Note the job of a generation that was given up; return False if another one has that job."""
        return await self._claim(NAME_JOB, generation_id, job_id, {})

    async def images_in_use(self) -> frozenset[str]:
        """Return the keys of the images of everything that isn't finished, since a review can take a week."""
        query = select(generations.c.image_key, generations.c.references).where(IS_UNFINISHED)

        def work(connection: Connection) -> frozenset[str]:
            rows = connection.execute(query).all()
            keys = {reference["key"] for row in rows for reference in row.references}
            return frozenset(keys | {row.image_key for row in rows if row.image_key is not None})

        return await self._database.read(work)

    async def lost(self, executor: str, *, since: datetime) -> Sequence[Generation]:
        """Return the pictures of one process that were given up since then, and may have a job that is not known."""
        t = generations.c
        unknown = (t.state == State.FAILED) & t.credits.is_(None) & t.job_id.is_(None) & t.submitted_at.is_not(None)
        query = select(generations).where(unknown, t.erased_at.is_(None), _begun_since(since), t.executor == executor)
        return await self._database.read(
            lambda connection: [to_generation(row) for row in connection.execute(query).mappings()]
        )

    async def in_states(
        self,
        states: Collection[State],
        executor: str,
        *,
        asked_before: datetime | None = None,
    ) -> Sequence[Generation]:
        """Return the generations of one process in some states, oldest first."""
        query = select(generations).where(generations.c.state.in_(states), generations.c.executor == executor)
        if asked_before is not None:
            query = query.where(generations.c.created_at < asked_before)
        query = query.order_by(generations.c.created_at, generations.c.id)
        return await self._database.read(
            lambda connection: [to_generation(row) for row in connection.execute(query).mappings()]
        )

    async def waiting(self, executor: str, *, offset: int, limit: int) -> Sequence[tuple[int, Generation]]:
        """Return some of the waiting generations of one process, oldest first, each with its place.

        Places count from 1, over those of all processes.
        """
        which = {"which": executor, "passed_over": offset, "at_most": limit}
        return await self._database.read(
            lambda connection: [
                (row["place"], to_generation(row)) for row in connection.execute(WAITING, which).mappings()
            ]
        )

    async def hand_over(self, executor: str, to: str) -> None:
        """Give all open work of one process to another: pictures that are not finished, not priced or not kept yet."""
        t = generations.c
        open_ = IS_UNFINISHED | t.credits.is_(None) | t.unsaved_since.is_not(None)
        statement = update(generations).where(t.executor == executor, open_).values(executor=to)
        await self._database.write(lambda connection: connection.execute(statement))

    async def adopt(self, owner: str, by: str, *, limit: int) -> Sequence[Generation]:
        """Make some queued generations of an owner another's, and return them, oldest first.

        Only for PostgreSQL, where several processes do this at once: each gets others.
        """
        t = generations.c
        oldest = select(t.id).where(t.state == State.QUEUED, t.executor == owner).order_by(t.created_at, t.id)
        chosen = oldest.limit(limit).with_for_update(skip_locked=True).scalar_subquery()
        statement = update(generations).where(t.id.in_(chosen)).values(executor=by).returning(generations)

        def work(connection: Connection) -> Sequence[Generation]:
            adopted = [to_generation(row) for row in connection.execute(statement).mappings()]
            return sorted(adopted, key=lambda each: (each.created_at, each.id))

        return await self._database.write(work)

    async def uncharged(self, executor: str, *, since: datetime) -> Sequence[Generation]:
        """Return the pictures of one process whose job ended with a price that was not known, asked for since then."""
        t = generations.c
        ended = t.state.in_((State.PICTURE_IN_REVIEW, State.DELIVERED, State.FAILED))
        query = select(generations).where(ended, _begun_since(since), t.executor == executor)
        query = query.where(t.credits.is_(None), t.job_id.is_not(None))
        return await self._database.read(
            lambda connection: [to_generation(row) for row in connection.execute(query).mappings()]
        )

    async def note_late_price(self, generation_id: UUID, credits_charged: int) -> Generation | None:
        """Store what a picture cost and return it; None if its price is known by now."""
        t = generations.c
        unknown = update(generations).where(t.id == generation_id, t.credits.is_(None))
        priced = unknown.values(credits=credits_charged).returning(generations)

        def work(connection: Connection) -> Generation | None:
            row = connection.execute(priced).mappings().one_or_none()
            return None if row is None else to_generation(row)

        return await self._database.write(work)

    async def unsaved(self, executor: str, *, limit: int) -> Sequence[Generation]:
        """Return some pictures of one process, posted or in review, whose bytes the image store did not take yet.

        The oldest come first.
        """
        t = generations.c
        query = select(generations).where(t.unsaved_since.is_not(None), t.executor == executor)
        rests = t.finished_at.is_not(None) | (t.state == State.PICTURE_IN_REVIEW)
        query = query.where(rests, t.deleted_at.is_(None)).order_by(t.unsaved_since).limit(limit)
        return await self._database.read(
            lambda connection: [to_generation(row) for row in connection.execute(query).mappings()]
        )

    async def kept_late(self, generation_id: UUID, key: str, width: int, height: int) -> bool:
        """Note under which key a picture's bytes are kept now; return False if nobody waits for that any more."""
        t = generations.c
        which = (t.id == generation_id) & t.unsaved_since.is_not(None) & t.erased_at.is_(None)
        columns = {"image_key": key, "image_width": width, "image_height": height, "unsaved_since": None}
        statement = update(generations).where(which).values(**columns)
        return await self._database.write(lambda connection: bool(connection.execute(statement).rowcount))

    async def fail_waiting(self, server_key: str, user_id: int, **columns: object) -> int:
        """Fail the requests of a member in a server that aren't ordered yet, and return their number."""
        statement = waiting_failed(server_key, user_id).values(**columns)

        def work(connection: Connection) -> int:
            lock_changes_of_many(connection)
            return connection.execute(statement).rowcount

        return await self._database.write(work)

    async def forget_tokens(self, expired_before: datetime) -> int:
        """Forget rights to answer that had run out by a moment, and return how many those were."""
        t = generations.c
        # The same condition as the partial index for these few rows.
        dead = t.interaction_token.is_not(None) & (t.interaction_expires_at < expired_before)
        statement = update(generations).where(dead)
        statement = statement.values(application_id=None, interaction_token=None, interaction_expires_at=None)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount)

    async def _claim(self, claim: Update, generation_id: UUID, job_id: str, columns: dict[str, object]) -> bool:
        which = {"which": generation_id, "job": job_id}

        def work(connection: Connection) -> bool:
            claimed = connection.execute(claim, {**which, "job_id": job_id, **columns})
            # If no row was claimed, the generation has moved on, or another one has the job.
            return claimed.rowcount > 0 or not connection.execute(select(OTHER_HAS_JOB), which).scalar_one()

        return await self._database.write(work)

    async def _one(self, query: Select[Any], which: UUID | int) -> Generation | None:
        row = await self._database.read(
            lambda connection: connection.execute(query, {"which": which}).mappings().one_or_none()
        )
        return None if row is None else to_generation(row)


def _begun_since(moment: datetime) -> ColumnElement[bool]:
    """Return the condition for pictures that were asked for since a moment, or whose review ended since then."""
    t = generations.c
    return (t.created_at > moment - _LONGEST_REVIEW) & ((t.created_at > moment) | (t.approved_at > moment))


def _get(connection: Connection, generation_id: UUID) -> Generation:
    return to_generation(connection.execute(BY_ID, {"which": generation_id}).mappings().one())
