"""Defaults in memory: those of members and servers, the same in every process."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import insert

from bot.defaults.defaults import Defaults
from bot.picture.layers import Choices, OwnDefaults, layered
from bot.picture.params import OutputFormat, Resolution
from bot.picture.request import Source
from bot.storage.defaults import DefaultsStore
from bot.storage.engine import Database, parse_database_url
from bot.storage.pubsub import PubSub
from bot.storage.tables import member_defaults
from tests.bot.limits.counting import Watch, ledger_of, moderation_of
from tests.bot.storage.examples import NOON, origin
from tests.bot.storage.test_pubsub import CUT
from tests.faults.ledgers import first_true
from tests.promises import ProcessFault

WIDE, LARGE = OwnDefaults(aspect_ratio="16:9"), OwnDefaults(resolution=Resolution.TWO_MP, private=True)
NOTHING = OwnDefaults()
SPOILER = Choices(spoiler=True)
WITHIN = 20.0


@dataclass
class Process:
    """The defaults of one process."""

    database: Database
    defaults: Defaults


@asynccontextmanager
async def process(url: str) -> AsyncIterator[Process]:
    """Keep the defaults of a database in memory, as a process does."""
    database = Database(parse_database_url(url))
    defaults, pubsub = Defaults(DefaultsStore(database)), PubSub(database)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        await stack.enter_async_context(pubsub.heard_by(defaults.kept.hear))
        await stack.enter_async_context(defaults.running(pubsub))
        yield Process(database, defaults)


async def until(is_true: Callable[[], bool]) -> None:
    async def look() -> bool:
        return is_true()

    await first_true(look, WITHIN, every=0.02)


async def test_defaults_are_there_at_once_and_after_a_restart(database_url: str, database: Database) -> None:
    """A member's are theirs only, and the last value is removed with its row."""
    async with process(database_url) as first:
        assert first.defaults.of_member(7) == NOTHING
        await first.defaults.save(7, WIDE)
        await first.defaults.save(8, LARGE)
        assert first.defaults.of_member(7) == WIDE
    async with process(database_url) as second:
        assert (second.defaults.of_member(7), second.defaults.of_member(8)) == (WIDE, LARGE)
        await second.defaults.save(7, NOTHING)
        assert second.defaults.of_member(7) == NOTHING
    stored = await DefaultsStore(database).all()
    assert dict(stored.members) == {8: {"resolution": "2", "private": True}}


async def test_a_members_defaults_lie_over_their_servers(database_url: str) -> None:
    """Moderators' changes apply to their server only, and an undo applies too."""
    async with process(database_url) as here:
        ledger = ledger_of(here.database, Watch())
        moderation = moderation_of(here.database, Watch(), ledger, here.defaults)
        theirs = Choices(output_format=OutputFormat.PNG, aspect_ratio="1:1", spoiler=False)
        entry = await moderation.change("guild:42", 1, "/limits defaults", lambda rules: rules.with_defaults(theirs))
        await here.defaults.save(7, WIDE)
        result = layered(here.defaults.layers_for(origin(7, 42)), has_references=False)
        assert result.choices == Choices(aspect_ratio="16:9", output_format=OutputFormat.PNG)
        assert result.sources == {"aspect_ratio": Source.MEMBER, "output_format": Source.SERVER}
        assert here.defaults.of_place(origin(7, 43)) == Choices()
        assert entry is not None
        await moderation.undo("guild:42", 1, entry.id)
        assert here.defaults.of_place(origin(7, 42)) == Choices()


async def test_a_servers_language_is_known_at_once_and_after_a_restart(database_url: str) -> None:
    """No request has to wait for the database to know it; an undo applies too."""
    async with process(database_url) as here:
        moderation = moderation_of(here.database, Watch(), ledger_of(here.database, Watch()), here.defaults)
        entry = await moderation.change("guild:42", 1, "/limits language", lambda rules: rules.with_language("uk"))
        assert (here.defaults.language_of(42), here.defaults.language_of(43)) == ("uk", None)
    async with process(database_url) as there:
        assert there.defaults.language_of(42) == "uk"
        moderation = moderation_of(there.database, Watch(), ledger_of(there.database, Watch()), there.defaults)
        assert entry is not None
        await moderation.undo("guild:42", 1, entry.id)
        assert there.defaults.language_of(42) is None


async def test_values_that_nobody_can_have_today_are_ignored(database_url: str, database: Database) -> None:
    """Those of another version: the rest applies."""
    row = {"user_id": 7, "choices": {"output_quality": 999, "tile": True, "spoiler": True}, "changed_at": NOON}
    await database.write(lambda connection: connection.execute(insert(member_defaults).values(row)))
    async with process(database_url) as here:
        assert here.defaults.of_member(7) == OwnDefaults(spoiler=True)


@pytest.mark.promise(ProcessFault.DEFAULTS_ELSEWHERE)
async def test_another_process_sees_a_change_also_one_that_it_missed(postgres_url: str) -> None:
    """A change is in every process's memory soon, and after an interruption all are read again."""
    async with process(postgres_url) as here, process(postgres_url) as there:
        await here.defaults.save(7, WIDE)
        await until(lambda: there.defaults.of_member(7) == WIDE)
        moderation = moderation_of(here.database, Watch(), ledger_of(here.database, Watch()), here.defaults)
        await moderation.change("guild:42", 1, "/limits defaults", lambda rules: rules.with_defaults(SPOILER))
        await until(lambda: there.defaults.of_place(origin(7, 42)) == SPOILER)
        await here.defaults.save(8, LARGE)
        await until(lambda: there.defaults.of_member(8) == LARGE)
        async with await here.database.connect_apart() as connection:
            await connection.execute(CUT)
        await here.defaults.save(7, LARGE)
        await until(lambda: there.defaults.of_member(7) == LARGE)
