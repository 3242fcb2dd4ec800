"""Hands for tests of the machine without Discord."""

from bot.generation.discord_port import Picture, Posted
from bot.picture.failure import Failure
from bot.picture.generation import Generation
from bot.picture.progress import Progress


class IdleDelivery:
    """A Delivery that finds no card and shows nothing; a test's own hands do what the test is about."""

    async def find_card(self, generation: Generation) -> int | None:
        return generation.card_id

    async def find_file(self, generation: Generation) -> str | None:  # noqa: ARG002  (the Delivery's signature)
        return None

    def show(self, generation: Generation, progress: Progress) -> None: ...

    async def post(self, generation: Generation, picture: Picture, *, seen_before: bool) -> Posted:
        raise NotImplementedError

    async def invite(self, generation: Generation) -> None: ...

    async def explain(self, generation: Generation, failure: Failure, *, seen_before: bool = False) -> None: ...
