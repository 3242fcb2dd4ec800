"""Looking back at a picture: its details, from its button and from its message's menu."""

import pytest

from standins.discord.client.options import OptionValue
from standins.discord.model.messages import Message
from tests.images import COLOURS, photo
from tests.journeys.answers import guessed_button, id_of, pressed, private_answer
from tests.stage import Stage, is_private

pytestmark = pytest.mark.shared_bot

LINE = "/imagine prompt:"


async def delivered(stage: Stage, prompt: str = "a red boat", **options: OptionValue) -> Message:
    """Draw a picture for Alice, and return its message once it is settled."""
    picture = await stage.picture(await stage.imagine(prompt, **options))
    await stage.settled()
    return picture


def line_of(details: Message) -> str:
    """Return the line that makes the picture again, from the card or from the file beside it."""
    for attachment in details.attachments:
        if attachment.filename == "imagine.txt":
            return attachment.read().decode()
    return next(line for line in details.text.splitlines() if line.startswith(LINE))


@pytest.mark.own_bot
async def test_details_say_everything_and_only_to_who_asked(stage: Stage) -> None:
    """Options, true size, seed, price, times and member; anybody may press it, after a restart too."""
    bob = stage.joins("bob")
    async with stage.running():
        picture = await delivered(stage, aspect_ratio="16:9", resolution="0.5", output_format="jpg", output_quality=80)
    async with stage.running():
        details = await pressed(stage, bob, picture, "Details")
    assert is_private(details)
    [order], [job] = stage.orders(), stage.jobs()
    seed = order["fluxParams"]["seed"]
    size = picture.payload()["attachments"][0]
    for words in (
        f"<@{stage.alice.user.id}>",
        f"{size['width']} × {size['height']} pixels",
        f"Seed `{seed}`",
        f"Cost {job.cost} credit",
        "Chosen: 16:9 · 0.5 MP · jpg · quality 80",
        f"{LINE}a red boat aspect_ratio:16:9 resolution:0.5 MP seed:{seed} output_format:jpg output_quality:80",
    ):
        assert words in details.text
    assert not details.mentions.disturbed_anybody


async def test_the_line_makes_the_same_picture_again(stage: Stage) -> None:
    """Typed as it stands there, the line orders exactly the same."""
    async with stage.running():
        picture = await delivered(stage, "a boat", width=512, height=768, private=True, spoiler=True)
        line = line_of(await pressed(stage, stage.alice, picture, "Details"))
        assert line.endswith("private:True spoiler:True")
        typed = dict(part.split(":", 1) for part in line.removeprefix(f"{LINE}a boat ").split())
        seed, width, height = (int(typed[name]) for name in ("seed", "width", "height"))
        await delivered(stage, "a boat", seed=seed, width=width, height=height)
    first, second = stage.orders()
    assert first == second


@pytest.mark.parametrize(
    ("prompt", "in_file"),
    [
        ("a ```block``` of `code`", True),
        ("first line\nsecond line", True),
        ("\\" * 2000, False),
        ("[a](https://evil.example) @everyone " * 50, False),
    ],
    ids=["backticks", "lines", "long when escaped", "markup"],
)
async def test_no_prompt_is_cut_or_changed_in_its_line(stage: Stage, prompt: str, in_file: bool) -> None:
    """A prompt that a card would change comes in a file, and everything else is on the card unchanged."""
    async with stage.running():
        picture = await delivered(stage, prompt.strip())
        details = await pressed(stage, stage.alice, picture, "Details")
    seed = stage.orders()[0]["fluxParams"]["seed"]
    assert line_of(details) == f"{LINE}{prompt.strip()} seed:{seed}"
    assert bool(details.attachments) is in_file
    assert not details.mentions.disturbed_anybody


async def test_a_line_that_the_card_has_no_room_for_comes_as_a_file(stage: Stage) -> None:
    """Neither the line nor the ancestors are cut when both are long."""
    prompt = "*" * 2000
    async with stage.running():
        picture = await delivered(stage, prompt)
        for _ in range(3):
            picture = await stage.picture(await stage.alice.presses(picture, "Reroll"))
            await stage.settled()
        details = await pressed(stage, stage.alice, picture, "Details")
    assert details.text.count("Reroll: ") == 3
    assert line_of(details).startswith(f"{LINE}{prompt} seed:")
    assert details.attachments


async def test_references_are_shown_in_their_order(stage: Stage) -> None:
    """Each as a small image under its option's name, and the line says which to attach."""
    images: dict[str, OptionValue] = {
        f"image{n}": photo(f"{n}.png", colour) for n, colour in enumerate(COLOURS, start=1)
    }
    async with stage.running():
        picture = await delivered(stage, "a red boat", **images)
        details = await pressed(stage, stage.alice, picture, "Details")
    assert [attachment.filename for attachment in details.attachments] == [f"image{n}.jpg" for n in range(1, 9)]
    assert "`image1` to `image8`" in details.text
    assert "8 reference images" in details.text


async def test_references_that_are_gone_are_named(stage: Stage) -> None:
    """If files have expired, their number is named, and the others are shown."""
    async with stage.running():
        picture = await delivered(stage, image1=photo(), image2=photo("b.png", "blue"))
        [red, _] = [path for path in (stage.folder / "images").rglob("*.png") if path.stat().st_size < 1000]
        red.unlink()
        details = await pressed(stage, stage.alice, picture, "Details")
    [shown] = details.attachments
    gone = {"image1.jpg": "image2", "image2.jpg": "image1"}[shown.filename]
    assert f"Not kept any more, and so not shown: `{gone}`" in details.text


async def test_the_line_of_ancestors_is_linked(stage: Stage) -> None:
    """Details lead back through every picture that this one comes from, past one that was deleted."""
    async with stage.running():
        first = await delivered(stage)
        second = await stage.picture(await stage.alice.presses(first, "Reroll"))
        await stage.settled()
        third = await stage.picture(await stage.alice.presses(second, "4 MP"))
        await stage.settled()
        question = await pressed(stage, stage.alice, second, "Delete")
        await stage.alice.presses(question, "Delete it")
        await stage.discord.world.until(lambda: "Deleted." in question.text)
        details = await pressed(stage, stage.alice, third, "Details")
    place = f"https://discord.com/channels/{stage.guild.id}/{stage.channel.id}"
    assert "Larger version: a picture that was deleted" in details.text
    assert f"Reroll: [this picture]({place}/{first.id})" in details.text
    assert str(second.id) not in details.text


async def test_the_menu_of_a_message_shows_details(stage: Stage) -> None:
    """The menu says the same as the button, and is honest about other messages."""
    bob = stage.joins("bob")
    async with stage.running():
        picture = await delivered(stage)
        chat = await bob.sends(stage.channel, "nice boat")
        details = await private_answer(stage, await bob.uses(picture, "Picture details"))
        refused = await private_answer(stage, await bob.uses(chat, "Picture details"))
    assert LINE in details.text
    assert "no picture of mine" in refused.text


async def test_details_outlive_the_message(stage: Stage) -> None:
    """After somebody deleted the message by hand, a button kept elsewhere still tells, and so does the history."""
    async with stage.running():
        picture = await delivered(stage)
        stage.discord.world.delete(picture)
        guess = guessed_button(stage, stage.channel, f"p:details:{id_of(picture)}")
        assert LINE in (await pressed(stage, stage.alice, guess, "guessed")).text
        history = await private_answer(stage, await stage.alice.types("/history", stage.channel))
        assert "a red boat" in history.text
