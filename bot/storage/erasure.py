"""Erasing a person's data, except for the parts that the ledger and the audit log need."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.picture.generation import Generation, State
from bot.picture.origin import NOBODY
from bot.picture.repost import Repost
from bot.picture.style import owner_of_member
from bot.storage.defaults import forget_defaults
from bot.storage.engine import Database
from bot.storage.generation_statements import IS_UNORDERED
from bot.storage.pending_erasure import PendingErasure
from bot.storage.reposts import reposts_of
from bot.storage.reviews import end_pictures_in_review, outdate_cards
from bot.storage.rows import to_generation
from bot.storage.showcase import withdraw
from bot.storage.styles import keys_of, notify_of_styles
from bot.storage.tables import (
    IS_UNFINISHED,
    audit_log,
    erasures,
    favourites,
    generations,
    refusals,
    reposts,
    reviews,
    rulebooks,
    styles,
)
from bot.storage.usage_hours import lock_changes_of_many

ERASED_PROMPT: Final = "(deleted)"
_ROWS_AT_ONCE = 500
_SHOWN = or_(
    generations.c.message_id.is_not(None),
    generations.c.card_id.is_not(None),
    exists().where(reposts.c.generation_id == generations.c.id),
)
# Who asked, and what for; what stays are the figures that limits and bills are counted from.
_BLANK: Final[dict[str, object]] = {
    **dict.fromkeys(("interaction_token", "interaction_expires_at", "application_id", "reply_to_id", "event")),
    **dict.fromkeys(("parent_id", "parent_derivation", "parent_channel_id", "parent_message_id")),
    **dict.fromkeys(("result_url", "image_key", "image_width", "image_height", "unsaved_since", "estimate")),
    "job_id": case((generations.c.credits.is_(None), generations.c.job_id)),  # by which the price is still asked for
    "prompt": ERASED_PROMPT,
    "prompt_folded": "",
    "params": {},
    "order_body": None,
    "references": [],
    "style": None,
    "style_id": None,
    "private": False,
    "spoiler": False,
    "sources": None,
    "review": None,
}


@dataclass(frozen=True, slots=True)
class ErasureStarted:
    """A deletion request that was just stored: the number of ended pictures to erase, and of cancelled ones."""

    erasure: PendingErasure
    ended: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class PersonalTraces:
    """Pictures that have ended and are not erased yet, and the keys of files that no other picture uses."""

    ids: Sequence[UUID]
    keys: frozenset[str]


class ErasureStore:
    """Writes wishes down, and fulfils them step by step; each step may be taken twice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, user_id: int, at: datetime, cancelled: dict[str, Any]) -> ErasureStarted:
        """Store a deletion request, delete all but pictures, and refund those that aren't ordered yet.

        `cancelled` is the failure, as JSON, that ends those.
        """
        t = generations.c
        waiting = (t.user_id == user_id) & IS_UNORDERED
        refunded = {"state": State.FAILED, "credits": 0, "failure": cancelled, "finished_at": at, "deleted_at": at}

        def work(connection: Connection) -> ErasureStarted:
            lock_changes_of_many(connection)
            written = connection.execute(insert(erasures).values(user_id=user_id, at=at).returning(erasures))
            erasure = PendingErasure(*written.one())
            for table in (refusals, favourites):
                connection.execute(delete(table).where(table.c.user_id == user_id, table.c.at <= at))
            forget_defaults(connection, user_id)
            ended_in_review = {"failure": cancelled, "finished_at": at, "deleted_at": at}
            end_pictures_in_review(connection, t.user_id == user_id, **ended_in_review)
            ended = connection.execute(select(func.count()).where(_to_erase(erasure))).scalar_one()
            return ErasureStarted(
                erasure, ended, connection.execute(update(generations).where(waiting).values(**refunded)).rowcount
            )

        return await self._database.write(work)

    async def open(self) -> Sequence[PendingErasure]:
        """Return every wish that is not fulfilled to the last, the oldest first."""
        query = select(erasures).order_by(erasures.c.id)
        return await self._database.read(lambda connection: [PendingErasure(*row) for row in connection.execute(query)])

    async def running(self, user_id: int) -> int:
        """Return how many pictures of a person are not finished."""
        query = select(func.count()).where(generations.c.user_id == user_id, IS_UNFINISHED)
        return await self._database.read(lambda connection: connection.execute(query).scalar_one())

    async def traces(self, erasure: PendingErasure, *, limit: int) -> PersonalTraces:
        """Return some of the data to erase now."""
        query = select(generations.c.id, generations.c.image_key, generations.c.references)
        query = query.where(_to_erase(erasure)).limit(limit)

        def work(connection: Connection) -> PersonalTraces:
            found = connection.execute(query).all()
            ids, keys = [row.id for row in found], _keys(found)
            of_styles = keys_of(connection.execute(select(styles.c.content)).scalars()) if keys else frozenset()
            return PersonalTraces(ids, keys - of_styles - _kept_by_others(connection, keys, ids))

        return await self._database.read(work)

    async def style_keys(self, erasure: PendingErasure) -> frozenset[str]:
        """Return the keys of images that are only needed by styles which are to be erased."""
        query = select(styles.c.content).where(_styles_of(erasure))

        def work(connection: Connection) -> frozenset[str]:
            keys = keys_of(connection.execute(query).scalars())
            if not keys:
                return keys
            others = keys_of(connection.execute(select(styles.c.content).where(~_styles_of(erasure))).scalars())
            return keys - others - _kept_by_others(connection, keys, ())

        return await self._database.read(work)

    async def erase_styles(self, erasure: PendingErasure) -> int:
        """Delete the styles of a person, tell other processes, and return how many there were."""

        def work(connection: Connection) -> int:
            deleted = connection.execute(delete(styles).where(_styles_of(erasure))).rowcount
            if deleted:
                notify_of_styles(connection, owner_of_member(erasure.user_id))
            return deleted

        return await self._database.write(work)

    async def erase(self, ids: Collection[UUID], at: datetime) -> None:
        """Blank pictures, which are nobody's favourites then; their messages are known until they are deleted."""
        which = generations.c.id.in_(ids)
        blank = _BLANK | {"erased_at": at, "deleted_at": func.coalesce(generations.c.deleted_at, at)}

        def work(connection: Connection) -> None:
            # The kind of a failure stays, since a picture that was cancelled in the queue is known by it.
            failed = select(generations.c.id, generations.c.failure).where(which, generations.c.failure.is_not(None))
            bare = [{"which": row.id, "bare": {"kind": row.failure["kind"]}} for row in connection.execute(failed)]
            if bare:
                statement = update(generations).where(generations.c.id == bindparam("which"))
                connection.execute(statement.values(failure=bindparam("bare", type_=generations.c.failure.type)), bare)
            connection.execute(update(generations).where(which).values(**blank))
            connection.execute(delete(favourites).where(favourites.c.generation_id.in_(ids)))
            withdraw(connection, ids)
            outdate_cards(connection, ids, at)

        await self._database.write(work)

    async def shown(self, erasure: PendingErasure, *, after: UUID | None = None, limit: int) -> Sequence[Generation]:
        """Return some erased pictures whose messages were not taken away yet, by id, all of them beyond `after`."""
        query = select(generations).where(erasure.pictures, generations.c.erased_at.is_not(None), _SHOWN)
        if after is not None:
            query = query.where(generations.c.id > after)
        query = query.order_by(generations.c.id).limit(limit)
        return await self._database.read(
            lambda connection: [to_generation(row) for row in connection.execute(query).mappings()]
        )

    async def reposts(self, generation_id: UUID) -> Sequence[Repost]:
        """Return the other messages that show a picture."""
        return await self._database.read(lambda connection: reposts_of(connection, generation_id))

    async def forget_messages(self, generation_id: UUID) -> None:
        """Forget in which messages a picture stood."""
        statement = update(generations).where(generations.c.id == generation_id)
        statement = statement.values(**dict.fromkeys(("message_id", "message_channel_id", "card_id")))

        def work(connection: Connection) -> None:
            connection.execute(delete(reposts).where(reposts.c.generation_id == generation_id))
            connection.execute(statement)

        await self._database.write(work)

    async def finish(self, erasure: PendingErasure) -> None:
        """Forget whose the erased pictures and the old changes of rules were, and the wish itself, unless some is left.

        If a moderator deleted the pictures, only the wish.

        Not before the pictures have left every limit's window: a deletion must not reset limits.
        """
        left = select(func.count()).where(erasure.pictures, or_(generations.c.erased_at.is_(None), _SHOWN))

        def work(connection: Connection) -> None:
            lock_changes_of_many(connection)
            if connection.execute(left).scalar_one():
                return
            if erasure.is_of_person:
                erased = select(generations.c.id).where(erasure.pictures)
                connection.execute(update(reviews).where(reviews.c.generation_id.in_(erased)).values(user_id=NOBODY))
                connection.execute(update(generations).where(erasure.pictures).values(**_nobodys()))
                _forget_in_record(connection, erasure)
            connection.execute(delete(erasures).where(erasures.c.id == erasure.id))

        await self._database.write(work)


