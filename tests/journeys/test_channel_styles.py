"""The moderator who gives a channel a look of its own, and the members who draw there."""

import json

import pytest

from bot.picture.request import PROMPT_MAX
from standins.discord.client.person import Person
from tests.images import photo
from tests.journeys.answers import pressed, private_answer
from tests.journeys.moderators import moderator_of, say
from tests.journeys.test_defaults import set_style
from tests.journeys.test_privacy import asks, draws, rows
from tests.journeys.test_styles import FRAME, makes, rerolls
from tests.stage import Stage

pytestmark = pytest.mark.shared_bot

OTHER = "oil: {prompt}"


async def set_up(stage: Stage, *, required: bool) -> Person:
    """Give the channel a style, and Alice one of her own."""
    moderator = moderator_of(stage)
    await makes(stage, moderator, frame=FRAME, image1=photo(), server=True)
    await makes(stage, stage.alice, "oil", frame=OTHER)
    saved = await say(
        stage, moderator, "/limits channels style", channel=stage.channel, style="Nora", required=required
    )
    assert "**nora**, required" in saved if required else "**nora**, the default" in saved
    return moderator


def prompts(stage: Stage) -> list[str]:
    """Return the prompts that were ordered."""
    return [order["prompt"] for order in stage.orders()]


async def test_a_default_is_for_new_pictures_without_a_style(stage: Stage) -> None:
    """Another style wins, and so does none; a picture of before stays the same."""
    async with stage.running():
        before = await draws(stage, stage.alice, "a ship")
        await set_up(stage, required=False)
        for options in ({}, {"style": "oil"}, {"style": "none"}):
            await draws(stage, stage.alice, "a boat", **options)
        await rerolls(stage, before)
        thread = stage.channel.add_thread("boats")
        await stage.picture(await stage.alice.types("/imagine", thread, prompt="a dog"))
        await stage.settled()
    assert prompts(stage)[1:] == [
        *(FRAME.format(prompt="a boat"), OTHER.format(prompt="a boat"), "a boat", "a ship"),
        FRAME.format(prompt="a dog"),
    ]
    assert len(stage.orders()[1]["fluxParams"]["input_images"]) == 1


async def test_a_required_style_is_for_all(stage: Stage) -> None:
    """A request with another one is refused, by a command or a mention; elsewhere everything is allowed."""
    elsewhere = stage.guild.add_channel("elsewhere")
    async with stage.running():
        before = await draws(stage, stage.alice, "a ship")
        moderator = await set_up(stage, required=True)
        for style in ("oil", "none"):
            refusal = await asks(stage, stage.alice, "/imagine", prompt="a boat", style=style)
            assert "This channel requires the style **nora**" in refusal.text
        await stage.alice.sends(stage.channel, f"<@{stage.discord.world.bot.id}> a boat style: oil")
        await stage.shows("This channel requires the style")
        await rerolls(stage, before)
        await stage.picture(await stage.alice.types("/imagine", elsewhere, prompt="a cat", style="oil"))
        await stage.settled()
        assert "**nora**, required" in await say(stage, moderator, "/limits show")
    assert prompts(stage)[1:] == [FRAME.format(prompt="a ship"), OTHER.format(prompt="a cat")]


async def test_the_rule_is_undone_and_survives_a_rename(stage: Stage) -> None:
    """A style that a channel has can't be deleted; the undo takes it from the channel."""
    async with stage.running():
        moderator = await set_up(stage, required=True)
        await say(stage, moderator, "/style edit", style="nora", name="Norah", server=True)
        assert "**Norah**, required" in await say(stage, moderator, "/limits show")
        question = await asks(stage, moderator, "/style delete", style="norah", server=True)
        assert f"is the style of <#{stage.channel.id}>" in (await pressed(stage, moderator, question, "Delete")).text
        await say(stage, moderator, "/limits channels style", channel=stage.channel)
        await draws(stage, stage.alice, "a boat", style="oil")
        log = await asks(stage, moderator, "/limits history")
        await moderator.presses(log, "Undo")
        await stage.discord.world.until(lambda: "**undone**" in log.text)
        assert (
            "requires the style **Norah**"
            in (await asks(stage, stage.alice, "/imagine", prompt="a boat", style="oil")).text
        )
    assert prompts(stage) == [OTHER.format(prompt="a boat")]


async def test_images_of_a_channels_style_count(stage: Stage) -> None:
    """The refusal names the style that the member didn't."""
    async with stage.running():
        await set_up(stage, required=False)
        images = {f"image{number}": photo() for number in range(1, 9)}
        refusal = await asks(stage, stage.alice, "/imagine", None, prompt="a boat", **images)
        assert "The style `nora` brings 1 image, so there is room for 7 of yours, and you sent 8." in refusal.text
    assert stage.orders() == []


@pytest.mark.parametrize("trouble", ["image is lost", "no room for images", "no room for words", "word is blocked"])
async def test_a_required_style_displaces_a_default_one_that_cannot_be_used(stage: Stage, trouble: str) -> None:
    """By a command, a mention and braces. In a channel that requires none, the member's own is refused."""
    elsewhere, prompt = stage.guild.add_channel("elsewhere"), "a boat at night"
    frame = ("x" * PROMPT_MAX + "{prompt}")[-PROMPT_MAX:] if trouble == "no room for words" else "ink: {prompt}"
    count = 7 if trouble == "no room for images" else 1
    images = {f"image{number}": photo(f"{number}.png", "green") for number in range(1, count + 1)}
    async with stage.running():
        moderator = await set_up(stage, required=True)
        blue, grey = photo("blue.png", "blue"), photo("grey.png", "grey")
        await makes(stage, stage.alice, "mine", frame=frame, image1=blue, image2=grey)
        card = await set_style(stage, "mine")
        await stage.discord.world.until(lambda: "Style: **mine**" in card.text)
        if trouble == "image is lost":
            lose_images_of_members(stage)
        if trouble == "word is blocked":
            await say(stage, moderator, "/limits words add", word="ink")
        refused = await private_answer(stage, await stage.alice.types("/imagine", elsewhere, prompt=prompt, **images))
        assert refused.text
        await draws(stage, stage.alice, prompt, **images)
        if trouble != "no room for images":
            await stage.alice.sends(stage.channel, f"<@{stage.discord.world.bot.id}> {prompt}")
            await stage.show_pictures(2)
            question = await asks(stage, stage.alice, "/imagine", None, prompt="{a boat at night|a boat at night}")
            await stage.alice.presses(question, "Make 2 pictures")
            await stage.discord.world.until(lambda: len(stage.orders()) == 4)
            await stage.settled()
    assert set(prompts(stage)) == {FRAME.format(prompt=prompt)}


def lose_images_of_members(stage: Stage) -> None:
    """Delete the files of the images that members' styles have."""
    for (content,) in rows(stage, "SELECT content FROM styles WHERE owner LIKE 'user:%'"):
        for image in json.loads(content)["images"]:
            (stage.folder / "images" / image["reference"]["key"]).unlink(missing_ok=True)
