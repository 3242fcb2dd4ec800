"""Counting a window without reading all of its pictures: whole hours from their sums, the oldest one from its rows.

The database's triggers keep the sums in the transaction that changes a picture, see the migration that creates them.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, ScalarSelect, bindparam, func, or_, select

from bot.picture.generation import State
from bot.storage.tables import generations, usage_hours

EVERYBODY: Final = -1
"""Stands for all members of a server together, in place of a member's id."""

# A refunded picture does not count; one that failed after it was paid for does.
COUNTS = or_(generations.c.state != State.FAILED, generations.c.credits > 0)
# One that was refunded after it was paid for counts for its server, which has spent the credits.
COUNTS_FOR_MEMBER = COUNTS & ~generations.c.refunded
CREDITS = func.coalesce(generations.c.credits, generations.c.credits_reserved)

OF_SERVER = generations.c.server_key == bindparam("server_key")
OF_MEMBER = OF_SERVER & (generations.c.user_id == bindparam("user_id"))

_HOUR: Final = timedelta(hours=1)
_CHANGES_OF_MANY: Final = 0x75736167  # any number, the same in all processes
_LOCK = select(func.pg_advisory_xact_lock(_CHANGES_OF_MANY))


def amount_since(number: int, *, of_member: bool, in_credits: bool = False) -> ColumnElement[int]:
    """Return the pictures, or their credits, since a moment; `moments` has the parameters of each number."""
    whole_from: ColumnElement[datetime] = bindparam(f"whole_from_{number}")
    hours = usage_hours.c
    counts = COUNTS_FOR_MEMBER if of_member else COUNTS
    rows = (counts, generations.c.created_at > bindparam(f"since_{number}"), generations.c.created_at < whole_from)
    amount = func.coalesce(func.sum(CREDITS), 0) if in_credits else func.count()
    oldest = select(amount).where(OF_MEMBER if of_member else OF_SERVER, *rows).scalar_subquery()
    return oldest + _whole_hours(hours.credits if in_credits else hours.pictures, whole_from, of_member=of_member)


def _whole_hours(
    summed: ColumnElement[int], whole_from: ColumnElement[datetime], *, of_member: bool
) -> ScalarSelect[int]:
    hours = usage_hours.c
    whose = hours.user_id == (bindparam("user_id") if of_member else EVERYBODY)
    whole = select(func.coalesce(func.sum(summed), 0))
    return whole.where(hours.server_key == bindparam("server_key"), whose, hours.hour >= whole_from).scalar_subquery()


def moments(since: Sequence[datetime]) -> dict[str, datetime]:
    """Return the parameters for `amount_since`, numbered from 0."""
    starts = {f"since_{number}": each for number, each in enumerate(since)}
    return starts | {f"whole_from_{number}": _next_hour(each) for number, each in enumerate(since)}


def _next_hour(moment: datetime) -> datetime:
    """Return the first full hour in UTC that comes after a moment."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + _HOUR


def lock_changes_of_many(connection: Connection) -> None:
    """Prevent other transactions that change the usage of several pictures until this one ends.

    Two of them could wait for each other's sums. A transaction with one picture takes its sums in a fixed order, when
    it commits, and waits for nothing else then.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK)
