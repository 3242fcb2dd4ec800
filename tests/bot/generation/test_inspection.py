"""Image bytes from anywhere: the whole ones are told apart from the rest, and fitted without being distorted."""

import struct
import zlib
from math import isqrt
from pathlib import Path

import pytest
from PIL import Image

from bot.generation.inspection import PIXELS_MAX, Darkroom, Inspected, NotDecodable
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
def darkroom() -> Darkroom:
    return Darkroom()


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
    darkroom: Darkroom, tmp_path: Path, kind: str, image_format: ImageFormat
) -> None:
    """Format, size and weight come from the bytes, whatever the file is called."""
    file = saved(noise(), tmp_path, kind).rename(tmp_path / "holiday.txt")
    assert await darkroom.inspect(file) == Inspected(image_format, *NOISE, file.stat().st_size)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("kept", [0.02, 0.5, 0.95])
async def test_a_cut_off_image_is_refused(darkroom: Darkroom, tmp_path: Path, kind: str, kept: float) -> None:
    """A file that lacks its end is found out, also where its head is in order."""
    file = saved(noise(), tmp_path, kind)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(NotDecodable):
        await darkroom.inspect(file)


@pytest.mark.parametrize(
    "content",
    [b"", b"Dear diary", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n" + bytes(64), b"%!PS-Adobe"],
    ids=["empty", "text", "svg", "head alone", "postscript"],
)
async def test_what_is_no_image_of_ours_is_refused(darkroom: Darkroom, tmp_path: Path, content: bytes) -> None:
    """Nothing but the four formats is ever handed to a decoder."""
    file = tmp_path / "image.png"
    file.write_bytes(content)
    with pytest.raises(NotDecodable):
        await darkroom.inspect(file)


async def test_another_format_is_refused(darkroom: Darkroom, tmp_path: Path) -> None:
    """A whole image in a format that neither platform takes is none of ours."""
    with pytest.raises(NotDecodable):
        await darkroom.inspect(saved(noise(), tmp_path, "BMP"))


@pytest.mark.parametrize("side", [isqrt(PIXELS_MAX) + 1, 50_000], ids=["just over our bound", "gigabytes"])
async def test_a_decompression_bomb_is_refused_before_it_is_decoded(
    darkroom: Darkroom, tmp_path: Path, side: int
) -> None:
    """A few bytes that would fill the memory are refused by what they declare."""
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(png_of_declared_size(side, side))
    with pytest.raises(NotDecodable, match=r"too many|Bomb"):
        await darkroom.inspect(bomb)
    with pytest.raises(NotDecodable, match=r"too many|Bomb"):
        await darkroom.refit(bomb, tmp_path / "smaller", 1000)


def png_of_declared_size(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that claims to be as large as it is told."""

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
    darkroom: Darkroom, tmp_path: Path, size: tuple[int, int], mode: str, limit_bytes: int
) -> None:
    """However far it has to shrink, its longer side is within a pixel of what the shorter one asks for."""
    smaller = tmp_path / "smaller"
    fitted = await darkroom.refit(saved(noise(size, mode), tmp_path), smaller, limit_bytes)
    assert fitted == await darkroom.inspect(smaller)
    assert fitted.size_bytes <= limit_bytes
    short, long = sorted((fitted.width, fitted.height))
    assert abs(short * max(size) / min(size) - long) <= 1
    assert (fitted.width < fitted.height) == (size[0] < size[1])


async def test_nothing_fits_into_nothing(darkroom: Darkroom, tmp_path: Path) -> None:
    """A limit that no image meets ends in an error, and not in an endless search."""
    with pytest.raises(NotDecodable, match="fits into 10 bytes"):
        await darkroom.refit(saved(noise((64, 64)), tmp_path), tmp_path / "smaller", 10)


async def test_quality_goes_before_size(darkroom: Darkroom, tmp_path: Path) -> None:
    """An image that fits by quality alone keeps every pixel."""
    file = saved(noise(), tmp_path)
    fitted = await darkroom.refit(file, tmp_path / "smaller", file.stat().st_size // 3)
    assert (fitted.width, fitted.height) == NOISE
    assert fitted.format is ImageFormat.JPEG


HOLED = noise(mode="RGB").convert("RGBA")
HOLED.paste((0, 0, 0, 0), (0, 0, NOISE[0] // 2, NOISE[1]))


@pytest.mark.parametrize(
    ("image", "kind"),
    [(HOLED, "PNG"), (HOLED.convert("LA"), "PNG"), (HOLED.quantize(), "PNG"), (HOLED, "GIF"), (HOLED, "WEBP")],
    ids=["colour PNG", "grey PNG", "palette PNG", "GIF", "WebP"],
)
async def test_what_was_transparent_stays_so(darkroom: Darkroom, tmp_path: Path, image: Image.Image, kind: str) -> None:
    """A hole in the picture does not turn black, in whichever way the file spelt it."""
    smaller = tmp_path / "smaller"
    fitted = await darkroom.refit(saved(image, tmp_path, kind), smaller, 30_000)
    assert (fitted.format, fitted.size_bytes <= 30_000) == (ImageFormat.WEBP, True)
    with Image.open(smaller) as seen:
        alpha = seen.convert("RGBA").getchannel("A")
    assert alpha.crop((0, 0, fitted.width * 3 // 8, fitted.height)).getextrema() == (0, 0)
    assert alpha.crop((fitted.width * 5 // 8, 0, fitted.width, fitted.height)).getextrema() == (255, 255)
