"""The moderator who invites the bot, and reads once how to begin."""

import asyncio

from playground.app import environment_for
from playground.bot_process import BotProcess
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.stage import Stage, text_of

HELLO = "I make pictures from your words"


def greetings(guild: Guild) -> list[Message]:
    """Return every greeting in a server."""
    return [m for channel in guild.channels.values() for m in channel.messages.values() if HELLO in text_of(m)]


def server(stage: Stage, *names: str) -> tuple[Guild, list[Channel]]:
    """Found a server without the bot."""
    guild = stage.discord.world.add_guild("Quay", with_bot=False)
    return guild, [guild.add_channel(name) for name in names]


async def greeted(stage: Stage, guild: Guild) -> Message:
    """Invite the bot, and return its only greeting."""
    stage.discord.world.invite_bot(guild)
    await stage.discord.world.until(lambda: greetings(guild))
    [message] = greetings(guild)
    return message


async def test_the_bot_greets_where_discord_greets(stage: Stage) -> None:
    """One message in the system channel, with links to its commands and the limits of now."""
    async with stage.running():
        guild, [_, welcome] = server(stage, "rules", "welcome")
        guild.system_channel = welcome
        message = await greeted(stage, guild)
    assert message.channel is welcome
    for command in ("imagine", "help", "setup", "limits show"):
        root = command.split(maxsplit=1)[0]
        assert f"</{command}:{stage.discord.world.commands.named(root, guild.id).id}>" in text_of(message)
    assert "200" in text_of(message)  # pictures a day, the operator's default
    assert not message.mentions.disturbed_anybody


async def test_the_bot_greets_in_the_first_channel_where_it_may_write(stage: Stage) -> None:
    """A system channel that is closed to it is passed over."""
    async with stage.running():
        guild, [closed, open_] = server(stage, "rules", "lounge")
        guild.system_channel = closed
        closed.overwrite(guild.everyone, deny=Permission.SEND_MESSAGES)
        assert (await greeted(stage, guild)).channel is open_


async def test_a_start_and_a_reconnection_are_no_join(stage: Stage) -> None:
    """A server that was greeted, and one that was there before, are left alone."""
    async with stage.running():
        guild, _ = server(stage, "lounge")
        await greeted(stage, guild)
        await reconnect(stage)
        await stage.picture(await stage.imagine())
    async with stage.running():
        await stage.picture(await stage.imagine())
    assert len(greetings(guild)) == 1
    assert greetings(stage.guild) == []


async def test_each_join_is_greeted(stage: Stage) -> None:
    """A server that removes the bot and invites it again reads the limits again."""
    async with stage.running():
        guild, _ = server(stage, "lounge")
        await greeted(stage, guild)
        guild.throw_out_bot()
        stage.clock.wind(3600)
        stage.discord.world.invite_bot(guild)
        await stage.discord.world.until(lambda: len(greetings(guild)) == 2)


async def test_two_processes_greet_once(stage: Stage) -> None:
    """Both see the join, for example while one replaces the other, and one message comes of it."""
    other = stage.folder / "second"
    other.mkdir()
    second = BotProcess(environment_for(stage.discord, stage.apiframe, other, **stage.settings), other, lambda: None)
    async with stage.running():
        await second.start()
        gateway = stage.discord.gateway
        await stage.discord.world.until(lambda: len(gateway.connected) == 2)
        guild, _ = server(stage, "lounge")
        await greeted(stage, guild)
        await asyncio.sleep(1)
        await second.stop()
    assert len(greetings(guild)) == 1


async def reconnect(stage: Stage) -> None:
    """Make the bot begin a new session, in which it gets every server again."""
    [before] = stage.discord.gateway.sessions
    stage.discord.gateway.invalidate()
    gateway = stage.discord.gateway
    await stage.discord.world.until(lambda: gateway.connected and before not in gateway.sessions)