def _styles_of(erasure: PendingErasure) -> ColumnElement[bool]:
    return (styles.c.owner == owner_of_member(erasure.user_id)) & (styles.c.created_at <= erasure.at)


def _to_erase(erasure: PendingErasure) -> ColumnElement[bool]:
    return erasure.pictures & ~IS_UNFINISHED & generations.c.erased_at.is_(None)


def _keys(rows: Iterable[Any]) -> frozenset[str]:
    return frozenset(key for row in rows for key in _keys_of(row))


def _keys_of(row: Any) -> Iterator[str]:  # noqa: ANN401  (SQLAlchemy does not know a row's columns)
    yield from (reference["key"] for reference in row.references)
    if row.image_key is not None:
        yield row.image_key


def _kept_by_others(connection: Connection, keys: frozenset[str], ids: Collection[UUID]) -> frozenset[str]:
    """Return those keys of files that other pictures have: the same bytes are stored once for everybody.

    That goes through all that is kept, for want of an index into the references, but never has all of it in memory.
    """
    if not keys:
        return frozenset()
    t = generations.c
    has_files = or_(t.image_key.is_not(None), cast(t.references, Text) != "[]")
    query = select(t.image_key, t.references).where(t.id.not_in(ids), t.erased_at.is_(None), has_files)
    rows = connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE})
    return frozenset(key for row in rows for key in _keys_of(row) if key in keys)


