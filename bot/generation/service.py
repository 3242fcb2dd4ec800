"""What the doors of the bot ask for: pictures, from request to delivery."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.errors import NotServing
from bot.generation.album import Album
from bot.generation.crash_points import crash_point
from bot.generation.delivery import Delivery
from bot.generation.durable import DurableQueue
from bot.generation.references import References
from bot.generation.upkeep import Upkeep
from bot.generation.wish import Wish
from bot.generation.workflow import PictureWorkflow
from bot.limits.ledger import AdmissionRefused, Ledger, LimitRefused
from bot.limits.moderation import Moderation
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Generation, State
from bot.picture.origin import Origin
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
        album: Album,
        moderation: Moderation,
        upkeep: Upkeep,
        executor: str,
    ) -> None:
        self.album = album
        self.moderation = moderation
        self._upkeep = upkeep
        self._store = store
        self._ledger = ledger
        self._references = references
        self._queue = queue
        self._workflow = workflow
        self._executor = executor
        self._delivery: Delivery | None = None
        self._serving = False

    def deliver_through(self, delivery: Delivery) -> None:
        """Take the hands that post pictures; there must be some before anything is served."""
        self._delivery = delivery

    async def reserve(self, wish: Wish, origin: Origin) -> Generation:
        """Look at the wish's images and keep them, count it against the limits, and write it down.

        Raises `InvalidRequest`, `ReferenceRejected` that names each image refused, `LimitRefused` or `NotServing`.
        """
        if not self._serving:
            raise NotServing("I am just restarting. Please try again in a minute.")
        wish.check()
        await self._references.check_kept(wish.references)
        request = wish.request(await self._references.accept(wish.attachments))
        try:
            generation = await self._ledger.reserve(request.seeded(), origin, self._executor, wish.parent)
        except (LimitRefused, AdmissionRefused) as refusal:
            await self.moderation.record_refusal(origin, refusal.rule)
            raise
        crash_point("reserved, not yet answered")
        return generation

    async def begin(self, generation: Generation, card_id: int | None) -> None:
        """Hand a reserved generation to the queue, once its card (None if unknown) is in the channel."""
        crash_point("answered, not yet enqueued")
        card = {} if card_id is None else {"card_id": card_id}
        if self._serving:
            await self._enqueue(generation, **card)
        elif card:  # the next start finds it
            await self._store.note(generation.id, **card)

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
            async with self._upkeep.running(delivery):
                self._serving = True
                try:
                    yield
                finally:
                    self._serving = False

    async def _enqueue(self, generation: Generation, **columns: object) -> None:
        await self._store.advance(generation.id, State.QUEUED, **columns)
        crash_point("noted as queued, not yet enqueued")
        await self._queue.enqueue(generation.id, generation.origin.server_key)
