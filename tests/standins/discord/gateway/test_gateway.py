"""The gateway accepts a real discord.py, sends the events of its intents, and disconnects as Discord does."""

import asyncio
import json
import sys
import zlib
from urllib.parse import urlencode

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

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdDecompressor
else:
    from backports.zstd import ZstdDecompressor


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
        async with asyncio.timeout(60):
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
            await socket.send_json({"op": Op.IDENTIFY, "d": identify(standin, intents)})
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
        await bot.wait_for("guild_channel_update", timeout=60)
        assert not known.permissions_for(known.guild.me).send_messages
        guild.me.gains(guild.add_role("mods", Permission.ADMINISTRATOR))
        await bot.wait_for("member_update", timeout=60)
        assert known.permissions_for(known.guild.me).send_messages
        guild.throw_out_bot()
        await bot.wait_for("guild_remove", timeout=60)
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
    ("changed", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"intents": int(Intent.MESSAGE_CONTENT)}, 4014),
        ({"intents": None}, 4013),
        ({"intents": 1 << 17}, 4013),
        ({"properties": None}, 4002),
        ({"properties": {"os": "x" * 5000}}, 4002),
        ({"shard": [2, 2]}, 4010),
    ],
)
async def test_a_wrong_identify_is_closed_with_discords_code(
    standin: DiscordStandIn, changed: dict[str, object], code: int
) -> None:
    """A bad token, wrong intents, a frame that is too large … each end the connection in their own way."""
    async with gateway(standin) as socket:
        await socket.receive_json()
        await socket.send_json({"op": Op.IDENTIFY, "d": identify(standin) | changed})
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
            await socket.send_json({"op": Op.IDENTIFY, "d": identify(standin, intents)})
            assert (await socket.receive_json())["d"]["application"]["flags"] == 1 << 19
            await alice.sends(channel, "hello")
            assert (await socket.receive_json())["d"]["content"] == "hello"


@pytest.mark.parametrize(("frame", "code"), [({"op": 77, "d": None}, 4001), ({"op": 2, "d": "me"}, 4002), ([], 4002)])
async def test_a_frame_that_discord_does_not_know_ends_the_connection(
    standin: DiscordStandIn, frame: object, code: int
) -> None:
    """An unknown opcode and a frame that cannot be read have a close code each."""
    async with gateway(standin) as socket:
        await socket.receive_json()
        await socket.send_json(frame)
        assert (await socket.receive()).data == code


async def test_a_frame_of_bytes_is_read_like_text(standin: DiscordStandIn) -> None:
    """Some clients send their JSON in binary frames."""
    async with gateway(standin) as socket:
        await socket.receive_json()
        await socket.send_bytes(json.dumps({"op": Op.IDENTIFY, "d": identify(standin)}).encode())
        assert (await socket.receive_json())["t"] == "READY"


async def test_a_zlib_stream_has_one_context_and_ends_each_frame_with_a_flush(standin: DiscordStandIn) -> None:
    """A client that decompresses in order gets the frames."""
    inflate = zlib.decompressobj()
    async with gateway(standin, compress="zlib-stream") as socket:
        hello = await socket.receive_bytes()
        assert hello.endswith(b"\x00\x00\xff\xff")
        assert json.loads(inflate.decompress(hello))["op"] == Op.HELLO
        await socket.send_json({"op": Op.IDENTIFY, "d": identify(standin) | {"compress": True}})
        assert json.loads(inflate.decompress(await socket.receive_bytes()))["t"] == "READY"


async def test_a_zstd_stream_has_one_context(standin: DiscordStandIn) -> None:
    """A client that decompresses in order gets the frames."""
    inflate = ZstdDecompressor()
    async with gateway(standin, compress="zstd-stream") as socket:
        assert json.loads(inflate.decompress(await socket.receive_bytes()))["op"] == Op.HELLO
        await socket.send_json({"op": Op.IDENTIFY, "d": identify(standin)})
        assert json.loads(inflate.decompress(await socket.receive_bytes()))["t"] == "READY"


async def test_a_client_that_identifies_with_compress_gets_each_frame_compressed(standin: DiscordStandIn) -> None:
    """Each is a zlib stream of its own, if the connection isn't compressed as a whole."""
    async with gateway(standin) as socket:
        await socket.receive_json()
        await socket.send_json({"op": Op.IDENTIFY, "d": identify(standin) | {"compress": True}})
        assert json.loads(zlib.decompress(await socket.receive_bytes()))["t"] == "READY"


async def test_a_bot_of_discord_py_reads_a_compressed_connection(running: Running, standin: DiscordStandIn) -> None:
    """It asks for a compressed connection by itself, as it does at Discord."""
    async with running(bare_bot()):
        [connection] = standin.gateway.connections
        assert isinstance(connection.encode("hello"), bytes)


@pytest.mark.parametrize(("query", "status"), [({"encoding": "etf"}, 501), ({"compress": "brotli-stream"}, 501)])
async def test_what_is_not_imitated_is_refused_in_words(
    standin: DiscordStandIn, query: dict[str, str], status: int
) -> None:
    """A client that asks for another encoding learns which there are."""
    async with aiohttp.ClientSession() as session:
        answer = await session.get(standin.gateway.address.replace("ws:", "http:"), params=query)
        assert answer.status == status
        assert "encoding=json" in (await answer.json())["message"]


async def test_an_unknown_version_is_closed_with_discords_code(standin: DiscordStandIn) -> None:
    """Version 8 and older are gone."""
    async with Socket(f"{standin.gateway.address}/?v=5") as socket:
        assert (await socket.receive()).data == 4012


def identify(standin: DiscordStandIn, intents: int = 1) -> dict[str, object]:
    """Return the body of an identify."""
    return {"token": standin.token, "intents": intents, "properties": {}}


def gateway(standin: DiscordStandIn, **query: str) -> "Socket":
    """Connect to the gateway without discord.py."""
    return Socket(f"{standin.gateway.address}/?{urlencode({'v': 10, 'encoding': 'json', **query})}")


class Socket:
    """A websocket of its own session."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def __aenter__(self) -> aiohttp.ClientWebSocketResponse:
        self._session = aiohttp.ClientSession()
        return await self._session.ws_connect(self._address)

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
