"""Reserve, settle, refund: each in one transaction, so that limits are exact under load and the ledger is correct."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from bot.errors import BotError, UserFacingError
from bot.limits.admission import NotAdmitted, Rule, ShareUsed, admit
from bot.limits.fair_share import read_share
from bot.limits.policy import (
    Allowance,
    LimitExceeded,
    RequestedUsage,
    Rules,
    credits_left,
    decide,
    limits_of,
    pictures_allowed,
)
from bot.limits.prices import PriceList, duration_key_of
from bot.limits.review import terms_for
from bot.limits.rulebook import ChannelStyle, Rulebook
from bot.limits.usage import PICTURE_PERIODS, usage_of
from bot.picture.failure import Failure
from bot.picture.generation import BatchPlace, Generation, Parent, State
from bot.picture.origin import Event, Origin
from bot.picture.price import Estimate
from bot.picture.request import ImagineRequest
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore, LedgerTransaction, UsageScope

_SAME_REACTION: Final = timedelta(minutes=1)


CheckStyle = Callable[[ChannelStyle | None], None]
"""Raises an error for pictures that may not be made in this way in a channel with this style, if it has one."""


@dataclass(frozen=True, slots=True)
class Operator:
    """The operator's limits for all servers, and the price to reserve for sizes without a known price."""

    member: Allowance
    server: Allowance
    estimated_credits: int


class LimitRefused(UserFacingError):
    """Refuse a picture, with the verdict that `cogs.ui` puts into words."""

    def __init__(self, exceeded: LimitExceeded) -> None:
        super().__init__(f"{exceeded.scope} {exceeded.limit}: {exceeded.used} of {exceeded.allowed}")
        self.exceeded = exceeded

    @property
    def rule(self) -> Rule:
        """Return its stored row."""
        return self.exceeded.limit


class AdmissionRefused(UserFacingError):
    """Reject a picture because of its member, channel or words; `cogs.ui` has the message."""

    def __init__(self, reason: NotAdmitted) -> None:
        super().__init__(reason.rule.value)
        self.reason = reason

    @property
    def rule(self) -> Rule:
        """Return its stored row."""
        return self.reason.rule


class AlreadyReserved(BotError):
    """Refuse an event for which a picture was reserved before, by this process or another: that one answers."""

    def __init__(self, generation_id: UUID) -> None:
        super().__init__(f"{generation_id} was reserved for the same event")
        self.generation_id = generation_id


