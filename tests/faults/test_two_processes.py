"""The operator who runs one process a shard, on one database."""

import time
from collections.abc import Sequence
from functools import partial

import pytest

from bot.picture.generation import State
from bot.storage.engine import Database, parse_database_url
from bot.storage.executor_lock import lock_number
from standins.discord.model.channels import Channel
from tests.faults.ledgers import first_true
from tests.faults.machine import SLOW, BotProcess, Machine
from tests.journeys.answers import private_answer
from tests.pooler import needs_pgbouncer
from tests.promises import ProcessFault
from tests.stage import Stage, has_picture

PLACES = 3
GOES_ON_WITHIN = 30.0  # seconds after a SIGKILL, as docs/reliability.md has it
POOLED = pytest.param("pooled", marks=needs_pgbouncer)
CUT = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"

everywhere = pytest.mark.parametrize("database_url", ["sqlite", "postgresql", POOLED], indirect=True)
postgresql_only = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.mark.promise(ProcessFault.PROCESS_DIES)
@postgresql_only
async def test_pictures_of_every_shard_arrive_once(stage: Stage, machine: Machine) -> None:
    """Whichever process takes a picture up, its member gets it once, in the server where they asked for it."""
    channels = two_servers(stage)
    for shard in ("0", "1"):
        await starts_shard(machine, shard)
    for channel in channels * 3:
        await asks(stage, channel)
    await all_arrived_once(stage, machine, channels)


@pytest.mark.promise(ProcessFault.DEFAULTS_ELSEWHERE)
@postgresql_only
async def test_defaults_that_one_process_saves_apply_in_another(stage: Stage, machine: Machine) -> None:
    """The member's are the same on every server, whichever shard it belongs to."""
    channels = two_servers(stage)
    for shard in ("0", "1"):
        await starts_shard(machine, shard)
    card = await private_answer(stage, await stage.alice.types("/defaults", channels[0]))
    form = await stage.alice.presses(card, "Change shape and file")
    await form.answered()
    await (await stage.alice.submits(form, {"Shape": "16:9"})).answered()

    async def is_there() -> bool:
        shown = await private_answer(stage, await stage.alice.types("/defaults", channels[1]))
        return "Shape: **16:9 widescreen**" in shown.text

    await first_true(is_there, 30, every=0.1)
    await asks(stage, channels[1])
    await stage.apiframe.until(partial(has_orders, stage, 1), 60)
    assert stage.orders()[0]["fluxParams"]["aspect_ratio"] == "16:9"


@pytest.mark.matrix
@pytest.mark.promise(ProcessFault.SAME_SHARDS)
@pytest.mark.slow
@everywhere
async def test_a_second_process_with_the_same_shards_ends_with_a_sentence(stage: Stage, machine: Machine) -> None:
    """It orders nothing, and the first one is not disturbed."""
    await machine.starts()
    second = machine.launches()
    assert await second.ended(within=90) == 1
    assert "Another process already serves all shards with this database." in machine.log
    await stage.imagine()
    await machine.one_picture_for_one_price(within=60)


@pytest.mark.promise(ProcessFault.SAME_SHARDS)
@everywhere
async def test_a_process_waits_for_one_that_is_about_to_stop(stage: Stage, machine: Machine) -> None:
    """A deploy that overlaps for some seconds isn't an error: the new process starts once the old one has ended."""
    old = await machine.starts()
    new = machine.launches()
    await machine.until(lambda: "executor_lock_held_by_another" in machine.log, within=60)
    assert await old.stops(within=30) == 0
    await machine.until(lambda: stage.discord.gateway.connected, within=60)
    assert new.alive
    await stage.imagine()
    await machine.one_picture_for_one_price(within=60)


@pytest.mark.matrix
@pytest.mark.promise(ProcessFault.PROCESS_DIES, ProcessFault.PGBOUNCER)
@pytest.mark.slow
@everywhere
async def test_what_a_dead_process_had_under_way_goes_on_elsewhere(stage: Stage, machine: Machine) -> None:
    """Within half a minute and without its restart, also where it held all places, and what waited behind it too."""
    stage.apiframe.pace = SLOW
    channels = two_servers(stage)
    doomed = await starts_shard(machine, shard_of_first(stage))
    for _ in range(2 * PLACES):
        await asks(stage, channels[0])
    await stage.apiframe.until(partial(has_orders, stage, PLACES), 60)
    await starts_shard(machine, shard_of_second(stage))
    doomed.kill()
    await doomed.ended()
    killed_at = time.monotonic()
    survivor = f"shards-{shard_of_second(stage)}"
    await machine.books.at_work_only(survivor, PLACES, within=GOES_ON_WITHIN)
    took = time.monotonic() - killed_at
    stage.clock.wind(SLOW.drawing)
    await stage.apiframe.until(partial(has_orders, stage, 2 * PLACES), 60)
    stage.clock.wind(SLOW.drawing)
    await all_arrived_once(stage, machine, channels)
    assert took < GOES_ON_WITHIN


