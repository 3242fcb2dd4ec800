"""The moderator who turns the pages of the audit log: each has the next changes of a filter, and reads no more."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from sqlalchemy import Engine, event

from bot.limits.audit_filter import ALL_CHANGES, AuditFilter, OtherRule
from bot.limits.moderation import Moderation
from bot.limits.policy import Limit
from bot.limits.rulebook import Block, Rulebook
from bot.storage.engine import Database
from tests.bot.limits.counting import Watch, ledger_of, moderation_of
from tests.bot.storage.examples import origin

KEY = origin().server_key
MO, FLO = 98, 99
MEMBER = 7
PAGE = 5
FILTERS = (
    ALL_CHANGES,
    AuditFilter(by_id=FLO),
    AuditFilter(rule=OtherRule.BLOCKS),
    AuditFilter(by_id=MO, member_id=MEMBER),
    AuditFilter(by_id=FLO, rule=OtherRule.WORDS),
    AuditFilter(rule=Limit.COOLDOWN),
)


@pytest.fixture
async def moderation(database: Database) -> Moderation:
    """The moderation of a server with 24 changes, of words and blocks, by two moderators."""
    watch = Watch()
    moderation = moderation_of(database, watch, ledger_of(database, watch))
    for number in range(24):
        edit = partial(_changed, number)
        await moderation.change(KEY, FLO if number % 3 else MO, f"/limits {number}", edit)
        await moderation.change("guild:1", FLO, "/limits", edit)
    return moderation


def _changed(number: int, rules: Rulebook) -> Rulebook:
    if number % 2:
        return rules.with_word(f"word {number}")
    return rules.with_block(MEMBER if number % 4 else 8, Block(reason=str(number)))


@pytest.mark.parametrize("asked", FILTERS)
async def test_pages_have_the_changes_of_a_filter_in_their_order(moderation: Moderation, asked: AuditFilter) -> None:
    """None twice, none left out, none of another server."""
    every = await moderation.history(KEY, offset=0, limit=1000)
    assert [entry.command for entry in every] == [f"/limits {number}" for number in reversed(range(24))]
    expected = [entry for entry in every if asked.accepts(entry.by_id, entry.changes)]
    pages = [await moderation.history(KEY, offset=offset, limit=PAGE, asked=asked) for offset in range(0, 30, PAGE)]
    assert [entry for page in pages for entry in page] == expected


@pytest.mark.parametrize("asked", FILTERS[:2])
async def test_a_page_reads_only_its_own_changes(moderation: Moderation, asked: AuditFilter) -> None:
    """The database finds them without reading all that were made since."""
    with limits_noted() as noted:
        assert len(await moderation.history(KEY, offset=PAGE, limit=PAGE, asked=asked)) == PAGE
    assert len(noted) == 1
    assert PAGE in noted[0]
    assert max(value for value in noted[0] if isinstance(value, int)) < 100


@contextmanager
def limits_noted() -> Iterator[list[tuple[object, ...]]]:
    """Yield a list that gets the parameters of each statement that reads the audit log."""
    noted: list[tuple[object, ...]] = []

    def note(
        _connection: object,
        _cursor: object,
        statement: str,
        parameters: tuple[object, ...] | dict[str, object],
        *_: object,
    ) -> None:
        if "FROM audit_log" in statement:
            noted.append(tuple(parameters.values() if isinstance(parameters, dict) else parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield noted
    finally:
        event.remove(Engine, "before_cursor_execute", note)
