"""The stage for every test, shared or of its own."""

import gc
import os
import shutil
from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from tests.contracts.published import MISSING, document_path
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
from tests.depth import IS_NIGHTLY
from tests.far_ends import open_stage
from tests.pooler import pgbouncer, pooled_url
from tests.pseudo_run import IS_PSEUDO, pseudo_folder
from tests.shared.bot import SharedBot
from tests.shared.marks import FAILED, has_failed, shares_bot
from tests.stage import Stage

pytest_plugins = ["tests.marks", "tests.untested"]

# How long an example takes says how busy the machine is, and nothing else; the gate tries the same ones in each run,
# and the night others.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("gate", settings.get_profile("here"), derandomize=True)
settings.load_profile("gate" if "CI" in os.environ and not IS_NIGHTLY else "here")

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
    if IS_PSEUDO:
        pseudo_folder()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note which tests failed: after them, nothing is shared any more."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def unopened_shared_bot(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> SharedBot:
    """The bot of the tests that are marked `shared_bot`, not yet started."""

    def new_folder() -> Path:
        folder = tmp_path_factory.mktemp("shared")
        shutil.copytree(sqlite_template, folder, dirs_exist_ok=True)
        return folder

    return SharedBot(new_folder)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_bot(unopened_shared_bot: SharedBot) -> AsyncIterator[SharedBot]:
    """The bot of the tests that are marked `shared_bot`, which ends with the last of them."""
    yield unopened_shared_bot
    await unopened_shared_bot.close()


@pytest_asyncio.fixture(loop_scope="session")
async def shared_stage(shared_bot: SharedBot, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """A server, a channel and Alice on a bot that other tests use before and afterwards."""
    yield await shared_bot.lend()
    await shared_bot.take_back(unharmed=not has_failed(request.node))


@pytest.fixture
async def own_stage(sqlite_url: str) -> AsyncIterator[Stage]:
    """A stage that no other test uses; in its folder, the bot finds a database with all tables."""
    async with open_stage(Path(make_url(sqlite_url).database or "").parent) as stage:
        yield stage


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Stage:
    """A server named Harbour with one channel and Alice, with a shared bot or one of its own."""
    stage = request.getfixturevalue("shared_stage" if shares_bot(request.node) else "own_stage")
    assert isinstance(stage, Stage)
    return stage
