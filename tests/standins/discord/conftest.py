"""A stand-in on a free port, a server with a channel and a member in it, plain HTTP, and a bare discord.py bot."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import pytest
from discord.ext import commands
from PIL import Image
from yarl import URL

from standins.clock import Clock
from standins.discord import DiscordStandIn
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from tests.contracts.published import published_contract


class Bot(commands.AutoShardedBot):
    """A bot that starts its shards at once: the stand-in does not mind."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait five seconds between shards."""


Running = Callable[[Bot], AbstractAsyncContextManager[Bot]]


@dataclass
class Answered:
    """The response to a plain HTTP request."""

    status: int
    body: Any
    headers: Mapping[str, str]


class Api:
    """Plain HTTP with the bot's token."""

    def __init__(self, session: aiohttp.ClientSession, standin: DiscordStandIn) -> None:
        self._session = session
        self._standin = standin

    async def __call__(
        self, method: str, path: str, body: object = None, *, files: Mapping[str, bytes] | None = None
    ) -> Answered:
        """Send JSON, or multipart if there are files."""
        form: object = None if body is None else json.dumps(body)
        headers = {"Authorization": f"Bot {self._standin.token}"}
        if files is None and body is not None:
            headers["Content-Type"] = "application/json"
        if files is not None:
            form = multipart(body, files)
        async with self._session.request(method, self._standin.api_url + path, data=form, headers=headers) as response:
            text = await response.read()
            return Answered(response.status, json.loads(text) if text else None, dict(response.headers))


def multipart(body: object, files: Mapping[str, bytes]) -> aiohttp.FormData:
    """Return a form with `payload_json` and `files[n]`, as Discord wants it."""
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", json.dumps(body), content_type="application/json")
    for number, (name, content) in enumerate(files.items()):
        form.add_field(f"files[{number}]", content, filename=name, content_type="application/octet-stream")
    return form


def png(width: int = 4, height: int = 2) -> bytes:
    """Return a small picture."""
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def standin(clock: Clock) -> AsyncIterator[DiscordStandIn]:
    """Serve Discord, and hold every answer against Discord's own document, where that is at hand."""
    contract, violations = published_contract("discord"), list[str]()
    standin = DiscordStandIn(clock)
    if contract is not None:
        standin.observers.append(lambda exchange: violations.extend(contract.answer_violations(exchange)))
    async with standin.serving():
        yield standin
    assert violations == []


@pytest.fixture
def guild(standin: DiscordStandIn) -> Guild:
    return standin.world.add_guild("Picture friends")


@pytest.fixture
def channel(guild: Guild) -> Channel:
    return guild.add_channel("pictures")


@pytest.fixture
def alice(standin: DiscordStandIn, guild: Guild) -> Person:
    return standin.person(guild.add_member("Alice"))


@pytest.fixture
async def api(standin: DiscordStandIn) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(session, standin)


def bare_bot(shard_count: int | None = None, **intents: bool) -> Bot:
    """Return a discord.py bot that does nothing yet."""
    asked = {"guilds": True, "guild_messages": True, "guild_reactions": True, "dm_messages": True} | intents
    return Bot(
        "!", intents=discord.Intents(**asked), shard_count=shard_count, help_command=None, guild_ready_timeout=0.05
    )


@pytest.fixture
def running(standin: DiscordStandIn) -> Running:
    """Return a way to run a bot against the stand-in until the block ends; its commands are synced first."""

    @asynccontextmanager
    async def run(bot: Bot) -> AsyncIterator[Bot]:
        socket, route = discord.gateway.DiscordWebSocket, discord.http.Route
        before = route.BASE, socket.DEFAULT_GATEWAY
        route.BASE, socket.DEFAULT_GATEWAY = standin.api_url, URL(standin.gateway.address)
        try:
            async with bot:
                await bot.login(standin.token)
                if bot.tree.get_commands():
                    await bot.tree.sync()
                connecting = asyncio.create_task(bot.connect())
                await bot.wait_until_ready()
                yield bot
            await asyncio.wait([connecting])
        finally:
            route.BASE, socket.DEFAULT_GATEWAY = before

    return run
