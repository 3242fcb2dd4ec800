"""The showcase's worst moments: a picture that reached its stars is shown there once, whatever dies or fails."""

import asyncio
import signal

import pytest

from bot.generation.crash_points import SHOWCASE_CRASH_POINTS
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from standins.discord.model.snowflake import shard_of
from tests.faults.machine import Machine
from tests.faults.test_roles import starts_gateway, starts_worker
from tests.journeys.moderators import moderator_of, say
from tests.journeys.test_favourites import STAR
from tests.journeys.test_showcase import private_place, shown_in
from tests.promises import Attack, DiscordFault, ProcessFault
from tests.stage import Stage

KILLED = -signal.SIGKILL
BOTH = ["sqlite", "postgresql"]
AGAIN_SECONDS = 60  # another process has to leave the picture for 20 s, and looks every 15


async def set_up(stage: Stage) -> tuple[Channel, Message]:
    """Make a moderator name a showcase for one star, and Alice draw a picture; the bot runs."""
    channel = stage.guild.add_channel("showcase")
    assert "Saved" in await say(stage, moderator_of(stage), "/limits showcase", channel=channel, stars=1)
    return channel, await stage.picture(await stage.imagine())


async def shown_once(stage: Stage, machine: Machine, channel: Channel) -> None:
    """Wait until the picture is shown, and some process has noted it: none shows it again after that."""
    await machine.until(lambda: shown_in(channel, stage.alice), AGAIN_SECONDS)
    await machine.books.showcase_settled(AGAIN_SECONDS)
    assert len(shown_in(channel, stage.alice)) == 1


@pytest.mark.promise(ProcessFault.SIGKILL_SHOWCASE)
@pytest.mark.parametrize(
    ("database_url", "point"),
    [*(("sqlite", point) for point in SHOWCASE_CRASH_POINTS), ("postgresql", SHOWCASE_CRASH_POINTS[1])],
    indirect=["database_url"],
)
async def test_a_crash_shows_a_picture_once(stage: Stage, machine: Machine, point: str) -> None:
    """Killed before or right after the post, and hours later started again, the bot shows it once."""
    first = await machine.starts()
    channel, picture = await set_up(stage)
    await machine.books.closed()
    assert await first.stops() == 0
    doomed = await machine.starts(crash_at=[point])
    await stage.joins("bob").reacts(picture, STAR)
    assert await doomed.ended() == KILLED
    await machine.books.leases_expire()
    stage.clock.wind(3600)  # the nonce is forgotten
    await machine.starts()
    await shown_once(stage, machine, channel)


@pytest.mark.promise(ProcessFault.SHOWCASE_TWICE)
@pytest.mark.parametrize("database_url", BOTH, indirect=True)
async def test_two_processes_show_a_picture_once(stage: Stage, machine: Machine) -> None:
    """Both get every star at the same time, and several together."""
    await machine.starts()
    channel, picture = await set_up(stage)
    await machine.books.closed()
    await machine.starts(SHARD_COUNT="2", SHARD_IDS=str(shard_of(stage.guild.id, 2)))
    fans = [stage.joins(f"fan{number}") for number in range(4)]
    await asyncio.gather(*(fan.reacts(picture, STAR) for fan in fans))
    await shown_once(stage, machine, channel)


@pytest.mark.matrix
@pytest.mark.promise(DiscordFault.SHOWCASE_OUTAGE)
@pytest.mark.slow
@pytest.mark.parametrize("lost", [False, True], ids=["not taken", "answer lost"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_outage_only_delays_the_showcase(stage: Stage, machine: Machine, lost: bool) -> None:
    """A post that failed is tried again, and one whose answer was lost is found."""
    await machine.starts()
    channel, picture = await set_up(stage)
    await machine.books.closed()
    route = f"/channels/{channel.id}/messages"
    stage.discord.faults.next("POST", route, times=2, status=503, after_acting=lost)
    await stage.joins("bob").reacts(picture, STAR)
    await shown_once(stage, machine, channel)


@pytest.mark.matrix
@pytest.mark.promise(ProcessFault.SIGKILL_SHOWCASE)
@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("point", SHOWCASE_CRASH_POINTS)
async def test_a_worker_shows_a_picture_whose_gateway_died(stage: Stage, machine: Machine, point: str) -> None:
    """It's shown once, and the next gateway has it removed when a moderator deletes the picture."""
    await starts_worker(machine)
    first = await starts_gateway(machine)
    channel, picture = await set_up(stage)
    await machine.books.closed()
    assert await first.stops() == 0
    doomed = await machine.starts(crash_at=[point], ROLE="gateway")
    await stage.joins("bob").reacts(picture, STAR)
    assert await doomed.ended() == KILLED
    await machine.books.leases_expire()
    await shown_once(stage, machine, channel)
    await starts_gateway(machine)
    await stage.discord.person(stage.guild.owner).deletes(picture)
    await machine.until(lambda: not shown_in(channel, stage.alice), AGAIN_SECONDS)


@pytest.mark.promise(Attack.PRIVATE_SHOWN)
@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_worker_shows_no_picture_of_a_hidden_channel(stage: Stage, machine: Machine) -> None:
    """It asks Discord who sees the channel, since it has no gateway to know that from."""
    secrets, bob = private_place(stage, "private channel"), stage.joins("bob")
    await starts_worker(machine)
    first = await starts_gateway(machine)
    channel, _ = await set_up(stage)
    hidden = await stage.picture(await stage.alice.types("/imagine", secrets, prompt="a secret"))
    await machine.books.closed()
    assert await first.stops() == 0
    doomed = await machine.starts(crash_at=[SHOWCASE_CRASH_POINTS[0]], ROLE="gateway")
    secrets.overwrite(bob, allow=Permission.VIEW_CHANNEL)
    await bob.reacts(hidden, STAR)
    assert await doomed.ended() == KILLED
    await machine.books.leases_expire()
    await machine.until(lambda: "showcase_impossible" in machine.log, AGAIN_SECONDS)
    assert shown_in(channel, stage.alice) == []
