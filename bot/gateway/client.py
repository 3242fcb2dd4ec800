"""The bot on Discord's gateway: intents, login, and commands that are registered only when they changed."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Any, Final

import aiohttp
import discord
import structlog
from discord.ext import commands
from pydantic import SecretStr

from bot.errors import StartupError
from bot.gateway.call_failures import CallFailure, failure_of
from bot.gateway.command_tree import CommandTree
from bot.gateway.event_guard import EventGuard
from bot.gateway.registered_commands import CommandTranslator, RegisteredCommands
from bot.gateway.start_limit import StartLimit
from bot.gateway.startup_calls import ask_discord, discord_answers, log_in, token_refused
from bot.gateway.undocumented import (
    advised_gateway,
    handlers_under_way,
    parsers_of,
    register_commands,
    registered_commands,
    set_api_url,
    set_gateway_url,
)
from bot.gateway.voices import EventVoices, locale_of
from bot.i18n.speech import Speech
from bot.settings import Settings

log = structlog.get_logger(__name__)

# Permissions that a picture needs: see the channel, post in it and its threads, attach, react, and read the history.
PERMISSIONS: Final = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
    add_reactions=True,
    read_message_history=True,
)
# None of them privileged: messages come with their content where they mention the bot.
INTENTS: Final = discord.Intents(
    guilds=True, guild_messages=True, guild_reactions=True, dm_messages=True, dm_reactions=True
)
# Codes with which Discord closes the gateway and takes nobody back.
FATAL_CLOSE_CODES: Final = {
    4004: ("Discord no longer accepts DISCORD_TOKEN.", "Copy the new one from the developer portal."),
    4010: ("Discord doesn't accept these shards.", "Check SHARD_COUNT and SHARD_IDS."),
    4011: ("Discord requires more shards for this many servers.", "Raise SHARD_COUNT, or leave it empty."),
}
_REGISTER_AGAIN: Final = "Use the invite link from `imagine-bot check`, and start the bot again."
_GUILD_WITHIN_SECONDS: Final = 5.0  # of an event that needs a server; Discord's largest take up to a minute
_ANSWERED_SECONDS: Final = 2.0  # for the answers that are under way when the process stops
_READY_AFTER_SECONDS = 0.2  # without a new guild; an interaction brings all that we need to know of its guild
TICK_USER_INSTALL: Final = "Tick User Install in the developer portal, under Installation, or unset ALLOW_USER_INSTALL."
_REGISTERED_KEYS = frozenset(
    {
        *("name", "description", "type", "options", "choices", "value", "required", "autocomplete", "nsfw"),
        *("min_value", "max_value", "min_length", "max_length", "channel_types"),
        *("default_member_permissions", "contexts", "integration_types"),
    }
)
_LOCALIZATIONS = frozenset({"name_localizations", "description_localizations"})


GuildPlace = discord.abc.GuildChannel | discord.Thread


class ImagineBot(commands.AutoShardedBot):
    """The connection to Discord; everything that the bot does is in the cogs."""

    def __init__(self, settings: Settings, http_trace: aiohttp.TraceConfig, speech: Speech) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=CommandTree,
            intents=INTENTS,
            allowed_contexts=discord.app_commands.AppCommandContext(
                guild=True, dm_channel=settings.allow_direct_messages, private_channel=settings.allow_user_install
            ),
            allowed_installs=discord.app_commands.AppInstallationType(guild=True, user=settings.allow_user_install),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=_READY_AFTER_SECONDS,
            shard_count=settings.shard_count,
            http_trace=http_trace,
        )
        if settings.shard_ids:  # set afterwards, because its type in discord.py's constructor knows no None
            self.shard_ids = settings.shard_ids
        self.settings = settings
        self.speech, self.languages = speech, speech.languages
        self._voices = EventVoices(speech, self.get_guild)
        self._command_ids: dict[str, int] = {}
        self._start_limit = StartLimit(remaining=1, reset_seconds=0.0)
        self.registered = RegisteredCommands(self.tree, speech.languages)
        EventGuard(self._speaking, self.registered.as_in_code).guard(parsers_of(self))

    async def setup_hook(self) -> None:
        """Give discord.py the translations of commands."""
        await self.tree.set_translator(CommandTranslator(self.languages))

    def _speaking(self, name: str, event: object) -> AbstractContextManager[None]:
        """Speak the languages of an event: its person's, and its server's in public."""
        return self.speech.entered(self._voices.of(name, event))

    def speaking_in(self, guild_id: int, asker: str | None = None) -> AbstractContextManager[None]:
        """Speak a server's language within the block, for messages that nobody asked for, or that others asked for."""
        return self.speech.spoken(self.speech.of_server(guild_id, locale_of(self.get_guild(guild_id)), asker))

    async def stay_connected(self) -> None:
        """Stay connected until closed; raise `StartupError` if Discord refuses the bot permanently."""
        shards = len(self.shard_ids or range(self.shard_count or 1))
        await self._start_limit.wait_before_start(shards)
        try:
            await self.connect()
        except discord.ConnectionClosed as closed:
            stopped = StartupError(*FATAL_CLOSE_CODES.get(closed.code, (f"{closed}.", "Start the bot again.")))
            await self._start_limit.wait_before_exit(shards, str(stopped))
            raise stopped from closed

    async def close(self) -> None:
        """Leave Discord, after a moment in which members get the answers that are under way."""
        if handlers := handlers_under_way():
            await asyncio.wait(handlers, timeout=_ANSWERED_SECONDS)
        await super().close()

    async def log_in(self, token: SecretStr) -> None:
        """Log in without connecting; raise `StartupError` if Discord does not answer or does not accept the token."""
        with discord_answers():
            try:
                await log_in(self, token.get_secret_value())
            except discord.LoginFailure as cause:
                raise token_refused() from cause
            shards, gateway, limit = await ask_discord(lambda: advised_gateway(self))
            self._start_limit = StartLimit.from_discord(limit)
        # discord.py connects there if it knows the number of shards, and after an invalidated session. Without both it
        # would ask once more.
        set_gateway_url(gateway)
        self.shard_count = self.shard_count or shards

    async def sync_if_changed(self) -> bool:
        """Register the commands if Discord knows others, and return whether that was so: creations are rationed."""
        await self._offer_no_more_than_discord_allows()
        registered = await self._registered_commands()
        changed = not await self._are_ours(registered)
        if changed:
            registered = await self.register_commands()
        self._command_ids = {command["name"]: int(command["id"]) for command in registered}
        return changed

    async def _offer_no_more_than_discord_allows(self) -> None:
        """Keep to servers where the developer portal does not let people install the app for themselves."""
        if not self.settings.allow_user_install:
            return
        with discord_answers():
            application = await ask_discord(self.application_info)
        if not offers_user_install(application):
            log.error("user_install_not_offered", remedy=TICK_USER_INSTALL)
            self.tree.allowed_installs.user = False

    async def register_commands(self) -> list[Any]:
        """Register the commands and return Discord's JSON of them; raise `StartupError` if Discord refuses them."""
        with discord_answers():
            registered = await self._register()
        log.info("commands_registered", count=len(registered))
        return registered

    async def _register(self) -> list[Any]:
        """Register the commands. If the outcome is unknown, look at the registered ones and retry once if needed."""
        try:
            return await self._register_once()
        except StartupError:
            raise
        except Exception as cause:
            if failure_of(cause) is CallFailure.REFUSED:
                raise
            log.warning("registration_in_doubt", cause=type(cause).__name__)
        registered = await self._registered_commands()
        return registered if await self._are_ours(registered) else await self._register_once()

    async def _register_once(self) -> list[Any]:
        try:
            return await register_commands(self, await self.registered.json())
        except discord.DiscordException as cause:
            if failure_of(cause) is not CallFailure.REFUSED:
                raise
            raise StartupError(f"Discord didn't register the commands ({cause}).", _REGISTER_AGAIN) from cause

    async def _are_ours(self, registered: Sequence[Mapping[str, Any]]) -> bool:
        return _comparable(registered) == _comparable(await self.registered.json())

    def command_id(self, name: str) -> int | None:
        """Return Discord's id of a command by its name in the code; its settings in each server go by that id."""
        return self._command_ids.get(self.languages.english.names.command(name))

    async def _registered_commands(self) -> list[Any]:
        """Return Discord's JSON of our commands; nothing where it does not say, so that they are registered again."""
        with discord_answers():
            try:
                return await registered_commands(self)
            except Exception as cause:
                if failure_of(cause) is CallFailure.NO_ANSWER and not isinstance(cause, discord.HTTPException):
                    raise
                log.warning("registered_commands_unknown", cause=type(cause).__name__)
                return []

    async def guild_once_known(self, guild_id: int) -> discord.Guild | None:
        """Return a server, after some seconds if Discord has not yet sent its content; None if the bot is not there.

        It is `unavailable` still where those seconds did not suffice.
        """
        guild = self.get_guild(guild_id)
        if guild is not None and guild.unavailable:
            with suppress(TimeoutError):
                await self.wait_for(
                    "guild_available", check=lambda known: known.id == guild_id, timeout=_GUILD_WITHIN_SECONDS
                )
        return self.get_guild(guild_id)

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs: discord.py would look for a command of that name, and log that there is none."""

    async def why_not_connected(self) -> str | None:
        """Return which shards of this process are not on the gateway, or None when all are."""
        if not self.is_ready():
            return "the gateway is not connected"
        closed = [str(number) for number, shard in self.shards.items() if shard.is_closed()]
        return f"the gateway is not connected (shard {', '.join(closed)})" if closed else None


def offers_user_install(application: discord.AppInfo) -> bool:
    """Return True unless the developer portal says that people cannot install an app for themselves."""
    return application.user_integration_config is not None or application.guild_integration_config is None


def point_discord_at(api_url: str) -> None:
    """Make discord.py talk to `api_url`, such as a proxy's or the playground's, instead of Discord's own."""
    set_api_url(api_url.rstrip("/"))


def _comparable(commands_: Sequence[Mapping[str, Any]]) -> object:
    """Return commands without Discord's additions and without empty fields, which mean the same as absent ones."""
    return sorted((_essence(command) for command in commands_), key=repr)


def _essence(value: object) -> object:
    match value:
        case {**fields}:
            kept = {name: _essence(each) for name, each in fields.items() if name in _REGISTERED_KEYS}
            kept |= {name: each for name, each in fields.items() if name in _LOCALIZATIONS}
            return {name: each for name, each in sorted(kept.items()) if each not in (None, False, [], {}, "")}
        case [*items]:
            return [_essence(item) for item in items]
        case _:
            return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
