"""Defaults in memory: what a request starts from can't wait for the database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self, TypeVar

from bot.picture.layers import Choices, OwnDefaults
from bot.picture.origin import Origin
from bot.picture.request import Source
from bot.storage.defaults import DEFAULTS_CHANGED, DefaultsStore, StoredServerDefaults
from bot.storage.notified import NotifiedRows
from bot.storage.pubsub import PubSub
from bot.storage.rules import RULES_CHANGED

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class ServerDefaults:
    """The defaults of a server, the channels in which a spoiler is one, with their threads, and its language."""

    choices: Choices = field(default_factory=Choices)
    spoiler_channels: frozenset[int] = frozenset()
    language: str | None = None  # Discord's code

    @classmethod
    def of(cls, stored: StoredServerDefaults) -> Self:
        """Return the readable part of stored defaults."""
        return cls(Choices.readable(stored.choices), frozenset(stored.spoiler_channels), stored.language)

    def of_place(self, channel_ids: frozenset[int]) -> Choices:
        """Return the defaults in a channel; its ids are its own and, of a thread, its channel's."""
        if not self.spoiler_channels & channel_ids:
            return self.choices
        return self.choices.model_copy(update={"spoiler": True})


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
        readers = {DEFAULTS_CHANGED: self._look_at_member, RULES_CHANGED: self.look_at_server}
        self.kept = NotifiedRows("defaults", self.look_at_all, readers)

    def of_member(self, user_id: int) -> OwnDefaults:
        """Return a member's own defaults."""
        return self._members.get(user_id, OwnDefaults())

    def of_place(self, origin: Origin) -> Choices:
        """Return the defaults that a server has in a channel, for every member."""
        return self._servers.get(origin.server_key, ServerDefaults()).of_place(origin.channel_ids)

    def language_of(self, guild_id: int) -> str | None:
        """Return Discord's code of the language that moderators chose for a server, or None."""
        return self._servers.get(f"guild:{guild_id}", ServerDefaults()).language

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

    @asynccontextmanager
    async def running(self, pubsub: PubSub) -> AsyncIterator[None]:
        """Keep all defaults in memory until the end of the block."""
        await self.look_at_all()
        async with self.kept.followed(pubsub):
            yield

    async def _look_at_member(self, user_id: str) -> None:
        await self.look_at_member(int(user_id))


def _put(where: dict[K, V], key: K, value: V, nothing: V) -> None:
    if value == nothing:
        where.pop(key, None)
    else:
        where[key] = value
