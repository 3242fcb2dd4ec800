"""The operator who upgrades with work in flight: tables of the version before, and pictures on their way in them."""

import signal

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.storage.engine import Database, parse_database_url
from bot.storage.migrate import MIGRATIONS as MIGRATIONS_FOLDER
from tests.faults.machine import Machine
from tests.faults.recorded import POINTS, restore
from tests.faults.recorded.scene import set_scene
from tests.promises import ProcessFault
from tests.stage import Stage

MIGRATIONS = str(MIGRATIONS_FOLDER)


OLDER_REVISIONS = [each.revision for each in ScriptDirectory(MIGRATIONS).walk_revisions()][1:]


@pytest.fixture
def sqlite_url(empty_sqlite_url: str) -> str:
    """Begin with no database: what an older version recorded becomes one."""
    return empty_sqlite_url


@pytest.mark.promise(ProcessFault.UPGRADE)
@pytest.mark.parametrize("revision", OLDER_REVISIONS)  # none before the first release
@pytest.mark.parametrize("point", ["answered, not yet enqueued", "submitted, not yet saved", "posted, not yet saved"])
async def test_work_of_an_older_version_is_carried_on(
    stage: Stage, machine: Machine, database_url: str, point: str, revision: str
) -> None:
    """Stopped at any point, taken over with old tables and migrated, a picture comes once for one price."""
    bot = await machine.starts(crash_at=[point])
    await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn")
    assert await bot.ended() == -signal.SIGKILL
    await goes_back(database_url, revision)
    await machine.starts()
    await machine.one_picture_for_one_price()
    assert await version_of(database_url) == ScriptDirectory(MIGRATIONS).get_current_head()


@pytest.mark.promise(ProcessFault.UPGRADE)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("point", POINTS)
async def test_what_an_older_version_recorded_is_finished(stage: Stage, machine: Machine, point: str) -> None:
    """A workflow that an older version began and noted step by step ends in one picture for one price.

    Renaming, adding or reordering steps, or changing the values that they record, breaks this promise. With another
    `APPLICATION_VERSION`, work of the older version isn't taken over: then record `tests/faults/recorded` again.
    """
    restore(stage.folder, point)
    await set_scene(stage)
    await machine.starts()
    await machine.one_picture_for_one_price()


async def goes_back(database_url: str, revision: str) -> None:
    """Give a database the tables that an older version had made."""
    database = Database(parse_database_url(database_url))

    def downgrade(connection: Connection) -> None:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", MIGRATIONS)
        command.downgrade(config, revision)

    await database.write(downgrade)
    await database.close()
    assert await version_of(database_url) != ScriptDirectory(MIGRATIONS).get_current_head()


async def version_of(database_url: str) -> str:
    database = Database(parse_database_url(database_url))
    version = await database.read(lambda connection: connection.execute(text("SELECT * FROM alembic_version")).scalar())
    await database.close()
    return str(version)
