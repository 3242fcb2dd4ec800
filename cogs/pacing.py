"""Progress at a bearable pace: a change, and not more than one in a few seconds a card."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID

from bot.errors import record_unexpected
from bot.picture.generation import Generation
from bot.picture.progress import Progress

_FIRST_PAUSE_SECONDS = 1.0  # lets the first stages, which pass quickly, pass unseen
_CLOSE_SECONDS = 10.0  # how long an edit on its way may hold up the picture
_SILENT_TURNS = 20  # after which a card is somebody else's: another process goes on with it, or it was deleted

Edit = Callable[[Generation, Progress], Awaitable[bool]]


@dataclass(slots=True)
class _Card:
    generation: Generation
    wanted: Progress
    silent_turns: int = 0
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    task: "asyncio.Task[None] | None" = None


class Pacer:
    """Edits cards through `edit`, which returns whether the card can be edited further; the latest stage wins."""

    def __init__(self, edit: Edit, seconds_between_edits: float) -> None:
        self._edit = edit
        self._seconds = seconds_between_edits
        self._cards: dict[UUID, _Card] = {}

    def show(self, generation: Generation, progress: Progress) -> None:
        """Have a stage shown as soon as the pace allows; return at once."""
        card = self._cards.get(generation.id)
        if card is not None:
            card.generation, card.wanted, card.silent_turns = generation, progress, 0
            return
        card = self._cards[generation.id] = _Card(generation, progress)
        card.task = asyncio.create_task(self._keep_showing(card), name=f"card {generation.id}")

    async def close(self, generation_id: UUID) -> None:
        """Show nothing more of this generation, and return when no edit is on its way that could come after."""
        card = self._cards.pop(generation_id, None)
        if card is None or card.task is None:
            return
        card.closed.set()
        _, late = await asyncio.wait({card.task}, timeout=_CLOSE_SECONDS)
        for task in late:
            task.cancel()

    async def close_all(self) -> None:
        """Show nothing more of any generation."""
        await asyncio.gather(*(self.close(generation_id) for generation_id in list(self._cards)))

    async def _keep_showing(self, card: _Card) -> None:
        """Edit, pause, and edit again if there is something new, until the card is closed or nobody speaks of it."""
        shown: Progress | None = None
        editable = True
        pause = min(self._seconds, _FIRST_PAUSE_SECONDS)
        while card.silent_turns < _SILENT_TURNS and not await self._closed_within(card, pause):
            pause = self._seconds
            card.silent_turns += 1
            if editable and card.wanted != shown:
                shown = card.wanted
                try:
                    editable = await self._edit(card.generation, shown)
                except Exception as unexpected:  # noqa: BLE001  (a stage that is not shown must not cost a picture)
                    record_unexpected(unexpected, "showing progress")
        if not card.closed.is_set():
            del self._cards[card.generation.id]

    async def _closed_within(self, card: _Card, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await card.closed.wait()
        except TimeoutError:
            return False
        return True
