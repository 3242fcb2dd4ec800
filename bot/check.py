"""`imagine-bot check`: look at everything that a start needs, say what is wrong, and give the invite link."""

import asyncio
import tempfile
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import aiohttp
import discord
from rich.console import Console
from rich.table import Table

from bot.apiframe.client import open_apiframe
from bot.apiframe.errors import ApiframeError
from bot.apiframe.order import MODEL
from bot.apiframe.retry import RetryPolicy
from bot.app import durable_queue, open_database
from bot.errors import StartupError
from bot.gateway.client import (
    INTENTS,
    PERMISSIONS,
    TICK_USER_INSTALL,
    offers_user_install,
    point_discord_at,
)
from bot.gateway.startup_calls import ask_discord, discord_answers, log_in
from bot.settings import Settings
from bot.storage.images import check_image_store, open_image_store
from bot.web.webhooks import webhook_address

_TIMEOUT_SECONDS = 10.0
_SCOPES: Final = ("bot", "applications.commands")
_MARKS: Final = {True: "[green]ok[/]", False: "[red]no[/]", None: "[yellow]?[/]"}
_NOBODY_BEHIND: Final = (502, 503, 504)  # the responses of proxies if the bot doesn't run
_LOOK_AGAIN = "If the bot does not run just now, start it and check again."
_MEND = "Check PUBLIC_URL, and what the proxy passes on."


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of the table; `good` is None where it cannot be known."""

    what: str
    good: bool | None
    words: str


async def check(settings: Settings) -> bool:
    """Print a table of the checks, and the invite link; return True if none has failed."""
    findings: list[Finding] = []
    invite = None
    for look in (_discord, _apiframe, _database, _data_folder, _image_store, _webhooks):
        try:
            found, link = await look(settings)
        except StartupError as sentence:
            what = look.__name__.strip("_").replace("_", " ").capitalize()
            found, link = [Finding(what, good=False, words=str(sentence))], None
        findings += found
        invite = link or invite
    console = Console()
    console.print(_table(findings))
    if invite:
        console.print("Invite link, with the least permissions:", invite, sep="\n", soft_wrap=True)
    return all(finding.good is not False for finding in findings)


async def _discord(settings: Settings) -> tuple[list[Finding], str | None]:
    if settings.discord_token is None:
        return [Finding("Discord token", good=False, words="DISCORD_TOKEN is not set.")], None
    point_discord_at(str(settings.discord_api_url))
    async with discord.Client(intents=INTENTS) as client:
        with discord_answers():
            try:
                await log_in(client, settings.discord_token.get_secret_value())
            except discord.LoginFailure:
                return [Finding("Discord token", good=False, words="Discord does not accept DISCORD_TOKEN.")], None
            application = await ask_discord(client.application_info)
    links = discord.utils.oauth_url(application.id, permissions=PERMISSIONS, scopes=_SCOPES)
    if settings.allow_user_install:
        own = discord.utils.oauth_url(application.id, scopes=_SCOPES[1:]) + "&integration_type=1"
        links += f"\nLink with which people install the bot for themselves:\n{own}"
    return [
        Finding("Discord token", good=True, words=f"logs in as {client.user}"),
        Finding("Application", good=True, words=f"{application.name}, id {application.id}"),
        Finding("Intents", good=True, words=f"{_names(INTENTS)}: none of them privileged"),
        *_interactions(application.interactions_endpoint_url),
        *_user_install(settings, application),
    ], links


def _interactions(endpoint: str | None) -> list[Finding]:
    """Say where commands go instead of to the bot; nothing where they come here."""
    words = f"go to {endpoint}: empty Interactions Endpoint URL in the developer portal."
    return [] if endpoint is None else [Finding("Commands", good=False, words=words)]


def _user_install(settings: Settings, application: discord.AppInfo) -> list[Finding]:
    """Return whether people can install the bot for themselves; nothing if the operator has turned that off."""
    if not settings.allow_user_install:
        return []
    if offers_user_install(application):
        return [Finding("User install", good=True, words="offered")]
    return [Finding("User install", good=False, words=f"not offered by Discord. {TICK_USER_INSTALL}")]


def _names(intents: discord.Intents) -> str:
    return ", ".join(name.replace("_", " ") for name, on in intents if on)


async def _apiframe(settings: Settings) -> tuple[list[Finding], str | None]:
    key = settings.apiframe_api_key
    if key is None:
        return [Finding("Apiframe key", good=False, words="APIFRAME_API_KEY is not set.")], None
    retries = RetryPolicy(_TIMEOUT_SECONDS)
    async with open_apiframe(str(settings.apiframe_base_url), key, retries=retries) as apiframe:
        try:
            me = await apiframe.me()
            price = next((model for model in await apiframe.models() if model.id == MODEL), None)
        except ApiframeError as cause:
            return [Finding("Apiframe key", good=False, words=f"{cause}.")], None
    costs = f"; a picture costs {price.cost_min:g} to {price.cost_max:g}" if price and price.cost_max else ""
    left = me.credits
    known = "Apiframe does not say how many are" if left is None else left
    return [
        Finding("Apiframe key", good=True, words="accepted"),
        Finding("Credits", good=None if left is None else left > 0, words=f"{known} left{costs}"),
    ], None


async def _database(settings: Settings) -> tuple[list[Finding], str | None]:
    async with open_database(settings) as database:
        await asyncio.to_thread(durable_queue(settings).prepare)
        return [Finding("Database", good=True, words=f"{database.dialect}, tables up to date")], None


async def _data_folder(settings: Settings) -> tuple[list[Finding], str | None]:
    try:
        with tempfile.TemporaryFile(dir=settings.data_dir):
            pass
    except OSError as cause:
        return [Finding("Data folder", good=False, words=f"DATA_DIR cannot be written: {cause.strerror}.")], None
    return [Finding("Data folder", good=True, words=str(settings.data_dir.resolve()))], None


async def _image_store(settings: Settings) -> tuple[list[Finding], str | None]:
    images = open_image_store(settings.image_store_url, settings.data_dir, settings.s3)
    await check_image_store(images)
    where = settings.image_store_url or "a folder in DATA_DIR"
    return [Finding("Image store", good=True, words=f"{where}: keeps, gives back and deletes")], None


async def _webhooks(settings: Settings) -> tuple[list[Finding], str | None]:
    url = settings.public_url
    return ([] if url is None else [await _knock(webhook_address(str(url)))]), None


async def _knock(address: str) -> Finding:
    """Post without a signature, to which the bot says 401; whether the way from outside is open, nobody sees here."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS)) as session,
            session.post(address, allow_redirects=False) as answer,
        ):
            status, asks_password = answer.status, "WWW-Authenticate" in answer.headers
    except aiohttp.ClientSSLError as cause:
        return Finding("Webhooks", good=False, words=f"{address} has no good certificate ({type(cause).__name__}).")
    except (aiohttp.ClientError, OSError) as cause:
        words = f"{address} does not answer here ({type(cause).__name__}). {_LOOK_AGAIN}"
        return Finding("Webhooks", good=None, words=words)
    if status == HTTPStatus.UNAUTHORIZED and not asks_password:
        return Finding("Webhooks", good=True, words=f"{address} answers, seen from here")
    if status in _NOBODY_BEHIND:
        return Finding("Webhooks", good=None, words=f"{address} answers {status}, a proxy alone. {_LOOK_AGAIN}")
    return Finding("Webhooks", good=False, words=f"{address} answers {status}, which is not the bot. {_MEND}")


def _table(findings: list[Finding]) -> Table:
    table = Table("", "What", "Found")
    for finding in findings:
        table.add_row(_MARKS[finding.good], finding.what, finding.words)
    return table
