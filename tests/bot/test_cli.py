"""The operator at the command line: one sentence for an error, and an exit code."""

import asyncio
import ctypes
import os
import resource
import sqlite3
import sys
import time
from dataclasses import dataclass

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from playground.app import free_port
from standins.exchange import Exchange
from tests.processes import Ended, run_to_its_end
from tests.promises import DiscordFault
from tests.stage import Stage

_KEPT = {"PATH", "HOME", "PYTHONPATH", "PYTHONPYCACHEPREFIX"}
_DROP_CAPABILITY = 24  # PR_CAPBSET_DROP in Linux's headers
_OVERRIDE_MODES = (1, 2)  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH


@pytest.fixture
def sqlite_url(empty_sqlite_url: str) -> str:
    """Begin with no database, as a first start does."""
    return empty_sqlite_url


@dataclass(frozen=True)
class Surroundings:
    """The environment of a process.

    No file of its grows beyond `largest_file` bytes, as on a full disk; a `powerless` root heeds the modes of files.
    """

    powerless: bool = False
    largest_file: int = resource.RLIM_INFINITY


async def imagine_bot(*arguments: str, **settings: str) -> Ended:
    """Run `imagine-bot` as an operator would, with these settings and no others."""
    return await run_to_its_end(arguments, settings)


async def imagine_bot_in(surroundings: Surroundings, *arguments: str, **settings: str) -> Ended:
    """Do the same from the start of Python on."""
    environment = {name: value for name, value in os.environ.items() if name in _KEPT}

    def bind() -> None:
        if surroundings.powerless:
            for capability in _OVERRIDE_MODES:
                ctypes.CDLL(None).prctl(_DROP_CAPABILITY, capability, 0, 0, 0)
        resource.setrlimit(resource.RLIMIT_FSIZE, (surroundings.largest_file, surroundings.largest_file))

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        env=environment | settings,
        preexec_fn=bind,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return Ended(process.returncode, out.decode(), err.decode())


def settings_of(stage: Stage) -> dict[str, str]:
    """Return the settings that lead to a stage, as an environment."""
    return {
        "DISCORD_TOKEN": stage.discord.token,
        "DISCORD_API_URL": stage.discord.api_url,
        "APIFRAME_API_KEY": stage.apiframe.api_key,
        "APIFRAME_BASE_URL": stage.apiframe.base_url,
        "DATABASE_URL": f"sqlite:///{stage.folder / 'imagine.db'}",
        "DATA_DIR": str(stage.folder),
        "HTTP_PORT": "0",
        "COLUMNS": "160",
    }


@pytest.mark.parametrize("missing", ["DISCORD_TOKEN", "APIFRAME_API_KEY"])
async def test_a_start_without_a_secret_names_the_setting_and_the_playground(stage: Stage, missing: str) -> None:
    """If a setting is missing, the message names it, and how to try the bot without an account."""
    ended = await imagine_bot("run", **settings_of(stage) | {missing: ""})
    assert ended.code == 1
    assert ended.err.startswith(f"{missing} isn't set")
    assert "playground" in ended.err
    assert ended.err.count("\n") == 1


async def test_a_wrong_setting_is_named_in_one_line() -> None:
    """A typo in a limit does not mean unlimited: it is named, and nothing starts."""
    ended = await imagine_bot("run", LIMITS__MEMBER__IMAGES_PER_DYA="3", HTTP_PORT="many")
    assert ended.code == 2
    assert "LIMITS__MEMBER__IMAGES_PER_DYA" in ended.err
    assert "HTTP_PORT" in ended.err
    assert "Traceback" not in ended.err


async def test_a_token_that_discord_refuses_is_one_sentence(stage: Stage) -> None:
    """A wrong token ends the start with what to do, and is not in the output."""
    ended = await imagine_bot("run", **settings_of(stage) | {"DISCORD_TOKEN": "wrong.token.here"})
    assert ended.code == 1
    assert "Discord doesn't accept DISCORD_TOKEN" in ended.err
    assert "wrong.token.here" not in ended.err
    assert "Traceback" not in ended.err


async def test_a_folder_that_cannot_be_made_is_named(stage: Stage) -> None:
    """A `DATA_DIR` that is a file is one sentence, from every command."""
    in_the_way = stage.folder / "file"
    in_the_way.touch()
    for command in ("migrate", "check"):
        ended = await imagine_bot(command, **settings_of(stage) | {"DATA_DIR": str(in_the_way)})
        assert ended.code == 1
        assert "DATA_DIR" in ended.out + ended.err
        assert "Traceback" not in ended.err


