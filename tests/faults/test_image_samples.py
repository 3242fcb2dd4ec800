"""Every image that anybody might bring: samples of other packages, all that Pillow can write, and damaged ones."""

import io
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from bot.images.decoding import ImageWorker, NotDecodable
from tests.promises import Attack

SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff")
PIXELS_MAX = 1500  # so that nearly every sample is shrunk
SIZES = [(61, 47), (1, 1), (1, 900), (900, 1)]
DAMAGES = 5  # of each kind for each sample


def shipped() -> list[Path]:
    """Return the images that installed packages ship, among them those of pygame's and mahotas' examples and tests."""
    files = (file for each in distributions() for file in each.files or () if file.suffix.lower() in SUFFIXES)
    return sorted(Path(str(file.locate())) for file in files)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def drawn(mode: str, size: tuple[int, int] = SIZES[0], seed: int = 1) -> Image.Image:
    """Return an image of random pixels."""
    noise = Image.frombytes("RGBA", size, Random(seed).randbytes(size[0] * size[1] * 4))
    if mode == "P":
        return noise.convert("RGB").quantize(16)
    return noise.convert("L").convert(mode) if mode in {"1", "LA", "I;16"} else noise.convert(mode)


def turned(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif.tobytes()


def written() -> Iterator[bytes]:
    """Yield what Pillow can write in the four formats: every mode, and every option that changes the structure."""
    for size in SIZES:
        for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
            yield encoded(drawn(mode, size), "PNG")
        yield from (encoded(drawn(mode, size), "JPEG") for mode in ("L", "RGB", "CMYK"))
        yield from (encoded(drawn(mode, size), "GIF") for mode in ("1", "L", "P", "RGB", "RGBA"))
        yield from (encoded(drawn("RGBA", size), "WEBP", lossless=lossless) for lossless in (True, False))
    for bits in (1, 2, 4, 8):
        yield encoded(drawn("P"), "PNG", bits=bits)
    yield encoded(drawn("RGB"), "PNG", transparency=(1, 2, 3))
    yield encoded(drawn("L"), "PNG", transparency=7)
    yield encoded(drawn("P"), "PNG", transparency=bytes(range(16)))
    yield encoded(drawn("P"), "GIF", transparency=3, interlace=0)
    for subsampling in (0, 1, 2):
        yield encoded(drawn("RGB"), "JPEG", progressive=True, subsampling=subsampling)
        yield encoded(drawn("RGB"), "JPEG", restart_marker_rows=1, subsampling=subsampling)
    for orientation, kind in ((orientation, kind) for orientation in range(10) for kind in ("PNG", "JPEG", "WEBP")):
        yield encoded(drawn("RGB"), kind, exif=turned(orientation))
    yield from animated()


def animated() -> Iterator[bytes]:
    """Yield animations, with each way to make room for the next frame."""
    others = [drawn("RGBA", seed=seed) for seed in (2, 3)]
    for disposal in range(4):
        yield encoded(drawn("RGBA"), "GIF", save_all=True, append_images=others, disposal=disposal)
    for disposal, blend in ((disposal, blend) for disposal in range(3) for blend in range(2)):
        options = {"save_all": True, "append_images": others, "disposal": disposal, "blend": blend}
        yield encoded(drawn("RGBA"), "PNG", **options)
        yield encoded(drawn("RGBA"), "PNG", default_image=True, **options)
    for lossless in (True, False):
        yield encoded(drawn("RGBA"), "WEBP", save_all=True, append_images=others, lossless=lossless)


def damaged(whole: bytes, chance: Random) -> Iterator[bytes]:
    """Yield a file cut off somewhere, and with some of its bits turned over; the head more often than its share."""
    for _ in range(DAMAGES):
        yield whole[: chance.randrange(len(whole))]
        bits = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            bits[chance.randrange(min(len(bits), chance.choice((64, len(bits)))))] ^= 1 << chance.randrange(8)
        yield bytes(bits)


async def taken(image_worker: ImageWorker, folder: Path, content: bytes) -> bool:
    """Take a file as a reference and as a result; return False if it is refused as no image, and raise what else is."""
    file = folder / "image"
    file.write_bytes(content)
    try:
        seen = await image_worker.inspect(file)
        kept, reference = await image_worker.prepare(file, folder / "copy", PIXELS_MAX)
    except NotDecodable:
        return False
    assert await image_worker.inspect(kept) == reference
    assert reference.width * reference.height <= PIXELS_MAX
    await image_worker.shrink(file, folder / "small", 16)
    assert (await image_worker.refit(file, folder / "fitting", max(40_000, seen.size_bytes))).size_bytes > 0
    return True


@pytest.mark.promise(Attack.ANY_IMAGE)
@pytest.mark.slow
async def test_every_sample_of_other_packages_is_an_image_or_refused(tmp_path: Path) -> None:
    """Any sample image of another package gets a picture or one of our error messages."""
    image_worker, samples = ImageWorker(), shipped()
    outcomes = {file: await taken(image_worker, tmp_path, file.read_bytes()) for file in samples}
    assert len(outcomes) > 100
    ours = {file for file in samples if file.suffix.lower() in {".png", ".jpg", ".jpeg", ".gif", ".webp"}}
    assert {file for file in ours if not outcomes[file]} == set()
    assert {file for file, is_taken in outcomes.items() if is_taken} == ours


@pytest.mark.promise(Attack.ANY_IMAGE)
async def test_everything_that_pillow_writes_is_taken(tmp_path: Path) -> None:
    """Every mode and option of the four formats, from one pixel to the longest line."""
    image_worker = ImageWorker()
    refused = [number for number, content in enumerate(written()) if not await taken(image_worker, tmp_path, content)]
    assert refused == []


@pytest.mark.promise(Attack.ANY_IMAGE)
@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_damaged_is_an_image_or_refused(tmp_path: Path, seed: int) -> None:
    """Files cut anywhere, and with bits turned over anywhere, raise nothing of a decoder's own."""
    image_worker, chance = ImageWorker(), Random(seed)
    for whole in list(written())[seed::4]:
        for content in damaged(whole, chance):
            await taken(image_worker, tmp_path, content)
