"""The gateway accepts a real discord.py, sends the events of its intents, and disconnects as Discord does."""

import asyncio

import aiohttp
import discord
import pytest
from discord.ext import commands

from standins.clock import Clock
from standins.discord import DiscordStandIn, Intent, Permission
from standins.discord.client.person import Person
from standins.discord.gateway.gateway import Op
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from standins.discord.model.snowflake import shard_of
from tests.standins.discord.conftest import Running, bare_bot


class Listening(commands.Cog):
    """Records the bot's events."""

    def __init__(self) -> None:
        self._more = asyncio.Event()
        self.reactions: list[discord.RawReactionActionEvent] = []
        self.messages: list[discord.Message] = []

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        self.reactions.append(event)
        self._more.set()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        self.messages.append(message)
        self._more.set()

    async def heard(self, *, messages: int = 0, reactions: int = 0) -> None:
        """Wait until the bot got this many of each event."""
        async with asyncio.timeout(5):
            while len(self.messages) < messages or len(self.reactions) < reactions:
                await self._more.wait()
                self._more.clear()


async def test_a_bot_connects_and_knows_its_servers(running: Running, guild: Guild, channel: Channel) -> None:
    """READY and GUILD_CREATE give discord.py the server, its channel and the bot's own permissions there."""
    async with running(bare_bot()) as bot:
        known = bot.get_channel(channel.id)
        assert isinstance(known, discord.TextChannel)
        assert known.guild.name == guild.name
        assert known.permissions_for(known.guild.me).send_messages


async def test_a_dropped_connection_resumes_without_losing_events(
    running: Running, standin: DiscordStandIn, channel: Channel, alice: Person
) -> None:
    """Events during a disconnect are sent once it resumes, and none is sent twice."""
    bot, listening = bare_bot(), Listening()
    await bot.add_cog(listening)
    async with running(bot):
        message = await alice.sends(channel, "hello")
        await listening.heard(messages=1)
        standin.gateway.drop()
        await standin.world.until(lambda: not standin.gateway.connected)
        await alice.reacts(message, "🎲")
        await listening.heard(reactions=1)
        assert (len(listening.messages), standin.gateway.received[Op.RESUME]) == (1, 1)
        assert listening.reactions[0].message_author_id == alice.id


async def test_a_bot_asked_to_reconnect_resumes(running: Running, standin: DiscordStandIn, guild: Guild) -> None:
    """Op 7 makes discord.py come back with a resume, not with a second identify."""
    async with running(bare_bot()):
        standin.gateway.ask_to_reconnect()
        await standin.world.until(lambda: standin.gateway.received[Op.RESUME] and standin.gateway.connected)
        assert standin.gateway.received[Op.IDENTIFY] == 1
        assert guild.id in standin.world.guilds


async def test_an_invalidated_bot_identifies_anew(running: Running, standin: DiscordStandIn, guild: Guild) -> None:
    """Op 9 ends the session permanently: discord.py starts another and gets its servers again."""
    async with running(bare_bot()) as bot:
        session = standin.gateway.connected[0]
        standin.gateway.invalidate()
        await standin.world.until(lambda: standin.gateway.connected and standin.gateway.connected[0] is not session)
        await bot.wait_until_ready()
        assert standin.gateway.received[Op.IDENTIFY] == 2
        assert bot.get_guild(guild.id) is not None


async def test_members_are_listed_on_request(clock: Clock) -> None:
    """With the members intent granted, a bot learns everybody by asking."""
    async with DiscordStandIn(clock, privileged=Intent.GUILD_MEMBERS).serving() as standin:
        guild = standin.world.add_guild("crowd")
        names = {guild.add_member(f"member {number}").name for number in range(3)}
        async with gateway(standin) as socket:
            await socket.receive_json()
            intents = int(Intent.GUILD_MEMBERS)
            await socket.send_json({"op": Op.IDENTIFY, "d": {"token": standin.token, "intents": intents}})
            assert (await socket.receive_json())["t"] == "READY"
            request = {"guild_id": str(guild.id), "query": "member", "limit": 0, "nonce": "n"}
            await socket.send_json({"op": Op.MEMBERS, "d": request})
            chunk = (await socket.receive_json())["d"]
            assert {member["user"]["global_name"] for member in chunk["members"]} == names
            assert chunk["nonce"] == "n"


