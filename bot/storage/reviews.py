"""The reviews in the database: each is decided once, and its next steps are handed to one process at a time."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    Update,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.picture.decision import CardStep, Decision, Review
from bot.picture.generation import Generation, State
from bot.storage.engine import Database
from bot.storage.inserts import inserted
from bot.storage.ledger import lock_server
from bot.storage.review_decisions import AuditLine, Verdict, decide, decided_columns
from bot.storage.rows import to_generation
from bot.storage.rules import RulesTransaction
from bot.storage.tables import generations, reviews
from bot.storage.usage_hours import lock_changes_of_many

T = TypeVar("T")

_LEASE: Final = timedelta(seconds=20)  # for which one process has a review to itself
_AT_ONCE: Final = 20
_T, _R = generations.c, reviews.c
_DUE_AGAIN: Final = {"card": CardStep.DUE, "message_id": None}
_OF_REVIEW = _T.id == _R.generation_id
_HAS_ENDED = exists().where(_OF_REVIEW, _T.finished_at.is_not(None))


class ReviewStore:
    """Every change of a review names the step that it may start from; each may be made twice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, server_key: str) -> int:
        """Return how many of a server's requests wait for a decision."""
        query = select(func.count()).where(_R.server_key == server_key, _R.decision.is_(None))
        return await self._database.read(lambda connection: connection.execute(query).scalar_one())

    async def find(self, generation_id: UUID) -> Review | None:
        """Return the review of a picture, or None if it has none."""
        query = select(reviews).where(_R.generation_id == generation_id)
        row = await self._database.read(lambda connection: connection.execute(query).mappings().one_or_none())
        return None if row is None else _review(row)

    async def put_prompts(
        self, asked: Sequence[tuple[Generation, int | None]], executor: str, owner: str, now: datetime
    ) -> None:
        """Put reserved prompts into review, each with its card; None leaves the stored one.

        Those of `executor` are the `owner`'s from then on.
        """

        def work(connection: Connection) -> None:
            for generation, card_id in asked:
                statement = update(generations).where(_T.id == generation.id, _T.state == State.RESERVED)
                columns = {
                    "state": State.PROMPT_IN_REVIEW,
                    "card_id": _T.card_id if card_id is None else card_id,
                    "executor": case((_T.executor == executor, owner), else_=_T.executor),
                }
                if connection.execute(statement.values(**columns)).rowcount:
                    _ask(connection, generation, now)

        await self._database.write(work)

    async def put_picture(self, generation: Generation, now: datetime) -> Generation:
        """Put a fetched picture into review, and return it as it is then."""
        statement = update(generations).where(
            _T.id == generation.id, _T.state == State.FETCHED, _T.approved_at.is_(None)
        )
        query = select(generations).where(_T.id == generation.id)

        def work(connection: Connection) -> Generation:
            if connection.execute(statement.values(state=State.PICTURE_IN_REVIEW)).rowcount:
                _ask(connection, generation, now)
            return to_generation(connection.execute(query).mappings().one())

        return await self._database.write(work)

    async def decide(
        self, generation: Generation, verdict: Verdict, line: AuditLine | None = None
    ) -> tuple[Generation, int | None] | None:
        """Make a decision, and return the picture with the number of the line in the audit log.

        None if it was decided before, or is not in review any more.
        """

        def work(connection: Connection) -> tuple[Generation, int | None] | None:
            lock_server(connection, generation.origin.server_key)
            return decide(connection, generation, verdict, line)

        return await self._database.write(work, urgent=True)

    async def decide_and(
        self, generation: Generation, verdict: Verdict, line: AuditLine, also: Callable[[RulesTransaction], T]
    ) -> tuple[int | None, T] | None:
        """Make a decision and change its server's rules in one transaction; return the line's number and the change.

        None if it was decided before: then nothing is changed.
        """
        server_key = generation.origin.server_key

        def work(connection: Connection) -> tuple[int | None, T] | None:
            lock_server(connection, server_key)
            lock_changes_of_many(connection)  # before a row: a deletion takes them in this order
            decided = decide(connection, generation, verdict, line)
            return None if decided is None else (decided[1], also(RulesTransaction(connection, server_key)))

        return await self._database.write(work, urgent=True)

    async def withdraw(self, generation_id: UUID, failure: dict[str, Any], at: datetime) -> Generation | None:
        """End a picture that is in review, at its cost, and return it; None if it isn't there any more."""
        statement = update(generations).where(_T.id == generation_id, _T.state == State.PICTURE_IN_REVIEW)
        ended = {"state": State.FAILED, "failure": failure, "finished_at": at}

        def work(connection: Connection) -> Generation | None:
            row = connection.execute(statement.values(**ended).returning(generations)).mappings().one_or_none()
            return None if row is None else to_generation(row)

        return await self._database.write(work)

    async def close(self, generation_id: UUID, at: datetime) -> bool:
        """Close the review of a picture that ended otherwise, and whose end its member has seen.

        Returns False if that was done before, or if the picture's work goes on to show the end.
        """
        waits = (_R.decision == Decision.WITHDRAWN) & _R.resume_due_at.is_not(None)
        closed = _withdrawn(_R.decision.is_(None) | waits, generation_id, at)
        return await self._database.write(lambda connection: bool(connection.execute(closed).rowcount))

    async def is_anything_due(self, now: datetime) -> bool:
        """Return True if there is something to do; it's asked often, and there mostly isn't."""
        open_ = exists().where(_R.decision.is_(None), (_R.deadline <= now) | _HAS_ENDED)
        card, work = exists().where(_R.card_due_at <= now), exists().where(_R.resume_due_at <= now)
        query = select(or_(open_, card, work))  # each by its own index, which has the few rows of this kind
        return await self._database.read(lambda connection: bool(connection.execute(query).scalar_one()))

    async def overdue(self, now: datetime) -> Sequence[UUID]:
        """Return some pictures whose review has reached its deadline without a decision."""
        query = select(_R.generation_id).where(_R.decision.is_(None), _R.deadline <= now, ~_HAS_ENDED)
        query = query.order_by(_R.deadline).limit(_AT_ONCE)
        return await self._database.read(lambda connection: connection.execute(query).scalars().all())

    async def note_ended(self, now: datetime) -> None:
        """Close the reviews of pictures that ended otherwise."""
        ended = update(reviews).where(_R.decision.is_(None), _HAS_ENDED)
        await self._database.write(
            lambda connection: connection.execute(ended.values(**decided_columns(Decision.WITHDRAWN, now)))
        )

    async def take_cards(self, now: datetime) -> Sequence[tuple[Review, datetime]]:
        """Return some reviews whose card is due, as they were before, and the end of this process's lease."""
        lease = now + _LEASE
        query = select(reviews).where(_R.card_due_at <= now).order_by(_R.card_due_at).limit(_AT_ONCE)

        def work(connection: Connection) -> Sequence[tuple[Review, datetime]]:
            rows = connection.execute(query.with_for_update(skip_locked=True)).mappings().all()
            leased = update(reviews).where(_R.generation_id.in_([row["generation_id"] for row in rows]))
            tried = case((_R.card == CardStep.DUE, True), else_=_R.tried)
            connection.execute(leased.values(card_due_at=lease, tried=tried))
            return [(_review(row), lease) for row in rows]

        return await self._database.write(work)

    async def hold_card(self, generation_id: UUID, lease: datetime, now: datetime) -> datetime | None:
        """Renew a lease and return its new end, or None if another process took it or there's something else to do.

        The cards before this one may have taken longer than the lease.
        """
        return await self._hold(_R.card_due_at, generation_id, lease, now)

    async def note_shown(self, generation_id: UUID, message_id: int, now: datetime, look_at: datetime) -> bool:
        """Note the message of a review, and when to look whether it's still there; the decision may be made by now.

        Returns False if the review was deleted with its picture in the meantime, or has another message.
        """
        step = case({CardStep.DUE: CardStep.SHOWN, CardStep.DONE: CardStep.OUTDATED}, value=_R.card, else_=_R.card)
        is_open = _R.card.in_((CardStep.DUE, CardStep.SHOWN))
        due_at = case((is_open, look_at), else_=func.coalesce(_R.card_due_at, now))
        has_no_other = _R.message_id.is_(None) | (_R.message_id == message_id)
        noted = update(reviews).where(_R.generation_id == generation_id, has_no_other)
        noted = noted.values(card=step, message_id=message_id, card_due_at=due_at)
        return await self._database.write(lambda connection: bool(connection.execute(noted).rowcount))

    async def note_done(self, generation_id: UUID, lease: datetime) -> None:
        """Note that the card needs nothing more, unless there's more to do since; forget it with an erased picture."""
        done = _R.generation_id == generation_id, _R.card_due_at == lease
        erased = exists().where(_OF_REVIEW, _T.erased_at.is_not(None))

        def work(connection: Connection) -> None:
            connection.execute(delete(reviews).where(*done, erased))
            connection.execute(update(reviews).where(*done).values(card=CardStep.DONE, card_due_at=None))

        await self._database.write(work)

    async def postpone(self, generation_id: UUID, lease: datetime, until: datetime) -> None:
        """Make a card due at a moment, unless there's more to do since."""
        await self._put_off(_R.card_due_at, generation_id, lease, until)

    async def move(self, generation_id: UUID, channel_id: int, now: datetime) -> None:
        """Make an open review's card due in another channel."""
        moved = update(reviews).where(_R.generation_id == generation_id, _R.decision.is_(None))
        moved = moved.values(**_DUE_AGAIN, channel_id=channel_id, card_due_at=now, tried=False)
        await self._database.write(lambda connection: connection.execute(moved))

    async def hurry(self, server_key: str, now: datetime) -> None:
        """Make the cards of a server due now that are not posted yet."""
        waiting = update(reviews).where(_R.server_key == server_key, _R.decision.is_(None), _R.card == CardStep.DUE)
        await self._database.write(lambda connection: connection.execute(waiting.values(card_due_at=now)))

    async def lose(self, which: Collection[int], now: datetime) -> bool:
        """Make cards due once more whose messages, or whose channels, were deleted; return True if there are any.

        Before a card is posted again, it's looked for: a channel may have been closed for a while only.
        """
        is_lost = or_(_R.message_id.in_(which), _R.channel_id.in_(which)) & (_R.card == CardStep.SHOWN)
        known = select(_R.generation_id).where(is_lost).limit(1)
        again = update(reviews).where(is_lost).values(**_DUE_AGAIN, lost_id=_R.message_id, card_due_at=now, tried=True)
        if await self._database.read(lambda connection: connection.execute(known).first()) is None:
            return False
        await self._database.write(lambda connection: connection.execute(again))
        return True

    async def tell(self, review: Review, now: datetime, again_before: datetime) -> bool:
        """Return True if moderators should read that a review channel is closed: one process, once in a while."""
        same = (_R.server_key == review.server_key) & (_R.channel_id == review.channel_id)
        told = select(_R.generation_id).where(same, _R.told_at > again_before).limit(1)
        note = update(reviews).where(_R.generation_id == review.generation_id).values(told_at=now)

        def work(connection: Connection) -> bool:
            lock_server(connection, review.server_key)
            if connection.execute(told).first() is not None:
                return False
            return bool(connection.execute(note).rowcount)

        return await self._database.write(work)

    async def take_resumable(self, now: datetime, executor: str) -> Sequence[tuple[Generation, datetime]]:
        """Return some decided pictures whose work has to go on, in this process, and the end of its lease."""
        lease = now + _LEASE
        query = select(_R.generation_id).where(_R.resume_due_at <= now).order_by(_R.resume_due_at).limit(_AT_ONCE)

        def take(connection: Connection) -> Sequence[UUID]:
            ids = connection.execute(query.with_for_update(skip_locked=True)).scalars().all()
            connection.execute(update(reviews).where(_R.generation_id.in_(ids)).values(resume_due_at=lease))
            return ids

        def own(connection: Connection) -> Sequence[tuple[Generation, datetime]]:
            mine = update(generations).where(_T.id.in_(ids)).values(executor=executor).returning(generations)
            return [(to_generation(row), lease) for row in connection.execute(mine).mappings()]

        # One after the other: other transactions lock a picture first and its review then.
        ids = await self._database.write(take)
        return await self._database.write(own) if ids else []

    async def hold_resumable(self, generation_id: UUID, lease: datetime, now: datetime) -> datetime | None:
        """Renew a lease and return its new end, or None if another process took it, or the work has come to its end."""
        return await self._hold(_R.resume_due_at, generation_id, lease, now)

    async def note_carried_out(self, generation_id: UUID, at: datetime) -> None:
        """Note that a picture's work has come to its end, in any process, and close a review without a decision."""
        closed = _withdrawn(_R.decision.is_(None) & _HAS_ENDED, generation_id, at)
        ended = update(reviews).where(_R.generation_id == generation_id).values(resume_due_at=None)

        def work(connection: Connection) -> None:
            connection.execute(closed)
            connection.execute(ended)

        await self._database.write(work)

    async def note_resumed(self, generation_id: UUID, lease: datetime) -> None:
        """Note that a picture's work goes on."""
        await self._put_off(_R.resume_due_at, generation_id, lease, None)

    async def resume_again(self, generation_id: UUID, lease: datetime, at: datetime) -> None:
        """Make a picture's work due again, which couldn't go on yet."""
        await self._put_off(_R.resume_due_at, generation_id, lease, at)

    async def _hold(
        self, due_at: Column[datetime], generation_id: UUID, lease: datetime, now: datetime
    ) -> datetime | None:
        renewed = now + _LEASE
        return renewed if await self._put_off(due_at, generation_id, lease, renewed) else None

    async def _put_off(
        self, due_at: Column[datetime], generation_id: UUID, lease: datetime, until: datetime | None
    ) -> bool:
        """Move a leased step to another time, or to never; return False if the lease is over."""
        step = update(reviews).where(_R.generation_id == generation_id, due_at == lease).values({due_at: until})
        return await self._database.write(lambda connection: bool(connection.execute(step).rowcount))


