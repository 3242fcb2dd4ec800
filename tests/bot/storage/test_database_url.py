"""The operator who types `DATABASE_URL`."""

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import StartupError
from bot.storage.engine import Database, durable_url, parse_database_url


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "a database address"),
        ("imagine.db", "a database address"),
        ("postgresql://host:port/imagine", "a database address"),
        ("mysql://localhost/imagine", "names 'mysql'"),
        ("postgres://localhost/imagine", "names 'postgres'"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_a_bad_address_is_one_sentence(url: str, sentence: str) -> None:
    """It names the setting, says what is wrong, and never shows the address, which may hold a password."""
    with pytest.raises(StartupError, match=f"^DATABASE_URL .*{sentence}") as refused:
        parse_database_url(url)
    assert "localhost" not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file that stands where the folder should be is the operator's to move."""
    (tmp_path / "data").touch()
    with pytest.raises(StartupError, match=r"DATABASE_URL: the folder .*data can't be created"):
        Database(parse_database_url(f"sqlite:///{tmp_path / 'data' / 'imagine.db'}"))


@pytest.mark.parametrize("driver", ["", "+asyncpg", "+psycopg"])
def test_a_driver_in_the_address_does_no_harm(driver: str) -> None:
    """For any driver in the address, each side of the bot uses its own."""
    url = parse_database_url(f"postgresql{driver}://somebody:secret@db:5433/imagine?sslmode=require")
    assert durable_url(url).render_as_string(hide_password=False) == (
        "postgresql://somebody:secret@db:5433/imagine?sslmode=require"
    )


def test_workflows_lie_beside_our_tables() -> None:
    """On SQLite, DBOS has a file of its own in the same folder, as two writers would block each other."""
    assert durable_url(parse_database_url("sqlite:////srv/imagine.db")).database == "/srv/imagine-workflows.db"


async def test_sslmode_is_understood_by_a_real_server(postgres_url: str) -> None:
    """An address as hosting providers print it opens a connection."""
    database = Database(parse_database_url(f"{postgres_url}&sslmode=prefer&connect_timeout=5"))
    assert await database.read(lambda connection: connection.execute(text("SELECT 1")).scalar_one()) == 1
    await database.close()