async def test_a_bot_learns_what_it_may_do(running: Running, guild: Guild, channel: Channel) -> None:
    """Roles of its own and overwrites reach the bot's cache without the members intent; so does being thrown out."""
    async with running(bare_bot()) as bot:
        known = bot.get_channel(channel.id)
        assert isinstance(known, discord.TextChannel)
        channel.overwrite(guild.everyone, deny=Permission.SEND_MESSAGES)
        await bot.wait_for("guild_channel_update", timeout=5)
        assert not known.permissions_for(known.guild.me).send_messages
        guild.me.gains(guild.add_role("mods", Permission.ADMINISTRATOR))
        await bot.wait_for("member_update", timeout=5)
        assert known.permissions_for(known.guild.me).send_messages
        guild.throw_out_bot()
        await bot.wait_for("guild_remove", timeout=5)
        assert list(bot.guilds) == []


async def test_an_unknown_session_is_invalid(standin: DiscordStandIn) -> None:
    """A resume of a session that Discord forgot gets op 9 with false."""
    async with gateway(standin) as socket:
        await socket.receive_json()
        await socket.send_json({"op": Op.RESUME, "d": {"token": standin.token, "session_id": "gone", "seq": 3}})
        assert await socket.receive_json() == {"op": 9, "d": False, "s": None, "t": None}


async def test_every_shard_hears_of_its_own_servers(running: Running, standin: DiscordStandIn) -> None:
    """With two shards, each gets the servers whose ids belong to it, and no events of others."""
    guilds = [standin.world.add_guild(f"server {number}") for number in range(4)]
    async with running(bare_bot(shard_count=2)) as bot:
        assert {guild.id: guild.shard_id for guild in bot.guilds} == {one.id: shard_of(one.id, 2) for one in guilds}
        assert {session.shard for session in standin.gateway.connected} == {0, 1}


@pytest.mark.parametrize(
    ("identify", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"intents": int(Intent.MESSAGE_CONTENT)}, 4014),
        ({"shard": [2, 2]}, 4010),
    ],
)
async def test_a_wrong_identify_is_closed_with_discords_code(
    standin: DiscordStandIn, identify: dict[str, object], code: int
) -> None:
    """A bad token, intents that were not granted and an impossible shard each end the connection in their own way."""
    async with gateway(standin) as socket:
        await socket.receive_json()
        body = {"token": standin.token, "intents": 1, "properties": {}} | identify
        await socket.send_json({"op": Op.IDENTIFY, "d": body})
        assert (await socket.receive()).data == code


async def test_a_heartbeat_is_acknowledged_until_the_line_is_dead(standin: DiscordStandIn) -> None:
    """A heartbeat gets op 11; on a zombie connection it gets nothing."""
    async with gateway(standin) as socket:
        assert (await socket.receive_json())["d"]["heartbeat_interval"] == 41250
        await socket.send_json({"op": 1, "d": None})
        assert (await socket.receive_json())["op"] == 11
        standin.gateway.fall_silent()
        await socket.send_json({"op": 1, "d": None})
        with pytest.raises(TimeoutError):
            await socket.receive(timeout=0.05)


async def test_text_is_hidden_unless_it_is_meant_for_the_bot(
    running: Running, standin: DiscordStandIn, channel: Channel, alice: Person
) -> None:
    """Without the message-content intent, a bot reads only what mentions it or was sent to it alone."""
    bot, listening = bare_bot(), Listening()
    await bot.add_cog(listening)
    async with running(bot):
        await alice.sends(channel, "a secret")
        await alice.sends(channel, f"<@{standin.world.bot.id}> draw")
        await alice.sends(alice.opens_direct_messages(), "just between us")
        await listening.heard(messages=3)
        texts = [message.content for message in listening.messages]
        assert texts == ["", f"<@{standin.world.bot.id}> draw", "just between us"]


async def test_a_granted_intent_shows_all_text(clock: Clock) -> None:
    """An application that was granted message content may ask for it, and its flags say so."""
    async with DiscordStandIn(clock, privileged=Intent.MESSAGE_CONTENT).serving() as standin:
        guild = standin.world.add_guild("open")
        alice, channel = standin.person(guild.add_member("Alice")), guild.add_channel("all")
        async with gateway(standin) as socket:
            await socket.receive_json()
            intents = int(Intent.MESSAGE_CONTENT | Intent.GUILD_MESSAGES)
            await socket.send_json({"op": Op.IDENTIFY, "d": {"token": standin.token, "intents": intents}})
            assert (await socket.receive_json())["d"]["application"]["flags"] == 1 << 19
            await alice.sends(channel, "hello")
            assert (await socket.receive_json())["d"]["content"] == "hello"


def gateway(standin: DiscordStandIn) -> "Socket":
    """Connect to the gateway without discord.py."""
    return Socket(f"{standin.gateway.address}?v=10&encoding=json&compress=zlib-stream")


class Socket:
    """A websocket of its own session."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def __aenter__(self) -> aiohttp.ClientWebSocketResponse:
        self._session = aiohttp.ClientSession()
        return await self._session.ws_connect(self._address)

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
