"""Members attach photos as they are: as large as from today's phones, and from any program."""

import io
import struct
from pathlib import Path

import pytest
from PIL import Image

from bot.images.decoding import ImageWorker
from bot.images.references import REFERENCE_MAX_PIXELS
from bot.picture.formats import ImageFormat
from standins.discord.model.attachments import Upload
from tests.bot.images.test_decoding import png_of_declared_size
from tests.bot.images.test_metadata import DAMAGED_WEBP, PECULIAR
from tests.images import photo
from tests.journeys.answers import private_answer
from tests.promises import Attack
from tests.stage import Stage

pytestmark = pytest.mark.shared_bot

RED, BLUE = (254, 0, 0), (0, 0, 254)
P3 = b"\0\0\2\x0cappl\4\0\0\0mntrRGB XYZ " + bytes(500)  # as much of a profile as anybody looks at


def phone_photo(size: tuple[int, int] = (2800, 2100), orientation: int = 6, **options: object) -> bytes:
    """Return a JPEG that is stored on its side, red above and blue below as it is shown, turned clockwise."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, size[0], size[1]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif, **options)
    return buffer.getvalue()


def kept(stage: Stage) -> list[bytes]:
    return [file.read_bytes() for file in (stage.folder / "images").rglob("*.*")]


def is_like(pixel: object, color: tuple[int, int, int]) -> bool:
    return isinstance(pixel, tuple) and all(abs(a - b) < 12 for a, b in zip(pixel, color, strict=True))


@pytest.mark.promise(Attack.LARGE_PHOTO)
async def test_a_large_photo_travels_as_a_small_one_that_stands_upright(stage: Stage) -> None:
    """The model gets at most 4 MP, and neither the disk nor Apiframe sees the original."""
    original = phone_photo(icc_profile=P3)
    async with stage.running():
        interaction = await stage.imagine(
            image1=Upload("DSC_1.JPG", original, "image/jpeg"), resolution="match_input_image"
        )
        await stage.picture(interaction)
        await stage.settled()
        [reference] = stage.jobs()[0].references
        [file] = stage.attached(interaction)
        assert file.path not in reference.url
        with Image.open(io.BytesIO(reference.content)) as sent:
            assert sent.width * sent.height <= REFERENCE_MAX_PIXELS
            assert sent.width * sent.height > 0.99 * REFERENCE_MAX_PIXELS
            assert abs(sent.height / sent.width - 2800 / 2100) < 0.002
            assert is_like(sent.getpixel((100, 100)), RED)
            assert is_like(sent.getpixel((100, sent.height - 100)), BLUE)
            assert not sent.getexif()
            assert sent.info["icc_profile"] == P3
        assert original not in kept(stage)
        assert reference.content in kept(stage)


async def test_a_large_photo_can_be_rerolled(stage: Stage) -> None:
    """The copy is all that there is, whether Discord's link lives or not."""
    async with stage.running():
        picture = await stage.picture(await stage.imagine(image1=Upload("a.jpg", phone_photo(), "image/jpeg")))
        await stage.settled()
        await stage.alice.presses(picture, "Reroll")
        await stage.show_pictures(2, timeout=30)
    first, second = stage.jobs()
    assert first.references[0].content == second.references[0].content


async def test_transparency_of_a_large_image_is_kept(tmp_path: Path) -> None:
    """Transparent areas stay transparent."""
    image = Image.new("RGBA", (3000, 2000), (0, 0, 0, 0))
    image.paste((254, 0, 0, 255), (0, 0, 1500, 2000))
    image.save(tmp_path / "image", "PNG")
    copy, seen = await ImageWorker().prepare(tmp_path / "image", tmp_path / "copy", REFERENCE_MAX_PIXELS)
    assert seen.format is ImageFormat.WEBP
    with Image.open(copy) as shrunk:
        alpha = shrunk.getchannel("A")
    assert (alpha.getpixel((100, 100)), alpha.getpixel((seen.width - 100, 100))) == (255, 0)


