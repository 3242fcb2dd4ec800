"""Reference images: looked at before anything is spent, and kept so that they outlive Discord's links."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from yarl import URL

from bot.apiframe.client import Apiframe
from bot.apiframe.download import Downloader
from bot.apiframe.errors import DownloadError, NotAnImage, TooLarge
from bot.apiframe.wire_format import InputImage
from bot.errors import ReferenceRejected
from bot.i18n import N_, _, ngettext, number
from bot.images.image_worker import ImageWorker
from bot.images.still import NotDecodable, TooManyPixels
from bot.picture.request import Reference
from bot.storage.image_store_failures import ImageStoreUnavailable
from bot.storage.images import ImageLost, ImageStore, key_of
from bot.storage.scratch import scratch_folder

log = structlog.get_logger(__name__)

REFERENCE_MAX_BYTES: Final = 25_000_000  # Apiframe's bound for an upload
REFERENCE_MAX_PIXELS: Final = 4 * 1024 * 1024  # the model shrinks larger ones itself, and may bill them by their size
_DEADLINE_SECONDS = 60.0
_LOOK_SECONDS = 10.0
_LINK_MARGIN = timedelta(hours=1)  # a link must outlive the queue and the drawing
_KEPT_NO_MORE = N_(
    "Reference image {number} of that picture is no longer stored. Use `/imagine` and attach it again. "
    "Nothing was charged."
)
_OUT_OF_REACH = N_(
    "I can't read reference image {number} of that picture right now. Nothing was charged. Please try again in a few "
    "minutes."
)
_LOST_BY_STYLE = N_(
    "Image {number} of the style `{style}` is no longer stored. Remove it with `/style remove-image`, and add it "
    "again. Nothing was charged."
)
_STYLE_OUT_OF_REACH = N_(
    "I can't read image {number} of the style `{style}` right now. Nothing was charged. Please try again in a few "
    "minutes."
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as Discord declares it; `name` is what the person called it by, such as `image3`."""

    name: str
    url: str
    declared_bytes: int


@dataclass(frozen=True, slots=True)
class CheckedImage:
    """A reference image that is a good one, and the file where its bytes are until they are kept."""

    reference: Reference
    file: Path


