"""Reserve, settle, refund: each in one transaction, so that limits hold under load and books stay straight."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from bot.errors import UserFacingError
from bot.limits.policy import Refused, Rules, Scope, Usage, Window, decide
from bot.picture.failure import Failure
from bot.picture.generation import Generation, Parent, State
from bot.picture.origin import Origin
from bot.picture.request import ImagineRequest
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore, LedgerTransaction, Whose

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_FIRST_ESTIMATE_CREDITS = 10  # until a picture of that pace was made


class LimitRefused(UserFacingError):
    """Refuse a picture, with the verdict that `cogs.ui` puts into words."""

    def __init__(self, verdict: Refused) -> None:
        super().__init__(f"{verdict.scope} {verdict.limit}: {verdict.used} of {verdict.allowed}")
        self.verdict = verdict


class Ledger:
    """Counts what members and servers use, and writes down what is spent."""

    def __init__(
        self,
        books: LedgerStore,
        generations: GenerationStore,
        rules: dict[Scope, Rules],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._books = books
        self._generations = generations
        self._rules = rules
        self._now = now

    async def reserve(
        self, request: ImagineRequest, origin: Origin, executor: str, parent: Parent | None = None
    ) -> Generation:
        """Count, decide and write one picture down in one transaction; raise `LimitRefused` if a rule says no."""

        def work(transaction: LedgerTransaction) -> Generation:
            self._refuse_over_limits(transaction, origin)
            pace = pace_of(request)
            usual_seconds, usual_credits = transaction.lately(pace)
            generation = Generation(
                id=uuid4(),
                request=request,
                origin=origin,
                state=State.RESERVED,
                created_at=self._now(),
                usual_seconds=usual_seconds,
                parent=parent,
            )
            estimate = _FIRST_ESTIMATE_CREDITS if usual_credits is None else usual_credits
            transaction.write(generation, pace=pace, credits_reserved=estimate, executor=executor)
            return generation

        return await self._books.transact(origin.server_key, work)

    async def settle(self, generation_id: UUID, credits_charged: int | None) -> Generation:
        """Write the true cost of a delivered picture down, in Apiframe's credits."""
        return await self._generations.advance(
            generation_id, State.DELIVERED, credits=credits_charged, finished_at=self._now()
        )

    async def fail(self, generation_id: UUID, failure: Failure, credits_charged: int) -> Generation:
        """End a generation without a picture; 0 credits is a refund, and then it counts for no limit."""
        return await self._generations.advance(
            generation_id,
            State.FAILED,
            credits=credits_charged,
            failure=failure.model_dump(mode="json"),
            finished_at=self._now(),
        )

    def _refuse_over_limits(self, transaction: LedgerTransaction, origin: Origin) -> None:
        for scope, whose in _scopes(origin).items():
            verdict = decide(scope, self._rules[scope], self._usage(transaction, whose, self._rules[scope]))
            if isinstance(verdict, Refused):
                raise LimitRefused(verdict)

    def _usage(self, transaction: LedgerTransaction, whose: Whose, rules: Rules) -> Usage:
        now = self._now()
        used = transaction.used(whose, now - _HOUR, now - _DAY)
        return Usage(
            hour=_window(transaction, whose, used.last_hour, _HOUR, rules.images_per_hour),
            day=_window(transaction, whose, used.last_day, _DAY, rules.images_per_day),
            running=used.running,
        )


def _window(transaction: LedgerTransaction, whose: Whose, used: int, length: timedelta, allowed: int) -> Window:
    if not allowed or used < allowed:
        return Window(used)
    # One more fits when the oldest of the latest `allowed` pictures leaves the window.
    oldest = transaction.nth_latest(whose, allowed)
    return Window(used, frees_at=None if oldest is None else oldest + length)


def pace_of(request: ImagineRequest) -> str:
    """Return what pictures of about the same time and price have in common: size and number of references."""
    size = "custom" if request.params.is_custom_size else str(request.params.resolution or "default")
    return f"{size}+{len(request.references)}"


def _scopes(origin: Origin) -> dict[Scope, Whose]:
    return {
        Scope.MEMBER: Whose(origin.server_key, origin.user_id),
        Scope.SERVER: Whose(origin.server_key),
    }
