"""Unusual messages and settings: forwards, roles, emoji, titles, and kinds of channels."""

import asyncio

import discord
import pytest

from standins.discord import DiscordStandIn, Upload
from standins.discord.client.options import InvalidOptionError
from standins.discord.client.person import Person
from standins.discord.model.channel_types import ChannelType
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from tests.standins.discord.conftest import Api, Running, bare_bot, png

DIE = 1234567890123456789


async def test_a_forwarded_message_carries_a_snapshot(api: Api, channel: Channel, guild: Guild, alice: Person) -> None:
    """Its content at that time, and its origin; later edits don't change it."""
    first = await alice.sends(guild.add_channel("elsewhere"), "my cat", attachments=[Upload("cat.png", png())])
    forward = await alice.forwards(first, channel)
    await alice.deletes(first)
    told = (await api("GET", f"/channels/{channel.id}/messages/{forward.id}")).body
    [snapshot] = told["message_snapshots"]
    assert (told["message_reference"]["type"], told["message_reference"]["message_id"]) == (1, str(first.id))
    assert [each["filename"] for each in snapshot["message"]["attachments"]] == ["cat.png"]
    assert (told["content"], "author" in snapshot["message"]) == ("", False)


async def test_a_file_whose_name_is_not_kept_has_a_title(api: Api, channel: Channel, alice: Person) -> None:
    """Other letters than Latin ones leave the name, and are in the title."""
    files = [Upload("отчёт.pdf", b"%PDF"), Upload("report.pdf", b"%PDF")]
    message = await alice.sends(channel, attachments=files)
    told = (await api("GET", f"/channels/{channel.id}/messages?limit=1")).body
    shown = message.payload()["attachments"]
    assert [(each["filename"], each.get("title")) for each in shown] == [("pdf", "отчёт"), ("report.pdf", None)]
    assert told[0]["attachments"] == []  # without the content intent


async def test_a_bot_brings_a_role_of_its_own(running: Running, guild: Guild) -> None:
    """discord.py finds it by its tags, and its members have it."""
    async with running(bare_bot()) as bot:
        known = bot.get_guild(guild.id)
        assert known is not None
        assert known.self_role is not None
        assert known.self_role.id == guild.bot_role.id
        assert known.self_role in known.me.roles


async def test_a_custom_emoji_keeps_its_id_however_it_is_spelt(api: Api, channel: Channel, alice: Person) -> None:
    """discord.py sends `:name:id` for a setting that was a plain text, and names change."""
    message = await alice.sends(channel, "hello")
    at = f"/channels/{channel.id}/messages/{message.id}/reactions"
    for spelling in (f":die:{DIE}", f"a:die:{DIE}", f"renamed:{DIE}"):
        assert (await api("PUT", f"{at}/{spelling}/@me")).status == 204
    await alice.reacts(message, f"die:{DIE}")
    [reaction] = message.payload()["reactions"]
    assert (reaction["emoji"]["id"], reaction["count"]) == (str(DIE), 2)


async def test_edits_of_a_channel_share_a_bucket(api: Api, channel: Channel) -> None:
    """Five in five seconds by the bot's token, whichever message is edited."""
    messages = [(await api("POST", f"/channels/{channel.id}/messages", {"content": "x"})).body for _ in range(6)]
    answers = [
        await api("PATCH", f"/channels/{channel.id}/messages/{each['id']}", {"content": "y"}) for each in messages
    ]
    assert [answer.status for answer in answers] == [200] * 5 + [429]


async def test_a_portal_without_user_installs_refuses_such_commands(api: Api, standin: DiscordStandIn) -> None:
    """A command that people could install for themselves is not registered."""
    commands = f"/applications/{standin.application_id}/commands"
    command = {"name": "imagine", "description": "Draw", "integration_types": [0, 1]}
    standin.world.commands.offers_user_install = False
    assert (await api("POST", commands, command)).status == 400
    assert (await api("POST", commands, command | {"integration_types": [0]})).status == 201


async def test_a_channel_option_takes_the_kinds_that_it_offers(
    running: Running, guild: Guild, channel: Channel, alice: Person
) -> None:
    """A client lists no others."""
    bot = bare_bot()

    @bot.tree.command()
    async def choose(interaction: discord.Interaction, where: discord.TextChannel) -> None:
        """Choose."""
        await interaction.response.send_message(where.name)

    async with running(bot):
        await (await alice.types("/choose", channel, where=channel)).answered()
        with pytest.raises(InvalidOptionError):
            await alice.types("/choose", channel, where=guild.add_channel("talk", ChannelType.VOICE))


async def test_servers_can_be_described_late(running: Running, standin: DiscordStandIn, guild: Guild) -> None:
    """Until then, discord.py knows that a server exists, and nothing of it."""
    standin.gateway.introduces_guilds = False
    async with running(bare_bot()) as bot:
        known = bot.get_guild(guild.id)
        assert known is not None
        assert known.unavailable
        standin.gateway.introduce_guilds()
        async with asyncio.timeout(10):
            while known.unavailable:  # noqa: ASYNC110  (nothing rings)
                await asyncio.sleep(0.01)
        assert known.me is not None
