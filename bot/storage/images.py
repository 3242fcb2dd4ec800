"""Image bytes worth keeping, by the hash of their content, in a folder or in a bucket."""

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from bot.errors import StartupError
from bot.picture.formats import ImageFormat
from bot.storage.folders import make_folder

_AT_ONCE = 2  # obstore reads parts of 5 MB, and up to 12 of them of one file side by side
_CHUNK_BYTES = 1024 * 1024


class ImageLost(Exception):
    """Say that bytes which were kept are gone from the store."""


class ImageStoreFails(Exception):
    """Say that the folder or bucket does not do what it should, which may pass."""


@contextmanager
def _store_failures() -> Iterator[None]:
    """Translate what obstore raises, but for bytes that are not there."""
    try:
        yield
    except FileNotFoundError:
        raise
    except BaseError as cause:
        raise ImageStoreFails(type(cause).__name__) from cause


class ImageStore:
    """Keeps files under the SHA-256 of their bytes, so that keeping one twice is keeping it once."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def keep(self, file: Path, image_format: ImageFormat) -> str:
        """Copy a file into the store and return its key."""
        key = await key_of(file, image_format)
        async with self._room:
            with _store_failures():
                await obstore.put_async(self._store, key, file)
        return key

    async def copy_to(self, key: str, file: Path) -> None:
        """Write the bytes of `key` into a file; raise `ImageLost` if they are gone."""
        async with self._room:
            try:
                with _store_failures():
                    kept = await obstore.get_async(self._store, key)
            except FileNotFoundError:
                raise ImageLost(key) from None
            with _store_failures(), file.open("wb") as out:
                async for chunk in kept.stream(min_chunk_size=_CHUNK_BYTES):
                    await asyncio.to_thread(out.write, chunk)

    async def has(self, key: str) -> bool:
        """Say whether the bytes of `key` are there."""
        return await self.size_of(key) is not None

    async def size_of(self, key: str) -> int | None:
        """Return how many bytes `key` has, or None if they are gone."""
        try:
            return (await obstore.head_async(self._store, key))["size"]
        except FileNotFoundError:
            return None

    async def forget(self, key: str) -> None:
        """Delete the bytes of `key`, if they are there."""
        try:
            await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return

    async def sweep(self, kept_before: datetime) -> int:
        """Delete what was last kept before a moment, and return how many files that were."""
        swept = 0
        async for entries in obstore.list(self._store):
            old = [entry["path"] for entry in entries if entry["last_modified"] < kept_before]
            if old:
                await obstore.delete_async(self._store, old)
                swept += len(old)
        return swept


async def key_of(file: Path, image_format: ImageFormat) -> str:
    """Return the key under which a file's bytes are kept, or would be."""
    digest = await asyncio.to_thread(_sha256, file)
    return f"{digest[:2]}/{digest}.{image_format.suffix}"


def format_of(key: str) -> ImageFormat:
    """Return the format of the bytes that are kept under a key."""
    return next(each for each in ImageFormat if key.endswith(f".{each.suffix}"))


def open_image_store(url: str, data_dir: Path) -> ImageStore:
    """Return the store at `url`, or in a folder of `data_dir` if that is empty; raise `StartupError` for a bad one."""
    if not url:
        folder = (data_dir / "images").resolve()
        make_folder(folder, "DATA_DIR")
        url = folder.as_uri()
    try:
        return ImageStore(from_url(url))
    except Exception as cause:
        raise StartupError("IMAGE_STORE_URL cannot be opened: use `file:///a/folder` or `s3://a-bucket/…`.") from cause


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
