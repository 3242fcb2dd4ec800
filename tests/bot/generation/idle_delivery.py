"""Hands for tests of the machine without Discord."""

from bot.generation.discord_port import Picture, Posted
from bot.generation.review_requests import ReviewRequests
from bot.picture.failure import Failure
from bot.picture.generation import Generation
from bot.picture.progress import Progress
from bot.storage.engine import Database
from bot.storage.pubsub import PubSub
from bot.storage.reviews import ReviewStore


class IdleDelivery:
    """A Delivery that finds no card and shows nothing; a test's own hands do what the test is about."""

    async def find_card(self, generation: Generation) -> int | None:
        return generation.card_id

    async def find_file(self, generation: Generation) -> str | None:  # noqa: ARG002  (the Delivery's signature)
        return None

    def show(self, generation: Generation, progress: Progress) -> None: ...

    async def post(self, generation: Generation, picture: Picture, *, seen_before: bool) -> Posted:
        raise NotImplementedError

    async def await_review(self, generation: Generation, *, seen_before: bool) -> Posted | None: ...

    async def invite(self, generation: Generation) -> None: ...

    async def explain(self, generation: Generation, failure: Failure, *, seen_before: bool = False) -> None: ...


def review_requests(database: Database) -> ReviewRequests:
    """Return what asks for reviews, and wakes nobody."""
    return ReviewRequests(ReviewStore(database), PubSub(database))
