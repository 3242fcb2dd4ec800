"""Keeping pictures late: those that were posted while the image store took nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from bot.apiframe.download import Downloader
from bot.apiframe.errors import DownloadError
from bot.errors import StorageUnavailable
from bot.generation.discord_port import Delivery, DeliveryUnavailable
from bot.generation.posting import PICTURE_MAX_BYTES
from bot.images.image_worker import ImageInfo, ImageWorker
from bot.images.still import NotDecodable
from bot.picture.generation import Generation
from bot.storage.generations import GenerationStore
from bot.storage.images import ImageStore
from bot.storage.scratch import scratch_folder

log = structlog.get_logger(__name__)

_AT_ONCE: Final = 500
_DEADLINE_SECONDS = 60.0
_RESULTS_LIVE = timedelta(hours=24)  # at Apiframe


class ImageBackfill:
    """Fetches posted pictures once more, from Apiframe or from Discord, and keeps them."""

    def __init__(
        self,
        store: GenerationStore,
        images: ImageStore,
        results: Downloader,
        attachments: Downloader,
        image_worker: ImageWorker,
        delivery: Delivery,
        executor: str,
    ) -> None:
        self._store = store
        self._images = images
        self._results = results
        self._attachments = attachments
        self._image_worker = image_worker
        self._delivery = delivery
        self._executor = executor
        self._probed = False  # once at the start, which ends an alert of before

    async def go_on(self) -> None:
        """Keep pictures that are not kept yet, if the store is available again."""
        if self._images.failure is not None or not self._probed:
            try:
                await self._images.probe()
                self._probed = True
            except StorageUnavailable as cause:
                log.warning("image_store_still_failing", cause=cause.reason)
                return
        for generation in await self._store.unsaved(self._executor, limit=_AT_ONCE):
            await self._keep(generation)

    async def _keep(self, generation: Generation) -> None:
        """Keep one picture; give up one that nobody has any more."""
        async with self._fetched(generation) as found:
            if found is None:
                if datetime.now(UTC) - generation.created_at > _RESULTS_LIVE:
                    log.error("picture_not_saved", generation=str(generation.id))
                    await self._store.note(generation.id, unsaved_since=None)
                return
            file, seen = found
            key = await self._images.keep(file, seen.format)
        if await self._store.kept_late(generation.id, key, seen.width, seen.height):
            log.info("picture_saved_late", generation=str(generation.id))
        else:  # its member's data was deleted in the meantime
            await self._images.forget(key)

    @asynccontextmanager
    async def _fetched(self, generation: Generation) -> AsyncIterator[tuple[Path, ImageInfo] | None]:
        """Yield the picture in a file, as it was made or else as Discord shows it; None if nobody has it now."""
        with scratch_folder() as folder:
            file = folder / "picture"
            try:
                seen: ImageInfo | None = await self._download(self._results, generation.result_url or "", file)
            except (DownloadError, NotDecodable) as cause:
                log.warning("picture_not_fetched_again", generation=str(generation.id), cause=str(cause))
                seen = await self._from_discord(generation, file)
            yield None if seen is None else (file, seen)

    async def _from_discord(self, generation: Generation, file: Path) -> ImageInfo | None:
        """Return what Discord's copy is, once it is in `file`; it may be smaller than the original."""
        try:
            url = await self._delivery.find_file(generation)
            return None if url is None else await self._download(self._attachments, url, file)
        except (DeliveryUnavailable, DownloadError, NotDecodable) as cause:
            log.warning("posted_copy_not_downloaded", generation=str(generation.id), cause=str(cause))
            return None

    async def _download(self, downloader: Downloader, url: str, file: Path) -> ImageInfo:
        await downloader.download(url, file, max_bytes=PICTURE_MAX_BYTES, deadline_seconds=_DEADLINE_SECONDS)
        return await self._image_worker.inspect(file)
