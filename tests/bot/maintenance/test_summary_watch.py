"""The moderator who wants a summary each week: it's posted once, whatever happens to Discord and to the bot."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum, auto
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete

from bot.generation.discord_port import DeliveryUnavailable, NowhereToPost
from bot.limits.admission import AdmissionRule
from bot.limits.moderation import read_rulebook
from bot.limits.policy import Limit
from bot.limits.rulebook import Rulebook
from bot.limits.weekly_summary import WeeklySummary, week_due
from bot.maintenance.summary_watch import SummaryWatch
from bot.reports.activity import Activity, Tally
from bot.storage.engine import Database
from bot.storage.ledger import LedgerStore
from bot.storage.reports import ReportStore
from bot.storage.rules import RulesStore
from bot.storage.tables import generations, rulebooks, weekly_summaries
from bot.storage.weekly_summaries import WeeklySummaryStore
from tests.bot.limits.counting import Watch, ledger_of, moderation_of
from tests.bot.storage.examples import bare, origin, written
from tests.depth import cases

KEY = origin().server_key
MODERATOR = 99
MONDAY = datetime(2026, 6, 29, 8, tzinfo=UTC)
LAST_WEEK = date(2026, 6, 22)
MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
FIRST, SECOND = 5, 6  # channels


class Killed(BaseException):
    """The end of a process."""


class Trouble(Enum):
    """A way in which a post goes wrong."""

    NONE = auto()
    DOWN = auto()  # Discord doesn't take it now
    LOST = auto()  # Discord takes it, and its answer is lost
    CLOSED = auto()  # the channel takes nothing
    DIES = auto()  # the process is killed right after it
    DIES_BEFORE = auto()


@dataclass
class Channels:
    """The channels of a server, each with the summaries that were posted there."""

    trouble: Trouble = Trouble.NONE
    posted: list[tuple[int, WeeklySummary]] = field(default_factory=list)
    charts: list[bytes | None] = field(default_factory=list)

    @property
    def weeks(self) -> list[date]:
        return [summary.activity.first for _, summary in self.posted]

    async def names(self, server_key: str, user_ids: Collection[int]) -> Mapping[int, str]:
        assert server_key == KEY
        return {user_id: f"member {user_id}" for user_id in user_ids}

    async def is_posted(self, channel_id: int, week: date, since: datetime) -> bool:
        assert since.tzinfo is not None
        if self.trouble is Trouble.DOWN:
            raise DeliveryUnavailable
        return any(channel == channel_id and each.activity.first == week for channel, each in self.posted)

    async def post(self, server_key: str, channel_id: int, summary: WeeklySummary, chart: bytes | None) -> None:
        assert server_key == KEY
        self._fail(Trouble.DOWN, DeliveryUnavailable)
        self._fail(Trouble.CLOSED, NowhereToPost)
        self._fail(Trouble.DIES_BEFORE, Killed)
        self.posted.append((channel_id, summary))
        self.charts.append(chart)
        self._fail(Trouble.LOST, DeliveryUnavailable)
        self._fail(Trouble.DIES, Killed)

    def _fail(self, trouble: Trouble, error: type[BaseException]) -> None:
        if self.trouble is trouble:
            raise error


async def _drawn(activity: Activity, names: Mapping[int, str], before: Activity | None) -> bytes:
    assert before is not None
    return f"{activity.total.pictures} after {before.total.pictures}: {sorted(names.values())}".encode()


class Office:
    """A server whose moderators get a summary, and the processes that post it."""

    def __init__(self, database: Database) -> None:
        self.watch = Watch()
        self.channels = Channels()
        self.before_each_rulebook: Callable[[], Awaitable[None]] | None = None
        self._database = database
        self._books = LedgerStore(database)
        self._rules = RulesStore(database)
        self.moderation = moderation_of(database, self.watch, ledger_of(database, self.watch))
        self.summaries = self.opened()
        self.watch.time = MONDAY

    def opened(self) -> SummaryWatch:
        """Return the watch of another process."""
        store, reports = WeeklySummaryStore(self._database), ReportStore(self._database)
        return SummaryWatch(store, reports, self._rulebook, self.channels, _drawn, now=self.watch)

    async def _rulebook(self, server_key: str) -> Rulebook:
        if self.before_each_rulebook is not None:
            await self.before_each_rulebook()
        return await read_rulebook(self._rules, server_key)

    async def set(self, *, channel: int | None = FIRST, on: bool = True) -> None:
        await self.moderation.change(
            KEY, MODERATOR, "/limits", lambda rules: rules.with_log_channel(channel).with_weekly_summary(on=on)
        )

    async def draw(self, day: date, member: int = 7) -> None:
        """Make a member request a picture on a day."""
        at = datetime.combine(day, datetime.min.time(), UTC)
        await written(self._books, bare(created_at=at).model_copy(update={"origin": origin(user_id=member)}))

    async def refuse(self, day: date, rule: Limit | AdmissionRule) -> None:
        at = datetime.combine(day, datetime.min.time(), UTC)
        await self._rules.record_refusal(KEY, 7, at, rule.value)

    async def looks(self, trouble: Trouble = Trouble.NONE, after: timedelta = timedelta()) -> list[date]:
        """Look after some time, and return the weeks whose summaries have been posted by now."""
        self.watch.time += after
        self.channels.trouble = trouble
        try:
            await self.summaries.look()
        except Killed:
            self.summaries = self.opened()
        return self.channels.weeks


@pytest.fixture
async def office(database: Database) -> Office:
    """A server with one picture last week, and a summary."""
    office = Office(database)
    await office.set()
    await office.draw(LAST_WEEK)
    return office


async def test_a_summary_has_both_weeks_the_refusals_by_rule_and_a_chart(office: Office) -> None:
    """Those of other weeks are left out."""
    for day, member in (
        (LAST_WEEK - DAY, 8),
        (LAST_WEEK + 6 * DAY, 8),
        (LAST_WEEK + WEEK, 9),
        (LAST_WEEK - 8 * DAY, 9),
    ):
        await office.draw(day, member)
    for rule in (Limit.IMAGES_PER_DAY, AdmissionRule.BLOCKED_WORD, AdmissionRule.BLOCKED_WORD):
        await office.refuse(LAST_WEEK + DAY, rule)
    await office.refuse(LAST_WEEK - DAY, Limit.CONCURRENT)
    await office.looks()
    [(channel, summary)] = office.channels.posted
    assert channel == FIRST
    assert (summary.activity.total, summary.before.total) == (Tally(2, 20, 3), Tally(1, 10, 1))
    assert summary.refusals == [(AdmissionRule.BLOCKED_WORD, 2), (Limit.IMAGES_PER_DAY, 1)]
    assert office.channels.charts == [b"2 after 1: ['member 7', 'member 8']"]


async def test_it_comes_on_monday_morning_and_once_a_week(office: Office) -> None:
    """Not before eight in UTC, not twice after a restart, and the next one a week later."""
    office.watch.time = MONDAY - MINUTE
    await office.looks()
    assert office.channels.weeks == []
    assert await office.looks(after=MINUTE) == [LAST_WEEK]
    office.summaries = office.opened()
    assert await office.looks(after=6 * DAY) == [LAST_WEEK]
    assert await office.looks(after=DAY) == [LAST_WEEK, LAST_WEEK + WEEK]
    assert office.channels.charts[1] is None, "nobody drew in the second week"


async def test_a_bot_that_was_down_posts_one_summary_when_it_is_back(office: Office) -> None:
    """Within the week, and none for weeks long past."""
    for weeks in range(1, 5):
        await office.draw(LAST_WEEK + weeks * WEEK)
    assert await office.looks(after=4 * WEEK + 3 * DAY) == [LAST_WEEK + 4 * WEEK]


async def test_quiet_servers_get_nothing_after_one_summary_that_says_so(office: Office) -> None:
    """Nobody asked for a picture in two weeks."""
    assert await office.looks(after=WEEK) == [LAST_WEEK + WEEK]
    assert await office.looks(after=WEEK) == [LAST_WEEK + WEEK]


async def test_of_two_processes_one_posts_it(office: Office) -> None:
    """Even if both look in the same moment."""
    await asyncio.gather(*(each.look() for each in (office.summaries, office.opened(), office.opened())))
    assert office.channels.weeks == [LAST_WEEK]


@pytest.mark.parametrize("trouble", [Trouble.DOWN, Trouble.LOST, Trouble.DIES, Trouble.DIES_BEFORE])
async def test_an_interrupted_post_is_made_up_for_once(office: Office, trouble: Trouble) -> None:
    """After some minutes, by whichever process looks then, and in a new channel only if it isn't in the old one."""
    await office.looks(trouble)
    await office.looks(after=MINUTE)
    assert len(office.channels.posted) == (trouble in {Trouble.LOST, Trouble.DIES})
    await office.set(channel=SECOND)
    office.summaries = office.opened()
    assert await office.looks(after=2 * MINUTE) == [LAST_WEEK]
    assert await office.looks(after=DAY) == [LAST_WEEK]


