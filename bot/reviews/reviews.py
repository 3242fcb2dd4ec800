"""The decisions of moderators: the first one counts."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from bot.errors import UserFacingError
from bot.generation.crash_points import crash_point
from bot.generation.library import PictureUnknown
from bot.generation.review_requests import ReviewRequests
from bot.i18n import _
from bot.limits.moderation import REVIEWED, AuditEntry, RuleListener, record_change
from bot.limits.rulebook import Block, Change
from bot.picture.decision import Decision, Review
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Generation
from bot.picture.origin import NOBODY
from bot.storage.generations import GenerationStore
from bot.storage.review_decisions import AuditLine, Verdict
from bot.storage.reviews import ReviewStore
from bot.storage.rules import RulesTransaction

COMMAND: Final = "/review"
"""Stands in the audit log for the buttons of a review."""


class AlreadyDecided(UserFacingError):
    """Refuse a decision after another one, and tell which."""

    def __init__(self, review: Review) -> None:
        super().__init__(_decided_words(review))
        self.review = review


class Reviews:
    """Makes decisions; `ReviewWork` carries them out, in whichever process makes pictures."""

    def __init__(
        self,
        store: ReviewStore,
        generations: GenerationStore,
        requests: ReviewRequests,
        listener: RuleListener,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._generations = generations
        self._requests = requests
        self._listener = listener
        self._now = now

    async def waiting(self, server_key: str) -> int:
        """Return how many of a server's requests wait for a decision."""
        return await self._store.waiting(server_key)

    async def open_one(self, generation_id: UUID, server_key: str) -> Generation:
        """Return what a server's moderators may decide; raise `PictureUnknown` or `AlreadyDecided`."""
        review = await self._store.find(generation_id)
        if review is None or review.server_key != server_key:
            raise PictureUnknown
        if review.decision is not None:
            raise AlreadyDecided(review)
        return await self._generations.get(generation_id)

    async def approve(self, generation_id: UUID, server_key: str, by_id: int) -> None:
        """Allow a picture to be posted, or a prompt to be ordered; raise as `open_one` does."""
        verdict = Verdict(Decision.APPROVED, by_id, self._now())
        await self._decide(await self.open_one(generation_id, server_key), verdict)

    async def reject(self, generation_id: UUID, server_key: str, by_id: int, reason: str) -> Generation:
        """End a picture or a prompt with a reason that its member reads, and return it; raise as `open_one` does."""
        generation = await self.open_one(generation_id, server_key)
        await self._decide(generation, rejection(generation, FailureKind.REJECTED, by_id, self._now(), reason))
        return generation

    async def reject_and_block(self, generation_id: UUID, server_key: str, by_id: int, block: Block) -> int:
        """Reject, block the member, and refund their requests that aren't ordered yet, or change nothing.

        Returns the number of those requests. Raises as `open_one` does, and `AlreadyDecided` if somebody was faster.
        """
        generation, now = await self.open_one(generation_id, server_key), self._now()
        verdict = rejection(generation, FailureKind.REJECTED, by_id, now, block.reason)
        member_id = generation.origin.user_id

        def blocked(transaction: RulesTransaction) -> tuple[AuditEntry | None, int]:
            crash_point("rejected, not yet blocked")
            entry = record_change(transaction, by_id, COMMAND, lambda rules: rules.with_block(member_id, block), now)
            cancelled = Failure(kind=FailureKind.CANCELLED).model_dump(mode="json")
            return entry, transaction.fail_waiting(member_id, cancelled, now)

        change = _change(generation, verdict)
        decided = await self._store.decide_and(generation, verdict, _line(change), blocked)
        if decided is None:
            raise AlreadyDecided(await self._decided(generation))
        line_id, (entry, cancelled) = decided
        self._tell(generation, verdict, line_id, change)
        if entry is not None:
            self._listener.changed(server_key, entry)
        await self._requests.wake()
        return cancelled

    async def lose(self, ids: Collection[int]) -> None:
        """Make cards due once more whose messages, or channels, were deleted."""
        if await self._store.lose(ids, self._now()):
            await self._requests.wake()

    async def look_at_server(self, server_key: str) -> None:
        """Try the cards of a server again that aren't posted, because its review channel may be another one now."""
        await self._store.hurry(server_key, self._now())
        await self._requests.wake()

    async def _decide(self, generation: Generation, verdict: Verdict) -> None:
        change = _change(generation, verdict)
        decided = await self._store.decide(generation, verdict, _line(change))
        if decided is None:
            raise AlreadyDecided(await self._decided(generation))
        self._tell(generation, verdict, decided[1], change)
        await self._requests.wake()

    def _tell(self, generation: Generation, verdict: Verdict, line_id: int | None, change: Change) -> None:
        if line_id is not None and verdict.by_id is not None:
            entry = AuditEntry(line_id, verdict.at, verdict.by_id, COMMAND, [change], undone=False)
            self._listener.changed(generation.origin.server_key, entry)

    async def _decided(self, generation: Generation) -> Review:
        review = await self._store.find(generation.id)
        if review is None:
            raise PictureUnknown
        return review


def _change(generation: Generation, verdict: Verdict) -> Change:
    after = {"decision": verdict.decision.value, "reason": verdict.reason}
    return Change(path=(REVIEWED, str(generation.origin.user_id)), after=after)


def _line(change: Change) -> AuditLine:
    return AuditLine(COMMAND, change.model_dump(mode="json"))


def rejection(generation: Generation, kind: FailureKind, by_id: int | None, at: datetime, reason: str = "") -> Verdict:
    """Return the verdict that ends a picture or a prompt, charged or refunded by the terms of its request."""
    failure = Failure(kind=kind, reason=reason).model_dump(mode="json")
    refund = generation.review is None or not generation.review.charge_rejected
    return Verdict(Decision.REJECTED, by_id, at, reason, failure, refund)


def _decided_words(review: Review) -> str:
    """Return who was faster."""
    match review.decision, review.decided_by:
        case (None | Decision.WITHDRAWN, _):
            return _("There's nothing left to decide: this request was cancelled or deleted.")
        case (Decision.APPROVED, None):
            return _("Nobody decided in time, so this was approved by the server's setting.")
        case (Decision.REJECTED, None):
            return _("Nobody decided in time, so this was rejected by the server's setting.")
        case (Decision.APPROVED, by_id):
            return _("{moderator} has already approved this.", moderator=_moderator(by_id))
        case (Decision.REJECTED, by_id):
            return _("{moderator} has already rejected this.", moderator=_moderator(by_id))
    raise AssertionError(review.decision)


def _moderator(user_id: int | None) -> str:
    return _("A moderator") if user_id in {None, NOBODY} else f"<@{user_id}>"
