"""`imagine-bot check`: look at everything that a start needs, say what to do, and print the invite link.

Asks each server once, and leaves nothing behind.
"""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Self

import aiohttp
import discord
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.apiframe.client import Apiframe, open_apiframe
from bot.apiframe.errors import ApiframeError, KeyRefused
from bot.apiframe.order import MODEL
from bot.apiframe.retry import RetryPolicy
from bot.errors import StartupError
from bot.gateway.client import (
    INTENTS,
    PERMISSIONS,
    TICK_USER_INSTALL,
    offers_user_install,
    point_discord_at,
)
from bot.gateway.startup_calls import ask_discord, discord_answers, log_in, single_try, token_refused
from bot.generation.queue_database import check_sqlite
from bot.generation.workflow_tables import SCHEMA, workflow_tables
from bot.i18n.languages import Languages
from bot.parts import DIRECT, direct_url
from bot.settings import Settings
from bot.storage.database_failures import database_startup
from bot.storage.engine import durable_url, parse_database_url
from bot.storage.images import check_image_store, image_folder, open_image_store
from bot.storage.inspection import Tables, check_room, inspect_database, our_tables
from bot.web.server import serve_web
from bot.web.webhooks import webhook_address

_TIMEOUT_SECONDS = 10.0
_SCOPES: Final = ("bot", "applications.commands")
_MARKS: Final = {True: "[green]ok[/]", False: "[red]no[/]", None: "[yellow]?[/]"}
_NOBODY_BEHIND: Final = (502, 503, 504)  # the responses of proxies if the bot doesn't run
_ONCE: Final = ()  # no pauses, so no second try
_SET_IT: Final = "Set it in the environment or in .env."
_START_AND_CHECK: Final = "If the bot isn't running now, start it and check again."
_CHECK_PROXY: Final = "Check PUBLIC_URL, and which requests the proxy forwards."
_AT_START: Final = "will be created at the start"


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of the table; `good` is None if it can't be known, and `remedy` is what to do."""

    what: str
    good: bool | None
    words: str
    remedy: str = ""

    @classmethod
    def ok(cls, what: str, words: str) -> Self:
        """Return a row for something that is right."""
        return cls(what, True, words)

    @classmethod
    def no(cls, what: str, words: str, remedy: str) -> Self:
        """Return a row for something that is wrong, which always has a remedy."""
        return cls(what, False, words, remedy)


async def check(settings: Settings) -> bool:
    """Print a table of the checks, and the invite link; return True if none has failed."""
    findings, invite = await inspect(settings)
    console = Console()
    console.print(_table(findings))
    if invite:
        console.print("Invite link, with the least permissions:", invite, sep="\n", soft_wrap=True)
    return all(finding.good is not False for finding in findings)


async def inspect(settings: Settings) -> tuple[list[Finding], str | None]:
    """Return what each check found, and the invite link if Discord could be asked."""
    findings: list[Finding] = []
    invite = None
    for look in (_discord, _apiframe, _database, _data_folder, _image_store, _languages, _web_server, _webhooks):
        try:
            found, link = await look(settings)
        except StartupError as error:
            what = look.__name__.strip("_").replace("_", " ").capitalize()
            found, link = [Finding.no(what, error.problem, error.remedy)], None
        findings += found
        invite = link or invite
    return findings, invite


async def _discord(settings: Settings) -> tuple[list[Finding], str | None]:
    if settings.discord_token is None:
        return [Finding.no("Discord token", "DISCORD_TOKEN isn't set.", _SET_IT)], None
    point_discord_at(str(settings.discord_api_url))
    async with discord.Client(intents=INTENTS, http_trace=single_try()) as client:
        with discord_answers():
            try:
                await log_in(client, settings.discord_token.get_secret_value(), _ONCE)
            except discord.LoginFailure:
                refused = token_refused()
                return [Finding.no("Discord token", refused.problem, refused.remedy)], None
            application = await ask_discord(client.application_info, _ONCE)
    return [
        Finding.ok("Discord token", f"logs in as {client.user}"),
        Finding.ok("Application", f"{application.name}, id {application.id}"),
        Finding.ok("Intents", f"{_names(INTENTS)}: none of them privileged"),
        *_interactions(application.interactions_endpoint_url),
        *_user_install(settings, application),
    ], _links(settings, application.id)


def _links(settings: Settings, application_id: int) -> str:
    links = discord.utils.oauth_url(application_id, permissions=PERMISSIONS, scopes=_SCOPES)
    if settings.allow_user_install:
        own = discord.utils.oauth_url(application_id, scopes=_SCOPES[1:]) + "&integration_type=1"
        links += f"\nLink for people to install the bot for themselves:\n{own}"
    return links


def _interactions(endpoint: str | None) -> list[Finding]:
    """Say where commands go instead of to the bot; nothing where they come here."""
    remedy = "Empty Interactions Endpoint URL in the developer portal, under General Information."
    return [] if endpoint is None else [Finding.no("Commands", f"Discord sends them to {endpoint}.", remedy)]


def _user_install(settings: Settings, application: discord.AppInfo) -> list[Finding]:
    """Return whether people can install the bot for themselves; nothing if the operator has turned that off."""
    if not settings.allow_user_install:
        return []
    if offers_user_install(application):
        return [Finding.ok("User install", "offered")]
    return [Finding.no("User install", "Discord doesn't offer it.", TICK_USER_INSTALL)]


def _names(intents: discord.Intents) -> str:
    return ", ".join(name.replace("_", " ") for name, on in intents if on)


