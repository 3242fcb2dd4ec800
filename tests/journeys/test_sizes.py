"""The member who asks for a size, and the picture that comes back."""

from typing import Any

import pytest
import structlog
from PIL import Image

from standins.apiframe.faults import Fault, Kind
from standins.discord.client.options import OptionValue
from standins.discord.model.attachments import Upload
from standins.discord.model.messages import Message
from tests.images import image_bytes
from tests.journeys.answers import from_more
from tests.promises import ApiframeFault
from tests.stage import Stage, text_of

pytestmark = pytest.mark.shared_bot

SPELLINGS = ("documented", "table")
MISSED = "but the model made"


def size_of(message: Message) -> tuple[int, int]:
    """Return the size of the picture in a message."""
    attachment: dict[str, Any] = message.payload()["attachments"][0]
    return attachment["width"], attachment["height"]


def phone_photo() -> Upload:
    """Return a portrait as phones store it: 400 x 300 pixels, to be turned by a quarter."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return Upload("portrait.jpg", image_bytes(size=(400, 300), kind="JPEG", exif=exif), "image/jpeg")


def screenshot() -> Upload:
    """Return an image of a ratio that the model does not list."""
    return Upload("screenshot.png", image_bytes(size=(1170, 2532)), "image/png")


@pytest.mark.parametrize("wire_format", SPELLINGS)
@pytest.mark.parametrize(
    ("options", "size"),
    [
        ({"aspect_ratio": "7:5"}, (1200, 864)),
        ({"aspect_ratio": "21:9", "resolution": "4"}, (2048, 880)),
        ({"aspect_ratio": "match_input_image", "resolution": "0.5", "image1": screenshot()}, (496, 1056)),
        ({"resolution": "match_input_image", "image1": screenshot()}, (944, 2048)),
        ({"width": 1000, "height": 700}, (1008, 704)),
    ],
    ids=["7:5", "21:9", "photo", "as the photo", "steps"],
)
async def test_a_ratio_that_the_model_does_not_list_comes_out_as_asked(
    stage: Stage, wire_format: str, options: dict[str, OptionValue], size: tuple[int, int]
) -> None:
    """It is ordered in pixels, whichever way Apiframe wants it said, and Details says which."""
    async with stage.running():
        stage.apiframe.wire_format = "table" if wire_format == "table" else "documented"
        await stage.picture(await stage.imagine(resolution="0.5"))  # which teaches the spelling
        picture = await stage.picture(await stage.imagine(**options), timeout=30)
        details = await from_more(stage, stage.alice, picture, "Details")
    assert size_of(picture) == size
    order = stage.orders()[-1]["fluxParams"]
    assert (order["width"], order["height"]) == size
    assert order.get("aspect_ratio") == ("custom" if wire_format == "table" else None)
    assert MISSED not in text_of(picture)
    assert "resolution" in options or f"{size[0]} × {size[1]}" in text_of(details)


@pytest.mark.promise(ApiframeFault.SIZE_IGNORED)
async def test_a_size_that_was_ignored_is_said_and_written_differently_next_time(stage: Stage) -> None:
    """The card and the details say so in a line, the log too, and the next order is in the other spelling."""
    stage.apiframe.wire_format = "table"
    async with stage.running():
        with structlog.testing.capture_logs() as log:
            first = await stage.picture(await stage.imagine(width=512, height=768))
        await stage.settled()
        details = await from_more(stage, stage.alice, first, "Details")
        second = await stage.picture(await stage.imagine(width=512, height=768))
    assert (size_of(first), size_of(second)) == ((1024, 1024), (512, 768))
    sentence = "You asked for 512 × 768, but the model made 1024 × 1024."
    assert sentence in text_of(first)
    assert sentence in details.text
    assert MISSED not in text_of(second)
    [line] = [line for line in log if line["event"] == "picture_size_differs"]
    assert (line["asked"], line["came"], line["log_level"]) == ("512 × 768", "1024 × 1024", "warning")
    assert [order["fluxParams"].get("aspect_ratio") for order in stage.orders()] == [None, "custom"]


async def test_a_size_that_both_spellings_write_the_same_changes_none(stage: Stage) -> None:
    """The card says that the picture differs; another spelling would not help."""
    stage.apiframe.faults.arm(Fault(Kind.HUGE, megabytes=0.2))
    async with stage.running():
        first = await stage.picture(await stage.imagine(aspect_ratio="16:9"))
        await stage.picture(await stage.imagine(width=512, height=768))
    assert "You asked for 1360 × 768, but the model made " in text_of(first)
    assert "aspect_ratio" not in stage.orders()[-1]["fluxParams"]


@pytest.mark.parametrize("options", [{}, {"seed": 1}, {"output_format": "png"}])
async def test_where_no_size_was_chosen_none_is_a_wrong_one(stage: Stage, options: dict[str, OptionValue]) -> None:
    """The model chooses, and the card says nothing about it."""
    stage.apiframe.faults.arm(Fault(Kind.HUGE, megabytes=0.2))
    async with stage.running():
        picture = await stage.picture(await stage.imagine(**options))
    assert size_of(picture) != (1024, 1024)
    assert MISSED not in text_of(picture)


@pytest.mark.parametrize("wire_format", SPELLINGS)
async def test_a_phone_photo_has_the_shape_that_people_see(stage: Stage, wire_format: str) -> None:
    """Stored 400 x 300 with an orientation, it is a portrait of 3:4: for the order, and in the picture."""
    stage.apiframe.wire_format = "table" if wire_format == "table" else "documented"
    async with stage.running():
        picture = await stage.picture(
            await stage.imagine(aspect_ratio="match_input_image", resolution="0.5", image1=phone_photo())
        )
    width, height = size_of(picture)
    assert width / height == pytest.approx(3 / 4, rel=0.02)
    assert MISSED not in text_of(picture)
    ratio = stage.orders()[0]["fluxParams"]["aspect_ratio"]
    assert ratio == ("match_input_image" if wire_format == "table" else "3:4")


async def test_the_resolution_in_details_is_one_that_came_out(stage: Stage) -> None:
    """4 MP of a wide picture has 2048 × 1152 pixels, and Details says those; the card has the ratio only."""
    async with stage.running():
        wide = await stage.picture(await stage.imagine(aspect_ratio="16:9", resolution="4"), timeout=30)
        square = await stage.picture(await stage.imagine(resolution="2"), timeout=30)
        of_wide, of_square = [text_of(await from_more(stage, stage.alice, each, "Details")) for each in (wide, square)]
    assert f"-# <@{stage.alice.id}> · 16:9 · " in text_of(wide)
    assert "2048" not in text_of(wide)
    assert "16:9 · 2048 × 1152" in of_wide
    assert "· 4 MP" not in of_wide
    assert "2 MP" in of_square
