"""The operator who runs one process a shard, on one PostgreSQL."""

from collections.abc import Sequence
from functools import partial

import pytest

from bot.picture.generation import State
from playground.discord.places import Channel
from tests.faults.machine import SLOW, BotProcess, Machine
from tests.stage import Stage, has_picture

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

MOST_PICTURES = 40


async def test_pictures_of_every_shard_arrive_once(stage: Stage, machine: Machine) -> None:
    """Whichever process takes a picture up, its member gets it once, in the server where they asked for it."""
    channels = two_servers(stage)
    for shard in ("0", "1"):
        await starts_shard(machine, shard)
    for channel in channels * 3:
        await asks(stage, channel)
    await all_arrived_once(stage, machine, channels)


async def test_a_dead_process_takes_nothing_of_the_other_with_it(stage: Stage, machine: Machine) -> None:
    """What the survivor works on is finished by it; what the dead one worked on, by that one after its restart."""
    stage.apiframe.pace = SLOW
    channels = two_servers(stage)
    _, doomed = [await starts_shard(machine, shard) for shard in ("0", "1")]
    await ask_until_both_draw(stage, machine, channels)
    doomed.kill()
    await doomed.ended()
    at_work = await machine.books.at_work()
    stage.clock.wind(SLOW.drawing)
    await machine.books.idle("shards-0")
    delivered = {each.id for each in await machine.books.all() if each.state is State.DELIVERED}
    assert delivered == at_work["shards-0"]
    await starts_shard(machine, "1")
    await all_arrived_once(stage, machine, channels)


def two_servers(stage: Stage) -> list[Channel]:
    """Return a channel in each of two servers with Alice in them: their ids put them on different shards of two."""
    island = stage.discord.world.add_guild("Island")
    island.add_member(stage.alice.user)
    return [stage.channel, island.add_channel("pictures")]


async def starts_shard(machine: Machine, shard: str) -> BotProcess:
    return await machine.starts(SHARD_COUNT="2", SHARD_IDS=shard, LIMITS__MEMBER__CONCURRENT="100")


async def asks(stage: Stage, channel: Channel) -> None:
    interaction = await stage.alice.types("/imagine", channel, prompt="a red boat at dawn")
    await interaction.answered()


async def ask_until_both_draw(stage: Stage, machine: Machine, channels: Sequence[Channel]) -> None:
    """Ask for pictures until each process waits for one at least: which of them takes one up is a matter of luck."""
    for asked in range(1, MOST_PICTURES):
        await asks(stage, channels[asked % 2])
        await stage.apiframe.until(partial(has_orders, stage, asked))
        if len(await machine.books.at_work()) == 2:
            return
    pytest.fail("one process does all the work")


def has_orders(stage: Stage, count: int) -> bool:
    return len(stage.jobs()) == count


async def all_arrived_once(stage: Stage, machine: Machine, channels: Sequence[Channel]) -> None:
    written = await machine.books.closed()
    assert {each.state for each in written} == {State.DELIVERED}
    assert {each.job_id for each in written} == {job.id for job in stage.jobs()}
    assert len(stage.jobs()) == len(written)
    assert stage.apiframe.charged == sum(job.cost for job in stage.jobs())
    for channel in channels:
        messages = channel.messages_for(stage.alice)
        assert all(has_picture(message) for message in messages)
        assert {message.id for message in messages} == {
            each.message_id for each in written if each.origin.channel_id == channel.id
        }