async def test_a_database_of_a_newer_bot_is_said_so(stage: Stage) -> None:
    """Going back to an older version ends with what to do, and changes nothing."""
    settings = settings_of(stage)
    await imagine_bot("migrate", **settings)
    with sqlite3.connect(stage.folder / "imagine.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    ended = await imagine_bot("migrate", **settings)
    assert ended.code == 1
    assert "newer version of the bot" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("command", ["run", "check"])
async def test_something_else_than_discord_at_its_address_is_said_so(stage: Stage, command: str) -> None:
    """A web page where Discord should be, as behind a wrong `DISCORD_API_URL`, is one sentence."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<html></html>", content_type="text/html")

    elsewhere = web.Application()
    elsewhere.router.add_route("*", "/{path:.*}", page)
    async with TestServer(elsewhere) as server:
        ended = await imagine_bot(command, **settings_of(stage) | {"DISCORD_API_URL": str(server.make_url("/"))})
    assert ended.code == 1
    assert "DISCORD_API_URL" in ended.out + ended.err
    assert "Traceback" not in ended.err


@pytest.mark.promise(DiscordFault.START_OFFLINE)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/users/@me"),
        ("GET", "/gateway/bot"),
        ("GET", "/applications/*/commands"),
        ("PUT", "/applications/*/commands"),
    ],
)
async def test_a_connection_that_breaks_at_the_start_is_one_sentence(stage: Stage, method: str, path: str) -> None:
    """Whichever request of a start Discord leaves without an answer, the sentence says where to look."""
    stage.discord.faults.next(method, path, times=None, drop=True)
    ended = await imagine_bot("run", **settings_of(stage))
    assert ended.code == 1
    assert ended.err.splitlines()[-1].startswith("Discord isn't responding at DISCORD_API_URL")
    assert "Traceback" not in ended.err


async def test_a_start_asks_once_for_the_gateway(stage: Stage) -> None:
    """The response of the login is reused, since a second request might fail without a clear message."""
    stage.discord.faults.next("GET", "/gateway/bot")
    stage.discord.faults.next("GET", "/gateway/bot", times=None, drop=True)
    async with stage.running():
        await stage.picture(await stage.imagine())


async def test_commands_that_discord_refuses_are_one_sentence(stage: Stage) -> None:
    """A refused registration ends the start with Discord's words."""
    stage.discord.faults.next("PUT", "/applications/*/commands", times=9, status=403, code=50001)
    ended = await imagine_bot("run", **settings_of(stage))
    assert ended.code == 1
    assert "Discord didn't register the commands" in ended.err
    assert "Traceback" not in ended.err


async def test_migrate_can_be_run_twice(stage: Stage) -> None:
    """An upgrade's migration does no harm when there is nothing to do."""
    for _ in range(2):
        ended = await imagine_bot("migrate", **settings_of(stage))
        assert ended.code == 0, ended.err


async def test_commands_are_registered_only_when_they_changed(stage: Stage) -> None:
    """A restart registers nothing, since creations are rate limited; `sync` still does."""
    registrations: list[Exchange] = []
    stage.discord.observers.append(
        lambda exchange: registrations.append(exchange) if exchange.method == "PUT" else None
    )
    for _ in range(2):
        async with stage.running():
            pass
    assert len(registrations) == 1
    ended = await imagine_bot("sync", **settings_of(stage))
    assert ended.code == 0, ended.err
    assert len(registrations) == 2


async def test_commands_can_be_registered_beside_a_running_bot(stage: Stage) -> None:
    """`sync` does not want the port that the bot has."""
    port = free_port()
    async with stage.running(http_port=port):
        ended = await imagine_bot("sync", **settings_of(stage) | {"HTTP_PORT": str(port)})
    assert ended.code == 0, ended.err


@pytest.mark.promise(DiscordFault.GATEWAY_CLOSED)
@pytest.mark.parametrize(
    ("code", "words"),
    [(4004, "DISCORD_TOKEN"), (4010, "SHARD_COUNT"), (4011, "SHARD_COUNT"), (4012, "closed with 4012")],
)
async def test_a_gateway_that_closes_for_good_is_one_sentence(stage: Stage, code: int, words: str) -> None:
    """A token that is reset while the bot runs ends it with what to do, and not with a traceback.

    It ends late, and says when: restarts at once would use up the identifies of the day.
    """
    stage.discord.gateway.identifies.leave(1000, reset_seconds=3000)  # one in three seconds
    running = asyncio.create_task(imagine_bot("run", **settings_of(stage)))
    await stage.discord.world.until(lambda: stage.discord.gateway.connected)
    await asyncio.sleep(0.1)
    await stage.discord.gateway.close(code)
    closed_at = time.monotonic()
    ended = await running
    assert ended.code == 1
    assert time.monotonic() - closed_at > 2
    assert "waiting_to_identify" in ended.out + ended.err
    assert words in ended.err.splitlines()[-1]
    assert "Traceback" not in ended.err
