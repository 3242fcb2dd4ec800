"""The workflow of a picture whose review can't be announced."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from bot.generation.workflow import PictureWorkflow
from bot.picture.failure import Failure
from bot.picture.generation import Generation, State
from bot.picture.review import AtDeadline, ReviewOf, ReviewTerms
from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore
from bot.storage.reviews import ReviewStore
from tests.bot.storage.examples import NOON, bare, written

TERMS = ReviewTerms(of=ReviewOf.PICTURE, channel_id=5, hours=24, at_deadline=AtDeadline.REJECT, charge_rejected=True)


class Surroundings:
    """The workflow's queue, submitter, publisher, ledger and metrics; no review can be announced."""

    def __init__(self, store: GenerationStore) -> None:
        self._store = store
        self.explained: list[Failure] = []
        self.counted: list[Generation] = []

    async def step(self, _name: str, do: Callable[..., Awaitable[Any]], *args: object, **options: object) -> Any:  # noqa: ANN401  (whatever the step returns)
        """Take a step."""
        return await do(*args, **options)

    async def is_removed(self, _generation_id: UUID) -> bool:
        """Return that nobody cancelled it."""
        return False

    async def submit(self, generation_id: UUID) -> Generation:
        """Return the picture, which was ordered before."""
        return await self._store.get(generation_id)

    async def announce_review(self, generation: Generation, *, seen_before: bool) -> None:
        """Break."""
        raise ValueError(generation.id, seen_before)

    async def explain(self, _generation: Generation, failure: Failure, *, seen_before: bool) -> None:
        """Note what the member reads."""
        assert not seen_before
        self.explained.append(failure)

    async def fail(self, generation_id: UUID, failure: Failure, credits_charged: int | None) -> Generation:
        """End the picture as the ledger does."""
        columns = {"failure": failure.model_dump(mode="json"), "credits": credits_charged, "finished_at": NOON}
        return await self._store.advance(generation_id, State.FAILED, **columns)

    def made(self, generation: Generation, _began_at: object) -> None:
        """Count an ended picture."""
        self.counted.append(generation)


async def test_an_error_while_a_review_is_announced_does_not_end_it(database: Database) -> None:
    """The member doesn't read that it failed, and it isn't counted: moderators still decide."""
    store = GenerationStore(database)
    fetched = bare(State.FETCHED).model_copy(update={"review": TERMS, "credits": 9})
    picture = await ReviewStore(database).put_picture(await written(LedgerStore(database), fetched), NOON)
    around: Any = Surroundings(store)
    workflow = PictureWorkflow(around, around, around, store, around, around, around)
    await workflow.run(picture.id)
    assert (around.explained, around.counted) == ([], [])
    assert (await store.get(picture.id)).state is State.PICTURE_IN_REVIEW
