"""Usage by day and by member, summed by either database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.picture.generation import Generation, State
from bot.picture.origin import Origin
from bot.picture.style_use import StyleUse
from bot.picture.usage_figures import DetailedLine, Line, Part, UsageFilter
from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore
from bot.storage.reports import ReportStore
from bot.storage.rules import RulesStore
from tests.bot.storage.examples import TOKYO, bare, origin, written
from tests.bot.storage.plans import plans_noted

FIRST, LAST = date(2026, 6, 30), date(2026, 7, 1)
MIDNIGHT = datetime(2026, 7, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
KEY = origin().server_key


@pytest.fixture
def reports(database: Database) -> ReportStore:
    return ReportStore(database)


@pytest.fixture
def rules(database: Database) -> RulesStore:
    return RulesStore(database)


def asked_in(channel_id: int, style: StyleUse | None = None) -> Generation:
    plain = bare(created_at=MIDNIGHT)
    place = plain.origin.model_copy(update={"channel_id": channel_id})
    request = plain.request.model_copy(update={"style": style})
    return plain.model_copy(update={"origin": place, "request": request})


def asked(at: datetime, whose: Origin | None = None) -> Generation:
    return bare(created_at=at).model_copy(update={"origin": whose or origin()})


async def test_days_begin_and_end_at_midnight_in_utc(
    reports: ReportStore, books: LedgerStore, rules: RulesStore
) -> None:
    """An instant before midnight is one day, midnight itself the next; times outside both days are left out."""
    moments = [
        MIDNIGHT - timedelta(days=1),
        MIDNIGHT - INSTANT,
        MIDNIGHT.astimezone(TOKYO),
        MIDNIGHT + timedelta(days=1) - INSTANT,
    ]
    for moment in [MIDNIGHT - timedelta(days=1) - INSTANT, *moments, MIDNIGHT + timedelta(days=1)]:
        await written(books, asked(moment))
        await rules.record_refusal(KEY, 7, moment, "images_per_day")
    assert (await reports.figures(KEY, FIRST, LAST)).lines == [Line(FIRST, 7, 2, 20, 2), Line(LAST, 7, 2, 20, 2)]


async def test_credits_are_the_true_ones_once_they_are_known(
    reports: ReportStore, books: LedgerStore, store: GenerationStore
) -> None:
    """A picture counts at its price, before that at the estimate, a failure only if it was paid for."""
    waiting, done, refunded, paid = [await written(books, asked(MIDNIGHT)) for _ in range(4)]
    await store.advance(done.id, State.DELIVERED, credits=7)
    await store.advance(refunded.id, State.FAILED, credits=0)
    await store.advance(paid.id, State.FAILED, credits=3)
    assert waiting.state is State.RESERVED
    assert (await reports.figures(KEY, LAST, LAST)).lines == [Line(LAST, 7, 3, 20, 0)]


async def test_members_are_told_apart_and_servers_kept_apart(
    reports: ReportStore, books: LedgerStore, rules: RulesStore
) -> None:
    """Each member has a row, even with only rejected requests; one member can be selected; servers are separate."""
    await written(books, asked(MIDNIGHT, origin(user_id=2**63 - 1)))
    await written(books, asked(MIDNIGHT, origin(guild_id=43)))
    await rules.record_refusal(KEY, 8, MIDNIGHT, "images_per_day")
    await rules.record_refusal("guild:43", 8, MIDNIGHT, "images_per_day")
    mine, others = Line(LAST, 8, 0, 0, 1), Line(LAST, 2**63 - 1, 1, 10, 0)
    assert (await reports.figures(KEY, FIRST, LAST)).lines == [mine, others]
    assert (await reports.figures(KEY, FIRST, LAST, UsageFilter(8))).lines == [mine]


async def test_channels_and_styles_are_summed_and_selected(
    reports: ReportStore, books: LedgerStore, rules: RulesStore
) -> None:
    """Each picture counts once in its channel and in its style; with one of them chosen, refusals are left out."""
    oil = StyleUse(id=3, version=1, name="Oil", frame="{prompt}")
    for channel_id, style in ((11, None), (12, oil), (12, oil), (12, None)):
        await written(books, asked_in(channel_id, style))
    await rules.record_refusal(KEY, 7, MIDNIGHT, "images_per_day")
    figures = await reports.figures(KEY, FIRST, LAST)
    assert figures.channels == [Part(12, 3, 30), Part(11, 1, 10)]
    assert figures.styles == [Part(None, 2, 20), Part(3, 2, 20)]
    assert figures.details == [
        DetailedLine(LAST, 7, None, None, 0, 0, 1),
        DetailedLine(LAST, 7, 11, None, 1, 10, 0),
        DetailedLine(LAST, 7, 12, None, 1, 10, 0),
        DetailedLine(LAST, 7, 12, 3, 2, 20, 0),
    ]
    assert (await reports.figures(KEY, FIRST, LAST, UsageFilter(channel_id=12))).lines == [Line(LAST, 7, 3, 30, 0)]
    only = UsageFilter(user_id=7, channel_id=12, style_id=3)
    assert (await reports.figures(KEY, FIRST, LAST, only)).lines == [Line(LAST, 7, 2, 20, 0)]
    assert (await reports.figures(KEY, FIRST, LAST, UsageFilter(user_id=8, style_id=3))).lines == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_all_figures_of_a_server_are_read_in_an_index(reports: ReportStore) -> None:
    """A hundred thousand pictures are summed without reading their rows, which are long."""
    with plans_noted() as plans:
        await reports.figures(KEY, FIRST, LAST)
    assert "SEARCH generations USING COVERING INDEX generations_by_server (server_key=?" in plans[0]
