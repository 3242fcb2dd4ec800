"""The Discord side of the process: intents, cogs by name, and commands that are registered only when they changed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from typing import Any, Final, Protocol

import aiohttp
import discord
import structlog
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from pydantic import SecretStr
from yarl import URL

from bot.border import Border
from bot.command_tree import CommandTree
from bot.errors import StartupError
from bot.gateway.start_limit import StartLimit
from bot.generation.service import Generations
from bot.notices.lookout import Lookout
from bot.picture.generation import Generation
from bot.settings import Settings

log = structlog.get_logger(__name__)

COGS: Final = (
    "cogs.errors",
    "cogs.permits",
    "cogs.presses",
    "cogs.delivery",
    "cogs.imagine",
    "cogs.reroll",
    "cogs.remix",
    "cogs.details",
    "cogs.delete",
    "cogs.publish",
    "cogs.mention",
    "cogs.history",
    "cogs.limits",
    "cogs.quota",
    "cogs.usage",
    "cogs.record",
    "cogs.privacy",
    "cogs.operator",
)
# What a picture needs: to see the channel, post in it and its threads, attach, react, and look back at what was posted.
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
# What discord.py raises where Discord cannot be reached, or something answers that is not Discord: it trusts it.
_NO_ANSWER: Final = (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError, KeyError, TypeError)
# Codes with which Discord closes the gateway and takes nobody back.
CLOSED_FOR_GOOD: Final = {
    4004: "Discord does not accept DISCORD_TOKEN any more: copy the new one from the developer portal.",
    4010: "Discord does not accept these shards: check SHARD_COUNT and SHARD_IDS.",
    4011: "Discord wants more shards for so many servers: raise SHARD_COUNT, or leave it empty.",
}
_GUILD_WITHIN_SECONDS: Final = 5.0  # of an event that needs a server; Discord's largest take up to a minute
_READY_AFTER_SECONDS = 0.2  # without a new guild; an interaction brings all that we need to know of its guild
TICK_USER_INSTALL: Final = "Tick User Install in the developer portal, under Installation, or unset ALLOW_USER_INSTALL."
_REGISTERED_KEYS = frozenset(
    {
        *("name", "description", "type", "options", "choices", "value", "required", "autocomplete", "nsfw"),
        *("min_value", "max_value", "min_length", "max_length", "channel_types"),
        *("default_member_permissions", "contexts", "integration_types"),
    }
)


Press = Callable[["discord.Interaction[ImagineBot]", Generation], Awaitable[None]]
Place = discord.abc.GuildChannel | discord.Thread


class Permits(Protocol):
    """Knows who may use `/imagine` where."""

    async def check(self, member: discord.Member, permissions: discord.Permissions, channel: Place) -> None:
        """Raise a `UserFacingError` if the member, with these permissions in the channel, may not."""


class ImagineBot(commands.AutoShardedBot):
    """The bot on the gateway; what it does is in the cogs, and what it knows is in `generations`."""

    def __init__(
        self, settings: Settings, generations: Generations, lookout: Lookout, http_trace: aiohttp.TraceConfig
    ) -> None:
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
        self.generations = generations
        self.notices = lookout.notices
        self._lookout = lookout
        self.presses: dict[str, Press] = {}  # what the buttons on pictures do, by action; filled by the cogs
        self.permits: Permits  # one for all doors, since each look is a request; `cogs.permits` sets it
        self._command_ids: dict[str, int] = {}
        self._start_limit = StartLimit(remaining=1, reset_seconds=0.0)
        self.web_address = ""  # where health and figures are served, once they are
        self._serving = AsyncExitStack()
        self._is_serving = asyncio.Event()
        Border().guard(self._connection.parsers)

    async def setup_hook(self) -> None:
        """Load every cog by its name, since `bot` never imports them; discord.py calls this after the login."""
        for name in COGS:
            await self.load_extension(name)

    async def serve(self, token: SecretStr) -> None:
        """Log in, register changed commands, carry on what was left unfinished, and stay connected until closed.

        Raises `StartupError` if Discord does not accept the token, or does so no longer.
        """
        await self.log_in(token)
        await self.sync_if_changed()
        await self._serving.enter_async_context(self._lookout.running())  # it has to know first what was known before
        await self._serving.enter_async_context(self.generations.serving())
        self._is_serving.set()
        shards = len(self.shard_ids or range(self.shard_count or 1))
        await self._start_limit.wait_before_start(shards)
        try:
            await self.connect()
        except discord.ConnectionClosed as closed:
            sentence = CLOSED_FOR_GOOD.get(closed.code) or f"{closed}: start the bot again."
            await self._start_limit.wait_before_exit(shards, sentence)
            raise StartupError(sentence) from closed

    async def log_in(self, token: SecretStr) -> None:
        """Log in without connecting; raise `StartupError` if Discord does not answer or does not accept the token."""
        with discord_answers():
            try:
                await self.login(token.get_secret_value())
            except discord.LoginFailure as cause:
                raise StartupError(
                    "Discord does not accept DISCORD_TOKEN: copy it again from the developer portal."
                ) from cause
            shards, gateway, limit = await self.http.get_bot_gateway()
            self._start_limit = StartLimit.from_discord(limit)
        # What discord.py connects to where it knows how many shards there are, and falls back to after an invalidated
        # session. Without both it would ask once more.
        DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway)
        self.shard_count = self.shard_count or shards

    async def sync_if_changed(self) -> bool:
        """Register the commands if Discord knows others, and return whether that was so: creations are rationed."""
        await self._offer_no_more_than_discord_allows()
        registered = await self._registered_commands()
        ours = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        changed = _comparable(registered) != _comparable(ours)
        if changed:
            registered = await self.register_commands()
        self._command_ids = {command["name"]: int(command["id"]) for command in registered}
        return changed

    async def _offer_no_more_than_discord_allows(self) -> None:
        """Keep to servers where the developer portal does not let people install the app for themselves."""
        if not self.settings.allow_user_install:
            return
        with discord_answers():
            application = await self.application_info()
        if not offers_user_install(application):
            log.error("user_install_not_offered", remedy=TICK_USER_INSTALL)
            self.tree.allowed_installs.user = False

    async def register_commands(self) -> list[Any]:
        """Register the commands and return Discord's JSON of them; raise `StartupError` if Discord refuses them."""
        with discord_answers():
            try:
                registered = await self.tree.sync()
            except (discord.HTTPException, discord.app_commands.AppCommandError) as cause:
                raise StartupError(f"Discord does not register the commands: {cause}") from cause
        log.info("commands_registered", count=len(registered))
        return [command.to_dict() for command in registered]

    def command_id(self, name: str) -> int | None:
        """Return Discord's id of a registered command, which its settings in each server go by."""
        return self._command_ids.get(name)

    async def _registered_commands(self) -> list[Any]:
        """Return Discord's JSON of our commands; nothing where it does not say, so that they are registered again."""
        with discord_answers():
            try:
                # Not `tree.fetch_commands`: what that returns has forgotten where a command may be used.
                return list(await self.http.get_global_commands(self.application_id or 0))
            except discord.HTTPException as cause:
                log.warning("registered_commands_unknown", cause=str(cause))
                return []

    async def guild_once_known(self, guild_id: int) -> discord.Guild | None:
        """Return a server, after some seconds if Discord has not yet told what is in it; None if the bot is not there.

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

    async def until_ready(self) -> None:
        """Wait until members are served, also when called before the login."""
        await self._is_serving.wait()
        await self.wait_until_ready()

    async def why_not_connected(self) -> str | None:
        """Return which shards of this process are not on the gateway, or None when all are."""
        if not self.is_ready():
            return "the gateway is not connected"
        closed = [str(number) for number, shard in self.shards.items() if shard.is_closed()]
        return f"the gateway is not connected (shard {', '.join(closed)})" if closed else None

    async def close(self) -> None:
        """Stop serving first, while what finishes can still be posted, then leave Discord."""
        await self._serving.aclose()
        await super().close()


def offers_user_install(application: discord.AppInfo) -> bool:
    """Return True unless the developer portal says that people cannot install an app for themselves."""
    return application.user_integration_config is not None or application.guild_integration_config is None


@contextmanager
def discord_answers() -> Iterator[None]:
    """Raise `StartupError` where Discord cannot be reached, or something else answers in its place."""
    try:
        yield
    except _NO_ANSWER as cause:
        raise StartupError(
            f"Discord does not answer at DISCORD_API_URL ({type(cause).__name__}): check address and network."
        ) from cause


def point_discord_at(api_url: str) -> None:
    """Have discord.py talk to `api_url`, such as a proxy's or the playground's, instead of Discord's own."""
    Route.BASE = api_url.rstrip("/")


def _comparable(commands_: Sequence[Mapping[str, Any]]) -> object:
    """Return commands without what Discord adds, and without what is absent as good as empty."""
    return sorted((_essence(command) for command in commands_), key=repr)


def _essence(value: object) -> object:
    match value:
        case {**fields}:
            kept = {name: _essence(each) for name, each in fields.items() if name in _REGISTERED_KEYS}
            return {name: each for name, each in sorted(kept.items()) if each not in (None, False, [], "")}
        case [*items]:
            return [_essence(item) for item in items]
        case _:
            return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
