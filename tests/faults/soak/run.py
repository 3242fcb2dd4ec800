"""Playing a plan: the people ask, things break, the bot dies; at the end there is calm, and an account of it all."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from bot.picture.generation import UNFINISHED
from tests.conftest import open_stage
from tests.databases import running_postgres
from tests.faults.books import open_books
from tests.faults.machine import BotProcess, Machine
from tests.faults.soak.audit import Outcome, audit
from tests.faults.soak.crowd import Crowd
from tests.faults.soak.plan import Plan
from tests.faults.soak.weather import clear_up

CALM_WITHIN_SECONDS = 180.0
_LOOK_SECONDS = 0.5
_REQUESTS_A_MINUTE = 6000  # people ask faster here than they do in a channel
SETTINGS = {
    "GENERATION__POLL_SECONDS": "0.3",
    "GENERATION__SAFETY_POLL_SECONDS": "2",
    "GENERATION__QUEUE_POLL_SECONDS": "0.05",
    "GENERATION__PROGRESS_SECONDS": "0.5",
    "GENERATION__CONCURRENCY": "60",
    "GENERATION__CONCURRENCY_PER_SERVER": "30",
    "GENERATION__STARTS_PER_MINUTE": "6000",
    "LIMITS__MEMBER__CONCURRENT": "15",
    "LIMITS__MEMBER__IMAGES_PER_HOUR": "40",
    "LIMITS__SERVER__CONCURRENT": "100",
}


class NeverCalmError(Exception):
    """Work is left that does not come to an end; the text names it."""


async def play(plan: Plan, database_url: str, folder: Path) -> Outcome:
    """Play a plan to its end and return what came of it; raise `NeverCalmError` if that never comes."""
    async with open_stage(folder) as stage, open_books(database_url) as books:
        stage.apiframe.account.credits = 10**9
        stage.apiframe.account.requests_a_minute = _REQUESTS_A_MINUTE
        machine, crowd = Machine(stage, database_url, books), Crowd(stage)
        crowd.arrives()
        settings = SETTINGS | _reachable()
        try:
            await machine.starts(**settings)
            async with asyncio.TaskGroup() as everything:
                dying = everything.create_task(_lives_and_dies(machine, plan, settings))
                breaking = everything.create_task(_things_break(machine, plan))
                await _everybody_asks(crowd, plan)
                dying.cancel()
                breaking.cancel()
            clear_up(stage)
            await _becomes_calm(machine, settings)
            return audit(stage, await books.all(), refused=crowd.refused, unheard=len(crowd.unheard))
        finally:
            await machine.close()


async def _everybody_asks(crowd: Crowd, plan: Plan) -> None:
    began = asyncio.get_running_loop().time()
    async with asyncio.TaskGroup() as people:
        for asking in plan.askings:
            await _sleep_until(began + asking.at)
            people.create_task(crowd.asks(asking))


async def _things_break(machine: Machine, plan: Plan) -> None:
    began = asyncio.get_running_loop().time()
    for trouble in plan.troubles:
        await _sleep_until(began + trouble.at)
        trouble.strike(machine.stage)


async def _lives_and_dies(machine: Machine, plan: Plan, settings: dict[str, str]) -> None:
    """Kill the bot and start it again at once, until cancelled."""
    for life in cycle(plan.lives):
        await _die(machine.lives[-1], life.seconds)
        machine.launches(crash_at=life.doom, **settings)


async def _becomes_calm(machine: Machine, settings: dict[str, str]) -> None:
    """Give the bot a life without faults, and return when nothing is left to do."""
    await _die(machine.lives[-1], 0)
    await machine.starts(**settings)
    try:
        await machine.books.closed(within=CALM_WITHIN_SECONDS, every=_LOOK_SECONDS)
    except TimeoutError:
        left = [
            f"{each.id} {each.state} {each.job_id}" for each in await machine.books.all() if each.state in UNFINISHED
        ]
        raise NeverCalmError(f"unfinished: {left}; at work: {await machine.books.at_work()}") from None
    await asyncio.sleep(_LOOK_SECONDS * 4)  # what is posted once too often may still be on its way


async def _die(bot: BotProcess, seconds: float) -> None:
    """Let a process live for so many seconds, unless it dies before, and then kill it."""
    await bot.ended(within=seconds)
    bot.kill()
    await bot.ended()


async def _sleep_until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - asyncio.get_running_loop().time()))


def _reachable() -> dict[str, str]:
    """Return settings by which every life of the bot gets webhooks at the same address."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    return {"HTTP_PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}"}


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Yield the address of an empty database of a kind, `sqlite` or `postgres`."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'imagine.db'}"
    else:
        with running_postgres() as server:
            server.psql("CREATE DATABASE soak")
            yield server.get_uri(database="soak")
