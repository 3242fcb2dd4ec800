"""Looking back at a picture: its details, from its button and from its message's menu."""

import pytest

from standins.discord.client.options import OptionValue
from standins.discord.components import walk
from standins.discord.model.messages import Message
from tests.images import COLOURS, photo
from tests.journeys.answers import changed, from_more, guessed_button, id_of, pressed, private_answer
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
        details = await from_more(stage, bob, picture, "Details")
    assert is_private(details)
    [order], [job] = stage.orders(), stage.jobs()
    seed = order["fluxParams"]["seed"]
    size = picture.payload()["attachments"][0]
    for words in (
        f"<@{stage.alice.user.id}>",
        f"Size: {size['width']} × {size['height']} pixels",
        f"Seed: `{seed}`",
        f"Cost: {job.cost} credit",
        "Time taken: ",
        "Options: 16:9 · 0.5 MP · jpg · quality 80",
        "```\na red boat\n```",
    ):
        assert words in details.text
    assert not details.mentions.disturbed_anybody


async def test_the_line_makes_the_same_picture_again(stage: Stage) -> None:
    """Typed as it stands there, the line orders exactly the same."""
    async with stage.running():
        picture = await delivered(stage, "a boat", width=512, height=768, private=True, spoiler=True)
        line = line_of(await from_more(stage, stage.alice, picture, "Copy command"))
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
        command = await from_more(stage, stage.alice, picture, "Copy command")
    seed = stage.orders()[0]["fluxParams"]["seed"]
    assert is_private(command)
    assert line_of(command) == f"{LINE}{prompt.strip()} seed:{seed}"
    assert bool(command.attachments) is in_file
    assert not command.mentions.disturbed_anybody


@pytest.mark.parametrize("prompt", ["*" * 2000, "a ```block```", "first line\nsecond line"])
async def test_details_have_the_whole_prompt(stage: Stage, prompt: str) -> None:
    """A prompt that the card would cut or change comes as a file; neither costs the card its ancestors."""
    async with stage.running():
        picture = await delivered(stage, prompt)
        for _ in range(3):
            picture = await stage.picture(await stage.alice.presses(picture, "Reroll"))
            await stage.settled()
        details = await from_more(stage, stage.alice, picture, "Details")
    assert details.text.count("Reroll of: [this picture]") == 3
    in_file = [each.read().decode() for each in details.attachments if each.filename == "prompt.txt"]
    assert in_file == [prompt] or f"```\n{prompt}\n```" in details.text


async def test_references_are_shown_in_their_order(stage: Stage) -> None:
    """Each as a small image under its option's name, and the line says which to attach."""
    images: dict[str, OptionValue] = {
        f"image{n}": photo(f"{n}.png", colour) for n, colour in enumerate(COLOURS, start=1)
    }
    async with stage.running():
        picture = await delivered(stage, "a red boat", **images)
        details = await from_more(stage, stage.alice, picture, "Details")
        command = await from_more(stage, stage.alice, picture, "Copy command")
    assert [attachment.filename for attachment in details.attachments] == [f"image{n}.jpg" for n in range(1, 9)]
    assert "8 reference images" in details.text
    assert "`image1` to `image8`" in command.text


async def test_references_that_are_gone_are_named(stage: Stage) -> None:
    """If files have expired, their number is named, and the others are shown."""
    async with stage.running():
        picture = await delivered(stage, image1=photo(), image2=photo("b.png", "blue"))
        [red, _] = [path for path in (stage.folder / "images").rglob("*.png") if path.stat().st_size < 1000]
        red.unlink()
        details = await from_more(stage, stage.alice, picture, "Details")
    [shown] = details.attachments
    gone = {"image1.jpg": "image2", "image2.jpg": "image1"}[shown.filename]
    assert f"No longer stored: `{gone}`" in details.text


async def test_the_line_of_ancestors_is_linked(stage: Stage) -> None:
    """Details lead back through every picture that this one comes from, past one that was deleted."""
    async with stage.running():
        first = await delivered(stage)
        second = await stage.picture(await stage.alice.presses(first, "Reroll"))
        await stage.settled()
        third = await stage.picture(await stage.alice.presses(second, "⬆️"))
        await stage.settled()
        question = await from_more(stage, stage.alice, second, "Delete")
        await changed(stage, await stage.alice.presses(question, "Delete"), "Deleted.")
        details = await from_more(stage, stage.alice, third, "Details")
    place = f"https://discord.com/channels/{stage.guild.id}/{stage.channel.id}"
    assert "Larger version of: deleted picture" in details.text
    assert f"Reroll of: [this picture]({place}/{first.id})" in details.text
    assert str(second.id) not in details.text


