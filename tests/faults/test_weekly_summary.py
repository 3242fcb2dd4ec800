"""The weekly summary's worst moments: it's posted once, whatever dies or fails."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import Connection, select, update

from bot.generation.crash_points import SUMMARY_CRASH_POINTS
from bot.limits.weekly_summary import week_due
from bot.storage.engine import Database, parse_database_url
from bot.storage.tables import generations, weekly_summaries
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.snowflake import shard_of
from tests.faults.ledgers import first_true
from tests.faults.machine import Machine
from tests.faults.test_crash import KILLED
from tests.faults.test_roles import starts_gateway, starts_worker
from tests.journeys.moderators import moderator_of, say
from tests.journeys.test_weekly_summary import summaries
from tests.promises import ProcessFault
from tests.stage import TIMEOUT_SECONDS, Stage

BOTH = ["sqlite", "postgresql"]
TWO_DAYS = timedelta(days=2)


class Week:
    """The rows of the database that say which week it is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_over(self) -> None:
        """Move all pictures into the week whose summary is due."""
        at = datetime.combine(week_due(datetime.now(UTC)) + TWO_DAYS, time(), UTC)
        moved = update(generations).values(created_at=at)
        await self._database.write(lambda connection: connection.execute(moved))

    async def minutes_pass(self) -> None:
        """Make a summary due again that a process had to itself."""
        free = update(weekly_summaries).values(not_before=datetime.now(UTC) - TWO_DAYS)
        await self._database.write(lambda connection: connection.execute(free))

    async def is_noted(self) -> None:
        """Wait until the summary is noted as posted: nobody posts it again after that."""

        def work(connection: Connection) -> bool:
            return connection.execute(select(weekly_summaries.c.done)).scalars().all() == [True]

        await first_true(lambda: self._database.read(work), TIMEOUT_SECONDS)


@pytest.fixture
async def week(database_url: str) -> AsyncIterator[Week]:
    """The week of the machine's database."""
    database = Database(parse_database_url(database_url))
    yield Week(database)
    await database.close()


async def waits(stage: Stage, machine: Machine, week: Week) -> tuple[Channel, Person]:
    """Make a picture of last week, and turn the summary on, so that it is due at the next start."""
    moderator, channel = moderator_of(stage), stage.guild.add_channel("audit log")
    bot = await machine.starts()
    await stage.picture(await stage.imagine())
    await machine.books.closed()
    await say(stage, moderator, "/limits log", channel=channel)
    assert await bot.stops() == 0
    await week.is_over()
    bot = await machine.starts()
    await say(stage, moderator, "/limits summary", on=True)
    assert await bot.stops() == 0
    return channel, moderator


async def is_posted_once(stage: Stage, week: Week, channel: Channel, moderator: Person) -> None:
    """Wait until the summary is there, and noted: no process posts it after that."""
    await week.is_noted()
    assert len(summaries(channel, moderator)) == 1, stage.folder


@pytest.mark.promise(ProcessFault.SIGKILL_SUMMARY)
@pytest.mark.slow
@pytest.mark.parametrize(
    ("database_url", "point"),
    [*(("sqlite", point) for point in SUMMARY_CRASH_POINTS), ("postgresql", SUMMARY_CRASH_POINTS[1])],
    indirect=["database_url"],
)
async def test_a_crash_posts_a_summary_once(stage: Stage, machine: Machine, week: Week, point: str) -> None:
    """Killed before or right after the post, and hours later started again, the bot has it in the channel once."""
    channel, moderator = await waits(stage, machine, week)
    doomed = await machine.starts(crash_at=[point])
    assert await doomed.ended() == KILLED
    assert len(summaries(channel, moderator)) == SUMMARY_CRASH_POINTS.index(point)
    stage.clock.wind(3600)  # the nonce is forgotten
    await week.minutes_pass()
    await machine.starts()
    await is_posted_once(stage, week, channel, moderator)


@pytest.mark.promise(ProcessFault.SIGKILL_SUMMARY)
@pytest.mark.parametrize("database_url", BOTH, indirect=True)
async def test_two_processes_post_a_summary_once(stage: Stage, machine: Machine, week: Week) -> None:
    """Both are started at the same time, and find it due."""
    channel, moderator = await waits(stage, machine, week)
    other = machine.launches(SHARD_COUNT="2", SHARD_IDS=str(shard_of(stage.guild.id, 2)))
    await machine.starts()
    await is_posted_once(stage, week, channel, moderator)
    assert other.alive
    assert await other.stops() == 0


@pytest.mark.promise(ProcessFault.SIGKILL_SUMMARY)
@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_gateway_posts_the_summary_of_one_that_died(stage: Stage, machine: Machine, week: Week) -> None:
    """With its chart, which a gateway draws in a child process; a worker posts no summaries."""
    channel, moderator = await waits(stage, machine, week)
    await starts_worker(machine)
    doomed = await machine.starts(crash_at=[SUMMARY_CRASH_POINTS[0]], ROLE="gateway")
    assert await doomed.ended() == KILLED
    await week.minutes_pass()
    await starts_gateway(machine)
    await is_posted_once(stage, week, channel, moderator)
    assert summaries(channel, moderator)[0].attachments


@pytest.mark.matrix
@pytest.mark.promise(ProcessFault.SIGKILL_SUMMARY)
@pytest.mark.slow
@pytest.mark.parametrize("database_url", BOTH, indirect=True)
@pytest.mark.parametrize("lost", [False, True], ids=["not taken", "answer lost"])
async def test_an_outage_only_delays_a_summary(stage: Stage, machine: Machine, week: Week, lost: bool) -> None:
    """A post that failed is made again after a restart, and one whose answer was lost is found."""
    channel, moderator = await waits(stage, machine, week)
    route = f"/channels/{channel.id}/messages"
    stage.discord.faults.next("POST", route, drop=True, after_acting=lost)
    bot = await machine.starts()
    await machine.until(lambda: "weekly_summary_postponed" in machine.log)
    assert await bot.stops() == 0
    assert len(summaries(channel, moderator)) == lost
    stage.clock.wind(3600)
    await week.minutes_pass()
    await machine.starts()
    await is_posted_once(stage, week, channel, moderator)
