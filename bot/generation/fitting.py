"""Pictures in a size that Discord takes."""

from pathlib import Path
from typing import Final

import structlog

from bot.generation.discord_port import NowhereToPost, Picture
from bot.images.image_worker import ImageInfo, ImageWorker

log = structlog.get_logger(__name__)

_SMALLEST_LIMIT_BYTES: Final = 20_000  # below, there is no picture left to be seen


async def fit(image_worker: ImageWorker, original: Path, seen: ImageInfo, limit_bytes: int) -> Picture:
    """Return the picture as it is, or a smaller copy if it exceeds the limit.

    `original` has a folder of its own, where copies are put; `seen` says what it is, so that it's decoded only if it is
    too large. Raises `NowhereToPost` for a limit that is too low.
    """
    if limit_bytes <= _SMALLEST_LIMIT_BYTES:
        raise NowhereToPost
    file = original
    if seen.size_bytes > limit_bytes:
        file = original.with_name("refitted")
        seen = await image_worker.refit(original, file, limit_bytes)
    return Picture(file, seen.format, seen.width, seen.height, seen.size_bytes, refitted=file is not original)


async def fit_smaller(
    image_worker: ImageWorker, original: Path, seen: ImageInfo, refused: Picture, limit_bytes: int | None = None
) -> Picture:
    """Return a smaller copy than one that was refused, half its size if the limit isn't known.

    Raises `NowhereToPost` once that is too small.
    """
    limit_bytes = limit_bytes or refused.size_bytes // 2
    log.warning("picture_refused_as_too_large", next_limit=limit_bytes)
    return await fit(image_worker, original, seen, limit_bytes)
