"""`imagine-bot backup FOLDER` and `restore FOLDER`: both databases and every image, also while the bot runs."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL

from bot.errors import StartupError
from bot.settings import Settings
from bot.storage.backup import check_empty, copy_databases, restore_databases
from bot.storage.database_failures import database_startup
from bot.storage.engine import parse_database_url
from bot.storage.images import ImageLost, ImageStore, open_image_store
from bot.storage.scratch import make_private_folder

_MANIFEST: Final = "backup.json"  # written last: a folder without it holds half a backup
_IMAGES: Final = "images"


async def backup(settings: Settings, folder: Path) -> int:
    """Copy databases and images into an empty folder, and return how many images there are.

    Images are copied after the rows that name them, so none is missing. Raises `StartupError` with what to do.
    """
    await asyncio.to_thread(_make_folder, folder)
    url = _database_url(settings)
    with database_startup(url):
        await asyncio.to_thread(copy_databases, url, folder)
    images = await _copy_images(open_image_store(settings.image_store_url, settings.data_dir, settings.s3), folder)
    manifest = {"database": url.get_backend_name(), "images": images, "taken_at": datetime.now(UTC).isoformat()}
    (folder / _MANIFEST).write_text(json.dumps(manifest))
    return images


async def restore(settings: Settings, folder: Path) -> int:
    """Put a backup back where the settings point, and return how many images it had.

    The databases come last, so a restore that was interrupted can be repeated. Raises `StartupError`.
    """
    manifest = _manifest(folder)
    url = _database_url(settings)
    if manifest["database"] != url.get_backend_name():
        raise StartupError(f"This backup is of {manifest['database']}, and DATABASE_URL is {url.get_backend_name()}.")
    make_private_folder(settings.data_dir, "DATA_DIR")
    with database_startup(url):
        await asyncio.to_thread(check_empty, url)
    store = open_image_store(settings.image_store_url, settings.data_dir, settings.s3)
    for file in sorted(each for each in (folder / _IMAGES).rglob("*") if each.is_file()):
        await store.put(file.relative_to(folder / _IMAGES).as_posix(), file)
    with database_startup(url):
        await asyncio.to_thread(restore_databases, url, folder)
    return int(manifest["images"])


def _make_folder(folder: Path) -> None:
    make_private_folder(folder, "The backup")
    if any(folder.iterdir()):
        raise StartupError(f"{folder} isn't empty. Choose a new folder for each backup.")


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


def _database_url(settings: Settings) -> URL:
    """Return the address past a pooler, which lends a dump a new session for each transaction."""
    return parse_database_url(settings.database_direct_url or settings.database_url)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_text())
    except (OSError, ValueError):
        raise StartupError(f"{folder} isn't a complete backup: {_MANIFEST} is missing or damaged.") from None
    return manifest
