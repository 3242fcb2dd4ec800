"""The far ends for every test, with each exchange held against the published contracts."""

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from standins.apiframe.server import ApiframeStandIn
from standins.clock import Clock
from standins.discord.server import DiscordStandIn
from standins.exchange import Exchange
from tests.contracts.published import MISSING, UNCHECKED, document_path, published_contract
from tests.databases import (
    database,
    database_url,
    empty_postgres_url,
    empty_sqlite_url,
    postgres,
    postgres_administrator,
    postgres_template,
    postgres_url,
    sqlite_template,
    sqlite_url,
)
from tests.pooler import pgbouncer, pooled_url
from tests.stage import QUICK, REQUESTS_A_MINUTE, Stage

pytest_plugins = ["tests.marks", "tests.untested"]

# How long an example takes says how busy the machine is, and nothing else; the gate tries the same ones in each run.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("gate", settings.get_profile("here"), derandomize=True)
settings.load_profile("gate" if "CI" in os.environ else "here")

__all__ = [
    "database",
    "database_url",
    "empty_postgres_url",
    "empty_sqlite_url",
    "pgbouncer",
    "pooled_url",
    "postgres",
    "postgres_administrator",
    "postgres_template",
    "postgres_url",
    "sqlite_template",
    "sqlite_url",
]


def pytest_collection_finish() -> None:
    """Spare the garbage collector the modules: otherwise it goes through all of them again every few tests."""
    gc.collect()
    gc.freeze()


def pytest_sessionstart() -> None:
    """Refuse to run in CI without the documents that every exchange is checked against."""
    if "CI" in os.environ and not (document_path("discord") and document_path("apiframe")):
        raise pytest.UsageError(MISSING)


def keep_contracts(discord: DiscordStandIn, apiframe: ApiframeStandIn) -> list[str]:
    """Return a list that fills with every breach of a published contract; empty where none is at hand."""
    violations: list[str] = []
    if discords := published_contract("discord"):
        discord.observers.append(lambda exchange: violations.extend(discords.violations(exchange)))
    else:
        discord.observers.append(UNCHECKED.note)
    if apiframes := published_contract("apiframe"):

        def keep(exchange: Exchange) -> None:
            documented = apiframe.wire_format == "documented"  # the other spelling breaks the document by its nature
            check = apiframes.violations if documented else apiframes.answer_violations
            violations.extend(check(exchange))

        apiframe.observers.append(keep)
    else:
        apiframe.observers.append(UNCHECKED.note)
    return violations


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[Stage]:
    """Yield a server named Harbour with one channel and Alice; at the end, no exchange may have broken a contract."""
    clock = Clock()
    async with (
        DiscordStandIn(clock).serving() as discord,
        ApiframeStandIn(clock).serving() as apiframe,
        aiohttp.ClientSession() as browser,
    ):
        violations = keep_contracts(discord, apiframe)
        apiframe.pace, apiframe.smooth_pictures = QUICK, False
        apiframe.account.requests_a_minute = REQUESTS_A_MINUTE
        guild = discord.world.add_guild("Harbour")
        channel = guild.add_channel("pictures")
        yield Stage(discord, apiframe, folder, guild, channel, discord.person(guild.add_member("alice")), browser)
    assert violations == []


@pytest.fixture
async def stage(sqlite_url: str) -> AsyncIterator[Stage]:
    """A stage of its own for each test; in its folder, the bot finds a database with all tables."""
    async with open_stage(Path(make_url(sqlite_url).database or "").parent) as opened:
        yield opened
