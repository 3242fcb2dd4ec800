"""The operator who lets one process answer members, and others make their pictures."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from bot.generation.enqueued_workflows import EnqueuedWorkflows
from bot.generation.picture_queue import QueuedPicture
from bot.picture.generation import State
from bot.storage.engine import Database, durable_url, parse_database_url
from bot.storage.ledger import LedgerStore
from playground.app import environment_for, free_port
from standins.discord.model.messages import Message
from tests.bot.storage.examples import NOON, bare, written
from tests.faults.ledgers import first_true
from tests.faults.machine import SLOW, BotProcess, Machine
from tests.images import photo
from tests.journeys.test_privacy import is_forgotten, kept_images
from tests.promises import ProcessFault
from tests.stage import Stage, has_picture, text_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]
UNNEEDED = frozenset({"dbos", "PIL", "alembic", "matplotlib", "rich", "emoji"})
SHOWS_MODULES = """
import atexit, json, pathlib, sys
atexit.register(lambda: pathlib.Path("modules.json").write_text(json.dumps(sorted(sys.modules))))
from bot.__main__ import main
sys.argv[1:] = ["run", "--role", "gateway"]
main()
"""
KILLED = -signal.SIGKILL
DIE = "🎲"
WITHIN = 60.0


async def starts_worker(machine: Machine, **settings: str) -> BotProcess:
    """Start a worker and return once it serves the queue."""
    ready = machine.log.count("worker_ready")
    worker = machine.launches(ROLE="worker", **settings)
    await machine.until(lambda: machine.log.count("worker_ready") > ready or not worker.alive, WITHIN)
    assert worker.alive, machine.log
    return worker


async def starts_gateway(machine: Machine, **settings: str) -> BotProcess:
    return await machine.starts(ROLE="gateway", **settings)


@pytest.mark.promise(ProcessFault.ROLES)
async def test_a_gateway_and_two_workers_make_every_picture_once(stage: Stage, machine: Machine) -> None:
    """Also from a reaction and a button, and with a reference; only workers make them."""
    stage.apiframe.pace = SLOW
    places = {"GENERATION__CONCURRENCY": "10", "LIMITS__MEMBER__CONCURRENT": "100"}
    for _ in range(2):
        await starts_worker(machine, **places)
    await starts_gateway(machine, **places)
    blue = photo("a.png", "blue")
    asked = [await stage.imagine(image1=blue), *[await stage.imagine() for _ in range(5)]]
    await stage.apiframe.until(lambda: len(stage.jobs()) == len(asked), WITHIN)
    at_work = await machine.books.at_work()
    stage.clock.wind(SLOW.drawing)
    await stage.show_pictures(len(asked))
    assert set(at_work) in ({"worker-1"}, {"worker-2"}, {"worker-1", "worker-2"})
    assert [ref.content for ref in next(job for job in stage.jobs() if job.references).references] == [blue.content]
    first = stage.pictures()[0]
    await stage.alice.presses(first, "Reroll")
    await stage.alice.reacts(first, DIE)
    await stage.apiframe.until(lambda: len(stage.jobs()) == len(asked) + 2, WITHIN)
    stage.clock.wind(SLOW.drawing)
    await stage.show_pictures(len(asked) + 2)
    written = await machine.books.closed(WITHIN)
    assert {each.state for each in written} == {State.DELIVERED}
    assert stage.apiframe.charged == sum(job.cost for job in stage.jobs())


@pytest.mark.promise(ProcessFault.ROLES)
async def test_a_worker_that_dies_is_taken_over_by_the_others(stage: Stage, machine: Machine) -> None:
    """Its picture is delivered once at one price, without its restart, and nobody has to be alerted."""
    stage.apiframe.pace = SLOW
    doomed = await starts_worker(machine)
    await starts_gateway(machine)
    await stage.imagine()
    await stage.apiframe.until(stage.jobs, WITHIN)
    await starts_worker(machine)
    doomed.kill()
    assert await doomed.ended() == KILLED
    await machine.until(lambda: "executor_taken_over" in machine.log, WITHIN)
    stage.clock.wind(SLOW.drawing)
    await machine.one_picture_for_one_price(WITHIN)
    assert "alert_raised" not in machine.log


@pytest.mark.promise(ProcessFault.ROLES)
async def test_the_gateway_alerts_the_operator_once_the_last_worker_has_died(stage: Stage, machine: Machine) -> None:
    """A picture that is requested in the meantime waits, and is made by the next worker."""
    doomed = await starts_worker(machine)
    await starts_gateway(machine)
    doomed.kill()
    owner = stage.discord.person(stage.discord.world.developer)

    def told() -> str:
        return "\n".join(each.draft.content for each in owner.opens_direct_messages().messages_for(owner))

    await machine.until(lambda: "No worker is running." in told(), WITHIN)
    await stage.imagine()
    await starts_worker(machine)
    await machine.one_picture_for_one_price(WITHIN)
    await machine.until(lambda: "A worker is running again." in told(), WITHIN)


@pytest.mark.matrix
@pytest.mark.promise(ProcessFault.ROLES)
@pytest.mark.parametrize("point", ["reserved, not yet answered", "answered, not yet enqueued"])
async def test_a_gateway_that_dies_loses_nothing(stage: Stage, machine: Machine, point: str) -> None:
    """Workers make the picture that it had reserved, and after its restart members are served."""
    await starts_worker(machine)
    doomed = await machine.starts(crash_at=[point], ROLE="gateway")
    await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn")
    assert await doomed.ended() == KILLED
    await machine.until(stage.pictures, WITHIN)
    await machine.one_picture_for_one_price(WITHIN)
    await starts_gateway(machine)
    await stage.imagine()
    await stage.show_pictures(2)


@pytest.mark.promise(ProcessFault.ROLES)
async def test_a_gateway_killed_right_after_its_answer_loses_nothing(stage: Stage, machine: Machine) -> None:
    """No worker runs: the picture waits in the outbox, or is found by the next gateway."""
    doomed = await starts_gateway(machine)
    await stage.imagine()
    doomed.kill()
    await doomed.ended()
    await starts_worker(machine)
    await starts_gateway(machine)
    await machine.one_picture_for_one_price(WITHIN)


@pytest.mark.promise(ProcessFault.ROLES)
@pytest.mark.parametrize("with_worker", [True, False])
async def test_a_waiting_picture_is_cancelled_through_the_gateway(
    stage: Stage, machine: Machine, *, with_worker: bool
) -> None:
    """In a worker's queue or still in the outbox: it's refunded, its card says so, and it is never ordered."""
    stage.apiframe.pace = SLOW
    settings = {"GENERATION__CONCURRENCY": "1", "LIMITS__MEMBER__CONCURRENT": "100"}
    if with_worker:
        await starts_worker(machine, **settings)
    await starts_gateway(machine, **settings)
    first = (await stage.imagine()).original
    if with_worker:
        await stage.apiframe.until(stage.jobs, WITHIN)
    waiting = (await stage.imagine("a green hill")).original
    assert first is not None
    assert waiting is not None
    await stage.alice.presses(waiting, "Cancel")
    await machine.until(partial(says, waiting, "You cancelled this picture."), WITHIN)
    if not with_worker:
        await starts_worker(machine, **settings)
        await stage.apiframe.until(stage.jobs, WITHIN)
    stage.clock.wind(SLOW.drawing)
    await machine.until(partial(has_picture, first), WITHIN)
    ended = {each.card_id: each for each in await machine.books.closed(WITHIN)}
    assert (ended[waiting.id].state, ended[waiting.id].credits) == (State.FAILED, 0)
    assert len(stage.jobs()) == 1
    assert says(waiting, "You cancelled this picture.")


@pytest.mark.promise(ProcessFault.ROLES)
async def test_a_worker_is_notified_of_pictures_that_another_one_enqueued(
    stage: Stage, machine: Machine, database_url: str
) -> None:
    """It would look into the queue in an hour only."""
    await starts_worker(machine, GENERATION__QUEUE_POLL_SECONDS="3600")
    url = parse_database_url(database_url)
    database = Database(url)
    theirs = EnqueuedWorkflows(durable_url(url), "imagine-bot", "make_picture", "pictures", "queue filled by worker-2")

    async def is_ordered() -> bool:
        """Enqueue one more each time, since the worker may not listen yet."""
        waiting = await written(LedgerStore(database), bare(State.QUEUED), executor="worker-2")
        await asyncio.to_thread(theirs.add, [QueuedPicture(waiting.id, "42", NOON)])
        return bool(stage.jobs())

    await first_true(is_ordered, WITHIN, every=1.0)
    await asyncio.to_thread(theirs.close)
    await database.close()


@pytest.mark.promise(ProcessFault.ROLES)
async def test_a_member_deletes_everything_through_the_gateway(stage: Stage, machine: Machine) -> None:
    """Messages, files and workflows are deleted, and a picture that still waits in the outbox is never ordered."""
    worker = await starts_worker(machine)
    await starts_gateway(machine)
    await stage.imagine(image1=photo("a.png", "blue"))
    await stage.show_pictures(1)
    [made] = await machine.books.closed(WITHIN)
    assert await machine.books.remembered() == {made.id}
    await is_forgotten(stage, stage.alice)

    async def nothing_is_remembered() -> bool:
        return not await machine.books.remembered()

    await first_true(nothing_is_remembered, WITHIN)
    await stage.show_pictures(0)
    assert kept_images(stage) == []
    worker.kill()
    await worker.ended()
    await stage.imagine("a green hill")
    await is_forgotten(stage, stage.alice)
    await starts_worker(machine)
    await stage.imagine("a red hill")
    await stage.show_pictures(1)
    assert len(stage.jobs()) == 2


@pytest.mark.matrix
@pytest.mark.promise(ProcessFault.ROLES)
@pytest.mark.parametrize("orderly", [True, False])
async def test_one_process_can_be_split_while_pictures_are_made(
    stage: Stage, machine: Machine, *, orderly: bool
) -> None:
    """Workers continue its pictures, however it ended, and one process continues theirs."""
    stage.apiframe.pace = SLOW
    whole = await machine.starts()
    await stage.imagine()
    await stage.apiframe.until(stage.jobs, WITHIN)
    if orderly:
        assert await whole.stops(within=30) == 0
    else:
        whole.kill()
        await whole.ended()
    gateway, worker = await starts_gateway(machine), await starts_worker(machine)
    stage.clock.wind(SLOW.drawing)
    await machine.one_picture_for_one_price(WITHIN)
    await stage.imagine()
    await stage.apiframe.until(lambda: len(stage.jobs()) == 2, WITHIN)
    for process in (gateway, worker):
        process.kill()
        await process.ended()
    await machine.starts()
    stage.clock.wind(SLOW.drawing)
    await stage.show_pictures(2)
    assert len(stage.jobs()) == 2
    assert {each.state for each in await machine.books.closed(WITHIN)} == {State.DELIVERED}


@pytest.mark.promise(ProcessFault.SAME_SHARDS)
async def test_a_gateway_refuses_the_shards_of_one_process_that_does_everything(stage: Stage, machine: Machine) -> None:
    """Members would be answered twice."""
    await machine.starts()
    second = machine.launches(ROLE="gateway")
    assert await second.ended(within=90) == 1
    assert "Another process already serves all shards with this database." in machine.log
    await stage.imagine()
    await machine.one_picture_for_one_price(WITHIN)


@pytest.mark.promise(ProcessFault.ROLES)
async def test_both_roles_stop_in_order(stage: Stage, machine: Machine) -> None:
    """A gateway that stops after an answer leaves its picture to workers, and a worker its work to another."""
    stage.apiframe.pace = SLOW
    gateway = await starts_gateway(machine)
    await stage.imagine()
    assert await gateway.stops(within=30) == 0
    worker = await starts_worker(machine)
    await stage.apiframe.until(stage.jobs, WITHIN)
    assert await worker.stops(within=30) == 0
    await starts_worker(machine)
    stage.clock.wind(SLOW.drawing)
    await machine.one_picture_for_one_price(WITHIN)
    assert "Traceback" not in machine.log


@pytest.mark.promise(ProcessFault.ROLES)
async def test_each_role_says_why_it_is_not_ready(stage: Stage, machine: Machine) -> None:
    """A gateway needs Discord's gateway, and a worker doesn't."""
    ports = {role: str(free_port()) for role in ("worker", "gateway")}
    worker = await starts_worker(machine, HTTP_PORT=ports["worker"])
    await starts_gateway(machine, HTTP_PORT=ports["gateway"])

    async def reason_of(role: str) -> str | None:
        async with stage.browser.get(f"http://127.0.0.1:{ports[role]}/readyz") as answer:
            reason: str | None = (await answer.json())["reason"]
            return reason

    async def readiness_is(role: str, reason: str | None) -> None:
        async with asyncio.timeout(WITHIN):
            while await reason_of(role) != reason:  # noqa: ASYNC110  (a process tells nobody)
                await asyncio.sleep(0.1)

    await readiness_is("gateway", None)
    await readiness_is("worker", None)
    worker.kill()
    await readiness_is("gateway", "no worker is running")
    await starts_worker(machine, HTTP_PORT=ports["worker"])
    await readiness_is("gateway", None)
    stage.discord.faults.next("GET", "/gateway*", status=500, times=None)
    await stage.discord.gateway.close(4000)
    await readiness_is("gateway", "the gateway is not connected (shard 0)")
    assert await reason_of("worker") is None


@pytest.mark.promise(ProcessFault.ROLES)
async def test_a_gateway_process_has_no_use_for_what_makes_pictures(
    stage: Stage, machine: Machine, database_url: str
) -> None:
    """It imports neither DBOS nor Pillow nor Alembic, even after it has looked at an attached image."""
    await starts_worker(machine)
    environment = environment_for(
        stage.discord, stage.apiframe, stage.folder, database_url=database_url, **stage.settings
    )
    async with interpreter(stage.folder, environment) as process:
        await stage.discord.world.until(lambda: stage.discord.gateway.connected, WITHIN)
        await stage.imagine(image1=photo("a.png", "blue"))
        await stage.show_pictures(1)
        process.terminate()
        assert await process.wait() == 0
    modules = json.loads((stage.folder / "modules.json").read_text())
    assert UNNEEDED.isdisjoint(each.partition(".")[0] for each in modules)
    assert "cogs.composition" in modules


@asynccontextmanager
async def interpreter(folder: Path, environment: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a gateway in a new interpreter, since one that is forked has the modules of the tests."""
    root = str(Path(__file__).parents[2])
    variables = {**os.environ, **environment, "PYTHONPATH": root}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SHOWS_MODULES), cwd=folder, env=variables, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def says(card: Message, words: str) -> bool:
    return words in text_of(card)
