"""The work of decided pictures, which goes on once."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from bot.generation.failures import GenerationFailed
from bot.generation.picture_queue import QueuedPicture
from bot.generation.workflow import PictureWorkflow
from bot.limits.rulebook import Rulebook
from bot.picture.decision import Decision
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Generation, State
from bot.reviews.review_work import ReviewWork
from bot.reviews.reviews import rejection
from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from bot.storage.reviews import ReviewStore
from tests.bot.generation.idle_delivery import review_requests
from tests.bot.generation.test_workflow import Surroundings
from tests.bot.reviews.examples import NOW, Channel, Nobody, cards_of, in_review
from tests.bot.storage.examples import EXECUTOR

LATER = NOW + timedelta(minutes=1)


class Queue:
    """The durable queue, with the workflows that it has; something else may happen while they are deleted."""

    executor_id = EXECUTOR

    def __init__(self, running: Iterable[UUID] = ()) -> None:
        self.running = set(running)
        self.enqueued: list[UUID] = []
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    async def forget(self, _generation_ids: Collection[UUID]) -> None:
        """Delete workflows that have ended."""
        if self.meanwhile is not None:
            await self.meanwhile()

    async def missing(self, generation_ids: Collection[UUID]) -> frozenset[UUID]:
        """Return those without a workflow."""
        return frozenset(generation_ids) - self.running

    async def enqueue(self, pictures: Sequence[QueuedPicture]) -> None:
        """Take pictures."""
        self.enqueued += [each.id for each in pictures]


class Told(Surroundings):
    """Surroundings of a workflow of a rejected prompt."""

    async def submit(self, generation_id: UUID) -> Generation:
        """Order nothing, as for every picture that has failed."""
        failure = (await super().submit(generation_id)).failure
        assert failure is not None
        raise GenerationFailed(failure)

    async def explain(self, _generation: Generation, failure: Failure, *, seen_before: bool) -> None:
        """Note what the member reads."""
        assert seen_before
        self.explained.append(failure)


def work_of(database: Database, queue: Queue) -> ReviewWork:
    """Return a process's work."""
    store, generations, nobody = ReviewStore(database), GenerationStore(database), Nobody()
    of_queue: Any = queue

    async def rulebook(_server_key: str) -> Rulebook:
        return Rulebook()

    cards = cards_of(database, Channel())
    return ReviewWork(store, generations, of_queue, cards, nobody, rulebook, lambda: LATER)


async def rejected(database: Database) -> Generation:
    """Return a prompt that a moderator rejected."""
    prompt = await in_review(database)
    verdict = rejection(prompt, FailureKind.REJECTED, 1, NOW, "no")
    decided = await ReviewStore(database).decide(prompt, verdict)
    assert decided is not None
    return decided[0]


async def ends(database: Database, generation: Generation, around: Any) -> None:  # noqa: ANN401  (a stand-in for five)
    """Run the picture's workflow."""
    store = GenerationStore(database)
    workflow = PictureWorkflow(around, around, around, store, around, review_requests(database), around)
    await workflow.run(generation.id)


async def test_a_decided_picture_goes_on_once(database: Database) -> None:
    """If no workflow of it is there."""
    prompt, queue = await rejected(database), Queue()
    for _ in range(2):
        await work_of(database, queue).go_on()
    assert queue.enqueued == [prompt.id]


async def test_a_decision_that_a_recovered_workflow_carries_out_is_counted_once(database: Database) -> None:
    """It was cut off before the decision and ends after it; nothing goes on then."""
    prompt = await rejected(database)
    queue, around = Queue([prompt.id]), Told(GenerationStore(database))
    assert not await work_of(database, queue).go_on()
    await ends(database, prompt, around)
    queue.running.clear()
    await work_of(database, queue).go_on()
    assert (len(around.explained), len(around.counted), queue.enqueued) == (1, 1, [])


async def test_a_workflow_that_ends_while_a_picture_is_resumed_carries_the_decision_out_alone(
    database: Database,
) -> None:
    """It's forgotten, but the picture isn't enqueued again."""
    prompt, queue, around = await rejected(database), Queue(), Told(GenerationStore(database))
    queue.meanwhile = lambda: ends(database, prompt, around)
    await work_of(database, queue).go_on()
    assert (len(around.explained), len(around.counted), queue.enqueued) == (1, 1, [])


async def test_a_review_without_a_decision_is_closed_when_its_workflow_ends(database: Database) -> None:
    """Its member cancelled it, and the process that was about to say so died."""
    prompt, around = await in_review(database), Told(GenerationStore(database))
    failure = Failure(kind=FailureKind.CANCELLED).model_dump(mode="json")
    await GenerationStore(database).note(prompt.id, state=State.FAILED, failure=failure, finished_at=NOW)
    queue = Queue()
    await ends(database, prompt, around)
    await work_of(database, queue).go_on()
    review = await ReviewStore(database).find(prompt.id)
    assert review is not None
    assert (review.decision, queue.enqueued) == (Decision.WITHDRAWN, [])


async def test_a_cancelled_request_is_counted_by_one_of_two_presses(database: Database) -> None:
    """Or by its workflow, if that shows the end."""
    store = ReviewStore(database)
    first, second = await in_review(database), await in_review(database)
    assert [await store.close(first.id, NOW) for _ in range(2)] == [True, False]
    await GenerationStore(database).note(second.id, state=State.FAILED, finished_at=NOW)
    await work_of(database, Queue()).go_on()
    assert not await store.close(second.id, NOW)
