"""One decision about a review, in an open transaction: the picture's row, the review, and the audit log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, update

from bot.picture.decision import CardStep, Decision
from bot.picture.generation import Generation, State
from bot.storage.generation_statements import IS_IN_REVIEW
from bot.storage.rows import to_generation
from bot.storage.rules import RulesTransaction
from bot.storage.tables import generations, reviews

_T, _R = generations.c, reviews.c


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision about a review: by a moderator, or by the deadline (None); `failure` is JSON, for a rejected one.

    A rejected picture is refunded to its member, or costs what it cost. Its server has paid in any case.
    """

    decision: Decision
    by_id: int | None
    at: datetime
    reason: str = ""
    failure: dict[str, Any] | None = None
    refund: bool = False


@dataclass(frozen=True, slots=True)
class AuditLine:
    """The line that a moderator's decision gets in the audit log: `change` is JSON."""

    command: str
    change: dict[str, Any]


def decide(
    connection: Connection, generation: Generation, verdict: Verdict, line: AuditLine | None
) -> tuple[Generation, int | None] | None:
    """Decide in an open transaction that holds the server's lock, and return the picture and the line's number, if any.

    None if it was decided before, or is not in review any more.
    """
    moved = update(generations).where(_T.id == generation.id, IS_IN_REVIEW)
    moved = moved.values(**(_approved(verdict) if verdict.failure is None else _rejected(verdict)))
    row = connection.execute(moved.returning(generations)).mappings().one_or_none()
    if row is None:
        return None
    open_ = update(reviews).where(_R.generation_id == generation.id, _R.decision.is_(None))
    columns = decided_columns(verdict.decision, verdict.at)
    connection.execute(open_.values(**columns, decided_by=verdict.by_id, reason=verdict.reason))
    line_id = None
    if line is not None and verdict.by_id is not None:
        record = RulesTransaction(connection, generation.origin.server_key).record
        line_id = record(verdict.at, verdict.by_id, line.command, [line.change])
    return to_generation(row), line_id


def decided_columns(decision: Decision, at: datetime) -> dict[str, object]:
    """Return the columns of a decided review: its card changes, and the picture's work goes on."""
    due = {"card": CardStep.OUTDATED, "card_due_at": at, "resume_due_at": at}
    return {"decision": decision, "decided_at": at, **due}


def _approved(verdict: Verdict) -> dict[str, object]:
    """Return the columns of an approved picture, which goes back to where it was before the review."""
    is_prompt = _T.state == State.PROMPT_IN_REVIEW
    return {
        "state": case((is_prompt, State.QUEUED), else_=State.FETCHED),
        "approved_at": verdict.at,
        "delivery_began_at": case((is_prompt, _T.delivery_began_at), else_=verdict.at),
    }


def _rejected(verdict: Verdict) -> dict[str, object]:
    """Return the columns of a rejected picture: a prompt cost nothing."""
    is_prompt = _T.state == State.PROMPT_IN_REVIEW
    credits_charged = case((is_prompt, 0), else_=_T.credits)
    ended = {"failure": verdict.failure, "finished_at": verdict.at, "order_body": None}
    return {"state": State.FAILED, "credits": credits_charged, "refunded": verdict.refund, **ended}
