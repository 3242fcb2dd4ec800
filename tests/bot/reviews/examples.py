"""A review channel, and the cards that processes post in it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

from bot.generation.discord_port import Picture, Posted
from bot.limits.rulebook import Rulebook
from bot.picture.decision import Decision, Review
from bot.picture.generation import Generation
from bot.picture.review import AtDeadline, ReviewOf, ReviewTerms
from bot.reviews.review_cards import ReviewCards
from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore
from bot.storage.reviews import ReviewStore
from tests.bot.storage.examples import EXECUTOR, bare, written

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
TERMS = ReviewTerms(of=ReviewOf.PROMPT, channel_id=5, hours=24, at_deadline=AtDeadline.REJECT, charge_rejected=True)


class Channel:
    """The review channel, as a poster sees it; something else may happen while a card is on its way."""

    def __init__(self) -> None:
        self.cards: dict[int, UUID] = {}
        self.broken: set[UUID] = set()
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    async def show(self, generation: Generation, review: Review, picture: Picture | None) -> Posted:
        """Post a card, unless it can't be built."""
        assert picture is None
        if generation.id in self.broken:
            raise ValueError(generation.id)
        if self.meanwhile is not None:
            await self.meanwhile()
        self.cards[len(self.cards) + 1] = generation.id
        return Posted(review.channel_id, len(self.cards))

    async def find(self, review: Review) -> Posted | None:
        """Return a card that is there."""
        found = (message_id for message_id, shown in self.cards.items() if shown == review.generation_id)
        return next((Posted(review.channel_id, message_id) for message_id in found), None)

    async def can_be_decided(self, _review: Review, posted: Posted) -> bool:
        """Return True for a card that was not removed."""
        return posted.message_id in self.cards

    async def settle(self, generation: Generation, review: Review, posted: Posted) -> None:
        """Change nothing."""

    async def remove(self, posted: Posted) -> None:
        """Remove a card."""
        del self.cards[posted.message_id]


class Nobody:
    """Listens to nothing."""

    def review_channel_closed(self, server_key: str, channel_id: int) -> None:
        """Ignore it."""

    def review_ended(self, generation: Generation, decision: Decision) -> None:
        """Ignore it."""


def cards_of(database: Database, channel: Channel) -> ReviewCards:
    """Return a process's cards; prompts need no library."""

    async def rulebook(_server_key: str) -> Rulebook:
        return Rulebook()

    store, generations = ReviewStore(database), GenerationStore(database)
    return ReviewCards(store, generations, None, channel, Nobody(), rulebook, lambda: NOW)  # type: ignore[arg-type]


async def in_review(database: Database) -> Generation:
    """Put a prompt into review."""
    prompt = await written(LedgerStore(database), bare(created_at=NOW).model_copy(update={"review": TERMS}))
    await ReviewStore(database).put_prompts([(prompt, None)], EXECUTOR, EXECUTOR, NOW)
    return prompt
