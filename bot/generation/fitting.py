"""Pictures in a size that Discord takes."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, TypeVar

import structlog

from bot.generation.discord_port import NowhereToPost, Picture, PictureTooLarge
from bot.images.decoding import ImageWorker

log = structlog.get_logger(__name__)

T = TypeVar("T")

_SMALLEST_LIMIT_BYTES: Final = 20_000  # below, there is no picture left to be seen


async def post_fitting(
    image_worker: ImageWorker, original: Path, limit_bytes: int, post: Callable[[Picture], Awaitable[T]]
) -> T:
    """Return what `post` returns for the picture as it is if Discord takes it, or else smaller and smaller.

    `original` lies in a folder for itself, where copies of it may be put. Raises `NowhereToPost` if nothing is taken.
    """
    while limit_bytes > _SMALLEST_LIMIT_BYTES:
        picture = await _fitting(image_worker, original, limit_bytes)
        try:
            return await post(picture)
        except PictureTooLarge:
            limit_bytes = min(limit_bytes, picture.size_bytes) // 2
            log.warning("picture_refused_as_too_large", next_limit=limit_bytes)
    raise NowhereToPost


async def _fitting(image_worker: ImageWorker, original: Path, limit_bytes: int) -> Picture:
    seen, file = await image_worker.inspect(original), original
    if seen.size_bytes > limit_bytes:
        file = original.with_name("refitted")
        seen = await image_worker.refit(original, file, limit_bytes)
    return Picture(file, seen.format, seen.width, seen.height, seen.size_bytes, refitted=file is not original)
