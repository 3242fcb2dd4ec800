"""The operator, who pays and is not watching: what needs them comes to them, once."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
import structlog

from bot.runner import BotRunner
from standins.discord.model.teams import Membership, Team, TeamMember
from standins.discord.model.users import User
from tests.bot.web.scrape import scrape
from tests.promises import MonitoringFault
from tests.stage import Stage


def told(stage: Stage, user: User | None = None) -> list[str]:
    """Return the direct messages that the application's owner, or somebody else, got from the bot."""
    person = stage.discord.person(user or stage.discord.world.developer)
    return [message.draft.content for message in person.opens_direct_messages().messages_for(person)]


async def is_told(stage: Stage, *words: str) -> list[str]:
    """Wait until the owner has got this many messages, each with its text, and return them."""
    await stage.discord.world.until(lambda: len(told(stage)) == len(words), 10)
    assert all(word in message for word, message in zip(words, told(stage), strict=True)), told(stage)
    return told(stage)


async def alert(stage: Stage, bot: BotRunner, name: str) -> float:
    return (await scrape(stage, bot)).of("imagine_alert", alert=name)


@pytest.mark.promise(MonitoringFault.KEY_OR_CREDITS)
async def test_a_key_that_apiframe_refuses_is_told_once(stage: Stage) -> None:
    """However many pictures fail of it, there is one message, with what to do; and one when it is over."""
    async with stage.running() as bot:
        assert await alert(stage, bot, "key_refused") == 0
        stage.apiframe.account.key_active = False
        for _ in range(3):
            await stage.imagine()
            await stage.shows("rejected the bot's API key")
        await stage.settled()
        [message] = await is_told(stage, "Apiframe rejects the bot's API key")
        assert "`APIFRAME_API_KEY`" in message
        assert await alert(stage, bot, "key_refused") == 1
    stage.apiframe.account.key_active = True
    async with stage.running() as bot:
        await is_told(stage, "rejects", "accepts the bot's API key again")
        assert await alert(stage, bot, "key_refused") == 0


@pytest.mark.promise(MonitoringFault.KEY_OR_CREDITS)
async def test_a_purse_that_is_empty_is_told_once(stage: Stage) -> None:
    """An unpaid order causes the alert with the remaining credits; adding credits needs no restart."""
    async with stage.running():
        stage.apiframe.account.credits = 3
        for _ in range(2):
            await stage.imagine()
            await stage.settled()
        [message] = await is_told(stage, "out of credits")
        assert message.endswith("3 credits left.")


@pytest.mark.promise(MonitoringFault.KEY_OR_CREDITS)
async def test_a_restart_does_not_tell_it_again(stage: Stage) -> None:
    """Low credits are reported before they are gone, once, and then that there are enough."""
    stage.apiframe.account.credits = 499
    for _ in range(2):
        async with stage.running() as bot:
            await is_told(stage, "running low")
            assert await alert(stage, bot, "credits_low") == 1
    stage.apiframe.account.credits = 5000
    async with stage.running() as bot:
        messages = await is_told(stage, "running low", "no longer low")
        assert await alert(stage, bot, "credits_low") == 0
    assert messages[-1].endswith("5,000 credits left.")


async def test_who_wants_no_warning_gets_none(stage: Stage) -> None:
    """A threshold of 0 is for those who let their credits run out."""
    stage.apiframe.account.credits = 8
    async with stage.running(credits_warning_below=0) as bot:
        await stage.picture(await stage.imagine())
        assert await alert(stage, bot, "credits_low") == 0
    assert told(stage) == []


def closed(stage: Stage) -> None:
    """Make the owner accept no direct messages."""
    channel = stage.discord.person(stage.discord.world.developer).opens_direct_messages()
    stage.discord.faults.next("POST", f"/channels/{channel.id}/messages", status=403, code=50007)


def unknown(stage: Stage) -> None:
    """Make Discord not name the owner."""
    stage.discord.faults.next("GET", "/oauth2/applications/@me", times=None, status=403, code=50001)


@pytest.mark.promise(MonitoringFault.OWNER_UNREACHABLE)
@pytest.mark.parametrize("unreachable", [closed, unknown])
async def test_an_owner_who_cannot_be_reached_stops_nothing(stage: Stage, unreachable: Callable[[Stage], None]) -> None:
    """With closed direct messages, log and metrics have the alert; the members' pictures still come."""
    with structlog.testing.capture_logs() as log:
        async with stage.running() as bot:
            unreachable(stage)
            stage.apiframe.account.credits = 3
            await stage.imagine()
            await stage.shows("out of credits")
            stage.apiframe.account.credits = 1000
            await stage.picture(await stage.imagine())
            assert await alert(stage, bot, "out_of_credits") == 1
    events = [line["event"] for line in log]
    assert events.count("alert_raised") == 1
    assert {"alert_not_sent", "alert_not_sent_yet"} & set(events)
    assert told(stage) == []


@pytest.mark.promise(MonitoringFault.ALERT_UNDELIVERED)
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/oauth2/applications/@me"), ("POST", "/users/@me/channels"), ("POST", "/channels/*")]
)
async def test_what_discord_does_not_take_is_told_later(stage: Stage, method: str, path: str) -> None:
    """A message that meets an outage of Discord's is sent when that is over, once."""
    async with stage.running():
        outage = stage.discord.faults.next(method, path, status=503)
        stage.apiframe.account.credits = 3
        await stage.imagine()
        await stage.discord.world.until(lambda: outage.times == 0, 10)
        assert told(stage) == []
        await is_told(stage, "out of credits")


@pytest.mark.promise(MonitoringFault.OWNER_UNREACHABLE)
async def test_a_team_is_told_by_its_members(stage: Stage) -> None:
    """Each member who can fix it gets the alert, but not invited or read-only members."""
    world = stage.discord.world
    ada, ben, cleo, dan = (world.add_user(name) for name in ("ada", "ben", "cleo", "dan"))
    members = [
        TeamMember(ada),
        TeamMember(ben, "developer"),
        TeamMember(cleo, "read_only"),
        TeamMember(dan, "admin", Membership.INVITED),
    ]
    world.team = Team(world.snowflakes.next(), "Harbourers", members)
    stage.apiframe.account.credits = 100
    async with stage.running():
        await world.until(lambda: told(stage, ben), 10)
    assert [len(told(stage, each)) for each in (ada, ben, cleo, dan, world.developer)] == [1, 1, 0, 0, 0]


async def test_a_trouble_that_can_be_no_more_is_forgotten(stage: Stage) -> None:
    """After webhooks are turned off because none came, there is no reminder at each start."""
    async with stage.running():
        pass
    with closing(sqlite3.connect(stage.folder / "imagine.db")) as database, database:
        database.execute("INSERT INTO alerts (alert, since) VALUES ('webhooks_silent', '2026-01-01')")
    async with stage.running() as bot:
        assert await alert(stage, bot, "webhooks_silent") == 0
    with closing(sqlite3.connect(stage.folder / "imagine.db")) as database:
        assert database.execute("SELECT count(*) FROM alerts").fetchone() == (0,)
    assert told(stage) == []
