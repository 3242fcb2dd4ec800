"""Playing a plan: the people ask, things break, the bot dies; at the end there is calm, and an account of it all."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.picture.generation import UNFINISHED
from tests.databases import running_postgres
from tests.far_ends import open_stage
from tests.faults.ledgers import first_true, open_books
from tests.faults.machine import Machine
from tests.faults.soak.audit import Outcome, audit
from tests.faults.soak.chronicle import Chronicle, Finding
from tests.faults.soak.fault_schedule import clear_up
from tests.faults.soak.plan import SHARDS, Plan
from tests.faults.soak.processes import Fates, ShardProcess
from tests.faults.soak.users import Crowd
from tests.s3 import S3Server

CALM_WITHIN_SECONDS = 400.0
_LOOK_SECONDS = 0.5
_KEPT_WITHIN_SECONDS = 90.0
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


async def play(plan: Plan, database_url: str, folder: Path, s3: S3Server | None = None) -> Outcome:
    """Run a plan to its end and return its result; raise `NeverCalmError` if it doesn't end.

    The outages of the image store are those of a bucket: without one, images are kept in a folder, which stays.
    """
    async with open_stage(folder) as stage, open_books(database_url) as books:
        stage.apiframe.account.credits = 10**9
        machine, crowd, chronicle = Machine(stage, database_url, books), Crowd(stage), Chronicle()
        crowd.arrives()
        settings = SETTINGS | (s3.environment() if s3 else {})
        shards = [ShardProcess(machine, number, settings, chronicle) for number in range(SHARDS)]
        fates = Fates(machine, shards, chronicle)
        try:
            await _everything_happens(plan, fates, crowd, s3)
            clear_up(stage)
            await _becomes_calm(machine, shards)
            chronicle.read_sentences(machine.log)
            chronicle.findings += fates.rivals_orders()
            chronicle.findings += [Finding("difference", "of the sums", each) for each in await books.differing_sums()]
            return audit(stage, await books.all(), chronicle, refused=crowd.refused, unheard=len(crowd.unheard))
        finally:
            await machine.close()


async def _everything_happens(plan: Plan, fates: Fates, crowd: Crowd, s3: S3Server | None) -> None:
    """Return once everybody has asked and every life has ended; trouble stops with them."""
    await asyncio.gather(*(shard.starts() for shard in fates.shards))
    async with asyncio.TaskGroup() as everything:
        endless = [everything.create_task(shard.keeps_running()) for shard in fates.shards]
        endless.append(everything.create_task(_things_break(fates, plan)))
        storing = everything.create_task(_store_goes_away(fates.chronicle, plan, s3))
        dying = everything.create_task(fates.play(plan.lives))
        await _everybody_asks(crowd, plan)
        await asyncio.wait({dying, storing})
        for task in endless:
            task.cancel()


async def _everybody_asks(crowd: Crowd, plan: Plan) -> None:
    began = asyncio.get_running_loop().time()
    async with asyncio.TaskGroup() as people:
        for asking in plan.askings:
            await _sleep_until(began + asking.at)
            people.create_task(crowd.asks(asking))


async def _things_break(fates: Fates, plan: Plan) -> None:
    began = asyncio.get_running_loop().time()
    for alert in plan.troubles:
        await _sleep_until(began + alert.at)
        alert.strike(fates.machine.stage)
        fates.chronicle.troubles[alert.family] += 1


async def _store_goes_away(chronicle: Chronicle, plan: Plan, s3: S3Server | None) -> None:
    began = asyncio.get_running_loop().time()
    for outage in plan.outages if s3 else ():
        assert s3
        await _sleep_until(began + outage.at)
        chronicle.troubles["image store away"] += 1
        await asyncio.to_thread(s3.stop)
        await asyncio.sleep(outage.seconds)
        await asyncio.to_thread(s3.start)


async def _becomes_calm(machine: Machine, shards: Sequence[ShardProcess]) -> None:
    """Give every process a life without faults, and return when nothing is left to do."""
    for shard in shards:
        await shard.dies()
    for shard in shards:
        await shard.starts()
    try:
        await machine.books.closed(within=CALM_WITHIN_SECONDS, every=_LOOK_SECONDS)
    except TimeoutError:
        left = [
            f"{each.id} {each.state} {each.job_id}" for each in await machine.books.all() if each.state in UNFINISHED
        ]
        raise NeverCalmError(f"unfinished: {left}; at work: {await machine.books.at_work()}") from None
    await _all_kept(machine)
    await asyncio.sleep(_LOOK_SECONDS * 4)  # a duplicate post may still be on its way


async def _all_kept(machine: Machine) -> None:
    """Give the image store the time to store pictures after its outage; the audit finds missing ones."""

    async def none_left() -> bool:
        return not any(each.unsaved_since for each in await machine.books.all())

    with suppress(TimeoutError):
        await first_true(none_left, _KEPT_WITHIN_SECONDS, _LOOK_SECONDS)


async def _sleep_until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - asyncio.get_running_loop().time()))


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Yield the address of an empty database of a kind, `sqlite` or `postgres`."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'imagine.db'}"
    else:
        with running_postgres() as server:
            server.psql("CREATE DATABASE soak")
            yield server.get_uri(database="soak")