async def test_a_photo_of_108_megapixels_is_taken(tmp_path: Path) -> None:
    """It is scaled down while it is decoded, so that it needs no more memory than any other."""
    Image.new("L", (12000, 9000), 90).save(tmp_path / "image", "JPEG")
    copy, seen = await ImageWorker().prepare(tmp_path / "image", tmp_path / "copy", REFERENCE_MAX_PIXELS)
    assert (seen.width, seen.height) == (2364, 1773)
    assert await ImageWorker().inspect(copy) == seen


async def test_16_bit_grays_keep_their_lights(tmp_path: Path) -> None:
    """A scan of paper does not come out white all over."""
    row = struct.pack("<H", 20_000) * 1300 + struct.pack("<H", 50_000) * 1300
    image = Image.frombytes("I;16", (2600, 2000), row * 2000)
    image.save(tmp_path / "image", "PNG")
    copy, seen = await ImageWorker().prepare(tmp_path / "image", tmp_path / "copy", REFERENCE_MAX_PIXELS)
    with Image.open(copy) as shrunk:
        assert is_like(shrunk.getpixel((100, 100)), (78, 78, 78))
        assert is_like(shrunk.getpixel((seen.width - 100, 100)), (195, 195, 195))


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1, 6_000_000), (6_000_000, 1), (60_000, 90)])
async def test_a_very_long_image_comes_out_as_long_as_it_can_be_encoded(tmp_path: Path, size: tuple[int, int]) -> None:
    """No side is too long for an encoder, and none vanishes."""
    Image.new("L", size, 90).save(tmp_path / "image", "PNG")
    copy, seen = await ImageWorker().prepare(tmp_path / "image", tmp_path / "copy", REFERENCE_MAX_PIXELS)
    assert max(seen.width, seen.height) == 16_383
    assert await ImageWorker().inspect(copy) == seen


async def test_an_image_of_4_megapixels_goes_as_it_is(stage: Stage) -> None:
    """Nothing is encoded again that need not be, and Discord's link is used while it lives."""
    content = phone_photo((2048, 2048))
    async with stage.running():
        interaction = await stage.imagine(image1=Upload("a.jpg", content, "image/jpeg"))
        await stage.picture(interaction)
    [reference] = stage.jobs()[0].references
    [file] = stage.attached(interaction)
    assert reference.content == content
    assert file.path in reference.url


@pytest.mark.promise(Attack.LARGE_PHOTO)
async def test_too_many_pixels_are_named_with_both_figures(stage: Stage) -> None:
    """The member reads how many the image has, and how many it may have; nothing is spent."""
    async with stage.running():
        bomb = Upload("poster.png", png_of_declared_size(20_000, 12_000), "image/png")
        answer = await private_answer(stage, await stage.imagine(image1=photo(), image2=bomb))
    assert "`image2` has 240.0 megapixels. I can open up to 100" in answer.text
    assert stage.orders() == []


@pytest.mark.promise(Attack.ODD_METADATA)
async def test_images_that_other_programs_wrote_are_drawn_from(stage: Stage) -> None:
    """Eight of them at once, from upload to picture."""
    brought = [content for name, content in PECULIAR.items() if "cut" not in name and "no end" not in name]
    async with stage.running():
        for start in range(0, len(brought), 8):
            files = [Upload(f"{n}.png", content, "image/png") for n, content in enumerate(brought[start : start + 8])]
            images = {f"image{n}": file for n, file in enumerate(files, start=1)}
            await stage.picture(await stage.imagine(resolution="0.5", **images), timeout=60)
    assert [each.content for job in stage.jobs() for each in job.references] == brought


async def test_a_webp_with_damaged_bits_is_named_before_anything_is_spent(stage: Stage) -> None:
    """Its header is valid, and Apiframe would have charged for an image that the model can't read."""
    async with stage.running():
        broken = Upload("a.webp", DAMAGED_WEBP, "image/webp")
        answer = await private_answer(stage, await stage.imagine(image1=broken))
    assert "`image1` is damaged" in answer.text
    assert stage.orders() == []
