"""Hostile files: too much memory, too much time, or two formats at once."""

import io
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.images.decoding import ImageWorker, NotDecodable
from bot.images.still import FRAMES_MAX, SCANS_MAX
from bot.picture.formats import ImageFormat
from standins.discord.model.attachments import Upload
from tests.depth import cases
from tests.images import image_bytes, photo
from tests.journeys.answers import private_answer
from tests.promises import Attack
from tests.stage import Stage

PROMPTLY = 5.0  # seconds, also on a machine that is busy
FRAME = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"


def gif_of(frames: int) -> bytes:
    """Return a GIF of one pixel and this many frames."""
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6) + FRAME * frames + b";"


def animation(kind: str, frames: int) -> bytes:
    """Return an animated image of a few pixels, no two frames of which are the same."""
    first, *others = [Image.new("RGB", (9, 9), (number * 101 % 256, number * 59 % 256, 7)) for number in range(frames)]
    encoded = io.BytesIO()
    first.save(encoded, kind, save_all=True, append_images=others)
    return encoded.getvalue()


def progressive_jpeg(size: tuple[int, int], extra_scans: int = 0) -> bytes:
    """Return a progressive JPEG whose last scan is repeated: each one makes a decoder go through all of it again."""
    encoded = io.BytesIO()
    Image.new("RGB", size, "teal").save(encoded, "JPEG", progressive=True)
    whole = encoded.getvalue()
    last = max(whole.rindex(b"\xff\xda"), 0)
    tables = whole.rindex(b"\xff\xc4")
    return whole[:-2] + whole[min(last, tables) : -2] * extra_scans + whole[-2:]


# Made when they are needed: that takes longer than to import everything else.
HOSTILE: dict[str, Callable[[], bytes]] = {
    "a GIF of 10,000 frames": lambda: gif_of(10_000),
    "a GIF of 25 MB of frames": lambda: gif_of(25_000_000 // len(FRAME)),
    "a PNG of too many frames": lambda: animation("PNG", FRAMES_MAX + 1),
    "a WebP of too many frames": lambda: animation("WEBP", FRAMES_MAX + 1),
    "a JPEG of 100,000 scans": lambda: progressive_jpeg((9000, 9000), 100_000),
}


def kept(folder: Path, content: bytes | bytearray) -> Path:
    """Write a file and return it."""
    file = folder / "image"
    file.write_bytes(content)
    return file


@pytest.mark.promise(Attack.DECOMPRESSION_BOMB)
@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
async def test_what_would_take_hours_is_refused_at_once(tmp_path: Path, make: Callable[[], bytes]) -> None:
    """By its structure, and before anything is decoded."""
    file = kept(tmp_path, make())
    began_at = time.monotonic()
    with pytest.raises(NotDecodable, match="too many"):
        await ImageWorker().inspect(file)
    assert time.monotonic() - began_at < PROMPTLY


@pytest.mark.parametrize(
    ("content", "image_format"),
    [
        (gif_of(FRAMES_MAX), ImageFormat.GIF),
        (animation("WEBP", 12), ImageFormat.WEBP),
        (progressive_jpeg((90, 90), SCANS_MAX - 12), ImageFormat.JPEG),
        (progressive_jpeg((90, 90)) + b"\xff\xda" * 1000, ImageFormat.JPEG),
    ],
    ids=["long GIF", "animated WebP", "patient JPEG", "JPEG with a film behind it, as telephones take them"],
)
async def test_what_is_merely_unusual_is_taken(tmp_path: Path, content: bytes, image_format: ImageFormat) -> None:
    """The bounds are far from real images."""
    file = kept(tmp_path, content)
    assert (await ImageWorker().inspect(file)).format is image_format


async def test_a_photo_with_a_second_one_in_it_is_a_photo(tmp_path: Path) -> None:
    """Telephones put a depth or a brightness map behind the picture, and Pillow has another name for that."""
    photo_itself = Image.effect_noise((64, 48), 50).convert("RGB")
    file = tmp_path / "image"
    photo_itself.save(file, "MPO", save_all=True, append_images=[photo_itself.resize((32, 24))])
    seen = await ImageWorker().inspect(file)
    assert (seen.format, seen.width, seen.height) == (ImageFormat.JPEG, 64, 48)


@pytest.mark.promise(Attack.SLOW_DECODING)
async def test_whatever_takes_too_long_is_given_up_and_the_next_one_is_served(tmp_path: Path) -> None:
    """An image that is not decoded in time is refused, and holds nobody up, however many come side by side."""
    image_worker = ImageWorker(at_once=1, deadline_seconds=0.3)
    file = kept(tmp_path, progressive_jpeg((6000, 6000), SCANS_MAX - 12))
    for _ in range(2):
        with pytest.raises(NotDecodable, match="not done after"):
            await image_worker.inspect(file)
    file = kept(tmp_path, image_bytes())
    assert (await image_worker.inspect(file)).format is ImageFormat.PNG


@pytest.mark.promise(Attack.POLYGLOT)
async def test_a_file_that_is_two_things_is_only_ever_an_image(stage: Stage) -> None:
    """A PNG that is an archive as well is handed on as a PNG, byte by byte, and nobody looks into the archive."""
    both = io.BytesIO(image_bytes())
    both.seek(0, io.SEEK_END)
    with zipfile.ZipFile(both, "a") as archive:
        archive.writestr("index.html", "<script>alert(1)</script>")
    async with stage.running():
        await stage.picture(await stage.imagine(image1=Upload("page.html", both.getvalue(), "image/png")))
    [reference] = stage.jobs()[0].references
    assert reference.content == both.getvalue()
    assert [file.suffix for file in (stage.folder / "images").rglob("*.*")].count(".png") >= 1


@pytest.mark.promise(Attack.DECOMPRESSION_BOMB)
async def test_a_bomb_is_refused_by_name_and_costs_nothing(stage: Stage) -> None:
    """The person learns which image it is, and the bot serves the next one."""
    bomb = Upload("bomb.gif", gif_of(10_000), "image/gif")
    async with stage.running():
        answer = await private_answer(stage, await stage.imagine(image1=photo(), image2=bomb))
        assert "`image2` is damaged or too large to open" in answer.text
        await stage.picture(await stage.imagine(image1=photo()))
    assert len(stage.orders()) == 1


WHOLE = [
    *(image_bytes("red", (40, 30), kind) for kind in ("PNG", "JPEG", "WEBP", "GIF")),
    *(animation(kind, 4) for kind in ("PNG", "WEBP", "GIF")),
]


@pytest.mark.promise(Attack.POLYGLOT)
@settings(max_examples=cases(300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    whole=st.sampled_from(WHOLE),
    cuts=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 8), st.binary(max_size=8)), min_size=1, max_size=10),
)
async def test_a_damaged_file_is_an_image_or_is_none(
    tmp_path: Path, whole: bytes, cuts: list[tuple[int, int, bytes]]
) -> None:
    """With bytes changed, lost or added, a decoder's own errors never come out."""
    damaged = bytearray(whole)
    for at, lost, added in cuts:
        damaged[at % len(damaged) : at % len(damaged) + lost] = added or b"\xff"
    file = kept(tmp_path, damaged)
    try:
        await DARKROOM.inspect(file)
        await DARKROOM.shrink(file, tmp_path / "small", 10)
    except NotDecodable:
        return


DARKROOM = ImageWorker()
