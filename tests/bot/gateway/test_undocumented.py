"""The undocumented parts of discord.py still work; if not, each test says what stops working for users."""

import ast
import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self

import aiohttp
import discord
import pytest
from discord import app_commands, ui
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.gateway import undocumented
from standins.clock import Clock
from standins.discord import DiscordStandIn, Person
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from standins.discord.model.messages import Draft

ROOT: Final = Path(__file__).parents[3]
LIMIT_SECONDS: Final = 20  # ends a test that can't pass any more
INTENTS: Final = discord.Intents(guilds=True, guild_messages=True)
COMMAND: Final = {"name": "imagine", "description": "Draw", "contexts": [0], "integration_types": [0]}


@contextmanager
def or_users_notice(broken: str) -> Iterator[None]:
    """Turn each failure into one that names the broken promise."""
    try:
        yield
    except Exception as cause:  # noqa: BLE001  (each kind means a change)
        pytest.fail(
            f"discord.py {discord.__version__} changed something that it doesn't document: {broken} ({cause!r})"
        )


@pytest.fixture
async def standin(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordStandIn]:
    for owner, name in ((Route, "BASE"), (DiscordWebSocket, "DEFAULT_GATEWAY")):
        monkeypatch.setattr(owner, name, getattr(owner, name, None), raising=False)
    async with DiscordStandIn(Clock()).serving() as standin:
        undocumented.set_api_url(standin.api_url)
        undocumented.set_gateway_url(standin.gateway.address)
        yield standin


@pytest.fixture
def guild(standin: DiscordStandIn) -> Guild:
    return standin.world.add_guild("Harbour")


@pytest.fixture
def channel(guild: Guild) -> Channel:
    return guild.add_channel("pictures")


@pytest.fixture
def alice(standin: DiscordStandIn, guild: Guild) -> Person:
    return standin.person(guild.add_member("alice", roles=[guild.add_role("painters")]))


@pytest.fixture
async def client(standin: DiscordStandIn) -> AsyncIterator[commands.AutoShardedBot]:  # noqa: ARG001  (it closes first)
    """A client of the bot's class that isn't logged in."""
    async with asyncio.timeout(LIMIT_SECONDS), commands.AutoShardedBot("!", intents=INTENTS, shard_count=1) as client:
        yield client


async def test_requests_go_to_the_address_that_was_set(client: discord.Client, standin: DiscordStandIn) -> None:
    with or_users_notice("DISCORD_API_URL is ignored, so neither a proxy nor the playground works"):
        await client.login(standin.token)
        assert client.application_id == standin.application_id


async def test_the_gateway_is_the_one_that_was_set(client: discord.Client, standin: DiscordStandIn) -> None:
    with or_users_notice("the bot connects to Discord's own gateway instead of a proxy's or the playground's"):
        await connected(client, standin)
        assert URL(standin.gateway.address) == DiscordWebSocket.DEFAULT_GATEWAY
        assert client.user is not None
        assert client.user.id == standin.application_id


async def connected(client: discord.Client, standin: DiscordStandIn) -> None:
    await client.login(standin.token)
    connecting = asyncio.create_task(client.connect())
    ready = asyncio.create_task(client.wait_until_ready())
    done, _ = await asyncio.wait([connecting, ready], return_when=asyncio.FIRST_COMPLETED, timeout=LIMIT_SECONDS / 2)
    assert ready in done, "not connected"


async def test_a_replaced_parser_gets_the_event(
    client: discord.Client, standin: DiscordStandIn, channel: Channel, alice: Person
) -> None:
    with or_users_notice("one malformed event ends the connection, and one told twice is a second paid picture"):
        seen: list[str] = []
        undocumented.parsers_of(client)["MESSAGE_CREATE"] = lambda event: seen.append(event["author"]["username"])
        await connected(client, standin)
        await alice.sends(channel, "hello")
        async with asyncio.timeout(LIMIT_SECONDS / 2):
            while not seen:  # noqa: ASYNC110  (a parser tells nobody)
                await asyncio.sleep(0.01)
        assert seen == ["alice"]


async def test_the_handlers_of_events_can_be_waited_for(
    client: commands.AutoShardedBot, standin: DiscordStandIn, channel: Channel, alice: Person
) -> None:
    with or_users_notice("members who press a button as the bot stops get no answer"):
        standin.world.commands.register(COMMAND, None)
        begun, may_end = list[str](), asyncio.Event()

        class Button(ui.DynamicItem[ui.Button[ui.View]], template="press"):
            """A button without a view."""

            @classmethod
            async def from_custom_id(cls, *_: object) -> Self:
                return cls(ui.Button(custom_id="press"))

            async def callback(self, _: discord.Interaction) -> None:
                await handle("button")

        async def handle(kind: str) -> None:
            begun.append(kind)
            await may_end.wait()

        @app_commands.command()
        async def imagine(_: discord.Interaction) -> None:
            """Draw"""
            await handle("command")

        async def on_message(_: discord.Message) -> None:
            await handle("event")

        client.event(on_message)
        client.tree.add_command(imagine)
        client.add_dynamic_items(Button)
        await connected(client, standin)
        button = {"type": 2, "id": 2, "style": 2, "label": "Press", "custom_id": "press", "disabled": False}
        row = {"type": 1, "id": 1, "components": [button]}
        await alice.types("/imagine", channel)
        await alice.sends(channel, "hello")
        message = standin.world.post(channel, standin.world.bot, Draft("buttons", components=(row,)))
        await alice.presses(message, "Press")
        async with asyncio.timeout(LIMIT_SECONDS / 2):
            while set(begun) != {"command", "event", "button"}:  # noqa: ASYNC110  (a handler tells nobody)
                await asyncio.sleep(0.01)
        under_way = undocumented.handlers_under_way()
        may_end.set()
        assert len(under_way) == len(begun)
        await asyncio.wait(under_way)


