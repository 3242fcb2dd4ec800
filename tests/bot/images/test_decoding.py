"""Image files from anywhere: valid ones are recognized, and scaled without distortion."""

import struct
import zlib
from math import isqrt
from pathlib import Path

import pytest
from PIL import Image

from bot.images.decoding import PIXELS_MAX, ImageInfo, ImageWorker, NotDecodable
from bot.picture.formats import ImageFormat

NOISE = (640, 360)


def noise(size: tuple[int, int] = NOISE, mode: str = "RGB") -> Image.Image:
    """Return an image that no encoder can make small: 16:9, unless said otherwise."""
    bands = [Image.effect_noise(size, 200) for _ in mode]
    return bands[0] if mode == "L" else Image.merge(mode, bands)


def saved(image: Image.Image, folder: Path, kind: str = "PNG", **options: object) -> Path:
    path = folder / f"image.{kind.lower()}"
    image.save(path, kind, **options)
    return path


@pytest.fixture
def image_worker() -> ImageWorker:
    return ImageWorker()


@pytest.mark.parametrize(
    ("kind", "image_format"),
    [
        ("PNG", ImageFormat.PNG),
        ("JPEG", ImageFormat.JPEG),
        ("WEBP", ImageFormat.WEBP),
        ("GIF", ImageFormat.GIF),
    ],
)
async def test_an_image_is_what_its_bytes_are(
    image_worker: ImageWorker, tmp_path: Path, kind: str, image_format: ImageFormat
) -> None:
    """Format, dimensions and size come from the bytes, whatever the file's name is."""
    file = saved(noise(), tmp_path, kind).rename(tmp_path / "holiday.txt")
    assert await image_worker.inspect(file) == ImageInfo(image_format, *NOISE, file.stat().st_size)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("kept", [0.02, 0.5, 0.95])
async def test_a_cut_off_image_is_refused(image_worker: ImageWorker, tmp_path: Path, kind: str, kept: float) -> None:
    """A file that lacks its end is found out, also where its head is in order."""
    file = saved(noise(), tmp_path, kind)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(NotDecodable):
        await image_worker.inspect(file)


