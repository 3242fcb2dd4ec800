"""Without the message-content intent, a bot gets only the text of messages for it, over the gateway and REST."""

import aiohttp
import discord
import pytest

from standins.clock import Clock
from standins.discord import DiscordStandIn, Intent, Upload
from standins.discord.client.client import UnusableError
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Message
from tests.standins.discord.conftest import Api, Running, bare_bot, png

EMBED = {"url": "https://example.org/boat", "image": {"url": "https://example.org/boat.png"}}
LEFT_OUT = ("content", "attachments", "embeds", "components")


@pytest.fixture
async def castle(channel: Channel, alice: Person) -> Message:
    """Make Alice write a message that isn't for the bot, with a file and a link."""
    return await alice.sends(channel, "a castle", attachments=[Upload("a.png", png())], embeds=[EMBED])


async def read(api: Api, message: Message) -> dict[str, object]:
    """Return what REST tells the bot of a message, as far as people decided it."""
    body = (await api("GET", f"/channels/{message.channel.id}/messages/{message.id}")).body
    return {key: body[key] for key in LEFT_OUT if body[key]}


async def test_what_people_tell_each_other_is_left_out(api: Api, castle: Message, channel: Channel) -> None:
    """Text, files and embeds are empty in one message and in lists."""
    assert await read(api, castle) == {}
    [listed] = (await api("GET", f"/channels/{channel.id}/messages")).body
    assert not any(listed[key] for key in LEFT_OUT)


async def test_what_is_said_to_the_bot_is_not(api: Api, channel: Channel, alice: Person) -> None:
    """A mention, a direct message and the bot's own words are whole; the message that is answered is not."""
    castle = await alice.sends(channel, "a castle")
    mention = await alice.sends(channel, f"<@{channel.platform.bot.id}> draw this", reply_to=castle)
    body = (await api("GET", f"/channels/{channel.id}/messages/{mention.id}")).body
    assert body["content"].endswith("draw this")
    assert (body["referenced_message"]["id"], body["referenced_message"]["content"]) == (str(castle.id), "")
    direct = await alice.sends(alice.opens_direct_messages(), "hello")
    assert await read(api, direct) == {"content": "hello"}
    posted = (await api("POST", f"/channels/{channel.id}/messages", {"content": "mine"})).body
    assert await read(api, channel.messages[int(posted["id"])]) == {"content": "mine"}


@pytest.mark.parametrize(("pings", "content"), [(True, "at night"), (False, "")])
async def test_a_reply_to_the_bot_is_shown_to_it_only_with_its_ping(
    api: Api, channel: Channel, alice: Person, pings: bool, content: str
) -> None:
    """The ping of a reply mentions its author, and people can switch it off; an edit leaves it as it was."""
    posted = (await api("POST", f"/channels/{channel.id}/messages", {"content": "a boat"})).body
    reply = await alice.sends(channel, "at noon", reply_to=channel.messages[int(posted["id"])], pings=pings)
    await alice.edits(reply, "at night")
    body = (await api("GET", f"/channels/{channel.id}/messages/{reply.id}")).body
    assert body["content"] == content
    assert [user["id"] for user in body["mentions"]] == [str(channel.platform.bot.id)] * pings


async def test_nobody_replies_to_what_is_gone(api: Api, channel: Channel, alice: Person) -> None:
    """A message that is gone can't be replied to, and neither can one of somebody else's be edited."""
    posted = (await api("POST", f"/channels/{channel.id}/messages", {"content": "a boat"})).body
    message = channel.messages[int(posted["id"])]
    with pytest.raises(UnusableError, match="author"):
        await alice.edits(message, "a ship")
    await api("DELETE", f"/channels/{channel.id}/messages/{message.id}")
    with pytest.raises(UnusableError, match="does not see"):
        await alice.sends(channel, "at night", reply_to=message)


async def test_the_gateway_leaves_out_the_same(running: Running, channel: Channel, alice: Person) -> None:
    """A reply that mentions the bot arrives whole, but what it answers, somebody else's picture, arrives empty."""
    async with running(bare_bot()) as bot:
        castle = await alice.sends(channel, "a castle", attachments=[Upload("a.png", png())])
        heard = bot.wait_for("message", check=lambda message: message.reference is not None, timeout=60)
        await alice.sends(channel, f"<@{channel.platform.bot.id}> this", reply_to=castle)
        message = await heard
    answered = message.reference.resolved
    assert isinstance(answered, discord.Message)
    assert (message.content.endswith("this"), answered.id) == (True, castle.id)
    assert (answered.content, answered.attachments) == ("", [])


async def test_the_target_of_a_message_command_is_whole(running: Running, castle: Message, alice: Person) -> None:
    """It comes with the interaction: its text, file, link and all."""
    bot = bare_bot()

    @bot.tree.context_menu(name="Imagine from this")
    async def from_this(interaction: discord.Interaction, message: discord.Message) -> None:
        read = [message.content, message.attachments[0].filename, message.embeds[0].image.url]
        await interaction.response.send_message(" ".join(str(each) for each in read), ephemeral=True)

    async with running(bot):
        used = await alice.uses(castle, "Imagine from this")
        await used.answered()
    assert used.original is not None
    assert used.original.content == "a castle a.png https://example.org/boat.png"


async def test_with_the_intent_everything_is_read(clock: Clock) -> None:
    """An application that was granted the intent reads over REST what everybody reads."""
    standin = DiscordStandIn(clock, privileged=Intent.MESSAGE_CONTENT)
    guild = standin.world.add_guild("open")
    channel, alice = guild.add_channel("pictures"), standin.person(guild.add_member("Alice"))
    async with standin.serving(), aiohttp.ClientSession() as session:
        written = await alice.sends(channel, "a castle", embeds=[EMBED])
        assert await read(Api(session, standin), written) == {
            "content": "a castle",
            "embeds": [{"type": "rich"} | EMBED],
        }