async def test_roles_come_with_the_event(
    client: discord.Client, standin: DiscordStandIn, guild: Guild, channel: Channel, alice: Person
) -> None:
    with or_users_notice("role limits and command permissions are not applied, or the wrong ones are"):
        await connected(client, standin)
        waiting = asyncio.create_task(client.wait_for("message", timeout=LIMIT_SECONDS / 2))
        await asyncio.sleep(0)
        await alice.sends(channel, "hello")
        author = (await waiting).author
        assert isinstance(author, discord.Member)
        assert undocumented.role_ids_of(author) == {role.id for role in guild.members[alice.id].roles}


async def test_the_advised_gateway_has_a_limit(client: discord.Client, standin: DiscordStandIn) -> None:
    with or_users_notice("the bot doesn't start, or uses up Discord's starts of a day and loses its token"):
        await client.login(standin.token)
        shards, url, limit = await undocumented.advised_gateway(client)
        assert (shards, url) == (1, standin.gateway.address)
        assert {"remaining", "reset_after"} <= set(limit)


async def test_registered_commands_have_all_fields(client: discord.Client, standin: DiscordStandIn) -> None:
    with or_users_notice("commands are registered at each start, until Discord's 200 of a day are used up"):
        command = COMMAND | {"name_localizations": {"de": "zeichne"}}
        standin.world.commands.register(command, None)
        await client.login(standin.token)
        [registered] = await undocumented.registered_commands(client)
        assert registered | command == registered


async def test_one_command_of_a_server_is_registered_and_removed(
    client: discord.Client, standin: DiscordStandIn, guild: Guild
) -> None:
    with or_users_notice("`imagine-bot check --deep` leaves its command on the server, or removes the others"):
        standin.world.commands.register(COMMAND | {"name": "other"}, guild.id)
        await client.login(standin.token)
        registered = await undocumented.register_server_command(client, guild.id, COMMAND)
        names = [each["name"] for each in await undocumented.server_commands(client, guild.id)]
        assert sorted(names) == ["imagine", "other"]
        await undocumented.remove_server_command(client, guild.id, int(registered["id"]))
        [left] = await undocumented.server_commands(client, guild.id)
        assert left["name"] == "other"


async def test_a_server_s_settings_of_commands_can_be_read(
    client: discord.Client, standin: DiscordStandIn, guild: Guild, alice: Person
) -> None:
    with or_users_notice("members whom moderators denied `/imagine` can still use buttons, reactions and mentions"):
        standin.world.commands.register(COMMAND, None)
        guild.restrict_command("imagine", {alice: False})
        await client.login(standin.token)
        [settings] = await undocumented.command_overrides(client, guild.id)
        assert settings["permissions"] == [{"id": str(alice.id), "type": 2, "permission": False}]


async def test_a_command_is_written_as_it_is_registered(
    client: commands.AutoShardedBot, standin: DiscordStandIn
) -> None:
    with or_users_notice("a changed command isn't noticed, so members get an old form of it"):

        @app_commands.command()
        @app_commands.guild_only()
        async def imagine(_: discord.Interaction) -> None:
            """Draw"""

        client.tree.add_command(imagine)
        written = undocumented.command_json(imagine, client.tree)
        assert (written["name"], written["description"], written["contexts"]) == ("imagine", "Draw", [0])
        await client.login(standin.token)
        [synced] = await undocumented.register_commands(client, [written])
        assert (synced["name"], int(synced["id"]) > 0) == ("imagine", True)


async def test_a_command_is_written_in_the_languages_of_its_translator(client: commands.AutoShardedBot) -> None:
    with or_users_notice("members read commands in English only"):

        class Loud(app_commands.Translator):
            async def translate(
                self,
                string: app_commands.locale_str,
                locale: discord.Locale,
                context: app_commands.TranslationContextTypes,  # noqa: ARG002
            ) -> str | None:
                return string.message.upper() if locale is discord.Locale.german else None

        @app_commands.command()
        async def imagine(_: discord.Interaction) -> None:
            """Draw"""

        untranslated = await undocumented.translated_command_json(imagine, client.tree)
        await client.tree.set_translator(Loud())
        translated = await undocumented.translated_command_json(imagine, client.tree)
        assert untranslated == undocumented.command_json(imagine, client.tree)
        assert translated["name_localizations"] == {"de": "IMAGINE"}
        assert translated["description_localizations"] == {"de": "DRAW"}


