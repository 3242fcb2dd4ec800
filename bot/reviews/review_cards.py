"""The messages in which moderators decide: posted once, posted again where they got lost, and changed in the end."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from bot.errors import StorageUnavailable, record_unexpected
from bot.generation.crash_points import crash_point
from bot.generation.discord_port import (
    DeliveryUnavailable,
    MessageOutOfReach,
    NowhereToPost,
    Posted,
    ReviewListener,
    ReviewPoster,
)
from bot.generation.library import PictureLibrary, PictureNotSavedYet, PictureUnknown
from bot.limits.rulebook import Rulebook
from bot.picture.decision import CardStep, Review
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Generation
from bot.picture.review import ReviewOf
from bot.storage.generations import GenerationStore
from bot.storage.reviews import ReviewStore

log = structlog.get_logger(__name__)

_LOOK_AFTER: Final = timedelta(hours=1)  # whether a message is still there
_FIRST_LOOK_AFTER: Final = timedelta(minutes=1)  # for a message that was deleted before it was noted
_BROKEN_FOR: Final = timedelta(minutes=5)  # before a card is tried again whose step failed unexpectedly
_CLOSED_FOR: Final = timedelta(minutes=1)  # before a channel that takes no messages is tried again
_TOLD_AGAIN: Final = timedelta(days=1)  # that it takes none
_AGAIN_AFTER: Final = timedelta(seconds=5)  # if Discord or the image store failed
_OUT_OF_REACH: Final = timedelta(hours=1)  # before a message is tried again that can't be deleted


class ReviewCards:
    """Takes each card's next step; each may be taken twice, and by several processes."""

    def __init__(
        self,
        store: ReviewStore,
        generations: GenerationStore,
        library: PictureLibrary,
        poster: ReviewPoster,
        listener: ReviewListener,
        rulebook: Callable[[str], Awaitable[Rulebook]],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._generations = generations
        self._library = library
        self._poster = poster
        self._listener = listener
        self._rulebook = rulebook
        self._clock = clock

    async def go_on(self, now: datetime) -> bool:
        """Take the next step of every card that is due, and return False if another is due already."""
        taken = await self._store.take_cards(now)
        moved = False
        for review, taken_until in taken:
            lease = await self._store.hold_card(review.generation_id, taken_until, self._clock())
            if lease is None:  # another process has it, or a later turn
                moved = True
                continue
            try:
                moved |= await self._step(review, lease, now)
            except (DeliveryUnavailable, StorageUnavailable, PictureNotSavedYet) as cause:  # a later turn tries again
                log.info("review_postponed", generation=str(review.generation_id), cause=str(cause))
                await self._store.postpone(review.generation_id, lease, now + _AGAIN_AFTER)
            except Exception as unexpected:  # noqa: BLE001  (the others go on)
                record_unexpected(unexpected, f"the review card of {review.generation_id}")
                await self._store.postpone(review.generation_id, lease, now + _BROKEN_FOR)
        return not moved

    async def _step(self, review: Review, lease: datetime, now: datetime) -> bool:
        """Take a card's next step, and return True if it's due again."""
        generation = await self._generations.get(review.generation_id)
        match review.card:
            case CardStep.DUE:
                return await self._post(generation, review, lease, now)
            case CardStep.SHOWN:
                return await self._look(review, lease, now)
            case CardStep.OUTDATED | CardStep.DONE:
                await self._settle(generation, review, lease, now)
                return False

    async def _post(self, generation: Generation, review: Review, lease: datetime, now: datetime) -> bool:
        chosen = (await self._rulebook(review.server_key)).review
        moves = chosen is not None and chosen.channel_id != review.channel_id
        crash_point("about to post for review")
        found = await self._poster.find(review) if review.tried else None
        if found is None and chosen is not None and moves:
            await self._store.move(review.generation_id, chosen.channel_id, now)
            return True
        try:
            posted = found or await self._post_anew(generation, review)
        except PictureUnknown:  # nobody can see it any more
            failure = Failure(kind=FailureKind.EXPIRED).model_dump(mode="json")
            await self._store.withdraw(generation.id, failure, now)
            log.warning("reviewed_picture_lost", generation=str(generation.id))
            return True
        except NowhereToPost as cause:
            await self._note_closed(review, lease, now, cause)
            return False
        crash_point("posted for review, not yet noted")
        look_at = now + _FIRST_LOOK_AFTER
        if not await self._store.note_shown(review.generation_id, posted.message_id, now, look_at):
            await self._poster.remove(posted)  # its member had everything deleted, or a slow process posted it too
        return False

    async def _post_anew(self, generation: Generation, review: Review) -> Posted:
        if generation.review is None or generation.review.of is ReviewOf.PROMPT:
            return await self._poster.show(generation, review, None)
        return await self._library.post(
            generation, lambda picture: self._poster.show(generation, review, picture), for_review=True
        )

    async def _note_closed(self, review: Review, lease: datetime, now: datetime, cause: NowhereToPost) -> None:
        """Tell moderators once in a while, and try again; the deadline decides if nobody opens the channel."""
        log.warning("review_channel_closed", channel=review.channel_id, cause=str(cause))
        if await self._store.tell(review, now, now - _TOLD_AGAIN):
            self._listener.review_channel_closed(review.server_key, review.channel_id)
        await self._store.postpone(review.generation_id, lease, now + _CLOSED_FOR)

    async def _look(self, review: Review, lease: datetime, now: datetime) -> bool:
        """Post a card again that was deleted, or whose channel was, or that shows a decision that isn't stored."""
        posted = None if review.message_id is None else Posted(review.channel_id, review.message_id)
        if posted is None or await self._poster.can_be_decided(review, posted):
            await self._store.postpone(review.generation_id, lease, now + _LOOK_AFTER)
            return False
        return await self._store.lose({posted.message_id}, now)

    async def _settle(self, generation: Generation, review: Review, lease: datetime, now: datetime) -> None:
        """Show the decision, or delete the card of a deleted picture."""
        posted = None if review.message_id is None else Posted(review.channel_id, review.message_id)
        if posted is None and review.tried:
            posted = await self._poster.find(review)
        crash_point("decided, review card not yet changed")
        if posted is not None and generation.deleted_at is None:
            await self._poster.settle(generation, review, posted)
        elif posted is not None:
            try:
                await self._poster.remove(posted)
            except MessageOutOfReach:
                await self._store.postpone(review.generation_id, lease, now + _OUT_OF_REACH)
                return
        await self._store.note_done(review.generation_id, lease)
