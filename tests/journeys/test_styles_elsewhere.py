"""Styles outside the server that they were made for, where the bot may not post, and after they were deleted."""

from typing import Any

import pytest

from standins.discord.model.channels import Channel
from standins.discord.model.permissions import Permission
from tests.images import photo
from tests.journeys.answers import guessed_button, pressed, private_answer
from tests.journeys.moderators import moderator_of, say
from tests.journeys.test_defaults import flux, set_defaults, set_style
from tests.journeys.test_privacy import asks, draws, rows
from tests.journeys.test_styles import FRAME, makes
from tests.stage import Stage

pytestmark = pytest.mark.shared_bot


def far_away(stage: Stage) -> Channel:
    """Return a channel of a server without the bot, where Alice brings the app along."""
    stage.alice.user.has_installed_the_app = True
    guild = stage.discord.world.add_guild("Far away", with_bot=False)
    guild.add_member(stage.alice.user)
    return guild.add_channel("chat")


@pytest.mark.parametrize("where", ["direct messages", "a server without the bot"])
async def test_a_servers_style_stays_in_its_server(stage: Stage, where: str) -> None:
    """The member's own come along; the server's are neither offered nor listed, shown, used, shared or a default."""
    place = stage.alice.opens_direct_messages() if where == "direct messages" else far_away(stage)
    async with stage.running(allow_direct_messages=True, allow_user_install=True):
        await makes(stage, moderator_of(stage), "secret", frame="secret: {prompt}", server=True)
        await makes(stage, stage.alice, frame=FRAME)
        for command in ("/imagine", "/style show", "/style edit", "/style share", "/history"):
            typed = {"prompt": "x"} if command == "/imagine" else {}
            offered = await stage.alice.completes(command, place, option="style", text="", **typed)
            assert [each["value"] for each in offered] == ["nora"], command
        assert "secret" not in (await asks(stage, stage.alice, "/style list", place)).text
        for command in ("/style show", "/style share", "/style edit", "/history"):
            refused = (await asks(stage, stage.alice, command, place, style="secret")).text
            assert refused.startswith("There is no style `secret` here. The nearest names: `nora`."), command
        assert "no style" in (await asks(stage, stage.alice, "/imagine", place, prompt="a boat", style="secret")).text
        card = await set_style(stage, "secret")
        await stage.discord.world.until(lambda: "Style: **secret**" in card.text)
        for style in ({}, {"style": "nora"}):
            await stage.picture(await stage.alice.types("/imagine", place, prompt="a boat", **style))
        await stage.settled()
    assert [each["prompt"] for each in stage.orders()] == ["a boat", FRAME.format(prompt="a boat")]


async def test_nobody_changes_a_servers_styles_in_direct_messages(stage: Stage) -> None:
    """There is no server whose styles they could be."""
    talk = stage.alice.opens_direct_messages()
    async with stage.running(allow_direct_messages=True):
        assert (
            "There is no server here."
            in (await asks(stage, stage.alice, "/style create", talk, name="x", server=True)).text
        )


async def test_a_style_that_was_shared_in_a_group_can_be_copied_there(stage: Stage) -> None:
    """By all who read it, and nowhere else."""
    bob = stage.joins("bob")
    group = stage.discord.world.add_group("friends", stage.alice, bob)
    for each in (stage.alice, bob):
        each.user.has_installed_the_app = True
    async with stage.running(allow_user_install=True):
        await makes(stage, stage.alice, frame=FRAME, image1=photo())
        shared = await stage.alice.types("/style share", group, style="nora")
        await stage.discord.world.until(lambda: shared.original and "a style that" in shared.original.text)
        card = shared.original
        assert card is not None
        assert "**Saved.**" in (await pressed(stage, bob, card, "Add to my styles")).text
        [(style_id,)] = rows(stage, "SELECT min(id) FROM styles")
        guessed = guessed_button(stage, stage.channel, f"style:copy:{style_id}")
        assert "can't be copied" in (await pressed(stage, bob, guessed, "guessed")).text


