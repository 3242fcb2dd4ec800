"""A member types a prompt, and the bot sends an order to Apiframe."""

import io

import pytest
from PIL import Image

from standins.discord.client.options import OptionValue
from standins.discord.model.messages import Message
from tests.images import COLOURS, photo
from tests.stage import Stage, text_of


@pytest.fixture
def sqlite_url(empty_sqlite_url: str) -> str:
    """Begin with no database, as a first start does."""
    return empty_sqlite_url


async def image_of(stage: Stage, message: Message) -> Image.Image:
    """Return the picture in a message as somebody who opens it sees it."""
    attachment = message.payload()["attachments"][0]
    async with stage.browser.get(attachment["url"]) as answer:
        return Image.open(io.BytesIO(await answer.read()))


async def test_a_prompt_becomes_a_picture_in_the_place_of_its_card(stage: Stage) -> None:
    """One command makes one order and one message, which is first a card and then the picture."""
    async with stage.running():
        interaction = await stage.imagine("a red boat at dawn")
        card = interaction.original
        picture = await stage.picture(interaction)
    assert card is picture
    assert stage.pictures() == [picture]
    [order] = stage.orders()
    seed = order["fluxParams"]["seed"]
    assert order == {"prompt": "a red boat at dawn", "model": "flux-2-max", "fluxParams": {"seed": seed}}
    assert 0 <= seed < 2**31
    assert "seed" not in text_of(picture)  # Details has it
    assert f"<@{stage.alice.user.id}>" in text_of(picture)
    assert f"{stage.jobs()[0].cost} credits" in text_of(picture)
    attachment = picture.payload()["attachments"][0]
    assert attachment["description"] == "a red boat at dawn"
    assert attachment["filename"].startswith("a-red-boat-at-dawn-")


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({"aspect_ratio": "16:9", "resolution": "2"}, {"aspect_ratio": "16:9", "resolution": "2MP"}),
        ({"aspect_ratio": "7:5"}, {"width": 1200, "height": 864}),
        ({"width": 512, "height": 768}, {"width": 512, "height": 768}),
        ({"aspect_ratio": "custom", "width": 256, "height": 2048}, {"width": 256, "height": 2048}),
        ({"output_format": "jpg", "output_quality": 0}, {"output_format": "jpg", "output_quality": 0}),
        ({"output_format": "png", "output_quality": 90}, {"output_format": "png"}),
        ({"resolution": "0.5", "output_format": "webp"}, {"resolution": "0.5MP", "output_format": "webp"}),
        ({"seed": -(2**53 - 1)}, {"seed": -(2**53 - 1)}),
        ({"seed": 0}, {"seed": 0}),
    ],
)
async def test_apiframe_gets_what_was_chosen_and_nothing_else(
    stage: Stage, options: dict[str, OptionValue], sent: dict[str, object]
) -> None:
    """Unset options aren't sent; the seed always is."""
    async with stage.running():
        await stage.picture(await stage.imagine(**options))
    [order] = stage.orders()
    assert order["fluxParams"] == {"seed": order["fluxParams"]["seed"]} | sent


async def test_the_picture_has_the_size_that_was_asked_for(stage: Stage) -> None:
    """A custom size comes out exact, in the channel and in the details of the attachment."""
    async with stage.running():
        picture = await stage.picture(await stage.imagine(width=512, height=768, output_format="png"))
        image = await image_of(stage, picture)
    assert (image.format, image.size) == ("PNG", (512, 768))
    assert "512 × 768" in text_of(picture)


async def test_the_table_s_spelling_is_understood_too(stage: Stage) -> None:
    """A server of the other spelling costs one refusal, no second job, and is remembered."""
    stage.apiframe.wire_format = "table"
    async with stage.running():
        await stage.picture(await stage.imagine(resolution="2"))
        await stage.picture(await stage.imagine(width=512, height=512))
    first, second = (order["fluxParams"] for order in stage.orders())
    assert first == {"resolution": "2 MP", "seed": first["seed"]}
    assert second == {"aspect_ratio": "custom", "width": 512, "height": 512, "seed": second["seed"]}


async def test_eight_references_arrive_in_order(stage: Stage) -> None:
    """Each of eight images reaches Apiframe, in the order of the options."""
    images = {f"image{n}": photo(f"{colour}.png", colour) for n, colour in enumerate(COLOURS, start=1)}
    async with stage.running():
        await stage.picture(await stage.imagine(**images))
    [job] = stage.jobs()
    assert [reference.content for reference in job.references] == [image.content for image in images.values()]


async def test_gaps_between_references_are_closed(stage: Stage) -> None:
    """A member may skip options; the order of the others stays."""
    async with stage.running():
        await stage.picture(
            await stage.imagine(image2=photo(colour="blue"), image7=photo(colour="green"), image5=photo(colour="red"))
        )
    [job] = stage.jobs()
    expected = [photo(colour=colour).content for colour in ("blue", "red", "green")]
    assert [reference.content for reference in job.references] == expected


@pytest.mark.parametrize("wire_format", ["documented", "table"])
async def test_a_picture_may_follow_its_first_reference(stage: Stage, wire_format: str) -> None:
    """`match_input_image` makes a picture of the first image's shape, whichever way Apiframe wants it said."""
    stage.apiframe.wire_format = "table" if wire_format == "table" else "documented"
    async with stage.running():
        picture = await stage.picture(
            await stage.imagine(
                aspect_ratio="match_input_image", resolution="0.5", image1=photo(size=(640, 480)), image2=photo()
            )
        )
        image = await image_of(stage, picture)
    assert image.width / image.height == pytest.approx(4 / 3, rel=0.05)


@pytest.mark.english
async def test_the_list_offers_usual_ratios_by_name_and_takes_any_other(stage: Stage) -> None:
    """The list finds a ratio by number or by name, and offers the typed text if it has no name for it."""
    async with stage.running():

        async def offered(text: str) -> list[str]:
            choices = await stage.alice.completes(
                "/imagine", stage.channel, option="aspect_ratio", text=text, prompt="a boat"
            )
            return [choice["name"] for choice in choices]

        assert "16:9 widescreen" in await offered("")
        assert await offered("wide") == ["16:9 widescreen"]
        assert (await offered("7:5"))[0] == "7:5"
        assert await offered("0:5") == []
        assert len(await offered("")) <= 25
