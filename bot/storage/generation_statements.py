"""The statements that read generations and move them along.

They are built once, since that takes SQLAlchemy longer than the database takes to answer.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Update, bindparam, case, exists, func, or_, select, update

from bot.picture.generation import BEFORE_ORDER, IN_REVIEW, UNFINISHED, State
from bot.storage.tables import IS_UNFINISHED, generations

NOT_ORDERED = (State.RESERVED, State.QUEUED)
# Apiframe cannot have an order: `keep_order` sets the time before it is sent, and never in a picture that has ended.
IS_UNORDERED = generations.c.state.in_(BEFORE_ORDER) & generations.c.submitted_at.is_(None)
IS_IN_REVIEW = or_(*(generations.c.state == each for each in sorted(IN_REVIEW)))


def _on_the_way(to: State) -> list[State]:
    """Return the states from which a generation may come to `to`, itself among them unless it is an end.

    Only a decision ends a review, see `bot/storage/reviews.py`.
    """
    order = list(State)
    return [state for state in order[: order.index(to) + 1] if state in UNFINISHED and state not in IN_REVIEW - {to}]


def _is_in(states: Collection[State]) -> ColumnElement[bool]:
    """Return a condition without IN, whose parameters SQLAlchemy would write out at each call."""
    return or_(*(generations.c.state == each for each in states))


BY_ID = select(generations).where(generations.c.id == bindparam("which"))
BY_MESSAGE = (  # the first of a batch that is not deleted
    select(generations)
    .where(generations.c.message_id == bindparam("which"))
    .order_by(generations.c.deleted_at.is_not(None), generations.c.batch_place)
    .limit(1)
)
OF_BATCH = select(generations).where(generations.c.batch_id == bindparam("which")).order_by(generations.c.batch_place)
BY_UNFINISHED_CARD = (
    select(generations)
    .where(IS_UNFINISHED, generations.c.card_id == bindparam("which"))
    .order_by(generations.c.batch_place)
    .limit(1)
)
PLACED = (
    select(generations, func.row_number().over(order_by=(generations.c.created_at, generations.c.id)).label("place"))
    .where(generations.c.state == State.QUEUED)
    .subquery()
)
WAITING = (
    select(PLACED)
    .where(PLACED.c.executor == bindparam("which"))
    .order_by(PLACED.c.place)
    .offset(bindparam("passed_over"))
    .limit(bindparam("at_most"))
)
NOTE = update(generations).where(generations.c.id == bindparam("which"))
ADVANCE = {to: NOTE.where(_is_in(_on_the_way(to))).returning(generations) for to in State}
_OTHER = generations.alias()
OTHER_HAS_JOB = exists().where(_OTHER.c.job_id == bindparam("job"), _OTHER.c.id != bindparam("which"))
CLAIM = NOTE.where(~OTHER_HAS_JOB)
ACCEPT = CLAIM.where(_is_in(_on_the_way(State.SUBMITTED)))
NAME_JOB = CLAIM.where(generations.c.state == State.FAILED)
_CARD = bindparam("card", type_=generations.c.card_id.type)
QUEUE = NOTE.where(_is_in(NOT_ORDERED)).values(
    state=State.QUEUED,
    card_id=func.coalesce(_CARD, generations.c.card_id),
    executor=case((generations.c.executor == bindparam("mine"), bindparam("owner")), else_=generations.c.executor),
)


def waiting_failed(server_key: str, user_id: int) -> Update:
    """Return the statement that fails a member's requests that aren't ordered yet.

    It's one, since between two the turn of one might come, and it would be ordered and paid for.
    """
    t = generations.c
    waiting = (t.server_key == server_key) & (t.user_id == user_id) & IS_UNORDERED
    return update(generations).where(waiting).values(state=State.FAILED)