async def test_styles_in_a_paused_channel(stage: Stage) -> None:
    """They can be made and looked at, but not used or shown to others."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/pause", channel=stage.channel)
        assert "**Saved.**" in (await makes(stage, stage.alice, frame=FRAME)).text
        assert "**nora**" in (await asks(stage, stage.alice, "/style show", style="nora")).text
        assert "paused" in (await asks(stage, stage.alice, "/style share", style="nora")).text
        assert "paused" in (await asks(stage, stage.alice, "/imagine", prompt="a boat", style="nora")).text
    assert stage.orders() == []


@pytest.mark.parametrize("rule", ["blocked channel", "blocked member"])
async def test_styles_where_pictures_are_blocked(stage: Stage, rule: str) -> None:
    """A style isn't shown to others there."""
    moderator = moderator_of(stage)
    async with stage.running():
        await makes(stage, stage.alice, frame=FRAME)
        if rule == "blocked channel":
            await say(stage, moderator, "/limits channels deny", channel=stage.channel)
        else:
            await say(stage, moderator, "/limits block", member=stage.alice)
        refusal = (await asks(stage, stage.alice, "/style share", style="nora")).text
        assert refusal == (await asks(stage, stage.alice, "/imagine", None, prompt="a boat", style="nora")).text
    assert stage.orders() == []


async def test_styles_where_the_bot_may_not_post(stage: Stage) -> None:
    """Every command about them is answered, also the one whose answer everyone sees."""
    stage.channel.overwrite(stage.guild.me, deny=Permission.SEND_MESSAGES | Permission.ATTACH_FILES)
    async with stage.running():
        assert "**Saved.**" in (await makes(stage, stage.alice, frame=FRAME, image1=photo())).text
        assert "nora" in (await asks(stage, stage.alice, "/style list")).text
        assert "**nora**" in (await asks(stage, stage.alice, "/style show", style="nora")).text
        shared = await stage.alice.types("/style share", stage.channel, style="nora")
        await stage.discord.world.until(lambda: shared.original is not None and not shared.original.is_loading)
        assert shared.original is not None
        assert "a style that" in shared.original.text
        refusal = await asks(stage, stage.alice, "/imagine", prompt="a boat", style="nora")
        assert "Missing permissions: **Send Messages**, **Attach Files**." in refusal.text
    assert stage.orders() == []


async def test_a_style_that_was_deleted_after_its_name_was_offered(stage: Stage) -> None:
    """Each command says so, and a question about its deletion can't be confirmed twice."""
    async with stage.running():
        for name in ("nora", "oil"):
            await makes(stage, stage.alice, name, frame=FRAME, image1=photo())
        offered = await stage.alice.completes("/imagine", stage.channel, option="style", text="no", prompt="x")
        assert [each["value"] for each in offered] == ["nora"]
        first, second = [await asks(stage, stage.alice, "/style delete", style="nora") for _ in range(2)]
        await stage.alice.presses(first, "Delete")
        await stage.discord.world.until(lambda: "Deleted." in first.text)
        await stage.alice.presses(second, "Delete")
        await stage.discord.world.until(lambda: "That style is already deleted." in second.text)
        for command, options in (
            ("/imagine", {"prompt": "a boat"}),
            ("/style show", {}),
            ("/style share", {}),
            ("/style edit", {"name": "new"}),
            ("/style add-image", {"image": photo()}),
            ("/style remove-image", {"image": 1}),
            ("/style delete", {}),
            ("/history", {}),
        ):
            answer = (
                await private_answer(stage, await stage.alice.types(command, stage.channel, style="nora", **options))
            ).text
            assert answer.startswith("There is no style `nora` here. The nearest names: `oil`."), command
    assert stage.orders() == []


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("brought", [True, False])
@pytest.mark.parametrize("source", ["style", "defaults", "both"])
async def test_the_shape_of_the_first_image(stage: Stage, source: str, brought: bool, own: bool) -> None:
    """From a style or a default, it applies if there is an image, of the member's or the style's."""
    images: dict[str, Any] = {"image1": photo("style.png", "blue", (96, 64))} if brought else {}
    shape: dict[str, Any] = {} if source == "defaults" else {"aspect_ratio": "match_input_image"}
    async with stage.running():
        await makes(stage, stage.alice, frame=FRAME, **images, **shape)
        if source != "style":
            await set_defaults(stage, Shape="match_input_image")
        await draws(stage, stage.alice, "a boat", style="nora", **({"image1": photo(size=(64, 128))} if own else {}))
    drawn = {name: value for name, value in flux(stage).items() if name != "input_images"}
    of_own, of_styles = {"width": 720, "height": 1440}, {"aspect_ratio": "3:2"}
    assert drawn == (of_own if own else of_styles if brought else {})
