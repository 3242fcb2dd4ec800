"""The undocumented parts of discord.py that the bot uses, so that a release of discord.py can break only this module.

`tests/bot/gateway/test_undocumented.py` has a test of each, which says what stops working for users.
"""

import asyncio
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any, Final, cast

import aiohttp
import discord
from discord.app_commands import Command as SlashCommand
from discord.app_commands import ContextMenu, Group
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

Parse = Callable[[Any], None]
AnyCommand = SlashCommand[Any, ..., Any] | Group | ContextMenu

ORIGINAL: Final = cast("int", "@original")  # Discord's name for the first answer; discord.py's types know numbers only
FILE_SIZE_LIMIT_BYTES: Final = discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES  # of a file outside servers
CLIENT_LOGGER: Final = "discord.client"
COMMANDS_LOGGER: Final = "discord.app_commands.tree"
VOICE_WARNING_END: Final = "voice will NOT be supported"  # of a line at each start
COMPLETION_ERROR_START: Final = "Ignoring exception in autocomplete"
_HANDLER_NAMES: Final = ("discord.py: ", "CommandTree-invoker", "discord-ui-")


def set_api_url(api_url: str) -> None:
    """Send all requests of this process to this address, without a slash at its end."""
    Route.BASE = api_url


def set_gateway_url(gateway_url: str) -> None:
    """Connect here if there is no session to resume. Otherwise, discord.py would connect to a constant of its own."""
    DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway_url)


def parsers_of(client: discord.Client) -> MutableMapping[str, Parse]:
    """Return discord.py's parser of each gateway event, by its name; replace one to get the event first."""
    return client._connection.parsers  # noqa: SLF001  (there is no public event of all payloads that can be stopped)


async def advised_gateway(client: discord.Client) -> tuple[int, str, Mapping[str, Any]]:
    """Return the number of shards that Discord advises, the gateway's address, and the limit of session starts."""
    shards, url, limit = await client.http.get_bot_gateway()
    return shards, url, {**limit}


async def registered_commands(client: discord.Client) -> list[dict[str, Any]]:
    """Return Discord's JSON of the global commands in all languages; `tree.fetch_commands` loses some of its fields."""
    route = Route("GET", "/applications/{application_id}/commands", application_id=client.application_id or 0)
    found = await client.http.request(route, params={"with_localizations": "true"})
    return [{**command} for command in found]


async def register_commands(client: discord.Client, commands: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Register the global commands and return Discord's JSON of them. `tree.sync` makes that JSON itself."""
    payload: list[Any] = list(commands)
    registered = await client.http.bulk_upsert_global_commands(client.application_id or 0, payload=payload)
    return [{**command} for command in registered]


async def server_commands(client: discord.Client, guild_id: int) -> list[dict[str, Any]]:
    """Return Discord's JSON of the commands of one server."""
    return [{**command} for command in await client.http.get_guild_commands(client.application_id or 0, guild_id)]


async def register_server_command(client: discord.Client, guild_id: int, command: dict[str, Any]) -> dict[str, Any]:
    """Register one command on a server and return Discord's JSON of it; `tree.sync` would remove the others."""
    return {**await client.http.upsert_guild_command(client.application_id or 0, guild_id, command)}


async def remove_server_command(client: discord.Client, guild_id: int, command_id: int) -> None:
    """Remove one command from a server."""
    await client.http.delete_guild_command(client.application_id or 0, guild_id, command_id)


async def command_overrides(client: discord.Client, guild_id: int) -> list[dict[str, Any]]:
    """Return Discord's JSON of a server's own settings for all commands; discord.py has them one command at a time."""
    application_id = client.application_id or 0
    found = await client.http.get_guild_application_command_permissions(application_id, guild_id)
    return [{**settings} for settings in found]


def command_json(command: AnyCommand, tree: discord.app_commands.CommandTree[Any]) -> dict[str, Any]:
    """Return the JSON with which a command is registered."""
    return {**command.to_dict(tree)}


async def translated_command_json(command: AnyCommand, tree: discord.app_commands.CommandTree[Any]) -> dict[str, Any]:
    """Return the JSON with which a command is registered, in the languages of the tree's translator."""
    translator = tree.translator
    return {**(command.to_dict(tree) if translator is None else await command.get_translated_payload(tree, translator))}


async def forget_failed_login(client: discord.Client) -> None:
    """Make the next `login` open a connector of its own; discord.py would use the one that is closed."""
    await client.http.close()
    client.http.connector = discord.utils.MISSING


def http_exception(response: aiohttp.ClientResponse) -> discord.HTTPException:
    """Return the exception that discord.py raises for a response, without a message."""
    return discord.HTTPException(response, None)


def role_ids_of(member: discord.Member) -> frozenset[int]:
    """Return the roles that came with the event; `Member.roles` has only cached ones."""
    return frozenset(member._roles)  # noqa: SLF001  (there is no public name)


def handlers_under_way() -> set[asyncio.Task[Any]]:
    """Return the tasks in which events, commands, buttons and forms are handled; discord.py keeps no list of them."""
    return {task for task in asyncio.all_tasks() if task.get_name().startswith(_HANDLER_NAMES)}


def cog_name(kind: type[commands.Cog]) -> str:
    """Return the name under which a class of cogs is registered."""
    return kind.__cog_name__
