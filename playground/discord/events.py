"""The world's news: what happened, for the gateway, a live page and whoever waits for something to be true."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playground.clock import Clock
from playground.discord.payload import Payload

Listener = Callable[["Event"], None]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: its gateway name, its JSON, and the world object that it is about.

    `guild_id` says whose shard hears of it; None for direct messages and ephemerals, which shard 0 hears. What is not
    `for_bots` is no event of Discord's gateway; only those who watch the world hear of it.
    """

    name: str
    payload: Payload
    guild_id: int | None
    subject: object
    at: float
    for_bots: bool = True


class News:
    """Tells listeners of every event, and wakes those who wait for a state of the world."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._listeners: list[Listener] = []
        self._watchers: list[Callable[[], None]] = []
        self._changed = asyncio.Event()

    def tell(
        self, name: str, payload: Payload, *, guild_id: int | None, subject: object, for_bots: bool = True
    ) -> None:
        """Tell every listener what happened, in order, and wake all who wait."""
        self._spread(Event(name, payload, guild_id, subject, self._clock.now(), for_bots))

    def note(self, name: str, subject: object) -> None:
        """Tell those who watch the world of something that Discord's gateway does not speak of."""
        self._spread(Event(name, {}, None, subject, self._clock.now(), for_bots=False))

    def _spread(self, event: Event) -> None:
        for listener in list(self._listeners):
            listener(event)
        self.changed()

    def changed(self) -> None:
        """Wake all who wait or watch: something may be different now."""
        self._changed.set()
        self._changed = asyncio.Event()
        for look in self._watchers:
            look()

    @contextmanager
    def watching(self, look: Callable[[], None]) -> Iterator[None]:
        """Call `look` after every change, also of what is no event, while a `with` block runs."""
        self._watchers.append(look)
        try:
            yield
        finally:
            self._watchers.remove(look)

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """Call `listener` with every event while the block runs."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    @contextmanager
    def subscribed(self) -> Iterator[AsyncIterator[Event]]:
        """Hand out an iterator over every event from now until the block ends."""
        waiting: asyncio.Queue[Event] = asyncio.Queue()

        async def events() -> AsyncIterator[Event]:
            while True:
                yield await waiting.get()

        with self.listening(waiting.put_nowait):
            yield events()

    async def until(self, true: Callable[[], object], timeout: float) -> None:  # noqa: ASYNC109 - the promise is to fail
        """Return once `true()` is, looked at after every change; TimeoutError after `timeout` real seconds."""
        async with asyncio.timeout(timeout):
            while not true():
                await self._changed.wait()