@pytest.mark.matrix
@pytest.mark.promise(ProcessFault.PROCESS_DIES)
@pytest.mark.slow
@everywhere
@pytest.mark.parametrize("point", ["reserved, not yet answered", "answered, not yet enqueued"])
async def test_what_a_process_left_half_way_is_finished_by_another(stage: Stage, machine: Machine, point: str) -> None:
    """Even if it wasn't in the queue yet: there is one order, one price, one picture, and no restart."""
    two_servers(stage)
    doomed = await starts_shard(machine, shard_of_first(stage), crash_at=[point])
    await starts_shard(machine, shard_of_second(stage))
    await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn")
    assert await doomed.ended(within=60) == -9
    await machine.until(stage.pictures, within=60)
    await machine.one_picture_for_one_price(within=60)


@pytest.mark.promise(ProcessFault.PROCESS_GONE)
@pytest.mark.slow
@postgresql_only
async def test_the_operator_is_told_of_a_process_that_died(stage: Stage, machine: Machine) -> None:
    """Once, with its name; and once when it is back. One that stops in an orderly way is not missed."""
    two_servers(stage)
    doomed, _ = [await starts_shard(machine, shard) for shard in ("0", "1")]
    doomed.kill()
    await machine.until(lambda: "One of the bot's processes has died." in told(stage), within=60)
    assert "`shards-0`" in told(stage)
    again = await starts_shard(machine, "0")
    await machine.until(lambda: "All of the bot's shards are served again." in told(stage), within=60)
    assert await again.stops(within=30) == 0
    await machine.until(lambda: machine.log.count("executor_taken_over") == 2, within=60)
    assert told(stage).count("has died") == 1


@pytest.mark.promise(ProcessFault.LOCK_LOST)
@postgresql_only
async def test_a_process_that_loses_its_lock_takes_it_again(stage: Stage, machine: Machine, database_url: str) -> None:
    """A connection that breaks costs no picture and no process."""
    bot = await machine.starts()
    await cuts_every_lock(database_url)
    await machine.until(lambda: "executor_lock_reacquired" in machine.log, within=60)
    await stage.imagine()
    await machine.one_picture_for_one_price(within=60)
    assert bot.alive


@pytest.mark.promise(ProcessFault.LOCK_LOST)
@pytest.mark.slow
@postgresql_only
async def test_a_process_whose_lock_another_has_orders_nothing_and_ends(
    stage: Stage, machine: Machine, database_url: str
) -> None:
    """Its work is left to the other one, and a sentence says so."""
    bot = await machine.starts()
    direct = Database(parse_database_url(database_url))
    async with await direct.connect_apart() as other:
        await other.execute(CUT)
        await other.execute("SELECT pg_advisory_lock(%s)", (lock_number("shards-all"),))
        await machine.until(lambda: "executor_lock_lost" in machine.log, within=60)
        await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn")
        assert await bot.ended(within=90) == 1
        assert "Another process already serves all shards" in machine.log
        assert stage.jobs() == []
    await direct.close()
    await machine.starts()
    await machine.one_picture_for_one_price(within=60)


async def cuts_every_lock(database_url: str) -> None:
    direct = Database(parse_database_url(database_url))
    async with await direct.connect_apart() as connection:
        await connection.execute(CUT)
    await direct.close()


def told(stage: Stage) -> str:
    """Return the direct messages to the application's owner."""
    owner = stage.discord.person(stage.discord.world.developer)
    return "\n".join(each.draft.content for each in owner.opens_direct_messages().messages_for(owner))


def two_servers(stage: Stage) -> list[Channel]:
    """Return a channel in each of two servers with Alice in them: their ids put them on different shards of two."""
    island = stage.discord.world.add_guild("Island")
    island.add_member(stage.alice.user)
    return [stage.channel, island.add_channel("pictures")]


def shard_of_first(stage: Stage) -> str:
    return str((stage.guild.id >> 22) % 2)


def shard_of_second(stage: Stage) -> str:
    return str(1 - (stage.guild.id >> 22) % 2)


async def starts_shard(machine: Machine, shard: str, crash_at: Sequence[str] = ()) -> BotProcess:
    return await machine.starts(
        crash_at=crash_at,
        SHARD_COUNT="2",
        SHARD_IDS=shard,
        GENERATION__CONCURRENCY=str(PLACES),
        LIMITS__MEMBER__CONCURRENT="100",
    )


async def asks(stage: Stage, channel: Channel) -> None:
    interaction = await stage.alice.types("/imagine", channel, prompt="a red boat at dawn")
    await interaction.answered()


def has_orders(stage: Stage, count: int) -> bool:
    return len(stage.jobs()) == count


async def all_arrived_once(stage: Stage, machine: Machine, channels: Sequence[Channel]) -> None:
    written = await machine.books.closed(within=60)
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
