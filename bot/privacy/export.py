"""Everything that is stored of one person, as files to download, in parts that Discord takes."""

import asyncio
import json
import zipfile
import zlib
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from bot.errors import InvalidRequest
from bot.i18n import ngettext
from bot.privacy.results import Export
from bot.storage.images import ImageLost, ImageStore
from bot.storage.personal_data import PersonalDataStore, Rows
from bot.storage.scratch import scratch_folder

_ROWS_TOGETHER = 500
_ENTRY_BYTES = 400  # what an archive adds to each file
_MARGIN_BYTES: Final = 100_000  # of Discord's limit, for the card around the archive


@dataclass(frozen=True, slots=True)
class _Item:
    """One file of the export; without `content` it is an image of the store, whose key is the end of its name."""

    name: str
    size_bytes: int
    content: bytes | None = None


class Exporter:
    """Collects the stored data of people."""

    def __init__(self, personal_data: PersonalDataStore, images: ImageStore) -> None:
        self._personal_data = personal_data
        self._images = images

    @asynccontextmanager
    async def export(self, user_id: int, number: int, limit_bytes: int) -> AsyncIterator[Export]:
        """Yield one part, counted from 1, in at most `limit_bytes`; raise `InvalidRequest` if there are fewer parts."""
        pictures = await self._personal_data.pictures(user_id)
        others = await self._personal_data.others(user_id)
        documents = await asyncio.to_thread(lambda: list(_documents(pictures, others)))
        images, gone = await self._kept(_keys(pictures))
        parts, too_large = _packed([*documents, *images], limit_bytes - _MARGIN_BYTES)
        if number > len(parts):
            raise InvalidRequest(
                ngettext(
                    "Your data has {count} part. Leave out `part`.",
                    "Your data has {count} parts. Leave out `part`, or choose a number from 1 to {count}.",
                    len(parts),
                )
            )
        with scratch_folder() as folder:
            archive = folder / "export.zip"
            gone += await self._write(archive, parts[number - 1])
            yield Export(archive, number, len(parts), gone, too_large)

    async def _kept(self, keys: Iterable[str]) -> tuple[Sequence[_Item], int]:
        """Return the images that are still kept, and how many are not."""
        sizes = {key: await self._images.size_of(key) for key in keys}
        kept = [_Item(f"images/{key}", size) for key, size in sizes.items() if size is not None]
        return kept, len(sizes) - len(kept)

    async def _write(self, archive: Path, items: Sequence[_Item]) -> int:
        """Write the archive, one file after the other, and return the number of images deleted in the meantime."""
        gone = 0
        with zipfile.ZipFile(archive, "w") as opened:
            for item in items:
                if item.content is not None:
                    await asyncio.to_thread(opened.writestr, item.name, item.content, zipfile.ZIP_DEFLATED)
                    continue
                file = archive.with_name("image")
                try:
                    await self._images.copy_to(item.name.removeprefix("images/"), file)
                except ImageLost:
                    gone += 1
                else:
                    await asyncio.to_thread(opened.write, file, item.name)
        return gone


def _documents(pictures: Rows, others: dict[str, Rows]) -> Iterator[_Item]:
    yield _document("you.json", others)
    rows = iter(pictures)
    number = 0
    while together := list(islice(rows, _ROWS_TOGETHER)):
        number += 1
        yield _document(f"pictures-{number}.json", together)


def _document(name: str, content: object) -> _Item:
    encoded = json.dumps(content, ensure_ascii=False, indent=1, default=_spelt).encode()
    return _Item(name, len(zlib.compress(encoded)), encoded)


def _spelt(value: Any) -> str:  # noqa: ANN401  (json hands over whatever it does not know)
    match value:
        case datetime():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            raise TypeError(f"no JSON for {type(value).__name__}")


def _keys(pictures: Rows) -> Iterable[str]:
    """Return the keys of pictures and references, each once, in the order in which they came to be."""
    found: dict[str, None] = {}
    for row in pictures:
        found |= dict.fromkeys(reference["key"] for reference in row["references"])
        if row["image_key"] is not None:
            found[row["image_key"]] = None
    return found


def _packed(items: Iterable[_Item], limit_bytes: int) -> tuple[Sequence[Sequence[_Item]], int]:
    """Return the items in parts of at most `limit_bytes`, in their order, and how many are too large for any."""
    parts: list[list[_Item]] = [[]]
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