async def test_a_login_can_be_repeated_after_a_failed_one(client: discord.Client, standin: DiscordStandIn) -> None:
    with or_users_notice("a bot that starts while Discord is down stays down"):
        with pytest.raises(discord.LoginFailure):
            await client.login("wrong")
        await undocumented.forget_failed_login(client)
        await client.login(standin.token)
        assert client.application_id == standin.application_id


async def test_an_exception_has_the_status_of_its_response(client: discord.Client, standin: DiscordStandIn) -> None:
    with or_users_notice("`imagine-bot check` waits half a minute for a Discord that is down, or crashes"):
        await client.login(standin.token)
        with pytest.raises(discord.HTTPException) as raised:
            await client.fetch_user(1)
        assert isinstance(raised.value.response, aiohttp.ClientResponse)
        assert undocumented.http_exception(raised.value.response).status == 404


async def test_the_first_answer_is_found_by_its_name(
    client: discord.Client, standin: DiscordStandIn, channel: Channel, alice: Person
) -> None:
    with or_users_notice("no card becomes a picture: each is posted as a second message"):
        standin.world.commands.register(COMMAND, None)
        await client.login(standin.token)
        typed = await alice.types("/imagine", channel)
        body = {"type": 4, "data": {"content": "Starting…"}}
        await client.http.request(Route("POST", f"/interactions/{typed.id}/{typed.token}/callback"), json=body)
        webhook = discord.Webhook.partial(standin.application_id, typed.token, client=client)
        assert (await webhook.fetch_message(undocumented.ORIGINAL)).content == "Starting…"
        assert (await webhook.edit_message(undocumented.ORIGINAL, content="Done")).content == "Done"


def test_the_size_limit_outside_servers_is_discord_s() -> None:
    with or_users_notice("pictures in direct messages are refused as too large, or made smaller than needed"):
        assert undocumented.FILE_SIZE_LIMIT_BYTES == 10 * 1024 * 1024


def test_a_cog_is_found_by_its_class() -> None:
    with or_users_notice("no button below a picture works"):

        class Named(commands.Cog, name="other"):
            """A cog with a name of its own."""

        assert undocumented.cog_name(Named) == Named().qualified_name == "other"


@pytest.mark.parametrize(
    ("words", "source"),
    [
        (undocumented.VOICE_WARNING_END, discord.client),
        (undocumented.COMPLETION_ERROR_START, app_commands.tree),
    ],
    ids=["voice", "completion"],
)
def test_lines_that_are_left_out_of_the_log_are_still_written_so(words: str, source: Any) -> None:  # noqa: ANN401
    with or_users_notice("operators get warnings at each start, or errors about completions that came too late"):
        assert words in Path(source.__file__).read_text()
        assert source.__name__ in {undocumented.CLIENT_LOGGER, undocumented.COMMANDS_LOGGER}
        assert isinstance(source._log, logging.Logger)


def test_only_one_module_uses_undocumented_parts() -> None:
    """Elsewhere, nothing is imported from discord.py's internal modules, and no private attribute is read."""
    found = [
        f"{file.relative_to(ROOT)}:{line}: {what}"
        for folder in ("bot", "cogs")
        for file in sorted((ROOT / folder).rglob("*.py"))
        if file != Path(undocumented.__file__)
        for line, what in undocumented_in(ast.parse(file.read_text()))
    ]
    assert found == [], "move it to bot/gateway/undocumented.py, with a test that says what breaks without it"


def test_an_undocumented_part_is_found() -> None:
    """The search above finds each kind of use."""
    source = """
import discord
from discord.http import Route
from discord.ext import commands
class Bot(commands.Bot):
    def close(self): return self._connection, self._own
    def ask(self, member): return self.http.get_user(1), member._roles, discord.state.x, MISSING, Cog.__cog_name__
"""
    assert {what for _, what in undocumented_in(ast.parse(source))} == {
        *("discord.http", "_connection", "http", "_roles", "discord.state", "__cog_name__"),
    }


INTERNAL: Final = {"http", "gateway", "state", "client", "webhook", "flags", "types", "sharding", "shard"}
NAMED: Final = {"_connection", "http", "_state", "__cog_name__", "DEFAULT_FILE_SIZE_LIMIT_BYTES", "MISSING"}


def undocumented_in(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and name of each undocumented part of discord.py that a module uses."""
    if not any(
        "discord" in ast.unparse(each) for each in ast.walk(module) if isinstance(each, ast.Import | ast.ImportFrom)
    ):
        return
    for each in ast.walk(module):
        match each:
            case ast.ImportFrom(module=str(name)) if name.partition(".")[0] == "discord" and name[8:] in INTERNAL:
                yield each.lineno, name
            case ast.Attribute(value=ast.Name(id="discord"), attr=name) if name in INTERNAL:
                yield each.lineno, f"discord.{name}"
            case ast.Attribute(attr=name) if name in NAMED:
                yield each.lineno, name
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if is_private(name) and owner not in {
                "self",
                "cls",
            }:
                yield each.lineno, name


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")