def end_pictures_in_review(connection: Connection, which: ColumnElement[bool], **columns: object) -> int:
    """End pictures that are in review, at their cost, in an open transaction, and return their number."""
    statement = update(generations).where(which, _T.state == State.PICTURE_IN_REVIEW)
    return connection.execute(statement.values(state=State.FAILED, **columns)).rowcount


def outdate_cards(connection: Connection, ids: Collection[UUID], now: datetime) -> None:
    """Note in an open transaction that the cards of some pictures have to change, because the pictures are deleted."""
    outdated = update(reviews).where(_R.generation_id.in_(ids))
    connection.execute(outdated.values(card=CardStep.OUTDATED, card_due_at=now))


def _ask(connection: Connection, generation: Generation, now: datetime) -> None:
    if generation.review is None:
        raise ValueError(f"{generation.id} isn't reviewed")
    row = {
        "generation_id": generation.id,
        "server_key": generation.origin.server_key,
        "user_id": generation.origin.user_id,
        "channel_id": generation.review.channel_id,
        "asked_at": now,
        "deadline": generation.review_deadline,
        "card": CardStep.DUE,
        "card_due_at": now,
    }
    inserted(connection, reviews, row)


def _withdrawn(which: ColumnElement[bool], generation_id: UUID, at: datetime) -> Update:
    """Return the statement that closes a review of which nothing has to go on."""
    columns = decided_columns(Decision.WITHDRAWN, at) | {"resume_due_at": None}
    return update(reviews).where(_R.generation_id == generation_id, which).values(**columns)


def _review(row: RowMapping) -> Review:
    return Review(**{name: row[name] for name in Review.model_fields})
