"""The operator whose processor makes pictures instead of clearing memory for them."""

import platform
import resource
from pathlib import Path

import pytest
from PIL import Image

from bot.images.decoding import ImageWorker

SIZE = (1024, 1024)
PICTURES = 10
PAGES_OF_A_PICTURE = 4 * SIZE[0] * SIZE[1] // resource.getpagesize()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other systems decide for themselves")
async def test_pictures_are_decoded_into_the_same_memory(tmp_path: Path) -> None:
    """After the first one, a picture of one megapixel takes hardly any new pages from the system."""
    file, worker = tmp_path / "picture.webp", ImageWorker(at_once=1)
    Image.effect_noise(SIZE, 20).convert("RGB").save(file, "WEBP")
    await worker.inspect(file)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(PICTURES):
        await worker.inspect(file)
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    assert taken < PICTURES * PAGES_OF_A_PICTURE / 4
