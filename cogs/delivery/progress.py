"""Progress at a bearable pace: a change, not more than one in a few seconds a card, and pictures before all of them."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from bot.errors import record_unexpected
from bot.picture.generation import Generation
from bot.picture.progress import Progress

_FIRST_PAUSE_SECONDS = 1.0  # lets the first stages, which pass quickly, pass unseen
# Shares of a pause: the queue's positions change at the same time on many cards, whose edits would come all at once.
_FIRST_SPREAD, _SPREAD = 0.5, 0.1
_CHANNEL_SECONDS = 2.0  # between edits by the bot's token; Discord takes 5 in 5 s a channel, pictures among them
_CLOSE_SECONDS = 10.0  # how long an edit on its way may hold up the picture
_SILENT_TURNS = 20  # after which a card is somebody else's: another process goes on with it, or it was deleted

Edit = Callable[[Generation, Progress], Awaitable[bool]]


@dataclass(slots=True)
class _Card:
    generation: Generation
    wanted: Progress
    silent_turns: int = 0
    is_edited: bool = False
    is_closed: bool = False
    task: "asyncio.Task[None] | None" = None


class _Channel:
    """The bot's own edits in one channel: progress by turns, and none while a picture is on its way."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()  # those who wait get it in the order in which they came
        self._is_clear = asyncio.Event()
        self._is_clear.set()
        self._pictures = 0
        self._free_at = 0.0
        self.users = 0

    async def wait_for_turn(self) -> None:
        """Return when one edit may be sent."""
        async with self._turn:
            await asyncio.sleep(self._free_at - time.monotonic())
            await self._is_clear.wait()
            self._free_at = time.monotonic() + _CHANNEL_SECONDS

    @contextmanager
    def yielding(self) -> Iterator[None]:
        """Start no edit while the block runs."""
        self._pictures += 1
        self._is_clear.clear()
        try:
            yield
        finally:
            self._pictures -= 1
            self._free_at = time.monotonic() + _CHANNEL_SECONDS
            if not self._pictures:
                self._is_clear.set()


@dataclass
class _Channels:
    """The channels in which somebody waits for a turn or posts; forgotten after the last of them."""

    _by_id: dict[int, _Channel] = field(default_factory=dict)

    @contextmanager
    def using(self, channel_id: int) -> Iterator[_Channel]:
        """Yield a channel, the same to all who use it at a time."""
        channel = self._by_id.setdefault(channel_id, _Channel())
        channel.users += 1
        try:
            yield channel
        finally:
            channel.users -= 1
            if not channel.users:
                del self._by_id[channel_id]


class ProgressUpdater:
    """Edits cards through `edit`, which returns whether the card can be edited further; the latest stage wins."""

    def __init__(self, edit: Edit, seconds_between_edits: float) -> None:
        self._edit = edit
        self._seconds = seconds_between_edits
        self._cards: dict[UUID, _Card] = {}
        self._channels = _Channels()

    def show(self, generation: Generation, progress: Progress) -> None:
        """Show a stage as soon as the pace allows; return at once."""
        card = self._cards.get(generation.card_key)
        if card is not None:
            card.generation, card.wanted, card.silent_turns = generation, progress, 0
            return
        card = self._cards[generation.card_key] = _Card(generation, progress)
        card.task = asyncio.create_task(self._keep_showing(card), name=f"card {generation.id}")

    def latest(self, card_key: UUID) -> Progress | None:
        """Return the stage that was last given to be shown, or None if the card is not under way here."""
        card = self._cards.get(card_key)
        return None if card is None else card.wanted

    @contextmanager
    def yielding_to(self, generation: Generation) -> Iterator[None]:
        """Keep progress in the channel back while the block posts a picture there by the bot's token."""
        if generation.origin.answer is not None:  # an interaction's token has a limit of its own
            yield
            return
        with self._channels.using(generation.origin.channel_id) as channel, channel.yielding():
            yield

    async def close(self, card_key: UUID) -> None:
        """Show nothing more on this card, and return when no edit is on its way that could come after."""
        card = self._cards.pop(card_key, None)
        if card is None or card.task is None:
            return
        card.is_closed = True
        if not card.is_edited:
            card.task.cancel()
        _, late = await asyncio.wait({card.task}, timeout=_CLOSE_SECONDS)
        for task in late:
            task.cancel()

    async def close_all(self) -> None:
        """Show nothing more of any generation."""
        await asyncio.gather(*(self.close(card_key) for card_key in list(self._cards)))

    async def _keep_showing(self, card: _Card) -> None:
        """Edit, pause, and edit again if there is something new, until the card is closed or nobody speaks of it."""
        shares_pace = card.generation.origin.answer is None
        with self._channels.using(card.generation.origin.channel_id) as channel:
            shown: Progress | None = None
            editable = True
            pause = _spread(min(self._seconds, _FIRST_PAUSE_SECONDS), _FIRST_SPREAD)
            while card.silent_turns < _SILENT_TURNS and not card.is_closed:
                await asyncio.sleep(pause)
                pause = _spread(self._seconds, _SPREAD)
                card.silent_turns += 1
                if editable and card.wanted != shown:
                    if shares_pace:
                        await channel.wait_for_turn()
                    shown = card.wanted
                    editable = await self._show(card, shown)
        if not card.is_closed:
            del self._cards[card.generation.card_key]

    async def _show(self, card: _Card, progress: Progress) -> bool:
        """Edit a card once, and return whether it can be edited further."""
        card.is_edited = True
        try:
            return await self._edit(card.generation, progress)
        except Exception as unexpected:  # noqa: BLE001  (a stage that is not shown must not cost a picture)
            record_unexpected(unexpected, "showing progress")
            return True
        finally:
            card.is_edited = False


def _spread(seconds: float, share: float) -> float:
    """Return a pause that is up to this share shorter or longer."""
    return seconds * random.uniform(1 - share, 1 + share)  # noqa: S311  (chance, no secret)
