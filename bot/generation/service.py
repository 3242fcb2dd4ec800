"""The requests of members: a picture is reserved, begun or given back."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from uuid import uuid4

import structlog

from bot.errors import NotServing, StorageUnavailable, UserFacingError, record_unexpected
from bot.generation.channel_style import StyleDue, check_style, in_channel_style
from bot.generation.crash_points import crash_point
from bot.generation.discord_port import Delivery
from bot.generation.draft import ImagineDraft
from bot.generation.enqueueing import Enqueuer
from bot.generation.library import AgeRestrictedPicture, PictureLibrary
from bot.generation.refunds import Refunds
from bot.i18n import _
from bot.images.references import CheckedImage, References
from bot.limits.ledger import AdmissionRefused, Ledger, LimitRefused
from bot.limits.moderation import Moderation
from bot.metrics.metrics import Metrics
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Generation
from bot.picture.origin import Origin
from bot.storage.generations import GenerationStore
from bot.styles.styles import Styles

log = structlog.get_logger(__name__)


class NotReviewed(UserFacingError):
    """Refuse to publish a picture that moderators would review if it were requested now."""

    def __init__(self) -> None:
        super().__init__(_("Moderators look at your pictures here before they're posted."))


class GenerationService:
    """Takes requests and hands them to the durable queue."""

    def __init__(
        self,
        store: GenerationStore,
        ledger: Ledger,
        references: References,
        enqueuer: Enqueuer,
        library: PictureLibrary,
        moderation: Moderation,
        styles: Styles,
        delivery: Delivery,
        metrics: Metrics,
        working: Callable[[], AbstractAsyncContextManager[None]],
    ) -> None:
        """`working` resumes unfinished pictures, and does what this process does beside its requests."""
        self._library = library
        self._moderation = moderation
        self._styles = styles
        self._store = store
        self._ledger = ledger
        self._references = references
        self._enqueuer = enqueuer
        self._delivery = delivery
        self._metrics = metrics
        self._working = working
        self._serving = False
        self._refunds = Refunds(ledger, enqueuer, metrics)

    async def reserve(self, draft: ImagineDraft, origin: Origin) -> Sequence[Generation]:
        """Check the draft and its images, count them against the limits, write its pictures down, and keep the images.

        Raises `InvalidRequest`, `ReferenceRejected` that names each image refused, `AgeRestrictedPicture`,
        `AdmissionRefused`, `LimitRefused`, `NotServing`, or `StorageUnavailable`: then nothing stays reserved.
        """
        self._check_serving()
        if draft.age_restricted and not origin.age_restricted:
            raise AgeRestrictedPicture
        draft = await self._styles.applied(draft, origin)
        draft.check()
        draft = await self._library.with_edited(draft)
        await self._references.check_kept(draft.references)
        await self._check_style_kept(draft)
        try:
            if draft.attachments:  # not fetched for a member who is refused anyway
                await self._ledger.check_admitted(draft.prompt, origin)
                self._references.check_can_keep()
            async with self._references.looked_at(draft.attachments) as images:
                reserved = await self._reserve(draft, images, origin)
        except (LimitRefused, AdmissionRefused) as refusal:
            self._metrics.refused(refusal.rule)
            await self._moderation.record_refusal(origin, refusal.rule)
            raise
        crash_point("reserved, not yet answered")
        return reserved

    async def check_admitted(self, origin: Origin, words: str = "") -> None:
        """Raise `NotServing`, or `AdmissionRefused` for a member, a channel or words that are blocked.

        What shows something and makes no picture, such as an undo, is checked by this.
        """
        self._check_serving()
        await self._ledger.check_admitted(words, origin)

    async def check_may_publish(self, generation: Generation, origin: Origin) -> None:
        """Raise `NotReviewed` for a private picture that moderators haven't approved and would review in `origin`.

        In direct messages, nobody's roles are known, so that it's refused while its server reviews anything.
        """
        if generation.approved_at is not None:
            return
        if origin.guild_id == generation.origin.guild_id:
            is_reviewed = (await self._moderation.status(origin)).review is not None
        else:
            is_reviewed = (await self._moderation.rulebook(generation.origin.server_key)).review is not None
        if is_reviewed:
            raise NotReviewed

    async def _check_style_kept(self, draft: ImagineDraft) -> None:
        if draft.style is not None:
            await self._references.check_kept(draft.style_references, draft.style.name)

    def _check_serving(self) -> None:
        if not self._serving:
            raise NotServing(_("I'm restarting. Please try again in a minute."))

    async def _reserve(
        self, draft: ImagineDraft, images: Sequence[CheckedImage], origin: Origin
    ) -> Sequence[Generation]:
        """Reserve in the style of the channel, if it has one that the draft doesn't have."""
        try:
            return await self._reserve_as_it_is(draft, images, origin)
        except StyleDue as due:
            found = await self._styles.get(due.style.style_id)
            styled = in_channel_style(draft, due.style, found)
        styled.check()
        await self._check_style_kept(styled)
        return await self._reserve(styled, images, origin)

    async def _reserve_as_it_is(
        self, draft: ImagineDraft, images: Sequence[CheckedImage], origin: Origin
    ) -> Sequence[Generation]:
        """Reserve first and keep the images then, so that a refused request leaves no bytes."""
        requests = draft.requests(tuple(image.reference for image in images))
        ids = [uuid4() for _ in requests]
        try:
            reserved = await self._ledger.reserve_all(
                requests, origin, self._enqueuer.executor_id, draft.parent, ids, partial(check_style, draft)
            )
        except StorageUnavailable:  # they may have been committed before the connection was lost
            for each in ids:
                self._refunds.give_back_later(each, origin.server_key)
            raise
        try:
            await self._references.keep(images)
        except Exception:
            await self.abandon(reserved)
            raise
        return reserved

    async def begin(self, reserved: Sequence[Generation], card_id: int | None) -> None:
        """Hand reserved generations to the queue, once their card (None if unknown) is in the channel.

        Raises nothing: a picture that cannot be enqueued now is taken up within minutes, or by the next start. One that
        the queue refuses is given back, and its card says so.
        """
        crash_point("answered, not yet enqueued")
        await asyncio.gather(*(self._begin(each, card_id) for each in reserved))

    async def _begin(self, generation: Generation, card_id: int | None) -> None:
        try:
            if self._serving:
                await self._enqueuer.enqueue(generation, card_id)
            elif card_id is not None:
                await self._store.note(generation.id, card_id=card_id)
        except StorageUnavailable as cause:
            log.error("enqueue_postponed", generation=str(generation.id), cause=cause.reason)
        except Exception as unexpected:  # noqa: BLE001  (whatever it is, the card has to come to an end)
            reference = record_unexpected(unexpected, f"handing {generation.id} to the queue")
            await self._end(generation, card_id, reference)

    async def _end(self, generation: Generation, card_id: int | None, reference: str) -> None:
        """Refund what the queue refuses, and say so on its card; if that fails too, it is taken up later."""
        failure = Failure(kind=FailureKind.BROKEN, reference=reference)
        try:
            ended = await self._ledger.give_back(generation.id, generation.origin.server_key, failure)
            if ended is not None:
                self._metrics.ended(ended)
                await self._delivery.explain(ended.model_copy(update={"card_id": card_id}), failure)
        except Exception as cause:  # noqa: BLE001  (nothing above this answers the member)
            log.error("request_not_ended", generation=str(generation.id), cause=type(cause).__name__)

    async def abandon(self, reserved: Sequence[Generation]) -> None:
        """Refund reservations whose member could not be answered, as soon as the database is available."""
        for each in reserved:
            await self._refunds.give_back(each.id, each.origin.server_key)

    async def why_not_serving(self) -> str | None:
        """Return why no requests are taken, or None when they are."""
        return None if self._serving else "the queue is not served"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Resume unfinished pictures, then take new requests, until the end of the block."""
        async with self._working():
            self._serving = True
            try:
                yield
            finally:
                self._serving = False
                await self._refunds.close()
