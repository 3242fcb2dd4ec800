"""The languages that Discord has for servers, also in processes that have no connection to its gateway."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import islice
from typing import Final

import structlog

from bot.errors import StorageUnavailable, record_unexpected
from bot.i18n.speech import ServerLocale
from bot.storage.notified import NotifiedRows
from bot.storage.pubsub import PubSub
from bot.storage.server_locales import SERVER_LOCALE_CHANGED, ServerLocaleStore

log = structlog.get_logger(__name__)

_RETRY_SECONDS: Final = 5.0
_BATCH_SIZE: Final = 500  # servers in one transaction
_OF_NEW_SERVERS: Final = ServerLocale("en-US")  # nobody chose it, and it's English like an unknown one


class ServerLocales:
    """Each server's locale in memory. Gateways save changes, and other processes are notified."""

    def __init__(self, store: ServerLocaleStore) -> None:
        self._store = store
        self._stored: dict[int, ServerLocale] = {}
        self._unsaved: dict[int, ServerLocale | None] = {}
        self._is_unsaved = asyncio.Event()
        self._lock = asyncio.Lock()  # or an answer from before a change could replace one from after it
        self.kept = NotifiedRows("server locales", self._load, {SERVER_LOCALE_CHANGED: self._reload})

    def of(self, guild_id: int) -> ServerLocale:
        """Return what Discord last said about a server; an unknown language for a server without a notable one."""
        return self._known(guild_id) or ServerLocale()

    def note(self, guild_id: int, known: ServerLocale) -> None:
        """Keep what Discord says about a server; it's saved soon."""
        notable = None if known in {_OF_NEW_SERVERS, ServerLocale()} else known
        if notable != self._known(guild_id):
            self._unsaved[guild_id] = notable
            self._is_unsaved.set()

    @asynccontextmanager
    async def running(self, pubsub: PubSub) -> AsyncIterator[None]:
        """Keep all of them in memory, and save those that are noted, until the end of the block."""
        await self._load()
        saving = asyncio.create_task(self._keep_saving(), name="server locales to save")
        try:
            async with self.kept.followed(pubsub):
                yield
        finally:
            saving.cancel()
            await asyncio.gather(saving, return_exceptions=True)

    def _known(self, guild_id: int) -> ServerLocale | None:
        return self._unsaved[guild_id] if guild_id in self._unsaved else self._stored.get(guild_id)

    async def _keep_saving(self) -> None:
        while True:
            await self._is_unsaved.wait()
            try:
                await self._save()
            except StorageUnavailable as cause:
                log.warning("server_locales_not_saved", cause=cause.reason)
            except Exception as unexpected:  # noqa: BLE001  (the next try comes)
                record_unexpected(unexpected, "saving the languages of servers")
            else:
                continue
            self._is_unsaved.set()
            await asyncio.sleep(_RETRY_SECONDS)

    async def _save(self) -> None:
        self._is_unsaved.clear()
        while batch := dict(islice(self._unsaved.items(), _BATCH_SIZE)):
            async with self._lock:
                await self._store.save(batch)
                for guild_id, saved in batch.items():
                    self._put(guild_id, saved)
                    if self._unsaved[guild_id] == saved:
                        del self._unsaved[guild_id]

    async def _reload(self, guild_id: str) -> None:
        async with self._lock:
            self._put(int(guild_id), await self._store.of(int(guild_id)))

    async def _load(self) -> None:
        async with self._lock:
            self._stored = dict(await self._store.all())

    def _put(self, guild_id: int, known: ServerLocale | None) -> None:
        if known is None:
            self._stored.pop(guild_id, None)
        else:
            self._stored[guild_id] = known
