"""Several processes that work on the pictures of one command at the same time: one card has every picture once."""

import pytest

from bot.generation.crash_points import BATCH_CRASH_POINTS, CRASH_POINTS
from tests.faults.machine import SLOW, BotProcess, Machine
from tests.faults.test_batch_crash import COUNT, one_card
from tests.faults.test_crash import KILLED
from tests.faults.test_roles import WITHIN, starts_gateway, starts_worker
from tests.promises import ProcessFault
from tests.stage import Stage

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]
OF_GATEWAY = ("reserved, not yet answered", "answered, not yet enqueued", "noted as queued, not yet enqueued")
OF_WORKER = [point for point in CRASH_POINTS + BATCH_CRASH_POINTS if point not in OF_GATEWAY[:2]]
AFTER_ORDER = OF_WORKER[OF_WORKER.index("completed, not yet fetched") :]
HALF = {"GENERATION__CONCURRENCY": str(COUNT // 2), "GENERATION__QUEUE_POLL_SECONDS": "3600"}
WHOLE = {"GENERATION__CONCURRENCY": str(COUNT)}


@pytest.mark.promise(ProcessFault.ROLES_BATCH)
async def test_two_workers_share_a_batch(stage: Stage, machine: Machine) -> None:
    """Each makes two of four pictures, all done at the same moment while Discord is slow, and one card has them all."""
    await starts_worker(machine, **HALF)
    await shared_by_two(stage, machine)
    stage.discord.faults.next("PATCH", "/webhooks/*", with_file=True, delay=1.0, times=2)
    stage.clock.wind(SLOW.drawing)
    await one_card(stage, machine, WITHIN)


@pytest.mark.promise(ProcessFault.ROLES_BATCH)
@pytest.mark.matrix
@pytest.mark.parametrize("point", AFTER_ORDER)
async def test_a_worker_dies_beside_another(stage: Stage, machine: Machine, point: str) -> None:
    """Killed at `point` while another worker has the other half, its pictures join them on the same card."""
    doomed = machine.launches(crash_at=[point], ROLE="worker", **HALF)
    await shared_by_two(stage, machine)
    stage.clock.wind(SLOW.drawing)
    assert await doomed.ended(WITHIN) == KILLED
    await one_card(stage, machine, WITHIN)


@pytest.mark.promise(ProcessFault.ROLES_BATCH)
@pytest.mark.matrix
@pytest.mark.parametrize("point", [point for point in OF_WORKER if point not in AFTER_ORDER])
async def test_a_worker_dies_before_all_are_ordered(stage: Stage, machine: Machine, point: str) -> None:
    """Killed at `point`, it leaves everything to another worker, which orders each picture once."""
    doomed = machine.launches(crash_at=[point], ROLE="worker")
    await starts_gateway(machine)
    await asks(stage)
    assert await doomed.ended(WITHIN) == KILLED
    await starts_worker(machine)
    await one_card(stage, machine, WITHIN)


@pytest.mark.promise(ProcessFault.ROLES_BATCH)
@pytest.mark.parametrize("point", OF_GATEWAY)
async def test_a_gateway_dies(stage: Stage, machine: Machine, point: str) -> None:
    """Killed at `point`, it leaves all pictures of the command to two workers."""
    for _ in range(2):
        await starts_worker(machine)
    doomed = await machine.starts(crash_at=[point], ROLE="gateway")
    await asks(stage)
    assert await doomed.ended(WITHIN) == KILLED
    await starts_gateway(machine)
    await one_card(stage, machine, WITHIN)


async def asks(stage: Stage) -> None:
    await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn", count=COUNT)


async def shared_by_two(stage: Stage, machine: Machine) -> BotProcess:
    """Make a worker that runs take two pictures of a command, and another, which is returned, the other two."""
    stage.apiframe.pace = SLOW
    await starts_gateway(machine, **HALF)
    await asks(stage)
    await stage.apiframe.until(lambda: len(stage.jobs()) == COUNT // 2, WITHIN)
    other = await starts_worker(machine, **WHOLE)  # takes the other half before the first worker looks again
    await stage.apiframe.until(lambda: len(stage.jobs()) == COUNT, WITHIN)
    at_work = await machine.books.at_work()
    assert sorted(len(ids) for ids in at_work.values()) == [COUNT // 2, COUNT // 2]
    return other