async def test_the_menu_of_a_message_shows_details(stage: Stage) -> None:
    """The menu says the same as the button, and refuses other messages."""
    bob = stage.joins("bob")
    async with stage.running():
        picture = await delivered(stage)
        chat = await bob.sends(stage.channel, "nice boat")
        details = await private_answer(stage, await bob.uses(picture, "Picture details"))
        refused = await private_answer(stage, await bob.uses(chat, "Picture details"))
    assert "Seed: " in details.text
    assert "none of my pictures" in refused.text


async def test_details_outlive_the_message(stage: Stage) -> None:
    """After somebody deleted the message by hand, a button kept elsewhere still tells, and so does the history."""
    async with stage.running():
        picture = await delivered(stage)
        stage.discord.world.delete(picture)
        guess = guessed_button(stage, stage.channel, f"p:details:{id_of(picture)}")
        assert "Seed: " in (await pressed(stage, stage.alice, guess, "guessed")).text
        history = await private_answer(stage, await stage.alice.types("/history", stage.channel))
        assert "a red boat" in history.text


async def test_details_lead_to_what_was_made_from_a_picture(stage: Stage) -> None:
    """Every child has its line: linked if anybody may open it, and described if it is deleted or private."""
    bob = stage.joins("bob")
    async with stage.running():
        first = await delivered(stage)
        reroll = await stage.picture(await bob.presses(first, "Reroll"))
        larger = await stage.picture(await stage.alice.presses(first, "⬆️"))
        await stage.settled()
        question = await from_more(stage, bob, reroll, "Delete")
        await changed(stage, await bob.presses(question, "Delete"), "Deleted.")
        details = await from_more(stage, bob, first, "Details")
    place = f"https://discord.com/channels/{stage.guild.id}/{stage.channel.id}"
    assert "↳ Reroll: deleted picture" in details.text
    assert f"↳ Larger version: [this picture]({place}/{larger.id})" in details.text
    assert str(reroll.id) not in details.text


async def test_details_name_private_children_without_a_link(stage: Stage) -> None:
    """Once its parent is published, a private picture that was made from it is described to everybody."""
    async with stage.running():
        private = await delivered(stage, private=True)
        child = await stage.picture(await stage.alice.presses(private, "Reroll"))
        await stage.settled()
        await changed(stage, await stage.alice.presses(private, "Publish"), "everyone can see it")
        [public] = [each for each in stage.pictures() if not is_private(each)]
        details = await private_answer(stage, await stage.joins("bob").uses(public, "Picture details"))
    assert "↳ Reroll: private picture" in details.text
    assert str(child.id) not in details.text


@pytest.mark.slow
async def test_many_children_are_counted(stage: Stage) -> None:
    """The card lists the first ones and says how many more there are."""
    async with stage.running():
        first = await delivered(stage)
        for _ in range(14):
            await stage.picture(await stage.alice.presses(first, "Reroll"))
        await stage.settled()
        details = await from_more(stage, stage.alice, first, "Details")
    lines = [line for line in details.text.splitlines() if line.startswith("↳")]
    assert lines[-1] == f"↳ and {14 - (len(lines) - 1)} more pictures"


async def test_an_edit_shows_before_and_after(stage: Stage) -> None:
    """Both stand in one gallery, the picture that was edited first; without its bytes there is no such pair."""
    async with stage.running():
        first = await delivered(stage, "a boat")
        form = await stage.alice.presses(first, "Edit")
        await form.answered()
        edit = await stage.picture(
            await stage.alice.submits(form, {"What should change?": "make it blue", "Reference images": [photo()]})
        )
        await stage.settled()
        details = await from_more(stage, stage.alice, edit, "Details")
        galleries = [part["items"] for part in walk(details.components) if "items" in part]
        assert [[item["description"] for item in items] for items in galleries] == [
            ["Before", "After: make it blue"],
            ["image2"],
        ]
        assert [each.filename for each in details.attachments] == ["image1.jpg", "image2.jpg", "picture.jpg"]
        oldest = min((stage.folder / "images").rglob("*.*"), key=lambda file: file.stat().st_mtime_ns)
        oldest.unlink()
        details = await from_more(stage, stage.alice, edit, "Details")
    galleries = [part["items"] for part in walk(details.components) if "items" in part]
    assert [[item["description"] for item in items] for items in galleries] == [["image2"]]
