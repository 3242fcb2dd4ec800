"""Events of the world, for the gateway, live pages and code that waits for a condition."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from standins.changes import Changes
from standins.clock import Clock
from standins.discord.payload import Payload

Listener = Callable[["Event"], None]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: its gateway name, its JSON, and the world object that it is about.

    `guild_id` determines the shard that gets the event. Shard 0 gets direct messages and ephemerals, where it's None.
    An event that isn't `for_bots` doesn't exist in Discord's gateway; only observers of the world get it.
    """

    name: str
    payload: Payload
    guild_id: int | None
    subject: object
    at: float
    for_bots: bool = True


class News(Changes):
    """Notifies listeners of every event. Each event is a change of the world, but some changes have no event."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._listeners: list[Listener] = []

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
        self.ring()

    @asynccontextmanager
    async def waking_after(self, seconds: float) -> AsyncIterator[None]:
        """Wake all sleepers once this many seconds of the clock have passed, if the block still runs then."""

        async def wake() -> None:
            await self._clock.sleep(seconds)
            self.ring()

        waking = asyncio.create_task(wake())
        try:
            yield
        finally:
            waking.cancel()

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
