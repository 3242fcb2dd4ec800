"""People who ask before Discord has told the bot about their server: after a start, or a new identify."""

from collections.abc import Iterator

import pytest

from standins.discord.model.permissions import Permission
from tests.journeys.answers import pressed, private_answer
from tests.journeys.moderators import drawn, moderator_of, refused, say
from tests.promises import DiscordFault
from tests.stage import Stage


@pytest.fixture(autouse=True)
def nothing_unexpected(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail where a traceback was logged."""
    yield
    assert [record.getMessage() for record in caplog.get_records("call") if record.exc_info] == []


@pytest.mark.promise(DiscordFault.GUILD_UNAVAILABLE)
async def test_a_roles_limit_is_enforced_before_the_server_is_known(stage: Stage) -> None:
    """Roles come with the request: a role that may draw nothing draws nothing, and everybody else draws."""
    banned = stage.guild.add_role("banned")
    async with stage.running():
        await say(stage, moderator_of(stage), "/limits role", role=banned, images_per_hour=0)
    bob = stage.joins("bob", roles=[banned])
    stage.discord.gateway.introduces_guilds = False
    async with stage.running():
        assert "0" in await refused(stage, bob)
        await drawn(stage, stage.alice)
    assert len(stage.orders()) == 1


async def test_a_role_that_may_not_use_the_command_may_not_press_a_button(stage: Stage) -> None:
    """A server's own settings for the command are held against the roles that come with the press."""
    banned = stage.guild.add_role("banned")
    bob = stage.joins("bob", roles=[banned])
    async with stage.running():
        picture = await drawn(stage, stage.alice)
        stage.guild.restrict_command("imagine", {banned: False})
    stage.discord.gateway.introduces_guilds = False
    async with stage.running():
        assert "`/imagine`" in (await pressed(stage, bob, picture, "Reroll")).text
        await stage.picture(await stage.alice.presses(picture, "Reroll"))
    assert len(stage.orders()) == 2


@pytest.mark.promise(DiscordFault.GUILD_UNAVAILABLE)
async def test_a_mention_waits_for_its_server(stage: Stage) -> None:
    """A mention needs the server's permissions, and is drawn as soon as they are known."""
    stage.discord.gateway.introduces_guilds = False
    async with stage.running():
        asked = await stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}> a boat")
        await drawn(stage, stage.alice, "a command in the meantime")
        stage.discord.gateway.introduce_guilds()
        pictures = await stage.show_pictures(2)
    assert asked in [each.reference for each in pictures]


async def test_a_reaction_waits_for_its_server(stage: Stage) -> None:
    """A reaction does too, here after a session that Discord has forgotten."""
    async with stage.running():
        picture = await drawn(stage, stage.alice)
        stage.discord.gateway.introduces_guilds = False
        stage.discord.gateway.invalidate()
        await stage.discord.world.until(lambda: stage.discord.gateway.connected, 15)
        await stage.alice.reacts(picture, "🎲")
        await drawn(stage, stage.alice, "a command in the meantime")
        stage.discord.gateway.introduce_guilds()
        await stage.show_pictures(3)


@pytest.mark.promise(DiscordFault.GUILD_UNAVAILABLE)
async def test_a_mention_in_a_server_that_stays_unknown_is_asked_to_wait(stage: Stage) -> None:
    """After some seconds the bot says that it is starting, and to try again."""
    stage.discord.gateway.introduces_guilds = False
    async with stage.running():
        await stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}> a boat")
        await stage.shows("starting")
    assert stage.orders() == []


async def test_the_log_channel_is_checked_once_the_server_is_known(stage: Stage) -> None:
    """`/limits log` needs the bot's own permissions there, and waits for them."""
    closed = stage.guild.add_channel("closed")
    closed.overwrite(stage.guild.everyone, deny=Permission.SEND_MESSAGES)
    moderator = moderator_of(stage)
    stage.discord.gateway.introduces_guilds = False
    async with stage.running():
        interaction = await moderator.types("/limits log", stage.channel, channel=closed)
        await interaction.answered()
        stage.discord.gateway.introduce_guilds()
        assert "Send Messages" in (await private_answer(stage, interaction)).text
