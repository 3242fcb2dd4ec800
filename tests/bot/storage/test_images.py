"""The member whose reference outlives Discord's link, and the operator whose disk does not fill up."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import StartupError
from bot.picture.formats import ImageFormat
from bot.storage.images import ImageLost, ImageStore, open_image_store


@pytest.fixture
def images(tmp_path: Path) -> ImageStore:
    return open_image_store("", tmp_path)


def file_of(folder: Path, content: bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def kept_in(folder: Path) -> list[Path]:
    return [path for path in (folder / "images").rglob("*") if path.is_file()]


async def test_kept_bytes_come_back(images: ImageStore, tmp_path: Path) -> None:
    """A stored image can be copied out again, byte for byte, even in several chunks."""
    content = bytes(range(256)) * 4096 * 16
    key = await images.keep(file_of(tmp_path, content), ImageFormat.PNG)
    await images.copy_to(key, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == content
    assert key.endswith(".png")


async def test_the_same_bytes_are_kept_once(images: ImageStore, tmp_path: Path) -> None:
    """A step that is entered twice fills no second file, and other bytes take no one's place."""
    first = await images.keep(file_of(tmp_path, b"boat"), ImageFormat.JPEG)
    again = await images.keep(file_of(tmp_path, b"boat", "other name"), ImageFormat.JPEG)
    other = await images.keep(file_of(tmp_path, b"ship"), ImageFormat.JPEG)
    assert first == again != other
    assert len(kept_in(tmp_path)) == 2


async def test_lost_bytes_are_said_to_be_lost(images: ImageStore, tmp_path: Path) -> None:
    """A file that somebody removed is an error with a name, and no empty image."""
    key = await images.keep(file_of(tmp_path, b"boat"), ImageFormat.PNG)
    for path in kept_in(tmp_path):
        path.unlink()
    with pytest.raises(ImageLost, match=key):
        await images.copy_to(key, tmp_path / "again")
    assert not (tmp_path / "again").exists()


async def test_forgotten_bytes_are_gone(images: ImageStore, tmp_path: Path) -> None:
    """A deleted image is removed from the disk; deleting it twice isn't an error."""
    key = await images.keep(file_of(tmp_path, b"boat"), ImageFormat.PNG)
    await images.forget(key)
    await images.forget(key)
    assert kept_in(tmp_path) == []


async def test_sweeping_takes_what_is_old_and_nothing_else(images: ImageStore, tmp_path: Path) -> None:
    """Images stored before the cutoff are deleted, those stored since, or again since, stay."""
    for content in (b"boat", b"ship"):
        await images.keep(file_of(tmp_path, content), ImageFormat.PNG)
    for path in kept_in(tmp_path):
        os.utime(path, (0, 0))
    boat = await images.keep(file_of(tmp_path, b"boat"), ImageFormat.PNG)
    assert await images.sweep(datetime.now(UTC) - timedelta(days=1)) == 1
    assert [path.name for path in kept_in(tmp_path)] == [Path(boat).name]
    assert await images.sweep(datetime.now(UTC) + timedelta(days=1)) == 1
    assert kept_in(tmp_path) == []


async def test_a_folder_may_be_named_by_its_address(tmp_path: Path) -> None:
    """`IMAGE_STORE_URL` decides where the bytes go, also into a folder with a space in its name."""
    folder = tmp_path / "my pictures"
    folder.mkdir()
    key = await open_image_store(folder.as_uri(), tmp_path).keep(file_of(tmp_path, b"boat"), ImageFormat.PNG)
    assert (folder / key).read_bytes() == b"boat"
    assert not (tmp_path / "images").exists()


@pytest.mark.parametrize("url", ["nonsense", "ftp://example.com/x", "s3://"])
def test_a_bad_address_is_one_sentence(tmp_path: Path, url: str) -> None:
    """The operator reads which setting is wrong, and its valid values."""
    with pytest.raises(StartupError, match=r"IMAGE_STORE_URL can't be opened\. Use `file://"):
        open_image_store(url, tmp_path)