class Ledger:
    """Counts the usage of members and servers, and stores their spending."""

    def __init__(
        self,
        ledger_store: LedgerStore,
        generations: GenerationStore,
        operator: Operator,
        prices: PriceList,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._ledger_store = ledger_store
        self._generations = generations
        self.operator = operator
        self._prices = prices
        self._now = now

    async def check_admitted(self, prompt: str, origin: Origin) -> None:
        """Raise `AdmissionRefused` if who asks, where or with which words is refused already; `reserve` decides."""
        await self._ledger_store.look(lambda transaction: self._admitted(transaction, [prompt], origin))

    async def reserve(
        self,
        request: ImagineRequest,
        origin: Origin,
        executor: str,
        parent: Parent | None = None,
        generation_id: UUID | None = None,
    ) -> Generation:
        """Reserve one picture as `reserve_all` does."""
        ids = [generation_id or uuid4()]
        [generation] = await self.reserve_all([request], origin, executor, parent, ids)
        return generation

    async def reserve_all(
        self,
        requests: Sequence[ImagineRequest],
        origin: Origin,
        executor: str,
        parent: Parent | None,
        ids: Sequence[UUID],
        check_style: CheckStyle = lambda _style: None,
    ) -> Sequence[Generation]:
        """Count, decide and write the pictures of one command down in one transaction: all of them, or none.

        They differ in their words and seeds only. If a default chose their number, it is cut to the number that one
        command may make. As callers give the ids, they can refund reservations that may have been stored without a
        response. `check_style` gets the style of their channel. Raises `AdmissionRefused` or `LimitRefused` if a rule
        forbids one of them, and before that `AlreadyReserved`.
        """
        duration_key = duration_key_of(requests[0])

        def work(transaction: LedgerTransaction) -> Sequence[Generation]:
            event_round = self._round_of(transaction, origin.event)
            now = self._now()
            member = UsageScope(origin.server_key, origin.user_id)
            transaction.read_ahead(member, duration_key, [now - each for each in PICTURE_PERIODS])
            usual_seconds, usual_credits = transaction.usual_cost(duration_key)
            credits_reserved = self.operator.estimated_credits if usual_credits is None else usual_credits
            asked, left, rulebook = self._check(transaction, requests, origin, credits_reserved, now, check_style)
            first = Generation(
                id=ids[0],
                request=requests[0],
                origin=origin,
                state=State.RESERVED,
                created_at=now,
                usual_seconds=usual_seconds,
                estimate=Estimate(price=self._prices.price_after(usual_credits), left=left),
                parent=parent,
                review=terms_for(rulebook, origin, lambda: transaction.approved(member)),
            )
            reserved = _all_like(first, asked, ids)
            transaction.write(
                reserved,
                duration_key=duration_key,
                credits_reserved=credits_reserved,
                executor=executor,
                event_round=event_round,
            )
            return reserved

        return await self._ledger_store.transact(origin.server_key, work)

    def _round_of(self, transaction: LedgerTransaction, event: Event | None) -> int:
        """Return how often an event like this one happened before; raise `AlreadyReserved` if it is that very one.

        A reaction within a minute of an equal one is the same one, seen by two processes, unless it follows it.
        """
        latest = None if event is None else transaction.latest_of(event.key)
        if event is None or latest is None:
            return 0
        is_another = latest.id == event.follows or self._now() - latest.created_at > _SAME_REACTION
        if not (event.is_repeatable and is_another):
            raise AlreadyReserved(latest.id)
        return latest.event_round + 1

    def rules_for(self, rulebook: Rulebook, origin: Origin, now: datetime) -> Rules:
        """Return all that is set for one person in one place at a time."""
        operator = self.operator
        return rulebook.for_person(origin.user_id, origin.role_ids, operator.member, operator.server, now)

    def _check(
        self,
        transaction: LedgerTransaction,
        requests: Sequence[ImagineRequest],
        origin: Origin,
        credits_each: int,
        now: datetime,
        check_style: CheckStyle,
    ) -> tuple[Sequence[ImagineRequest], int | None, Rulebook]:
        """Raise the reason if a rule forbids the pictures; return them, the credits left of the month, and the rules.

        If a default chose their number, it is cut to the number that one command may make.
        """
        rulebook = self._admitted(transaction, [each.all_words for each in requests], origin)
        check_style(rulebook.style_in(origin.channel_id, origin.parent_channel_id))
        rules = self.rules_for(rulebook, origin, now)
        limits = limits_of(rules)
        if "count" in requests[0].sources:
            requests = requests[: pictures_allowed(limits, len(requests))]
        megapixels, references = requests[0].size.megapixels, len(requests[0].references)

        def verdict(pictures: int) -> tuple[LimitExceeded | None, int | None]:
            ask = RequestedUsage(megapixels, references, pictures * credits_each, pictures)
            usage = usage_of(transaction, origin, limits, ask, now)
            return decide(ask, limits, usage), credits_left(ask, limits, usage)

        refused, left = verdict(len(requests))
        if refused is not None:
            fewer = range(len(requests) - 1, 0, -1)
            raise LimitRefused(replace(refused, fits=next((each for each in fewer if verdict(each)[0] is None), 0)))
        ask = RequestedUsage(megapixels, references, len(requests) * credits_each, len(requests))
        share = read_share(transaction, origin, rules.shared_percent, limits, ask, now)
        if share is not None and share.refuses(ask):
            raise AdmissionRefused(ShareUsed(share))
        return requests, left, rulebook

    def _admitted(self, transaction: LedgerTransaction, prompts: Iterable[str], origin: Origin) -> Rulebook:
        """Return the rules that let a request in; raise `AdmissionRefused`."""
        rulebook = Rulebook.model_validate(transaction.rules(origin.server_key))
        for prompt in dict.fromkeys(prompts):
            reason = admit(
                rulebook,
                origin.user_id,
                origin.channel_ids,
                prompt,
                self._now(),
                age_restricted=origin.age_restricted,
                role_ids=origin.role_ids,
            )
            if reason is not None:
                raise AdmissionRefused(reason)
        return rulebook

    async def settle(self, generation_id: UUID, credits_charged: int | None, **posted: int) -> Generation:
        """Store where a picture was posted and its true cost, in Apiframe's credits.

        None leaves the estimate, or the price that was found during its review.
        """
        price = {} if credits_charged is None else {"credits": credits_charged}
        return await self._generations.advance(
            generation_id, State.DELIVERED, order_body=None, finished_at=self._now(), **price, **posted
        )

    async def fail(self, generation_id: UUID, failure: Failure, credits_charged: int | None) -> Generation:
        """End a generation without a picture; 0 credits is a refund, None not known yet, and neither counts."""
        columns = self._failed(failure, credits_charged)
        return await self._generations.advance(generation_id, State.FAILED, **columns)

    async def give_back(self, generation_id: UUID, server_key: str, failure: Failure) -> Generation | None:
        """Refund a picture and return it; None if it's already ordered, has ended, or was never stored.

        It waits for the server's lock, and so for a transaction that is still writing it down, or taking it back.
        """
        columns = {"state": State.FAILED, **self._failed(failure, credits_charged=0)}
        return await self._ledger_store.transact(
            server_key, lambda transaction: transaction.end_unordered(generation_id, **columns)
        )

    def _failed(self, failure: Failure, credits_charged: int | None) -> dict[str, object]:
        return {
            "credits": credits_charged,
            "order_body": None,
            "failure": failure.model_dump(mode="json"),
            "finished_at": self._now(),
        }


def _all_like(first: Generation, requests: Sequence[ImagineRequest], ids: Sequence[UUID]) -> Sequence[Generation]:
    """Return the pictures of a command, of which the first one stands for its event."""
    if len(requests) == 1:
        return [first]
    size, later = len(requests), first.origin.model_copy(update={"event": None})
    return [
        first.model_copy(
            update={
                "id": ids[place],
                "request": request,
                "origin": later if place else first.origin,
                "batch": BatchPlace(id=ids[0], place=place + 1, size=size),
            }
        )
        for place, request in enumerate(requests)
    ]
