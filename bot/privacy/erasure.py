"""Erasing a person: data deleted at once, data deleted later, and the rows that the ledger keeps."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from bot.defaults.defaults import Defaults
from bot.errors import StorageUnavailable
from bot.generation.crash_points import crash_point
from bot.generation.discord_port import DeliveryUnavailable, MessageDeleter, MessageOutOfReach
from bot.generation.picture_queue import PictureQueue
from bot.picture.failure import Failure, FailureKind
from bot.picture.style import owner_of_member
from bot.privacy.results import LEDGER_KEPT_FOR, ErasureResult
from bot.storage.erasure import ErasureStore
from bot.storage.images import ImageStore
from bot.storage.pending_erasure import PendingErasure
from bot.styles.names import StyleNames

log = structlog.get_logger(__name__)

AT_ONCE: Final = 200
_TRIED_FOR: Final = timedelta(days=1)  # messages of pictures that a moderator deleted, where Discord refuses


class Erasure:
    """Erases a person's stored data; each request is stored first, so that a crash only delays it.

    A picture that is being made is paid for, and is erased once it has ended. The ledger's rows lose their user id when
    they have left the limits' windows.
    """

    def __init__(
        self,
        store: ErasureStore,
        images: ImageStore,
        queue: PictureQueue,
        message_deleter: MessageDeleter,
        style_names: StyleNames,
        defaults: Defaults,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._images = images
        self._queue = queue
        self._message_deleter = message_deleter
        self._style_names = style_names
        self._defaults = defaults
        self._now = now
        self._one_at_a_time = asyncio.Lock()

    async def forget(self, user_id: int) -> ErasureResult:
        """Store the request, cancel waiting pictures, and erase finished ones; `go_on` deletes the messages."""
        cancelled = Failure(kind=FailureKind.CANCELLED).model_dump(mode="json")
        begun = await self._store.begin(user_id, self._now(), cancelled)
        try:
            await self._defaults.look_at_member(user_id)
            await self._erase(begun.erasure)
        except StorageUnavailable as cause:  # the request is stored, and `go_on` continues it
            log.warning("erasure_postponed", cause=cause.reason)
        return ErasureResult(begun.ended, begun.cancelled, await self._store.running(user_id))

    async def go_on(self) -> None:
        """Take every request as far as possible now."""
        async with self._one_at_a_time:
            for erasure in await self._store.open():
                old = erasure.at < self._now() - (LEDGER_KEPT_FOR if erasure.is_of_person else _TRIED_FOR)
                await self._erase(erasure)
                crash_point("pictures erased, messages not yet deleted")
                await self._delete_messages(erasure, give_up=old)
                if old or not erasure.is_of_person:
                    await self._store.finish(erasure)

    async def _erase(self, erasure: PendingErasure) -> None:
        """Erase files, notes of the work, and rows, in an order that can be gone through again."""
        if erasure.is_of_person:
            await self._erase_styles(erasure)
        while (traces := await self._store.traces(erasure, limit=AT_ONCE)).ids:
            for key in traces.keys:
                await self._images.forget(key)
            await self._queue.forget(traces.ids)
            await self._store.erase(traces.ids, self._now())

    async def _erase_styles(self, erasure: PendingErasure) -> None:
        for key in await self._store.style_keys(erasure):
            await self._images.forget(key)
        if await self._store.erase_styles(erasure):
            await self._style_names.read(owner_of_member(erasure.user_id))

    async def _delete_messages(self, erasure: PendingErasure, *, give_up: bool) -> None:
        """Delete the messages of erased pictures; those that can't be deleted now are retried later.

        With `give_up`, messages out of reach are forgotten, or the erasure would never end.
        """
        last: UUID | None = None
        while shown := await self._store.shown(erasure, after=last, limit=AT_ONCE):
            for generation in shown:
                try:
                    await self._message_deleter.delete_messages(generation, await self._store.reposts(generation.id))
                except DeliveryUnavailable as cause:
                    log.info("message_deletion_postponed", generation=str(generation.id), cause=str(cause))
                    continue
                except MessageOutOfReach:
                    if not give_up:
                        continue
                crash_point("message deleted, not yet forgotten")
                await self._store.forget_messages(generation.id)
            last = shown[-1].id
