"""Defaults in memory: what a request starts from can't wait for the database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Self, TypeVar

import structlog

from bot.errors import StorageUnavailable
from bot.maintenance.chores import Chore, repeated
from bot.picture.layers import Choices, OwnDefaults
from bot.picture.origin import Origin
from bot.picture.request import Source
from bot.storage.defaults import DEFAULTS_CHANGED, DefaultsStore, StoredServerDefaults
from bot.storage.pubsub import LISTENING, PubSub
from bot.storage.rules import RULES_CHANGED

log = structlog.get_logger(__name__)

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class ServerDefaults:
    """The defaults of a server, and the channels in which a spoiler is one, with their threads."""

    choices: Choices = field(default_factory=Choices)
    spoiler_channels: frozenset[int] = frozenset()

    @classmethod
    def of(cls, stored: StoredServerDefaults) -> Self:
        """Return the readable part of stored defaults."""
        return cls(Choices.readable(stored.choices), frozenset(stored.spoiler_channels))

    def of_place(self, channel_ids: frozenset[int]) -> Choices:
        """Return the defaults in a channel; its ids are its own and, of a thread, its channel's."""
        if not self.spoiler_channels & channel_ids:
            return self.choices
        return self.choices.model_copy(update={"spoiler": True})


_UNHEARD_SECONDS: Final = 5.0  # between two looks while no messages of other processes arrive


class Defaults:
    """All defaults, which every process keeps in memory; it gets a message about each change.

    A change is read again from the database, one after the other, so that an earlier answer never replaces a later one.
    """

    def __init__(self, store: DefaultsStore, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._now = now
        self._members: dict[int, OwnDefaults] = {}
        self._servers: dict[str, ServerDefaults] = {}
        self._one_at_a_time = asyncio.Lock()
        self._looks: set[asyncio.Task[None]] = set()

    def of_member(self, user_id: int) -> OwnDefaults:
        """Return a member's own defaults."""
        return self._members.get(user_id, OwnDefaults())

    def of_place(self, origin: Origin) -> Choices:
        """Return the defaults that a server has in a channel, for every member."""
        return self._servers.get(origin.server_key, ServerDefaults()).of_place(origin.channel_ids)

    def layers_for(self, origin: Origin) -> Sequence[tuple[Source, Choices]]:
        """Return the defaults that apply to a request, the stronger ones first."""
        return [(Source.MEMBER, self.of_member(origin.user_id)), (Source.SERVER, self.of_place(origin))]

    async def save(self, user_id: int, choices: OwnDefaults) -> None:
        """Replace a member's own defaults; raise `StorageUnavailable`."""
        async with self._one_at_a_time:
            await self._store.save(user_id, choices.stored(), self._now())
            _put(self._members, user_id, choices, OwnDefaults())

    async def look_at_member(self, user_id: int) -> None:
        """Read a member's defaults again; raise `StorageUnavailable`."""
        async with self._one_at_a_time:
            _put(self._members, user_id, OwnDefaults.readable(await self._store.of_member(user_id)), OwnDefaults())

    async def look_at_server(self, server_key: str) -> None:
        """Read a server's defaults again; raise `StorageUnavailable`."""
        async with self._one_at_a_time:
            found = ServerDefaults.of(await self._store.of_server(server_key))
            _put(self._servers, server_key, found, ServerDefaults())

    async def look_at_all(self) -> None:
        """Read all defaults again; raise `StorageUnavailable`."""
        async with self._one_at_a_time:
            stored = await self._store.all()
            self._members = {user_id: OwnDefaults.readable(each) for user_id, each in stored.members.items()}
            self._servers = {server_key: ServerDefaults.of(each) for server_key, each in stored.servers.items()}

    def hear(self, word: str) -> None:
        """Read again, soon, what a message says has changed."""
        if word == LISTENING:  # messages before this one were lost
            self._soon(self.look_at_all())
        elif word.startswith(DEFAULTS_CHANGED):
            self._soon(self.look_at_member(int(word.removeprefix(DEFAULTS_CHANGED))))
        elif word.startswith(RULES_CHANGED):
            self._soon(self.look_at_server(word.removeprefix(RULES_CHANGED)))

    @asynccontextmanager
    async def running(self, pubsub: PubSub) -> AsyncIterator[None]:
        """Keep all defaults in memory until the end of the block."""
        await self.look_at_all()

        async def look_unless_told() -> None:
            if not pubsub.is_heard:
                await self.look_at_all()

        async with repeated(Chore("defaults", _UNHEARD_SECONDS, look_unless_told)):
            try:
                yield
            finally:
                for look in self._looks:
                    look.cancel()

    def _soon(self, look: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_unless_out(look), name="defaults")
        self._looks.add(task)
        task.add_done_callback(self._looks.discard)


async def _unless_out(look: Coroutine[Any, Any, None]) -> None:
    try:
        await look
    except StorageUnavailable as cause:  # all are read again once messages arrive again
        log.info("defaults_not_read", cause=cause.reason)


def _put(where: dict[K, V], key: K, value: V, nothing: V) -> None:
    if value == nothing:
        where.pop(key, None)
    else:
        where[key] = value