async def _apiframe(settings: Settings) -> tuple[list[Finding], str | None]:
    key = settings.apiframe_api_key
    if key is None:
        return [Finding.no("Apiframe key", "APIFRAME_API_KEY isn't set.", _SET_IT)], None
    async with open_apiframe(
        str(settings.apiframe_base_url),
        key,
        retries=RetryPolicy(total_seconds=0.0),
        request_timeout_seconds=_TIMEOUT_SECONDS,
    ) as apiframe:
        try:
            return await _credits(apiframe), None
        except KeyRefused as cause:
            remedy = "Copy the key again from your Apiframe dashboard to APIFRAME_API_KEY."
            return [Finding.no("Apiframe key", f"{cause}.", remedy)], None
        except ApiframeError as cause:
            remedy = "Check APIFRAME_BASE_URL, the network and Apiframe's status page."
            return [Finding.no("Apiframe", f"{cause}.", remedy)], None


async def _credits(apiframe: Apiframe) -> list[Finding]:
    left = (await apiframe.me()).credits
    price = next((model for model in await apiframe.models() if model.id == MODEL), None)
    costs = f"; a picture costs {price.cost_min:g} to {price.cost_max:g}" if price and price.cost_max else ""
    accepted = Finding.ok("Apiframe key", "accepted")
    if left is None:
        return [accepted, Finding("Credits", None, f"Apiframe doesn't report how many are left{costs}")]
    if left > 0:
        return [accepted, Finding.ok("Credits", f"{left:,} left{costs}")]
    return [accepted, Finding.no("Credits", f"{left:,} left{costs}.", "Add credits in your Apiframe dashboard.")]


async def _database(settings: Settings) -> tuple[list[Finding], str | None]:
    url = parse_database_url(settings.database_url)
    tables = await asyncio.to_thread(_tables, settings)
    return [Finding.ok("Database", f"{url.get_backend_name()}, {tables.value}")], None


def _tables(settings: Settings) -> Tables:
    """Return how far the tables are that are furthest behind; raise `StartupError`. Blocks."""
    url, direct = parse_database_url(settings.database_url), direct_url(settings)
    if url.get_backend_name() == "sqlite":
        check_sqlite()
    with database_startup(url):
        found = [inspect_database(url, our_tables)]
    with database_startup(durable_url(url)):
        found.append(inspect_database(durable_url(url), workflow_tables, SCHEMA))
    if direct is not None:
        with database_startup(direct, DIRECT):
            found.append(inspect_database(direct, workflow_tables, SCHEMA))
    return max(found, key=list(Tables).index)


async def _data_folder(settings: Settings) -> tuple[list[Finding], str | None]:
    folder = settings.data_dir.resolve()
    try:
        check_room(folder)
    except OSError as cause:
        remedy = "Let this user write there, free some disk space, or change DATA_DIR."
        return [Finding.no("Data folder", f"DATA_DIR: {folder} can't be written ({cause.strerror}).", remedy)], None
    return [Finding.ok("Data folder", str(folder) if folder.exists() else f"{folder}, {_AT_START}")], None


async def _image_store(settings: Settings) -> tuple[list[Finding], str | None]:
    where = settings.image_store_url or "a folder in DATA_DIR"
    if not settings.image_store_url and not image_folder(settings.data_dir).exists():
        return [Finding.ok("Image store", f"{where}, {_AT_START}")], None
    await check_image_store(open_image_store(settings.image_store_url, settings.data_dir, settings.s3))
    return [Finding.ok("Image store", f"{where}: an object was written, read and deleted")], None


async def _languages(settings: Settings) -> tuple[list[Finding], str | None]:
    """Read the language files; a mistake in one of LOCALE_DIR is a `StartupError`."""
    languages = await asyncio.to_thread(Languages.load, settings.locale_dir)
    own = f", with LOCALE_DIR {settings.locale_dir}" if settings.locale_dir else ""
    return [Finding.ok("Languages", f"{', '.join(languages.names)}{own}")], None


async def _web_server(settings: Settings) -> tuple[list[Finding], str | None]:
    """Listen at HTTP_HOST for a moment, at a free port, since a bot that runs has HTTP_PORT."""
    async with serve_web(settings.http_host, 0, []):
        return [Finding.ok("Web server", f"can listen at {settings.http_host}")], None


async def _webhooks(settings: Settings) -> tuple[list[Finding], str | None]:
    url = settings.public_url
    return ([] if url is None else [await _knock(webhook_address(str(url)))]), None


async def _knock(address: str) -> Finding:
    """Post without a signature, which the bot answers with 401; this can't show whether the internet gets there."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS)) as session,
            session.post(address, allow_redirects=False) as answer,
        ):
            status, asks_password = answer.status, "WWW-Authenticate" in answer.headers
    except aiohttp.ClientSSLError as cause:
        words = f"{address} has no valid certificate ({type(cause).__name__})."
        return Finding.no("Webhooks", words, "Give the proxy a certificate for this name.")
    except (aiohttp.ClientError, OSError) as cause:
        words = f"{address} doesn't respond ({type(cause).__name__})."
        return Finding("Webhooks", None, words, _START_AND_CHECK)
    if status == HTTPStatus.UNAUTHORIZED and not asks_password:
        return Finding.ok("Webhooks", f"{address} responds to a request from this machine")
    if status in _NOBODY_BEHIND:
        return Finding("Webhooks", None, f"{address} responds {status}, which comes from a proxy.", _START_AND_CHECK)
    return Finding.no("Webhooks", f"{address} responds {status}, which isn't the bot.", _CHECK_PROXY)


def _table(findings: list[Finding]) -> Table:
    table = Table("", "What", "Found, and what to do")
    for finding in findings:
        found = Text.assemble(finding.words, (f"\n→ {finding.remedy}" if finding.remedy else "", "bold"))
        table.add_row(_MARKS[finding.good], finding.what, found)
    return table
