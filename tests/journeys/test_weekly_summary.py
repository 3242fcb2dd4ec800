"""The moderator who reads on Monday what the server did in the week before."""

import asyncio
import io
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta

import pytest
from PIL import Image

from bot.limits.weekly_summary import days_of, week_due
from standins.discord.client.person import Person
from standins.discord.components import walk
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.journeys.answers import pressed, private_answer
from tests.journeys.moderators import drawn, moderator_of, refused, say
from tests.promises import DiscordFault
from tests.stage import TIMEOUT_SECONDS, Stage, text_of

pytestmark = pytest.mark.shared_bot

WEEK = timedelta(weeks=1)


def summaries(channel: Channel, moderator: Person) -> list[Message]:
    """Return the summaries in a channel, as a moderator sees them."""
    return [each for each in channel.messages_for(moderator) if "**Weekly summary**" in text_of(each)]


async def is_posted(stage: Stage, channel: Channel, moderator: Person, count: int = 1) -> list[Message]:
    """Wait until a channel has this many summaries."""
    await stage.discord.world.until(lambda: len(summaries(channel, moderator)) == count)
    return summaries(channel, moderator)


async def opens_log(stage: Stage, moderator: Person, name: str = "audit log") -> Channel:
    """Make a moderator name a new channel for the audit log."""
    channel = stage.guild.add_channel(name)
    assert "Saved" in await say(stage, moderator, "/limits log", channel=channel)
    return channel


def move_to(stage: Stage, week: date) -> None:
    """Move all pictures and refusals into the middle of a week, as if it had passed since."""
    middle = datetime.combine(week + timedelta(days=2), time(12)).isoformat(" ")
    with closing(sqlite3.connect(stage.folder / "imagine.db")) as database, database:
        database.execute("UPDATE generations SET created_at = ?", (middle,))
        database.execute("UPDATE refusals SET at = ?", (middle,))


def a_week_passes(stage: Stage) -> None:
    """Move everything that was noted of summaries into the week before."""
    with closing(sqlite3.connect(stage.folder / "imagine.db")) as database, database:
        assert database.execute("UPDATE weekly_summaries SET week = date(week, '-7 days')").rowcount
    stage.clock.wind(3600)  # the nonce is forgotten


def an_hour_passes(stage: Stage) -> None:
    """Make summaries due again that a channel refused."""
    with closing(sqlite3.connect(stage.folder / "imagine.db")) as database, database:
        assert database.execute("UPDATE weekly_summaries SET not_before = datetime(not_before, '-1 hour')").rowcount


@pytest.mark.own_bot
async def test_a_summary_comes_once_a_week_across_restarts(stage: Stage) -> None:
    """Pictures, credits, refusals by rule, who used most, a chart, the week before, and no ping."""
    moderator, bob, week = moderator_of(stage), stage.joins("bob"), week_due(datetime.now(UTC))
    async with stage.running(limits={"member": {"images_per_day": 2}}):
        await drawn(stage, bob)
        for _ in range(2):
            await drawn(stage, stage.alice)
        await refused(stage, stage.alice)
        await say(stage, moderator, "/limits words add", word="kraken")
        for _ in range(2):
            await refused(stage, bob, "a kraken")
        channel = await opens_log(stage, moderator)
    move_to(stage, week)
    async with stage.running():
        answer = await say(stage, moderator, "/limits summary", on=True)
        assert "Weekly summary: off →\u00a0**Mondays from 08:00 (UTC)**" in answer
        assert answer.startswith("**Saved.**\n")
        assert "Last week's comes in a few minutes" in answer
        assert f"**Audit log:** <#{channel.id}>, with a summary on Mondays" in await say(
            stage, moderator, "/limits show"
        )
    async with stage.running():
        [summary] = await is_posted(stage, channel, moderator)
    costs = [job.cost for job in stage.jobs()]
    assert f"{week} to {days_of(week)[1]} (UTC)" in summary.text
    assert f"**3** pictures · **{sum(costs)}** credits · **3** refusals" in summary.text
    assert "The week before: nobody asked for a picture." in summary.text
    assert f"1. <@{stage.alice.id}>: **2** pictures · **{sum(costs[1:])}** credits · **1** refusal" in summary.text
    assert "**Refusals by rule**\n- blocked word: **2**\n- Pictures per day: **1**" in summary.text
    assert not summary.mentions.disturbed_anybody
    assert Image.open(io.BytesIO(summary.attachments[0].read())).size == (1200, 900)
    [item] = next(part["items"] for part in walk(summary.components) if "items" in part)
    assert "3 pictures" in item["description"]
    async with stage.running():
        await drawn(stage, stage.alice)
        assert summaries(channel, moderator) == [summary]
    a_week_passes(stage)
    move_to(stage, week - WEEK)
    async with stage.running():
        _, quiet = await is_posted(stage, channel, moderator, 2)
    assert "Nobody asked for a picture." in quiet.text
    assert f"The week before: **4** pictures · **{sum(job.cost for job in stage.jobs())}** credits" in quiet.text
    assert not quiet.attachments