@pytest.mark.parametrize(
    "content",
    [b"", b"Dear diary", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n" + bytes(64), b"%!PS-Adobe"],
    ids=["empty", "text", "svg", "head alone", "postscript"],
)
async def test_what_is_no_image_of_ours_is_refused(image_worker: ImageWorker, tmp_path: Path, content: bytes) -> None:
    """Nothing but the four formats is ever handed to a decoder."""
    file = tmp_path / "image.png"
    file.write_bytes(content)
    with pytest.raises(NotDecodable):
        await image_worker.inspect(file)


async def test_another_format_is_refused(image_worker: ImageWorker, tmp_path: Path) -> None:
    """A valid image in a format that neither platform accepts is rejected."""
    with pytest.raises(NotDecodable):
        await image_worker.inspect(saved(noise(), tmp_path, "BMP"))


@pytest.mark.parametrize("side", [isqrt(PIXELS_MAX) + 1, 50_000], ids=["just over our bound", "gigabytes"])
async def test_a_decompression_bomb_is_refused_before_it_is_decoded(
    image_worker: ImageWorker, tmp_path: Path, side: int
) -> None:
    """A few bytes that would fill the memory are rejected by their declared size."""
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(png_of_declared_size(side, side))
    with pytest.raises(NotDecodable, match=r"too many|Bomb"):
        await image_worker.inspect(bomb)
    with pytest.raises(NotDecodable, match=r"too many|Bomb"):
        await image_worker.refit(bomb, tmp_path / "smaller", 1000)


def png_of_declared_size(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that declares these dimensions."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("limit_bytes", [50_000, 10_000, 2_000])
@pytest.mark.parametrize(
    ("size", "mode"), [((640, 360), "RGB"), ((331, 97), "RGBA"), ((97, 331), "L"), ((60, 480), "RGB")]
)
async def test_a_refitted_image_is_light_enough_and_keeps_its_shape(
    image_worker: ImageWorker, tmp_path: Path, size: tuple[int, int], mode: str, limit_bytes: int
) -> None:
    """However far it's scaled down, its longer side is within a pixel of the exact ratio."""
    smaller = tmp_path / "smaller"
    fitted = await image_worker.refit(saved(noise(size, mode), tmp_path), smaller, limit_bytes)
    assert fitted == await image_worker.inspect(smaller)
    assert fitted.size_bytes <= limit_bytes
    short, long = sorted((fitted.width, fitted.height))
    assert abs(short * max(size) / min(size) - long) <= 1
    assert (fitted.width < fitted.height) == (size[0] < size[1])


def turned(folder: Path, orientation: int, kind: str = "JPEG") -> Path:
    """Return a file of 40 x 30 stored pixels, red on the left and blue on the right, with an EXIF orientation."""
    image = Image.new("RGB", (40, 30), "red")
    image.paste("blue", (20, 0, 40, 30))
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(image, folder, kind, exif=exif)


# The position of the stored left side: row 0 and column 0 by the EXIF standard.
SHOWN_RED = {1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"}
POINTS = {"left": (0.1, 0.5), "right": (0.9, 0.5), "top": (0.5, 0.1), "bottom": (0.5, 0.9)}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", SHOWN_RED)
async def test_an_image_is_taken_as_it_is_shown(
    image_worker: ImageWorker, tmp_path: Path, orientation: int, kind: str
) -> None:
    """Size, thumbnail and smaller copy follow the orientation that a camera noted, in each format that can note it."""
    file, thumbnail, copy = turned(tmp_path, orientation, kind), tmp_path / "thumbnail", tmp_path / "copy"
    shown = (30, 40) if orientation >= 5 else (40, 30)
    seen = await image_worker.inspect(file)
    assert (seen.width, seen.height) == shown
    await image_worker.shrink(file, thumbnail, 20)
    await image_worker.refit(file, copy, 100_000)
    for made, size in ((thumbnail, tuple(side // 2 for side in shown)), (copy, shown)):
        with Image.open(made) as image:
            assert image.size == size
            assert 0x0112 not in image.getexif()
            x, y = POINTS[SHOWN_RED[orientation]]
            pixel = image.convert("RGB").getpixel((int(x * size[0]), int(y * size[1])))
        assert pixel == pytest.approx((255, 0, 0), abs=55)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
async def test_an_orientation_that_is_none_turns_nothing(
    image_worker: ImageWorker, tmp_path: Path, orientation: int
) -> None:
    """A value that the standard does not have leaves the image as it is stored."""
    seen = await image_worker.inspect(turned(tmp_path, orientation))
    assert (seen.width, seen.height) == (40, 30)


@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0",
        b"Exif\0\0not TIFF at all",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\1\x12",
    ],
    ids=["empty", "foreign", "offset beyond the end", "cut off"],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_an_image_with_broken_exif_is_a_whole_image(
    image_worker: ImageWorker, tmp_path: Path, kind: str, exif: bytes
) -> None:
    """It is shown as it is stored, as a browser does, and not refused."""
    file = saved(noise((40, 30)), tmp_path, kind, exif=exif)
    seen = await image_worker.inspect(file)
    assert (seen.width, seen.height) == (40, 30)
    await image_worker.shrink(file, tmp_path / "thumbnail", 20)


async def test_nothing_fits_into_nothing(image_worker: ImageWorker, tmp_path: Path) -> None:
    """A limit that no image meets ends in an error, and not in an endless search."""
    with pytest.raises(NotDecodable, match="fits into 10 bytes"):
        await image_worker.refit(saved(noise((64, 64)), tmp_path), tmp_path / "smaller", 10)


async def test_quality_goes_before_size(image_worker: ImageWorker, tmp_path: Path) -> None:
    """An image that fits after reducing its quality keeps every pixel."""
    file = saved(noise(), tmp_path)
    fitted = await image_worker.refit(file, tmp_path / "smaller", file.stat().st_size // 3)
    assert (fitted.width, fitted.height) == NOISE
    assert fitted.format is ImageFormat.JPEG


HOLED = noise(mode="RGB").convert("RGBA")
HOLED.paste((0, 0, 0, 0), (0, 0, NOISE[0] // 2, NOISE[1]))


@pytest.mark.parametrize(
    ("image", "kind"),
    [(HOLED, "PNG"), (HOLED.convert("LA"), "PNG"), (HOLED.quantize(), "PNG"), (HOLED, "GIF"), (HOLED, "WEBP")],
    ids=["colour PNG", "grey PNG", "palette PNG", "GIF", "WebP"],
)
async def test_what_was_transparent_stays_so(
    image_worker: ImageWorker, tmp_path: Path, image: Image.Image, kind: str
) -> None:
    """A hole in the picture does not turn black, in whichever way the file spelt it."""
    smaller = tmp_path / "smaller"
    fitted = await image_worker.refit(saved(image, tmp_path, kind), smaller, 30_000)
    assert (fitted.format, fitted.size_bytes <= 30_000) == (ImageFormat.WEBP, True)
    with Image.open(smaller) as seen:
        alpha = seen.convert("RGBA").getchannel("A")
    assert alpha.crop((0, 0, fitted.width * 3 // 8, fitted.height)).getextrema() == (0, 0)
    assert alpha.crop((fitted.width * 5 // 8, 0, fitted.width, fitted.height)).getextrema() == (255, 255)