async def test_a_closed_channel_is_tried_again_every_hour(office: Office) -> None:
    """Until it takes the summary, or there is another channel; it isn't lost."""
    await office.looks(Trouble.CLOSED)
    assert await office.looks(after=HOUR - MINUTE) == []
    assert await office.looks(Trouble.CLOSED, after=MINUTE) == []
    await office.set(channel=SECOND)
    assert await office.looks(after=HOUR) == [LAST_WEEK]
    assert [channel for channel, _ in office.channels.posted] == [SECOND]


async def test_servers_without_it_get_none(office: Office) -> None:
    """It's off, or there is no audit log channel; turned on later, it has the last week."""
    await office.set(on=False)
    assert await office.looks() == []
    await office.set(channel=None)
    assert await office.looks(after=DAY) == []
    await office.set()
    assert await office.looks(after=DAY) == [LAST_WEEK]


async def test_it_can_be_turned_off_while_another_summary_is_posted(office: Office) -> None:
    """A long look reads the rules of each server when it comes to it."""
    office.before_each_rulebook = partial(office.set, on=False)
    await office.looks()
    assert office.channels.posted == []


LOOKS = st.tuples(
    st.sampled_from(Trouble), st.sampled_from([MINUTE, 3 * MINUTE, HOUR, DAY, 3 * DAY, WEEK, 2 * WEEK]), st.booleans()
)


@settings(max_examples=cases(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LOOKS, max_size=12))
async def test_no_sequence_of_troubles_posts_a_week_twice_or_loses_the_last_one(
    database: Database, looks: list[tuple[Trouble, timedelta, bool]]
) -> None:
    """Discord fails, answers are lost, processes die, channels close and change, and weeks pass."""
    await database.write(_empty)  # the examples share it
    office = Office(database)
    for weeks in range(30):
        await office.draw(LAST_WEEK + weeks * WEEK)
    for trouble, pause, moved in looks:
        await office.set(channel=SECOND if moved else FIRST)
        before = len(office.channels.posted)
        posted = (await office.looks(trouble, after=pause))[before:]
        assert posted in ([], [week_due(office.watch.time)])
    await office.set()
    posted = await office.looks(after=HOUR)
    assert posted.count(week_due(office.watch.time)) == 1
    assert len(posted) == len(set(posted))


def _empty(connection: Connection) -> None:
    for table in (generations, rulebooks, weekly_summaries):
        connection.execute(delete(table))