async def test_without_an_audit_log_channel_it_says_how_to_set_one(stage: Stage) -> None:
    """Nothing is changed; and a channel that takes no files is named with the permission."""
    moderator = moderator_of(stage)
    async with stage.running():
        answer = await say(stage, moderator, "/limits summary", on=True)
        assert "there is none. Set one first with `/limits log`. Nothing was changed." in answer
        assert "No change" in await say(stage, moderator, "/limits summary", on=False)
        channel = await opens_log(stage, moderator)
        channel.overwrite(stage.guild.everyone, deny=Permission.ATTACH_FILES)
        answer = await say(stage, moderator, "/limits summary", on=True)
        assert f"I can't post in <#{channel.id}>. I need: **Attach Files**" in answer
        assert "/limits summary" not in await say(stage, moderator, "/limits history")


async def test_it_is_in_the_audit_log_and_can_be_undone(stage: Stage) -> None:
    """Found by the rule of the audit log; without a channel, the card says that it isn't posted."""
    moderator = moderator_of(stage)
    async with stage.running():
        await opens_log(stage, moderator)
        await say(stage, moderator, "/limits summary", on=True)
        await say(stage, moderator, "/limits log")
        assert "**Audit log:** off, and so is the weekly summary" in await say(stage, moderator, "/limits show")
        page = await private_answer(stage, await moderator.types("/limits history", stage.channel, rule="log"))
        assert "Weekly summary: off →\u00a0**Mondays from 08:00 (UTC)**" in page.text
        told = await pressed(stage, moderator, page, str(page.buttons[1]["custom_id"]))
        assert "Weekly summary: Mondays from 08:00 (UTC) →\u00a0**off**" in told.text
        assert "summary" not in await say(stage, moderator, "/limits show")


async def waits(stage: Stage, moderator: Person) -> Channel:
    """Make a picture of last week, and turn the summary on, so that it is due at the next start."""
    async with stage.running():
        await drawn(stage, stage.alice)
        channel = await opens_log(stage, moderator)
    move_to(stage, week_due(datetime.now(UTC)))
    async with stage.running():
        await say(stage, moderator, "/limits summary", on=True)
    return channel


@pytest.mark.own_bot
@pytest.mark.promise(DiscordFault.SUMMARY_CLOSED)
@pytest.mark.parametrize("trouble", ["gone", "closed"])
async def test_a_summary_waits_for_a_channel_that_takes_it(stage: Stage, trouble: str) -> None:
    """It comes in the same channel once that works, or in another one, and stands there once."""
    moderator = moderator_of(stage)
    channel = await waits(stage, moderator)
    if trouble == "gone":
        channel.delete()
    else:
        channel.overwrite(stage.guild.everyone, deny=Permission.SEND_MESSAGES)
    async with stage.running():
        await is_refused(stage)
        if trouble == "gone":
            channel = await opens_log(stage, moderator, "another")
        else:
            channel.overwrite(stage.guild.everyone, allow=Permission.SEND_MESSAGES)
    assert summaries(channel, moderator) == []
    an_hour_passes(stage)
    async with stage.running():
        await is_posted(stage, channel, moderator)


async def is_refused(stage: Stage) -> None:
    """Wait until a channel has refused a summary: it's due again in an hour."""
    later = (datetime.now(UTC) + timedelta(minutes=30)).isoformat(" ")
    with closing(sqlite3.connect(stage.folder / "imagine.db")) as database:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            query = "SELECT 1 FROM weekly_summaries WHERE not_before > ?"
            while database.execute(query, (later,)).fetchone() is None:  # noqa: ASYNC110  (it tells nobody)
                await asyncio.sleep(0.02)


@pytest.mark.own_bot
@pytest.mark.promise(DiscordFault.SUMMARY_CLOSED)
async def test_a_channel_that_takes_no_files_has_the_summary_without_its_chart(stage: Stage) -> None:
    """It says which permission is missing."""
    moderator = moderator_of(stage)
    channel = await waits(stage, moderator)
    channel.overwrite(stage.guild.everyone, deny=Permission.ATTACH_FILES)
    async with stage.running():
        [summary] = await is_posted(stage, channel, moderator)
    assert "The chart is missing, because I need **Attach Files** here." in summary.text
    assert not summary.attachments


@pytest.mark.english  # it speaks German
@pytest.mark.own_bot
@pytest.mark.parametrize("how", ["chosen", "community"])
async def test_a_summary_is_in_the_language_of_its_server(stage: Stage, how: str) -> None:
    """A chosen one, or a community's, also right after the start, before Discord has sent the server."""
    moderator = moderator_of(stage)
    channel = await waits(stage, moderator)
    if how == "community":
        stage.discord.world.make_community(stage.guild, "de")
    else:
        with closing(sqlite3.connect(stage.folder / "imagine.db")) as database, database:
            database.execute("UPDATE rulebooks SET rules = json_set(rules, '$.language', 'de')")
    async with stage.running():
        await stage.discord.world.until(
            lambda: any("**1** Bild ·" in text_of(each) for each in channel.messages_for(moderator))
        )