def _nobodys() -> dict[str, object]:
    own = generations.c.guild_id.is_(None)  # direct messages are counted under the person's id
    return {
        "user_id": NOBODY,
        "channel_id": NOBODY,
        "job_id": None,
        "server_key": case((own, f"user:{NOBODY}"), else_=generations.c.server_key),
    }


def _forget_in_record(connection: Connection, erasure: PendingErasure) -> None:
    """Take a person's name off the changes that they made, and out of those about them which hold no longer."""
    r, who = audit_log.c, str(erasure.user_id)
    old = r.at <= erasure.at
    connection.execute(update(audit_log).where(old, r.by_id == erasure.user_id).values(by_id=NOBODY))
    decided = (reviews.c.decided_at <= erasure.at) & (reviews.c.decided_by == erasure.user_id)
    connection.execute(update(reviews).where(decided).values(decided_by=NOBODY))
    about = select(r.id, r.server_key, r.changes).where(old, cast(r.changes, Text).contains(f'"{who}"'))
    for row in connection.execute(about).all():
        rules = connection.execute(select(rulebooks.c.rules).where(rulebooks.c.server_key == row.server_key)).scalar()
        status = {kind for kind in ("members", "blocked") if who in (rules or {}).get(kind, {})}
        kept = [change for change in row.changes if not _is_about(change, who) or change["path"][0] in status]
        connection.execute(update(audit_log).where(r.id == row.id).values(changes=kept))


def _is_about(change: dict[str, Any], who: str) -> bool:
    return change["path"][0] in {"members", "blocked", "pictures", "reviewed"} and change["path"][1] == who
