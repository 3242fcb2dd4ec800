"""What the doors of the bot ask for: pictures, from request to delivery."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import structlog

from bot.errors import NotServing, record_unexpected
from bot.generation.crash_points import crash_point
from bot.generation.delivery import Delivery
from bot.generation.durable import DurableQueue
from bot.generation.references import Attachment, References
from bot.generation.workflow import PictureWorkflow
from bot.limits.ledger import Ledger
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Generation, State
from bot.picture.origin import Origin
from bot.picture.progress import Queued
from bot.picture.request import ImagineRequest, Reference
from bot.settings import Settings
from bot.storage.generations import GenerationStore

log = structlog.get_logger(__name__)


class Generations:
    """Takes requests, hands them to the durable queue, and finds again what a crash left behind."""

    def __init__(
        self,
        store: GenerationStore,
        ledger: Ledger,
        references: References,
        queue: DurableQueue,
        workflow: PictureWorkflow,
        settings: Settings,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._references = references
        self._queue = queue
        self._workflow = workflow
        self._executor = settings.executor_id
        self._board_seconds = settings.generation.progress_seconds
        self._delivery: Delivery | None = None
        self._serving = False

    def deliver_through(self, delivery: Delivery) -> None:
        """Take the hands that post pictures; there must be some before anything is served."""
        self._delivery = delivery

    async def look_at(self, attachments: Sequence[Attachment]) -> tuple[Reference, ...]:
        """Check reference images and keep them; raise `ReferenceRejected` that names each one refused."""
        return await self._references.accept(attachments)

    async def reserve(self, request: ImagineRequest, origin: Origin) -> Generation:
        """Count the request against the limits and write it down; raise `LimitRefused` or `NotServing`."""
        if not self._serving:
            raise NotServing("I am just restarting. Please try again in a minute.")
        generation = await self._ledger.reserve(request.seeded(), origin, self._executor)
        crash_point("reserved, not yet answered")
        return generation

    async def begin(self, generation: Generation, card_id: int | None) -> None:
        """Hand a reserved generation to the queue, once its card (None if unknown) is in the channel."""
        crash_point("answered, not yet enqueued")
        if card_id is not None:
            await self._store.note(generation.id, card_id=card_id)
        if self._serving:  # if not, the next start finds it
            await self._enqueue(generation)

    async def abandon(self, generation: Generation) -> None:
        """Refund a reserved generation whose person could not be answered."""
        await self._ledger.fail(generation.id, Failure(kind=FailureKind.INTERRUPTED), credits_charged=0)

    async def why_not_ready(self) -> str | None:
        """Return what keeps pictures from being made, or None when nothing does."""
        if not self._serving:
            return "the queue is not served"
        try:
            await self._store.ask_once()
        except Exception as cause:  # noqa: BLE001  (whatever a driver raises: it does not answer)
            return f"the database does not answer ({type(cause).__name__})"
        return None

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Carry on what was left unfinished, then take new requests, until the end of the block."""
        delivery = self._delivery
        if delivery is None:
            raise RuntimeError("nobody delivers: the delivery cog is not loaded")
        async with self._queue.serving(lambda generation_id: self._workflow.run(generation_id, delivery)):
            # Handing over what the queue has already changes nothing, so whatever a crash left half-way goes in again.
            for early in await self._store.in_states({State.RESERVED, State.QUEUED}, self._executor):
                await self._enqueue(early)
            board = asyncio.create_task(self._keep_board(delivery), name="queue board")
            self._serving = True
            try:
                yield
            finally:
                self._serving = False
                board.cancel()
                with suppress(asyncio.CancelledError):
                    await board

    async def _enqueue(self, generation: Generation) -> None:
        await self._store.advance(generation.id, State.QUEUED)
        crash_point("noted as queued, not yet enqueued")
        await self._queue.enqueue(generation.id, generation.origin.server_key)

    async def _keep_board(self, delivery: Delivery) -> None:
        while True:
            await asyncio.sleep(self._board_seconds)
            try:
                waiting = await self._store.in_states({State.QUEUED}, self._executor)
            except Exception as unexpected:  # noqa: BLE001  (the board is a comfort; its next turn comes)
                record_unexpected(unexpected, "reading the queue for its board")
                continue
            for position, generation in enumerate(waiting, start=1):
                delivery.show(generation, Queued(position))
