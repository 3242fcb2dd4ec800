"""The pictures: of the size, format and bytes that were asked for, with their references."""

from time import process_time

import pytest

from standins.apiframe.painter.pictures import Picture, draw
from standins.apiframe.server import ApiframeStandIn
from tests.bot.images.test_metadata import DAMAGED_WEBP, PECULIAR, PNG, WEBP
from tests.standins.apiframe.conftest import Caller, FluxParams, decoded, image_bytes


@pytest.mark.parametrize(
    ("flux", "size", "image_format"),
    [
        ({}, (1024, 1024), "WEBP"),
        ({"aspect_ratio": "16:9", "resolution": "0.5MP", "output_format": "png"}, (960, 544), "PNG"),
        ({"aspect_ratio": "9:16", "resolution": "4MP", "output_format": "jpg"}, (1152, 2048), "JPEG"),
        ({"aspect_ratio": "3:2", "resolution": "2MP"}, (1776, 1184), "WEBP"),
        ({"width": 512, "height": 272, "output_format": "jpg", "output_quality": 1}, (512, 272), "JPEG"),
        ({"width": 257, "height": 2048}, (256, 2048), "WEBP"),
    ],
)
async def test_picture_has_the_size_and_format_asked_for(
    caller: Caller, flux: FluxParams, size: tuple[int, int], image_format: str
) -> None:
    """The downloaded image has exactly this size and format, and its headers say so."""
    job = await caller.finished(**flux)
    fetched = await caller.fetch(job.images[0].url)
    image = decoded(fetched.body)
    assert (image.size, image.format) == (size, image_format)
    assert fetched.headers["Content-Type"] == f"image/{image_format.lower()}"
    assert int(fetched.headers["Content-Length"]) == len(fetched.body)


async def test_a_link_is_good_in_its_own_spelling_only(caller: Caller) -> None:
    """A link that means the same, and is spelled differently, is refused like a forged one."""
    job = await caller.finished()
    url = job.images[0].url
    tidied = [url.replace(quoted, unquoted, 1) for quoted, unquoted in (("%7E", "~"), ("%2F", "/"), ("%27", "'"))]
    assert [(await caller.fetch(each)).status for each in [url, *tidied]] == [200, 403, 403, 403]


async def test_same_request_gives_the_same_bytes(caller: Caller) -> None:
    """Prompt and seed decide the picture: the same ones give the same bytes, another seed another picture."""
    first, again, other = [await caller.finished("a boat", seed=seed, width=256, height=256) for seed in (1, 1, 2)]
    assert first.images[0].content == again.images[0].content != other.images[0].content


async def test_references_are_fetched_in_order_and_shown(caller: Caller) -> None:
    """A job fetches its references in their order; their colours can be seen in the picture."""
    images = [image_bytes("red"), image_bytes("blue")]
    urls = [(await caller.upload(image)).body["url"] for image in images]
    job = await caller.finished(input_images=urls, output_format="png")
    colours = decoded(job.images[0].content).convert("RGB").getcolors(2**24) or []
    common = {colour for count, colour in colours if count > 2000}
    assert [reference.content for reference in job.references] == images
    assert {(255, 0, 0), (0, 0, 255)} <= common


async def test_matching_an_image_takes_its_shape(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """`match_input_image` follows the first reference, in either spelling."""
    url = (await caller.upload(image_bytes(size=(800, 400)))).body["url"]
    job = await caller.finished(input_images=[url], resolution="match_input_image")
    assert decoded(job.images[0].content).size == (800, 400)
    apiframe.wire_format = "table"
    job = await caller.finished(input_images=[url], aspect_ratio="match_input_image", resolution="1 MP")
    assert decoded(job.images[0].content).size == (1456, 720)


async def test_a_size_counts_only_as_the_spelling_wants_it(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """In the table's spelling a size without `custom` is ignored, in silence, and the price is that of the default."""
    apiframe.wire_format = "table"
    ignored = await caller.finished(width=2048, height=2048)
    heeded = await caller.finished(aspect_ratio="custom", width=2048, height=1024)
    assert decoded(ignored.images[0].content).size == (1024, 1024)
    assert decoded(heeded.images[0].content).size == (2048, 1024)
    assert ignored.cost < heeded.cost


async def test_a_ratio_that_the_model_does_not_know_fails(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """The API takes any `W:H`; the model draws in nine ratios, and names them when it fails, refunded."""
    job = await caller.finished(aspect_ratio="7:5")
    assert (job.status, apiframe.charged) == ("FAILED", 0)
    assert "16:9" in (job.error or "")


@pytest.mark.parametrize("kind", ["gone", "no image", "nobody there"])
async def test_reference_that_cannot_be_used_fails_the_job(
    apiframe: ApiframeStandIn, caller: Caller, kind: str
) -> None:
    """A reference that is gone, or no image, fails the job by its number, refunded."""
    good = (await caller.upload(image_bytes())).body["url"]
    bad = {"gone": f"{apiframe.base_url}/cdn/uploads/x", "no image": f"{apiframe.base_url}/v2/models"}
    job = await caller.finished(input_images=[good, bad.get(kind, "http://127.0.0.1:1/x.png")])
    assert (job.status, apiframe.charged) == ("FAILED", 0)
    assert (job.error or "").startswith("Input image 2 ")


@pytest.mark.parametrize(
    "content", [content for name, content in PECULIAR.items() if name != "a WebP whose EXIF is cut off"]
)
async def test_a_reference_is_taken_for_its_pixels(caller: Caller, content: bytes) -> None:
    """The real service reads over metadata that make no sense, as every common decoder does."""
    url = (await caller.upload(content)).body["url"]
    job = await caller.finished(input_images=[url], aspect_ratio="1:1", resolution="0.5MP")
    assert (job.status, job.error) == ("COMPLETED", None)


@pytest.mark.parametrize(
    "content",
    [DAMAGED_WEBP, *(IMAGE[: len(IMAGE) // 2] for IMAGE in (PNG, WEBP))],
    ids=["damaged", "half", "half a WebP"],
)
async def test_a_reference_that_cannot_be_decoded_fails_the_job(
    apiframe: ApiframeStandIn, caller: Caller, content: bytes
) -> None:
    """However its decoder fails, the job ends, and is refunded."""
    url = (await caller.upload(content)).body["url"]
    job = await caller.finished(input_images=[url])
    assert (job.status, job.error) == ("FAILED", "Input image 1 is not a readable image")
    assert apiframe.charged == 0


@pytest.mark.parametrize("prompt", ["x", "émoji 🎲 " * 200, "W" * 2000, "a cat, a castle and a city at night", "\n\t"])
@pytest.mark.parametrize("size", [(256, 2048), (2048, 256)])
def test_any_prompt_fits_any_picture(prompt: str, size: tuple[int, int]) -> None:
    """Long words, many lines and strange letters never break a picture, however narrow."""
    references = tuple(image_bytes(colour) for colour in ("red", "blue") * 4)
    assert decoded(draw(Picture(prompt, None, size, "jpg", 80, references))).size == size


def test_large_picture_is_cheap() -> None:
    """The largest picture takes under a second and a half of CPU time, so that nobody waits for the stand-in."""
    began = process_time()
    draw(Picture("a castle in the mountains", 1, (2048, 2048), "png", 80))
    assert process_time() - began < 1.5