class References:
    """Looks at attachments, keeps their bytes, and finds links by which Apiframe can fetch them."""

    def __init__(
        self, downloader: Downloader, images: ImageStore, image_worker: ImageWorker, apiframe: Apiframe
    ) -> None:
        self._downloader = downloader
        self._images = images
        self._image_worker = image_worker
        self._apiframe = apiframe

    @asynccontextmanager
    async def looked_at(self, attachments: Sequence[Attachment]) -> AsyncIterator[Sequence[CheckedImage]]:
        """Look at all of them side by side, and yield them for as long as it takes to decide whether they are kept.

        Raises `ReferenceRejected` that names each one refused.
        """
        _raise_together([complaint for each in attachments if (complaint := _declared_complaint(each))])
        with ExitStack() as folders:
            files = [folders.enter_context(scratch_folder()) / "reference" for _ in attachments]
            seen = await asyncio.gather(*map(self._look_at, attachments, files))
            _raise_together([complaint for complaint in seen if isinstance(complaint, str)])
            yield [each for each in seen if isinstance(each, CheckedImage)]

    def check_can_keep(self) -> None:
        """Raise `StorageUnavailable` if the image store failed a moment ago, before anything is downloaded for it."""
        self._images.check_answers()

    async def keep(self, images: Sequence[CheckedImage]) -> None:
        """Keep their bytes."""
        await asyncio.gather(*(self._images.keep(each.file, each.reference.format) for each in images))

    async def keep_again(self, references: Sequence[Reference]) -> None:
        """Keep bytes as if they were new, which makes their age count from now; raise `ReferenceRejected` if gone."""
        for place, reference in enumerate(references, start=1):
            with scratch_folder() as folder:
                file = folder / "kept"
                try:
                    await self._images.copy_to(reference.key, file)
                except ImageLost:
                    raise ReferenceRejected(
                        _(
                            "Image {number} is no longer stored, so it can't be kept in a style. Nothing was saved.",
                            number=place,
                        )
                    ) from None
                await self._images.put(reference.key, file)

    async def within_reach(self, references: Sequence[Reference]) -> list[InputImage]:
        """Return each with a link by which Apiframe can fetch it: Discord's while it lives, an upload's afterwards."""
        links = await asyncio.gather(*(self._link(reference) for reference in references))
        return [InputImage(link, each.width, each.height) for link, each in zip(links, references, strict=True)]

    async def _look_at(self, attachment: Attachment, file: Path) -> CheckedImage | str:
        """Return the reference with its bytes in a file, or the error."""
        try:
            await self._downloader.download(
                attachment.url, file, max_bytes=REFERENCE_MAX_BYTES, deadline_seconds=_DEADLINE_SECONDS
            )
            kept, inspected = await self._image_worker.prepare(file, file.with_name("shrunk"), REFERENCE_MAX_PIXELS)
        except (DownloadError, NotDecodable) as cause:
            log.info("reference_rejected", name=attachment.name, cause=str(cause))
            return _complaint(attachment, cause)
        reference = Reference(
            url=attachment.url if kept is file else None,  # there, it has its full size
            key=await key_of(kept, inspected.format),
            format=inspected.format,
            width=inspected.width,
            height=inspected.height,
        )
        return CheckedImage(reference, kept)

    async def check_kept(self, references: Sequence[Reference], style: str | None = None) -> None:
        """Raise `ReferenceRejected` if an image is neither to be had by its link nor by its kept bytes.

        `style` is the name of the style that the images come from, if they do.
        """
        for place, reference in enumerate(references, start=1):
            if _lives(reference.url or "", if_unsaid=False):
                continue
            try:
                missing = None if await self._images.has(reference.key) else _KEPT_NO_MORE
            except ImageStoreUnavailable as cause:
                log.error("reference_unreachable", key=reference.key, cause=cause.reason)
                missing = _OUT_OF_REACH
            if missing is not None and await self._living_link(reference) is None:
                if style is not None:
                    missing = _LOST_BY_STYLE if missing is _KEPT_NO_MORE else _STYLE_OUT_OF_REACH
                raise ReferenceRejected(_(missing, number=place, style=style))

    async def _link(self, reference: Reference) -> str:
        """Return Discord's link while it lives, else that of a copy; raise `ImageLost` if there are no bytes either."""
        if link := await self._living_link(reference):
            return link
        with scratch_folder() as folder:
            file = folder / f"reference.{reference.format.suffix}"
            await self._images.copy_to(reference.key, file)
            return (await self._apiframe.upload(file, reference.format.media_type)).url

    async def _living_link(self, reference: Reference) -> str | None:
        """Return Discord's link if it will live long enough, and did not vanish before its time, as some do."""
        url = reference.url
        if not url or not _lives(url, if_unsaid=True):
            return None
        return url if await self._downloader.is_there(url, deadline_seconds=_LOOK_SECONDS) else None


def _declared_complaint(attachment: Attachment) -> str | None:
    if attachment.declared_bytes > REFERENCE_MAX_BYTES:
        return _too_large(attachment)
    return None


def _complaint(attachment: Attachment, cause: DownloadError | NotDecodable) -> str:
    match cause:
        case NotAnImage():
            return _("`{name}` is not a PNG, JPEG, WebP or GIF image.", name=attachment.name)
        case TooLarge():
            return _too_large(attachment)
        case TooManyPixels():
            return _(
                "`{name}` has {megapixels} megapixels. I can open up to {most} in this format.",
                name=attachment.name,
                megapixels=number(cause.megapixels, ".1f"),
                most=number(cause.megapixels_max, ".0f"),
            )
        case NotDecodable():
            return _("`{name}` is damaged or too large to open.", name=attachment.name)
        case DownloadError():
            return _("I couldn't download `{name}` from Discord. Please attach it again.", name=attachment.name)


def _too_large(attachment: Attachment) -> str:
    return _("`{name}` is over 25 MB.", name=attachment.name)


def _raise_together(complaints: Sequence[str]) -> None:
    if complaints:
        remedy = ngettext("Attach another image instead.", "Attach other images instead.", len(complaints))
        raise ReferenceRejected("\n".join([*complaints, remedy]))


def _lives(url: str, *, if_unsaid: bool) -> bool:
    """Return True if a link outlives the queue and the drawing, by its signature, which not every one has.

    Signed links of Discord's have the moment in `ex`, as hexadecimal Unix seconds; those of stickers have none.
    """
    try:
        expires_at = datetime.fromtimestamp(int(URL(url).query.get("ex", ""), 16), UTC)
    except (ValueError, OverflowError):
        return if_unsaid
    return expires_at > datetime.now(UTC) + _LINK_MARGIN
