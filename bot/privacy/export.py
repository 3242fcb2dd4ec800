"""Everything that is stored of one person, as files to download, in parts that Discord takes."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice

from bot.errors import InvalidRequest
from bot.i18n import _, ngettext
from bot.images.archive import MARGIN_BYTES, ArchiveItem, document, packed, write_archive
from bot.privacy.results import Export
from bot.storage.images import ImageStore
from bot.storage.personal_data import PersonalDataStore, Rows
from bot.storage.scratch import scratch_folder

_ROWS_TOGETHER = 500


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
        images, gone = await self._kept(keys := _keys(pictures, others["styles"]))
        withheld, _gone = await self._kept(_withheld_keys(pictures) - keys.keys())
        parts, too_large = packed([*documents, *images], limit_bytes - MARGIN_BYTES)
        if number > len(parts):
            raise InvalidRequest(
                _("Your data has one part. Leave out `part`.")
                if len(parts) == 1
                else ngettext(
                    "Your data has {count} part. Leave out `part`, or choose a number up to {count}.",
                    "Your data has {count} parts. Leave out `part`, or choose a number from 1 to {count}.",
                    len(parts),
                )
            )
        with scratch_folder() as folder:
            archive = folder / "export.zip"
            gone += await write_archive(self._images, archive, parts[number - 1])
            yield Export(archive, number, len(parts), gone, too_large, len(withheld))

    async def _kept(self, keys: Iterable[str]) -> tuple[Sequence[ArchiveItem], int]:
        """Return the images that are still kept, and how many are not."""
        sizes = {key: await self._images.size_of(key) for key in keys}
        kept = [ArchiveItem(f"images/{key}", size, key=key) for key, size in sizes.items() if size is not None]
        return kept, len(sizes) - len(kept)


def _documents(pictures: Rows, others: dict[str, Rows]) -> Iterator[ArchiveItem]:
    yield document("you.json", others)
    rows = iter(pictures)
    number = 0
    while together := list(islice(rows, _ROWS_TOGETHER)):
        number += 1
        yield document(f"pictures-{number}.json", together)


def _keys(pictures: Rows, styles: Rows) -> dict[str, None]:
    """Return the keys of the images of styles, of pictures and references, each once, in the order of their rows.

    A picture that moderators haven't approved is left out: its member may not have it before everyone else does.
    """
    found = {image["reference"]["key"]: None for style in styles for image in style["content"]["images"]}
    for row in pictures:
        found |= dict.fromkeys(reference["key"] for reference in row["references"])
        if row["image_key"] is not None and "image_withheld" not in row:
            found[row["image_key"]] = None
    return found


def _withheld_keys(pictures: Rows) -> set[str]:
    return {row["image_key"] for row in pictures if "image_withheld" in row and row["image_key"] is not None}
