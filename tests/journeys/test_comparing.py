"""Before and after: a member compares a picture with the one that it was made from."""

import pytest

from standins.discord.components import walk
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.journeys.answers import first_in_history, from_more, labels_of, pressed
from tests.stage import Stage, is_private, text_of

pytestmark = pytest.mark.shared_bot


async def delivered(stage: Stage, prompt: str = "a red boat", **options: str | bool) -> Message:
    picture = await stage.picture(await stage.imagine(prompt, **options))
    await stage.settled()
    return picture


async def derived(stage: Stage, first: Message, button: str, prompt: str) -> Message:
    """Make Alice press a button and fill in its form, and return the picture."""
    form = await stage.alice.presses(first, button)
    await form.answered()
    field = "What should change?" if button == "Edit" else "What to draw"
    picture = await stage.picture(await stage.alice.submits(form, {field: prompt}))
    await stage.settled()
    return picture


def gallery_of(message: Message) -> list[str]:
    """Return what the pictures of a message's gallery are called for a screen reader."""
    return [item["description"] for part in walk(message.components) if "items" in part for item in part["items"]]


@pytest.mark.parametrize("button", ["Edit", "Remix"])
async def test_compare_shows_both_pictures_and_the_words_that_changed(stage: Stage, button: str) -> None:
    """Side by side in one gallery, for nobody else: removed words struck through, new ones bold."""
    async with stage.running():
        first = await delivered(stage, "a red boat at *dawn*")
        second = await derived(stage, first, button, "a blue boat at *dawn*")
        details = await from_more(stage, stage.alice, second, "Details")
        compared = await pressed(stage, stage.alice, details, "Compare")
    assert is_private(compared)
    assert gallery_of(compared) == ["Before", "After: a blue boat at *dawn*"]
    assert [each.filename for each in compared.attachments] == ["before.jpg", "after.jpg"]
    assert r"a ~~red~~ **blue** boat at \*dawn\*" in text_of(compared)
    assert f"/{stage.channel.id}/{first.id})" in text_of(compared)
    assert len(stage.orders()) == 2


async def test_a_larger_copy_is_compared_by_its_size(stage: Stage) -> None:
    """Its words are the same."""
    async with stage.running():
        first = await delivered(stage, resolution="0.5")
        larger = await stage.picture(await stage.alice.presses(first, "⬆️"))
        await stage.settled()
        details = await from_more(stage, stage.alice, larger, "Details")
        compared = await pressed(stage, stage.alice, details, "Compare")
    assert "The prompt is the same." in text_of(compared)
    assert "Size: " in text_of(compared)


async def test_a_picture_with_nothing_to_compare_has_no_such_button(stage: Stage) -> None:
    """A first picture comes from no other one, and a reroll is another throw of the same words."""
    async with stage.running():
        first = await delivered(stage)
        assert labels_of(await from_more(stage, stage.alice, first, "Details")) == []
        reroll = await stage.picture(await stage.alice.presses(first, "Reroll"))
        await stage.settled()
        assert labels_of(await from_more(stage, stage.alice, reroll, "Details")) == []


async def test_images_that_are_gone_are_named(stage: Stage) -> None:
    """The words are still compared."""
    async with stage.running():
        first = await delivered(stage)
        second = await derived(stage, first, "Edit", "a blue boat")
        for file in (stage.folder / "images").rglob("*.*"):
            file.unlink()
        compared = await pressed(stage, stage.alice, await from_more(stage, stage.alice, second, "Details"), "Compare")
    assert gallery_of(compared) == []
    assert "The original picture is no longer stored" in text_of(compared)
    assert "The new picture is no longer stored" in text_of(compared)
    assert "a ~~red~~ **blue** boat" in text_of(compared)


async def test_a_deleted_picture_is_not_compared_with(stage: Stage) -> None:
    """Neither its image nor its words come back."""
    async with stage.running():
        first = await delivered(stage, "a red boat")
        second = await derived(stage, first, "Remix", "a blue boat")
        await stage.alice.presses(await from_more(stage, stage.alice, first, "Delete"), "Delete")
        await stage.discord.world.until(lambda: first.deleted_at is not None)
        compared = await pressed(stage, stage.alice, await from_more(stage, stage.alice, second, "Details"), "Compare")
    assert gallery_of(compared) == ["After: a blue boat"]
    assert "~~" not in text_of(compared)
    assert "a red boat" not in text_of(compared)


@pytest.mark.parametrize(
    ("sees", "gallery"), [(True, ["Before", "After: a blue boat"]), (False, ["After: a blue boat"])]
)
async def test_a_picture_of_a_channel_is_shown_to_who_may_read_it(stage: Stage, sees: bool, gallery: list[str]) -> None:
    """A remix in an open channel gives nobody the picture of a closed one."""
    closed, bob = stage.guild.add_channel("studio"), stage.joins("bob")
    if not sees:
        closed.overwrite(bob, deny=Permission.VIEW_CHANNEL)
    async with stage.running():
        first = await stage.picture(await stage.alice.types("/imagine", closed, prompt="a red boat"))
        await stage.settled()
        chosen = await first_in_history(stage, stage.alice)
        second = await derived(stage, chosen, "Remix", "a blue boat")
        compared = await pressed(stage, bob, await from_more(stage, bob, second, "Details"), "Compare")
    assert first.channel is closed
    assert gallery_of(compared) == gallery
    assert ("~~red~~" in text_of(compared)) is sees
