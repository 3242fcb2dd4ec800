"""Archives of documents and kept images, in parts that Discord takes."""

import asyncio
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from bot.storage.images import ImageLost, ImageStore

_ENTRY_BYTES: Final = 400  # what an archive adds to each file
MARGIN_BYTES: Final = 100_000
"""Is kept free of Discord's limit, for the card around the archive."""


@dataclass(frozen=True, slots=True)
class ArchiveItem:
    """One file of an archive: a document with its content, or an image of the store by its key."""

    name: str
    size_bytes: int
    content: bytes | None = None
    key: str = ""


def document(name: str, content: object) -> ArchiveItem:
    """Return values as a file of JSON."""
    encoded = json.dumps(content, ensure_ascii=False, indent=1, default=_spelt).encode()
    return ArchiveItem(name, len(zlib.compress(encoded)), encoded)


def packed(items: Iterable[ArchiveItem], limit_bytes: int) -> tuple[Sequence[Sequence[ArchiveItem]], int]:
    """Return the items in parts of at most `limit_bytes`, in their order, and how many are too large for any."""
    parts: list[list[ArchiveItem]] = [[]]
    room, too_large = limit_bytes, 0
    for item in items:
        needed = item.size_bytes + _ENTRY_BYTES
        if needed > limit_bytes:
            too_large += 1
            continue
        if needed > room:
            parts.append([])
            room = limit_bytes
        parts[-1].append(item)
        room -= needed
    return parts, too_large


async def write_archive(
    images: ImageStore, archive: Path, items: Sequence[ArchiveItem], report: Callable[[int], None] = lambda _: None
) -> int:
    """Write the archive, one file after the other, and return the number of images deleted in the meantime.

    `report` gets the number of files that are written.
    """
    gone = 0
    with zipfile.ZipFile(archive, "w") as opened:
        for number, item in enumerate(items, start=1):
            if item.content is not None:
                await asyncio.to_thread(opened.writestr, item.name, item.content, zipfile.ZIP_DEFLATED)
            else:
                gone += await _write_image(images, opened, archive.with_name("image"), item)
            report(number)
    return gone


async def _write_image(images: ImageStore, opened: zipfile.ZipFile, file: Path, item: ArchiveItem) -> int:
    """Write an image and return 0, or 1 if it isn't kept any more."""
    try:
        await images.copy_to(item.key, file)
    except ImageLost:
        return 1
    await asyncio.to_thread(opened.write, file, item.name)
    return 0


def _spelt(value: Any) -> str:  # noqa: ANN401  (json hands over whatever it does not know)
    match value:
        case datetime():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            raise TypeError(f"no JSON for {type(value).__name__}")
