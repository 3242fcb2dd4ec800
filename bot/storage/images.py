"""Image bytes worth keeping, by the hash of their content, in a folder or in a bucket."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from bot.errors import StartupError
from bot.picture.formats import ImageFormat
from bot.storage.image_store_failures import ImageStoreUnavailable, StoreFailure, store_failure
from bot.storage.scratch import make_private_folder

log = structlog.get_logger(__name__)

Heard = Callable[[str | None], None]
"""Called after each request to the store: with the reason why it failed, or None if it did not."""

_AT_ONCE = 2  # obstore reads parts of 5 MB, and up to 12 of them of one file side by side
_CHUNK_BYTES = 1024 * 1024
_PROBES: Final = "probe"  # a folder of its own, so that the sweep finds what a killed process left there
_PROBE_BYTES: Final = b"imagine-bot"
_LEFT_ALONE_SECONDS = 5.0  # a store that failed is not asked again for so long, or every request would wait for it
# obstore's own patience is three minutes, and people wait. Large files travel in parts of 5 MB, a request each.
_S3_OPTIONS: Final[dict[str, Any]] = {
    "client_options": {"connect_timeout": timedelta(seconds=5), "timeout": timedelta(seconds=15)},
    "retry_config": {"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
}
_FOLDER_OPTIONS: Final[dict[str, Any]] = {"automatic_cleanup": True}  # of folders that a deletion leaves empty


class ImageLost(Exception):
    """Say that bytes which were kept are gone from the store."""


class ImageStore:
    """Keeps files under the SHA-256 of their bytes, so that keeping one twice is keeping it once.

    Every method raises `ImageStoreUnavailable`: at once in the seconds after a failure.
    """

    def __init__(
        self,
        store: ObjectStore,
        heard: Heard = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._heard = heard
        self._clock = clock
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._failure: StoreFailure | None = None
        self._left_alone_until = 0.0

    @property
    def failure(self) -> str | None:
        """Return why the store failed when it was last asked, or None if it did not."""
        return None if self._failure is None else self._failure.reason

    def check_answers(self) -> None:
        """Raise `ImageStoreUnavailable` if the store failed a moment ago, without asking it."""
        if self._failure is not None and self._clock() < self._left_alone_until:
            raise ImageStoreUnavailable(self._failure)

    async def probe(self) -> None:
        """Write, read, list and delete one small object, also just after a failure."""
        self._left_alone_until = 0.0
        key = f"{_PROBES}/{uuid4().hex}"
        async with self._asking():
            await obstore.put_async(self._store, key, _PROBE_BYTES)
            read = await (await obstore.get_async(self._store, key)).bytes_async()
            await obstore.list_with_delimiter_async(self._store, _PROBES)
            await obstore.delete_async(self._store, key)
        if bytes(read) != _PROBE_BYTES:
            raise self._failed(StoreFailure("it gives back other bytes than were written", is_lasting=True))

    async def keep(self, file: Path, image_format: ImageFormat) -> str:
        """Copy a file into the store and return its key."""
        key = await key_of(file, image_format)
        await self.put(key, file)
        return key

    async def put(self, key: str, file: Path) -> None:
        """Copy a file into the store under a key that `keep` gave it."""
        async with self._room, self._asking():
            await obstore.put_async(self._store, key, file)

    async def keys(self) -> AsyncIterator[str]:
        """Yield the key of each file in the store."""
        async with self._asking():
            async for entries in obstore.list(self._store):
                for entry in entries:
                    if not entry["path"].startswith(f"{_PROBES}/"):
                        yield entry["path"]

    async def copy_to(self, key: str, file: Path) -> None:
        """Write the bytes of `key` into a file; raise `ImageLost` if they are gone."""
        async with self._room, self._asking(key):
            kept = await obstore.get_async(self._store, key)
            with file.open("wb") as out:
                async for chunk in kept.stream(min_chunk_size=_CHUNK_BYTES):
                    await asyncio.to_thread(out.write, chunk)

    async def copy_whole(self, key: str, file: Path) -> None:
        """Write the bytes of `key` into a file; raise `ImageLost` also if they aren't those that were kept."""
        await self.copy_to(key, file)
        if await key_of(file, format_of(key)) != key:
            log.error("stored_picture_damaged", key=key)
            raise ImageLost(key)

    async def has(self, key: str) -> bool:
        """Return True if the bytes of `key` are there."""
        return await self.size_of(key) is not None

    async def size_of(self, key: str) -> int | None:
        """Return how many bytes `key` has, or None if they are gone."""
        try:
            async with self._asking(key):
                return (await obstore.head_async(self._store, key))["size"]
        except ImageLost:
            return None

    async def forget(self, key: str) -> None:
        """Delete the bytes of `key`, if they are there."""
        try:
            async with self._asking(key):
                await obstore.delete_async(self._store, key)
        except ImageLost:
            return

    async def sweep(self, kept_before: datetime, in_use: Collection[str] = ()) -> int:
        """Delete files that were last stored before a time, except for those `in_use`, and return their number."""
        swept = 0
        async with self._asking():
            async for entries in obstore.list(self._store):
                old = [entry["path"] for entry in entries if entry["last_modified"] < kept_before]
                old = [key for key in old if key not in in_use]
                if old:
                    await obstore.delete_async(self._store, old)
                    swept += len(old)
        return swept

    @asynccontextmanager
    async def _asking(self, key: str | None = None) -> AsyncIterator[None]:
        """Translate what obstore raises while it is asked, and remember whether the store answers.

        A missing file is only lost if it was requested by its `key`, and the store itself is there.
        """
        self.check_answers()
        try:
            try:
                yield
            except FileNotFoundError:
                if key is None:
                    raise
                await self._check_is_there()
                raise ImageLost(key) from None
        except (BaseError, FileNotFoundError) as cause:
            raise self._failed(store_failure(cause)) from cause
        except ImageLost:
            self._succeed()
            raise
        else:
            self._succeed()

    async def _check_is_there(self) -> None:
        """Raise what obstore raises for a bucket that does not exist, or `FileNotFoundError` for such a folder.

        Both respond to a request for one object as if only that object were missing.
        """
        if not isinstance(self._store, LocalStore):
            await obstore.list_with_delimiter_async(self._store, _PROBES)
        elif self._store.prefix is not None and not self._store.prefix.is_dir():
            raise FileNotFoundError

    def _failed(self, failure: StoreFailure) -> ImageStoreUnavailable:
        self._failure, self._left_alone_until = failure, self._clock() + _LEFT_ALONE_SECONDS
        self._heard(failure.reason)
        return ImageStoreUnavailable(failure)

    def _succeed(self) -> None:
        self._failure = None
        self._heard(None)


