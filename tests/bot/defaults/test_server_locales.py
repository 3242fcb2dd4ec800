"""The languages that Discord has for servers in memory, the same in every process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from bot.defaults.server_locales import ServerLocales
from bot.i18n.speech import ServerLocale
from bot.storage.engine import Database, parse_database_url
from bot.storage.pubsub import PubSub
from bot.storage.server_locales import ServerLocaleStore
from tests.bot.defaults.test_defaults import until

JAPANESE, FRENCH = ServerLocale("ja", is_community=True), ServerLocale("fr", is_community=True)
NEW, UNKNOWN = ServerLocale("en-US"), ServerLocale()


@asynccontextmanager
async def process(url: str) -> AsyncIterator[ServerLocales]:
    """Keep the languages of servers in memory, as a process does."""
    database = Database(parse_database_url(url))
    locales, pubsub = ServerLocales(ServerLocaleStore(database)), PubSub(database)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        await stack.enter_async_context(pubsub.heard_by(locales.kept.hear))
        await stack.enter_async_context(locales.running(pubsub))
        yield locales


async def stored(database: Database, expected: dict[int, ServerLocale]) -> None:
    """Wait until the database has these, and nothing else."""
    store = ServerLocaleStore(database)
    async with asyncio.timeout(20):
        while dict(await store.all()) != expected:  # noqa: ASYNC110  (the database tells nobody)
            await asyncio.sleep(0.02)


async def test_a_servers_language_is_known_at_once_and_after_a_restart(database_url: str, database: Database) -> None:
    """The latest one; a server that has become like a new one has no row any more, and neither has a left one."""
    async with process(database_url) as first:
        for guild_id in (1, 2, 3):
            first.note(guild_id, JAPANESE)
        first.note(4, NEW)
        first.note(1, FRENCH)
        assert [first.of(guild_id) for guild_id in (1, 2, 4)] == [FRENCH, JAPANESE, UNKNOWN]
        await stored(database, {1: FRENCH, 2: JAPANESE, 3: JAPANESE})
    async with process(database_url) as second:
        assert [second.of(guild_id) for guild_id in (1, 2, 4)] == [FRENCH, JAPANESE, UNKNOWN]
        second.note(2, NEW)
        second.note(3, UNKNOWN)
        assert second.of(2) == UNKNOWN
        await stored(database, {1: FRENCH})


async def test_thousands_of_servers_are_noted_at_one_start(database_url: str, database: Database) -> None:
    async with process(database_url) as here:
        for guild_id in range(1, 2001):
            here.note(guild_id, JAPANESE)
        await stored(database, dict.fromkeys(range(1, 2001), JAPANESE))


async def test_gateways_that_are_told_the_same_do_not_disturb_each_other(database_url: str) -> None:
    """As while one takes the place of another, and both get all servers in some order."""
    guild_ids = range(1, 101)
    for _ in range(10):
        databases = [Database(parse_database_url(database_url)) for _ in range(2)]
        stores = [ServerLocaleStore(database) for database in databases]
        orders = (guild_ids, reversed(guild_ids))
        await asyncio.gather(
            *(store.save(dict.fromkeys(order, FRENCH)) for store, order in zip(stores, orders, strict=True))
        )
        assert dict(await stores[0].all()) == dict.fromkeys(guild_ids, FRENCH)
        await stores[0].save(dict.fromkeys(guild_ids))
        for database in databases:
            await database.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_other_processes_get_the_language_that_one_was_told(database_url: str) -> None:
    """A worker has no gateway that could tell it."""
    async with process(database_url) as gateway, process(database_url) as worker:
        gateway.note(1, JAPANESE)
        await until(lambda: worker.of(1) == JAPANESE)
        gateway.note(1, FRENCH)
        await until(lambda: worker.of(1) == FRENCH)
        gateway.note(1, UNKNOWN)
        await until(lambda: worker.of(1) == UNKNOWN)
