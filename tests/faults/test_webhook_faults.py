"""The operator whose webhooks reach the wrong process, a dead one or one of another version: one picture each time."""

from collections.abc import Sequence
from functools import partial

import pytest

from playground.app import free_port
from standins.discord.model.channels import Channel
from standins.exchange import Exchange
from tests.faults.machine import SLOW, Machine
from tests.promises import ApiframeFault
from tests.stage import Stage, has_picture

MOST_PICTURES = 40
SELDOM = {"GENERATION__POLL_SECONDS": "60", "GENERATION__SAFETY_POLL_SECONDS": "60"}  # too late for a test
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.promise(ApiframeFault.WEBHOOK_OTHER_PROCESS)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_webhook_wakes_whichever_process_waits(stage: Stage, machine: Machine) -> None:
    """All webhooks reach one process, and the pictures that the other one waits for are posted at once, each once."""
    stage.apiframe.pace = SLOW
    address, looked_at = reachable(), looks_of(stage)
    await starts_shard(machine, "0", address)
    await starts_shard(machine, "1", {"PUBLIC_URL": address["PUBLIC_URL"]})
    channels = two_servers(stage)
    asked = await ask_until_both_draw(stage, machine, channels)
    await machine.until(lambda: len(looked_at) == asked)
    stage.clock.wind(SLOW.drawing)
    written = await machine.books.closed()
    posted = [each for channel in channels for each in channel.messages_for(stage.alice)]
    assert len(posted) == len(written) == len(stage.jobs()) == asked
    assert all(has_picture(message) for message in posted)
    assert stage.apiframe.charged == sum(job.cost for job in stage.jobs())
    await stage.apiframe.until(lambda: {job.webhook_status for job in stage.jobs()} == {"delivered"})


@pytest.mark.promise(ApiframeFault.WEBHOOK_DEAD_PROCESS)
@sqlite_only
async def test_a_webhook_for_a_dead_process_is_not_needed_by_the_next_one(stage: Stage, machine: Machine) -> None:
    """Killed while the picture is drawn, the bot finds it done when it is back, though nobody tells it again."""
    stage.apiframe.pace = SLOW
    address = reachable()
    bot = await machine.starts(**address, **SELDOM)
    await stage.imagine()
    await stage.shows("Drawing")
    bot.kill()
    await bot.ended()
    stage.clock.wind(SLOW.drawing)
    await stage.apiframe.until(lambda: stage.jobs()[0].webhook_status == "failed")
    await machine.starts(**address, **SELDOM)
    await machine.one_picture_for_one_price()


@pytest.mark.promise(ApiframeFault.WEBHOOK_DEAD_PROCESS)
@sqlite_only
async def test_a_stop_does_not_wait_for_a_webhook(stage: Stage, machine: Machine) -> None:
    """A process that waits for a webhook stops immediately, and the next process is woken by it."""
    stage.apiframe.pace = SLOW
    address = reachable()
    bot = await machine.starts(**address, **SELDOM)
    await stage.imagine()
    await stage.shows("Drawing")
    assert await bot.stops(within=4.5) == 0
    looked_at = looks_of(stage)
    await machine.starts(**address, **SELDOM)
    await machine.until(lambda: looked_at)
    stage.clock.wind(SLOW.drawing)
    await machine.one_picture_for_one_price()


@pytest.mark.promise(ApiframeFault.PUBLIC_URL_WRONG)
@sqlite_only
async def test_a_picture_ordered_before_there_were_webhooks_is_found_by_polling(stage: Stage, machine: Machine) -> None:
    """Its operator sets PUBLIC_URL while it is drawn: the next process asks for it as often as the last one did."""
    stage.apiframe.pace = SLOW
    bot = await machine.starts()
    await stage.imagine()
    await stage.shows("Drawing")
    assert await bot.stops() == 0
    looked_at = looks_of(stage)
    await machine.starts(**reachable(), GENERATION__SAFETY_POLL_SECONDS="60")
    await machine.until(lambda: looked_at)
    stage.clock.wind(SLOW.drawing)
    await machine.one_picture_for_one_price()
    assert "webhookUrl" not in stage.orders()[0]


def reachable() -> dict[str, str]:
    """Return settings with which Apiframe can reach a process."""
    port = str(free_port())
    return {"HTTP_PORT": port, "PUBLIC_URL": f"http://127.0.0.1:{port}"}


def two_servers(stage: Stage) -> list[Channel]:
    """Return a channel in each of two servers with Alice in them: their ids put them on different shards of two."""
    island = stage.discord.world.add_guild("Island")
    island.add_member(stage.alice.user)
    return [stage.channel, island.add_channel("pictures")]


async def starts_shard(machine: Machine, shard: str, address: dict[str, str]) -> None:
    await machine.starts(SHARD_COUNT="2", SHARD_IDS=shard, LIMITS__MEMBER__CONCURRENT="100", **address, **SELDOM)


async def ask_until_both_draw(stage: Stage, machine: Machine, channels: Sequence[Channel]) -> int:
    """Ask for pictures until each process waits for one at least, and return for how many."""
    for asked in range(1, MOST_PICTURES):
        interaction = await stage.alice.types("/imagine", channels[asked % 2], prompt="a red boat at dawn")
        await interaction.answered()
        await stage.apiframe.until(partial(has_orders, stage, asked))
        if len(await machine.books.at_work()) == 2:
            return asked
    pytest.fail("one process does all the work")


def has_orders(stage: Stage, count: int) -> bool:
    return len(stage.jobs()) == count


def looks_of(stage: Stage) -> set[str]:
    """Return a set that fills with the jobs that are looked at."""
    looked_at: set[str] = set()

    def note(exchange: Exchange) -> None:
        if exchange.path.startswith("/v2/jobs/"):
            looked_at.add(exchange.path)

    stage.apiframe.observers.append(note)
    return looked_at