async def key_of(file: Path, image_format: ImageFormat) -> str:
    """Return the key under which a file's bytes are kept, or would be."""
    digest = await asyncio.to_thread(_sha256, file)
    return f"{digest[:2]}/{digest}.{image_format.suffix}"


def format_of(key: str) -> ImageFormat:
    """Return the format of the bytes that are kept under a key."""
    return next(each for each in ImageFormat if key.endswith(f".{each.suffix}"))


def image_folder(data_dir: Path) -> Path:
    """Return where images are stored without IMAGE_STORE_URL."""
    return (data_dir / "images").resolve()


def open_image_store(
    url: str, data_dir: Path, s3: Mapping[str, str] | None = None, heard: Heard = lambda _: None
) -> ImageStore:
    """Return the store at `url`, or in a folder of `data_dir` if that is empty; raise `StartupError` for a bad one.

    `s3` has the credentials and the address of a bucket, in obstore's names; missing ones are taken from the
    environment.
    """
    if not url:
        folder = image_folder(data_dir)
        make_private_folder(folder, "DATA_DIR")
        url = folder.as_uri()
    options = _S3_OPTIONS | _plain_http(s3 or {}) | dict(s3 or {}) if url.startswith("s3://") else _FOLDER_OPTIONS
    try:
        return ImageStore(from_url(url, **options), heard)
    except Exception as cause:
        raise StartupError(
            "IMAGE_STORE_URL can't be opened.", "Use `file:///a/folder` or `s3://bucket/prefix`."
        ) from cause


async def check_image_store(images: ImageStore) -> None:
    """Raise `StartupError` unless the store keeps, gives back and deletes one small object."""
    try:
        await images.probe()
    except ImageStoreUnavailable as cause:
        raise StartupError(cause.problem, cause.remedy) from cause


async def check_image_store_settings(images: ImageStore) -> None:
    """Raise `StartupError` if the store fails for a reason that lasts; one that is away may come back later."""
    try:
        await images.probe()
    except ImageStoreUnavailable as cause:
        if cause.is_lasting:
            raise StartupError(cause.problem, cause.remedy) from cause
        log.warning("image_store_unavailable_at_start", cause=cause.reason)


def _plain_http(s3: Mapping[str, str]) -> dict[str, Any]:
    """Return what obstore wants before it talks to an address that says itself that it is not encrypted."""
    if not s3.get("endpoint", "").startswith("http://"):
        return {}
    return {"client_options": _S3_OPTIONS["client_options"] | {"allow_http": True}}


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
