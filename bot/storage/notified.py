"""Rows that every process keeps in memory, and reads again when a message says that they changed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final

import structlog

from bot.errors import StorageUnavailable
from bot.storage.pubsub import LISTENING, PubSub
from bot.waiting import is_set_within

log = structlog.get_logger(__name__)

_AGAIN_SECONDS: Final = 5.0  # between two looks while none succeeds, or no messages of other processes arrive


class NotifiedRows:
    """Reads what a message names, one after the other; `readers` have the beginnings of messages, and get the rest."""

    def __init__(
        self,
        name: str,
        read_all: Callable[[], Awaitable[None]],
        readers: Mapping[str, Callable[[str], Awaitable[None]]],
    ) -> None:
        self._name = name
        self._read_all = read_all
        self._readers = readers
        self._stale: set[str] = set()
        self._is_stale = asyncio.Event()

    def hear(self, word: str) -> None:
        """Read again, soon, what a message says has changed; everything if messages before it were lost."""
        if word.startswith((LISTENING, *self._readers)):
            self._stale.add(word)
            self._is_stale.set()

    @asynccontextmanager
    async def followed(self, pubsub: PubSub) -> AsyncIterator[None]:
        """Read everything once, and then what changes, until the end of the block."""
        self.hear(LISTENING)
        following = asyncio.create_task(self._follow(pubsub), name=self._name)
        try:
            yield
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    async def _follow(self, pubsub: PubSub) -> None:
        while True:
            await is_set_within(self._is_stale, _AGAIN_SECONDS)
            self._is_stale.clear()
            stale, self._stale = self._stale, set()
            if not stale and not pubsub.is_heard:
                stale = {LISTENING}
            try:
                await self._read(stale)
            except StorageUnavailable as cause:
                self._stale |= stale
                log.warning("rows_not_read", rows=self._name, cause=cause.reason)

    async def _read(self, stale: set[str]) -> None:
        if LISTENING in stale:
            await self._read_all()
            return
        for word in stale:
            for beginning, read in self._readers.items():
                if word.startswith(beginning):
                    await read(word.removeprefix(beginning))
