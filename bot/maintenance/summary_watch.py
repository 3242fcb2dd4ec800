"""Posting each server's weekly summary into its audit log channel, once, if its moderators want it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Final

import structlog

from bot.generation.crash_points import crash_point
from bot.generation.discord_port import DeliveryUnavailable, NowhereToPost, SummaryPoster
from bot.limits.admission import rule_of_refusal
from bot.limits.rulebook import Rulebook
from bot.limits.weekly_summary import WeeklySummary, days_of, week_due
from bot.maintenance.chores import Chore, repeated
from bot.reports.activity import Activity
from bot.reports.chart_worker import MEMBERS_SHOWN
from bot.storage.reports import ReportStore
from bot.storage.weekly_summaries import SummaryAttempt, WeeklySummaryStore

log = structlog.get_logger(__name__)

Draw = Callable[[Activity, Mapping[int, str], Activity | None], Awaitable[bytes]]
"""Returns the chart of some days, with the names of members, and with the days before them."""

_LOOK_SECONDS: Final = 60.0
_REFUSED: Final = timedelta(hours=1)  # before a channel is tried again that took nothing


class SummaryWatch:
    """Looks for summaries that are due, every minute; each step may be taken twice, and by several processes."""

    def __init__(
        self,
        store: WeeklySummaryStore,
        reports: ReportStore,
        rulebook: Callable[[str], Awaitable[Rulebook]],
        poster: SummaryPoster,
        draw: Draw,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._reports = reports
        self._rulebook = rulebook
        self._poster = poster
        self._draw = draw
        self._now = now

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look until the end of the block."""
        async with repeated(Chore("summaries", _LOOK_SECONDS, self.look)):
            yield

    async def look(self) -> None:
        """Post the summaries that are due; raise `StorageUnavailable`."""
        week = week_due(self._now())
        for server_key in await self._store.due(week, self._now()):
            attempt = await self._store.take(server_key, week, self._now())
            if attempt is not None:
                await self._finish(attempt)

    async def _finish(self, attempt: SummaryAttempt) -> None:
        """Post a summary, if it isn't there from an earlier try; a channel that takes nothing is tried again later."""
        rules = await self._rulebook(attempt.server_key)
        if rules.log_channel_id is None or not rules.weekly_summary:  # by now
            return
        try:
            if not await self._is_posted(attempt):
                await self._post(attempt, rules.log_channel_id)
            await self._store.note_done(attempt)
        except DeliveryUnavailable as cause:  # a later look tries again
            log.info("weekly_summary_postponed", server=attempt.server_key, cause=str(cause))
        except NowhereToPost as cause:
            log.info(
                "weekly_summary_refused", server=attempt.server_key, channel=rules.log_channel_id, cause=str(cause)
            )
            await self._store.postpone(attempt, self._now() + _REFUSED)

    async def _is_posted(self, attempt: SummaryAttempt) -> bool:
        """Return True if an earlier try has posted the summary and could not note it."""
        if attempt.channel_id is None or attempt.since is None:
            return False
        return await self._poster.is_posted(attempt.channel_id, attempt.week, attempt.since)

    async def _post(self, attempt: SummaryAttempt, channel_id: int) -> None:
        """Post a summary, unless there is nothing to tell."""
        summary = await self._summary(attempt.server_key, attempt.week)
        if summary.is_empty:
            return
        chart = await self._chart(attempt.server_key, summary) if summary.activity.lines else None
        await self._store.note_posting(attempt, channel_id, self._now())
        crash_point("about to post a weekly summary")
        await self._poster.post(attempt.server_key, channel_id, summary, chart)
        crash_point("weekly summary posted, not yet noted")

    async def _summary(self, server_key: str, week: date) -> WeeklySummary:
        first, last = days_of(week)
        figures = await self._reports.figures(server_key, first, last)
        refused = await self._reports.refusals_by_rule(server_key, week, last)
        return WeeklySummary.of(week, figures.lines, [(rule_of_refusal(rule), count) for rule, count in refused])

    async def _chart(self, server_key: str, summary: WeeklySummary) -> bytes:
        drawn_most = [member.user_id for member in summary.activity.by_member[:MEMBERS_SHOWN]]
        names = await self._poster.names(server_key, drawn_most)
        return await self._draw(summary.activity, names, summary.before)
