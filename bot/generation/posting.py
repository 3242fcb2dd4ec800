"""From a finished job to a posted picture: fetch, keep, fit, post; each step may be entered twice."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog

from bot.apiframe.download import Downloader
from bot.apiframe.errors import DownloadError, Gone, Interrupted, NotAnImage
from bot.apiframe.retry import RetryPolicy
from bot.generation.crash_points import crash_point
from bot.generation.discord_port import Delivery, DeliveryUnavailable, NowhereToPost, PictureTooLarge, Posted
from bot.generation.failures import GenerationFailed
from bot.generation.fitting import fit, fit_smaller
from bot.generation.submission import CompletedJob
from bot.images.image_worker import ImageInfo, ImageWorker
from bot.images.still import NotDecodable
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import IN_REVIEW, Generation, State
from bot.picture.progress import Fetching
from bot.storage.generations import GenerationStore
from bot.storage.image_store_failures import ImageStoreUnavailable
from bot.storage.images import ImageLost, ImageStore, format_of, key_of

log = structlog.get_logger(__name__)

PICTURE_MAX_BYTES: Final = 100_000_000  # a 4 MP PNG has at most 16
_TRANSFERS_AT_ONCE = 16  # each picture on its way in or out takes up to a megabyte of memory
_FIRST_POST_PAUSE_SECONDS = 1.0
_LONGEST_POST_PAUSE_SECONDS = 60.0


class PicturePublisher:
    """Fetches finished pictures and posts them."""

    def __init__(
        self,
        store: GenerationStore,
        images: ImageStore,
        downloader: Downloader,
        image_worker: ImageWorker,
        delivery: Delivery,
        fetch_retries: RetryPolicy,
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._store = store
        self._images = images
        self._downloader = downloader
        self._image_worker = image_worker
        self._delivery = delivery
        self._fetch_retries = fetch_retries
        self._pause = pause
        self._transfers = asyncio.Semaphore(_TRANSFERS_AT_ONCE)

    async def fetch(self, generation: Generation, completed: CompletedJob, file: Path) -> Generation:
        """Bring the picture into our store and into a file, and return it, ready to be posted."""
        self._delivery.show(generation, Fetching())
        crash_point("completed, not yet fetched")
        picture = await self._download_patiently(completed.url, completed.credits, file)
        crash_point("fetched, not yet kept")
        key, unsaved_since = await self._keep(generation, file, picture)
        return await self._store.advance(
            generation.id,
            State.FETCHED,
            image_key=key,
            image_width=picture.width,
            image_height=picture.height,
            unsaved_since=unsaved_since,
            result_url=completed.url,
            credits=completed.credits,
            drawing_seconds=completed.seconds_taken,
            delivery_began_at=datetime.now(UTC),
        )

    async def deliver(self, generation: Generation, file: Path, *, seen_before: bool) -> Posted:
        """Post the kept picture; raise `GenerationFailed` if there is no place left to post it.

        `file` has the picture if this run fetched it; otherwise it's brought there. With `seen_before`, an earlier try
        may have posted it, which is looked for from the first try's time on.
        """
        crash_point("kept, not yet delivered")
        finished = generation.model_copy(update={"finished_at": datetime.now(UTC)})
        picture = _fetched(generation, file) or await self._recall(generation, file)
        try:
            posted = await self._post(finished, file, picture, seen_before=seen_before)
        except NowhereToPost as cause:
            log.error("picture_undeliverable", generation=str(generation.id))
            raise GenerationFailed(Failure(kind=FailureKind.UNDELIVERABLE), generation.credits) from cause
        crash_point("posted, not yet saved")
        return posted

    async def invite(self, generation: Generation) -> None:
        """Show below a posted picture what a reaction does; an invitation that is there already stays the only one."""
        await self._delivery.invite(generation)

    async def explain(self, generation: Generation, failure: Failure, *, seen_before: bool) -> None:
        """Show why there is no picture, however long Discord is unavailable.

        With `seen_before`, an earlier try may have shown it, which is looked for. A member who has had everything
        deleted in the meantime gets no message.
        """
        pauses = _pauses()
        while (now := await self._store.get(generation.id)).deleted_at is None:
            try:
                await self._delivery.explain(now, failure, seen_before=seen_before)
            except DeliveryUnavailable as cause:
                seen_before = True
                await self._wait(generation, cause, next(pauses))
            else:
                crash_point("explained, not yet finished")
                return

    async def announce_review(self, generation: Generation, *, seen_before: bool) -> None:
        """Show that a moderator decides, however long Discord is unavailable, unless somebody has decided by now."""
        pauses = _pauses()
        while (now := await self._store.get(generation.id)).state in IN_REVIEW:
            crash_point("put into review, not yet shown")
            try:
                shown = await self._delivery.await_review(now, seen_before=seen_before)
            except DeliveryUnavailable as cause:
                seen_before = True
                await self._wait(generation, cause, next(pauses))
            else:
                if shown is not None and shown.channel_id == now.origin.channel_id:
                    await self._store.note(now.id, card_id=shown.message_id)
                return

    async def _keep(self, generation: Generation, file: Path, picture: ImageInfo) -> tuple[str, datetime | None]:
        """Keep the picture and return its key; also since when it is not kept, if the store is unavailable."""
        try:
            return await self._images.keep(file, picture.format), None
        except ImageStoreUnavailable as cause:  # the picture is here, and should be posted; `ImageBackfill` keeps it
            log.error("picture_not_saved_yet", generation=str(generation.id), cause=cause.reason)
            return await key_of(file, picture.format), datetime.now(UTC)

    async def _download_patiently(self, url: str, credits_charged: int | None, file: Path) -> ImageInfo:
        """Return the picture once it is whole in `file`; raise `GenerationFailed` if it never is."""
        try:
            return await self._fetch_retries.retry(lambda: self._download_whole(url, file))
        except DownloadError as cause:
            log.warning("picture_not_fetched", cause=str(cause), last=str(cause.__cause__ or ""))
            kind = FailureKind.EXPIRED if isinstance(cause.__cause__, Gone) else FailureKind.PICTURE_BROKEN
            raise GenerationFailed(Failure(kind=kind), credits_charged) from cause

    async def _download_whole(self, url: str, file: Path) -> ImageInfo:
        """Download and decode; a file that is not there yet, or not whole, may be on the next try.

        One try may take as long as all of them together: one that drips is given up then.
        """
        try:
            async with self._transfers:
                deadline_seconds = self._fetch_retries.total_seconds
                await self._downloader.download(
                    url, file, max_bytes=PICTURE_MAX_BYTES, deadline_seconds=deadline_seconds
                )
            return await self._image_worker.inspect(file)
        except (Gone, NotAnImage, NotDecodable) as cause:
            raise Interrupted(str(cause)) from cause

    async def _recall(self, generation: Generation, file: Path) -> ImageInfo:
        """Get the kept bytes, or fetch them again where another machine's folder has them, or the store is away."""
        url = generation.result_url or ""
        try:
            await self._images.copy_whole(generation.image_key or "", file)
        except ImageLost:
            return await self._download_patiently(url, generation.credits, file)
        except ImageStoreUnavailable as outage:
            try:
                return await self._download_patiently(url, generation.credits, file)
            except GenerationFailed:  # the store may still have it, so the step is tried again
                raise outage from None
        return _fetched(generation, file) or await self._image_worker.inspect(file)

    async def _post(self, generation: Generation, original: Path, seen: ImageInfo, *, seen_before: bool) -> Posted:
        """Post the picture in a size that Discord takes, however long Discord is unavailable."""
        picture = await fit(self._image_worker, original, seen, generation.origin.upload_limit_bytes)
        pauses = _pauses()
        while True:
            crash_point("about to post")
            try:
                async with self._transfers:
                    return await self._delivery.post(generation, picture, seen_before=seen_before)
            except PictureTooLarge as refused:
                picture = await fit_smaller(self._image_worker, original, seen, picture, refused.limit_bytes)
            except DeliveryUnavailable as cause:
                seen_before = True
                await self._wait(generation, cause, next(pauses))

    async def _wait(self, generation: Generation, cause: DeliveryUnavailable, seconds: float) -> None:
        log.warning("discord_unavailable", generation=str(generation.id), cause=str(cause))
        await self._pause(seconds)


def _fetched(generation: Generation, file: Path) -> ImageInfo | None:
    """Return what a file with the picture's own bytes is, as it was seen when it was fetched; None without a file."""
    size, key = generation.image_size, generation.image_key
    if size is None or key is None or not file.exists():
        return None
    return ImageInfo(format_of(key), size.width, size.height, file.stat().st_size)


def _pauses() -> Iterator[float]:
    """Yield the seconds between tries."""
    seconds = _FIRST_POST_PAUSE_SECONDS
    while True:
        yield seconds
        seconds = min(seconds * 2, _LONGEST_POST_PAUSE_SECONDS)
