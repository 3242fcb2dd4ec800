"""`imagine-bot backup FOLDER` and `restore FOLDER`: both databases and every image, also while the bot runs."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel
from sqlalchemy import URL

from bot.errors import StartupError
from bot.parts import direct_url
from bot.settings import Settings
from bot.storage.backup import check_empty, copy_databases, restore_databases
from bot.storage.database_failures import database_startup
from bot.storage.engine import parse_database_url
from bot.storage.image_store_failures import ImageStoreUnavailable
from bot.storage.images import ImageLost, ImageStore, open_image_store
from bot.storage.scratch import make_private_folder

_MANIFEST: Final = "backup.json"  # written last: a folder without it holds half a backup
_IMAGES: Final = "images"


class Manifest(BaseModel, frozen=True):
    """The contents of a complete backup."""

    database: str
    images: int
    taken_at: datetime


async def backup(settings: Settings, folder: Path) -> int:
    """Copy databases and images into an empty folder, and return how many images there are.

    Images are copied after the rows that name them, so none is missing. Raises `StartupError` with what to do.
    """
    url = _database_url(settings)
    with _folder_written(folder):
        await asyncio.to_thread(_make_folder, folder)
    await asyncio.to_thread(copy_databases, url, folder)
    store = open_image_store(settings.image_store_url, settings.data_dir, settings.s3)
    with _folder_written(folder), _image_store_needed():
        images = await _copy_images(store, folder)
        manifest = Manifest(database=url.get_backend_name(), images=images, taken_at=datetime.now(UTC))
        (folder / _MANIFEST).write_text(manifest.model_dump_json())
    return images


async def restore(settings: Settings, folder: Path) -> int:
    """Put a backup back where the settings point, and return how many images it had.

    The databases come last, so a restore that was interrupted can be repeated. Raises `StartupError`.
    """
    manifest = _manifest(folder)
    url = _database_url(settings)
    if manifest.database != url.get_backend_name():
        raise StartupError(
            f"This is a backup of {manifest.database}, and DATABASE_URL is {url.get_backend_name()}.",
            f"Set DATABASE_URL to a new {manifest.database} database.",
        )
    files = await asyncio.to_thread(_images_of, folder, manifest)
    make_private_folder(settings.data_dir, "DATA_DIR")
    with database_startup(url):
        await asyncio.to_thread(check_empty, url)
    store = open_image_store(settings.image_store_url, settings.data_dir, settings.s3)
    with _image_store_needed():
        for file in files:
            await store.put(file.relative_to(folder / _IMAGES).as_posix(), file)
    with database_startup(url):
        await asyncio.to_thread(restore_databases, url, folder)
    return manifest.images


def _make_folder(folder: Path) -> None:
    make_private_folder(folder, "FOLDER")
    if any(folder.iterdir()):
        raise StartupError(f"{folder} isn't empty.", "Choose a new folder for each backup.")
    (folder / _IMAGES).mkdir()


@contextmanager
def _folder_written(folder: Path) -> Iterator[None]:
    """Raise `StartupError` if the backup's folder can't be written."""
    try:
        yield
    except OSError as cause:
        raise StartupError(
            f"The backup's folder {folder} can't be written ({cause.strerror}).",
            "Choose a folder that this user may write, on a disk with enough room.",
        ) from cause


@contextmanager
def _image_store_needed() -> Iterator[None]:
    """Raise `StartupError` if the image store fails, without which a backup isn't complete."""
    try:
        yield
    except ImageStoreUnavailable as cause:
        raise StartupError(cause.problem, f"{cause.remedy} Then start over.") from cause


async def _copy_images(store: ImageStore, folder: Path) -> int:
    copied = 0
    async for key in store.keys():
        file = folder / _IMAGES / key
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            await store.copy_to(key, file)
        except ImageLost:  # deleted since it was listed
            file.unlink(missing_ok=True)
        else:
            copied += 1
    return copied


def _images_of(folder: Path, manifest: Manifest) -> list[Path]:
    """Return the backup's image files; raise `StartupError` unless each one is there and can be read."""
    files = sorted(each for each in (folder / _IMAGES).rglob("*") if each.is_file())
    try:
        for file in files:
            file.open("rb").close()
    except OSError as cause:
        raise StartupError(
            f"{folder} can't be restored: {cause.filename} can't be read ({cause.strerror}).",
            "Let this user read all files of the backup.",
        ) from cause
    if len(files) != manifest.images:  # a folder that may not be read looks empty
        raise StartupError(
            f"{folder} can't be restored: it has {len(files)} of its {manifest.images} images.",
            "Let this user read all files of the backup, or copy the backup again.",
        )
    return files


def _database_url(settings: Settings) -> URL:
    """Return the address past a pooler, which lends a dump a new session for each transaction."""
    return direct_url(settings) or parse_database_url(settings.database_url)


def _manifest(folder: Path) -> Manifest:
    try:
        return Manifest.model_validate_json((folder / _MANIFEST).read_text())
    except (OSError, ValueError) as cause:
        raise StartupError(
            f"{folder} isn't a complete backup: {_MANIFEST} is missing, damaged or can't be read.",
            "Use another backup, or let this user read it.",
        ) from cause
