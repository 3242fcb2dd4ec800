"""Images in a child process are the same as in a thread, and so are the reasons why one is refused."""

import asyncio
from pathlib import Path

import pytest

from bot.images.child import ChildDecoder
from bot.images.image_worker import ImageInfo, ImageWorker
from bot.images.still import NotDecodable, TooManyPixels
from tests.bot.images.test_decoding import saved
from tests.images import image_bytes


@pytest.fixture
def image_worker() -> ImageWorker:
    return ImageWorker(decoder=ChildDecoder())


def stored(folder: Path, content: bytes) -> Path:
    file = folder / "image"
    file.write_bytes(content)
    return file


async def test_a_child_sees_the_same_image(image_worker: ImageWorker, tmp_path: Path) -> None:
    """An image that is looked at, shrunk, prepared and refitted has the same properties as in this process."""
    file, here = stored(tmp_path, image_bytes(size=(640, 480))), ImageWorker()
    assert await image_worker.inspect(file) == await here.inspect(file)
    assert await image_worker.prepare(file, tmp_path / "copy", 640 * 480) == (file, await here.inspect(file))
    copy, info = await image_worker.prepare(file, tmp_path / "copy", 10_000)
    assert (copy, info) == (tmp_path / "copy", await here.inspect(copy))
    await image_worker.shrink(file, tmp_path / "small", 64)
    small = await here.inspect(tmp_path / "small")
    assert max(small.width, small.height) == 64
    refitted = await image_worker.refit(file, tmp_path / "refitted", 30_000)
    assert isinstance(refitted, ImageInfo)
    assert refitted.size_bytes <= 30_000


async def test_a_child_says_why_an_image_is_refused(image_worker: ImageWorker, tmp_path: Path) -> None:
    """A member reads the same sentence, with the same number of megapixels."""
    with pytest.raises(NotDecodable):
        await image_worker.inspect(stored(tmp_path, b"Dear diary"))
    large = stored(tmp_path, image_bytes(size=(16_000, 8_000), kind="PNG"))
    with pytest.raises(TooManyPixels) as here:
        await ImageWorker().inspect(large)
    with pytest.raises(TooManyPixels) as there:
        await image_worker.inspect(large)
    assert there.value.megapixels == here.value.megapixels
    assert there.value.megapixels_max == here.value.megapixels_max


async def test_the_log_of_a_child_is_not_its_answer(image_worker: ImageWorker, tmp_path: Path) -> None:
    """EXIF data that cannot be read are logged, and the image is whole."""
    from PIL import Image  # noqa: PLC0415

    file = saved(Image.new("RGB", (64, 48)), tmp_path, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x05broken")
    assert (await image_worker.inspect(file)).width == 64


async def test_a_child_that_is_too_slow_is_killed(tmp_path: Path) -> None:
    """Its call ends at the deadline, and so does the process."""
    worker = ImageWorker(decoder=ChildDecoder(), deadline_seconds=0.01)
    file = stored(tmp_path, image_bytes())
    with pytest.raises(NotDecodable, match="not done after"):
        await worker.inspect(file)
    async with asyncio.timeout(10):
        while running_children(file):  # noqa: ASYNC110  (a process that ends tells nobody)
            await asyncio.sleep(0.02)


def running_children(file: Path) -> list[str]:
    """Return the command lines of living processes that have a file as argument."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = line.read_bytes()
        except OSError:  # it has ended
            continue
        if str(file).encode() in words:
            found.append(words.decode())
    return found
