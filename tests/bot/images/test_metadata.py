"""The member whose image another program wrote: its pixels are whole, and what else is in the file is not."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from bot.images.decoding import ImageWorker, NotDecodable
from bot.picture.formats import ImageFormat
from tests.promises import Attack

SIZE = (320, 240)
QUIZ = b"any data"
LARGE = zlib.compress(bytes(3_000_000))


def noise() -> Image.Image:
    """Return an image that every byte of an encoder counts for."""
    return Image.merge("RGB", [Image.effect_noise(SIZE, 80) for _ in range(3)])


def encoded(kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    noise().save(buffer, kind, **options)
    return buffer.getvalue()


PNG, JPEG, WEBP = encoded("PNG"), encoded("JPEG"), encoded("WEBP")


_LOSSLESS = encoded("WEBP", lossless=True)
DAMAGED_WEBP = _LOSSLESS[:40] + b"\xff" * 60 + _LOSSLESS[100:]  # its head is in order, and its bits make no image


def chunk(kind: bytes, body: bytes, checksum: int | None = None) -> bytes:
    checksum = zlib.crc32(kind + body) if checksum is None else checksum
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def with_chunk(kind: bytes, body: bytes, checksum: int | None = None, *, at_end: bool = False) -> bytes:
    """Return the PNG with another chunk, right after its header or before its end."""
    at = len(PNG) - 12 if at_end else 33
    return PNG[:at] + chunk(kind, body, checksum) + PNG[at:]


def with_segment(marker: int, body: bytes) -> bytes:
    """Return the JPEG with another segment right at its begin."""
    return JPEG[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + JPEG[2:]


def extended_webp(*chunks: tuple[bytes, bytes], flags: int) -> bytes:
    """Return the WebP in an extended file, with chunks after its pixels that are as long as their bodies."""
    width, height = (side - 1 for side in SIZE)
    head = bytes([flags, 0, 0, 0]) + width.to_bytes(3, "little") + height.to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", len(head)) + head + WEBP[12:]
    body += b"".join(kind + struct.pack("<I", len(content)) + content for kind, content in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


PECULIAR = {
    "a packed text of 3 MB": with_chunk(b"zTXt", b"Comment\0\0" + LARGE),
    "a packed text of 3 MB at its end": with_chunk(b"zTXt", b"Comment\0\0" + LARGE, at_end=True),
    "an international text of 3 MB": with_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + LARGE),
    "a color profile of 3 MB": with_chunk(b"iCCP", b"screen\0\0" + LARGE),
    "a text packed in an unknown way": with_chunk(b"zTXt", b"Comment\0\7abc"),
    "a text with a wrong checksum": with_chunk(b"tEXt", b"Comment\0hello", 1),
    "a profile with a wrong checksum": with_chunk(b"iCCP", b"screen\0\0" + zlib.compress(b"x"), 1),
    "a chunk of an unknown kind with a wrong checksum": with_chunk(b"quIz", b"hello", 1),
    "a chunk whose kind is no word": with_chunk(b"\xe4\xf6\xfc\xdf", b"hello"),
    "a short gamma": with_chunk(b"gAMA", b"\0"),
    "a short density": with_chunk(b"pHYs", b"\0\0\0\1"),
    "short chromaticities": with_chunk(b"cHRM", bytes(31)),
    "an empty rendering intent": with_chunk(b"sRGB", b""),
    "a short transparency": with_chunk(b"tRNS", b"\0"),
    "a short animation control": with_chunk(b"acTL", b"\0"),
    "frames out of order": with_chunk(b"fcTL", struct.pack(">I", 7) + bytes(22)),
    "EXIF that is none": with_chunk(b"eXIf", b"II*\0\xff\xff\xff\xff"),
    "no end": PNG[:-12],
    "a JPEG cut 40 bytes before its end": JPEG[:-40],
    "a progressive JPEG cut 40 bytes before its end": encoded("JPEG", progressive=True)[:-40],
    "a JPEG with a short Adobe marker": with_segment(0xEE, b"Adobe"),
    "a JPEG with a short JFIF marker": with_segment(0xE0, b"JFIF\0"),
    "a JPEG with a short profile": with_segment(0xE2, b"ICC_PROFILE\0"),
    "a JPEG with an index of pictures that is none": with_segment(0xE2, b"MPF\0II*\0\x08\0\0\0\1\0"),
    "a JPEG with EXIF that is none": with_segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff" + bytes(20)),
    "a JPEG with a short Photoshop block": with_segment(0xED, b"Photoshop 3.0\0" + b"8BIM"),
    "a WebP whose EXIF is cut off": extended_webp((b"EXIF", bytes(200)), flags=0x08)[:-90],
    "a WebP with a chunk of an unknown kind": extended_webp((b"QUIZ", QUIZ), flags=0),
}


def kept(folder: Path, content: bytes) -> Path:
    file = folder / "image"
    file.write_bytes(content)
    return file


@pytest.mark.promise(Attack.ODD_METADATA)
@pytest.mark.parametrize("content", PECULIAR.values(), ids=PECULIAR.keys())
async def test_pixels_decide_and_not_what_is_written_beside_them(tmp_path: Path, content: bytes) -> None:
    """An image whose pixels are there is taken, as any browser shows it."""
    file = kept(tmp_path, content)
    seen = await ImageWorker().inspect(file)
    assert (seen.width, seen.height) == SIZE
    await ImageWorker().shrink(file, tmp_path / "small", 32)
    assert (await ImageWorker().refit(file, tmp_path / "fitting", 4000)).size_bytes <= 4000


@pytest.mark.parametrize("content", PECULIAR.values(), ids=PECULIAR.keys())
async def test_a_reference_that_lacks_its_end_gets_one(tmp_path: Path, content: bytes) -> None:
    """Stricter decoders accept the copy too; complete images are sent unchanged."""
    file = kept(tmp_path, content)
    taken, seen = await ImageWorker().prepare(file, tmp_path / "copy", 10_000_000)
    is_whole = content.endswith((PNG[-12:], JPEG[-2:], QUIZ))
    assert (taken == file) is is_whole
    assert (seen.width, seen.height) == SIZE
    with Image.open(taken) if not is_whole else noise() as image:
        image.load()


@pytest.mark.parametrize(
    "content",
    [PNG[:33] + PNG[-12:], JPEG[: len(JPEG) * 2 // 3], with_chunk(b"PLTE", bytes(6), 1), JPEG[:2] + JPEG[-2:]],
    ids=["no pixels", "a third is missing", "wrong checksum where it counts", "markers alone"],
)
async def test_an_image_without_its_pixels_is_refused(tmp_path: Path, content: bytes) -> None:
    """Being kind to metadata makes no picture of half of one."""
    with pytest.raises(NotDecodable):
        await ImageWorker().inspect(kept(tmp_path, content))


async def test_a_webp_with_damaged_bits_is_refused(tmp_path: Path) -> None:
    """Its head is in order, so it has to be decoded to be found out."""
    with pytest.raises(NotDecodable):
        await ImageWorker().inspect(kept(tmp_path, DAMAGED_WEBP))


async def test_the_first_picture_of_many_is_the_one_that_counts(tmp_path: Path) -> None:
    """Damage in later frames is nobody's concern: the model gets the first one."""
    first, *others = (noise() for _ in range(4))
    for kind in ("PNG", "WEBP", "GIF"):
        buffer = io.BytesIO()
        first.save(buffer, kind, save_all=True, append_images=others)
        whole = buffer.getvalue()
        file = kept(tmp_path, whole[: len(whole) * 2 // 3])
        assert (await ImageWorker().inspect(file)).format is ImageFormat[kind]
