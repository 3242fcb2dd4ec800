"""A million pictures in the ledger aren't all read for every new one."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from bot.storage.ledger import Counted, LedgerTransaction, UsageScope
from tests.bot.storage.examples import NOON
from tests.bot.storage.plans import plans_noted

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Reading = Callable[[LedgerTransaction, UsageScope], object]

SERVER, MEMBER = UsageScope("guild:42"), UsageScope("guild:42", 7)
COUNTED = {SERVER: "generations_by_server", MEMBER: "generations_by_member"}


async def plans_of(database: Database, reading: Callable[[LedgerTransaction], object]) -> list[str]:
    """Return how SQLite goes about each statement of some reading."""
    with plans_noted() as plans:
        await database.read(lambda connection: reading(LedgerTransaction(connection)))
    return plans


@pytest.mark.parametrize("whose", [SERVER, MEMBER], ids=["server", "member"])
@pytest.mark.parametrize(
    "reading",
    [
        lambda transaction, whose: transaction.latest(whose),
        lambda transaction, whose: transaction.nth_oldest(whose, NOON, 5),
        lambda transaction, whose: transaction.credits_asked_at(whose, NOON, 5),
    ],
    ids=["latest", "nth oldest", "credits asked at"],
)
async def test_times_of_pictures_are_read_in_the_index_alone(
    database: Database, whose: UsageScope, reading: Reading
) -> None:
    """A decision looks at no row, scans no table and sorts nothing: all that it needs stands in one index."""
    [plan] = await plans_of(database, lambda transaction: reading(transaction, whose))
    assert f"SEARCH generations USING COVERING INDEX {COUNTED[whose]} (server_key=?" in plan
    assert ";" not in plan


@pytest.mark.parametrize("whose", [SERVER, MEMBER], ids=["server", "member"])
async def test_what_is_used_is_the_sum_of_hours_and_the_pictures_of_one(database: Database, whose: UsageScope) -> None:
    """Of a window's pictures, only those of its oldest hour are read, and those in an index."""
    counted = [Counted(NOON), Counted(NOON, in_credits=True)]
    [plan] = await plans_of(database, lambda transaction: transaction.used(whose, counted))
    rows = f"SEARCH generations USING COVERING INDEX {COUNTED[whose]}"
    assert [each for each in plan.split("; ") if each.startswith("SEARCH")] == 2 * [
        f"{rows} (server_key=? AND {'user_id=? AND ' if whose is MEMBER else ''}created_at>? AND created_at<?)",
        "SEARCH usage_hours USING PRIMARY KEY (server_key=? AND user_id=? AND hour>?)",
    ]


@pytest.mark.parametrize("whose", [SERVER, MEMBER], ids=["server", "member"])
async def test_what_runs_is_found_among_what_runs(database: Database, whose: UsageScope) -> None:
    """Pictures that are done are not even in the index in which the running ones are counted."""
    [plan] = await plans_of(database, lambda transaction: transaction.running(whose))
    assert "INDEX generations_unfinished (server_key=?" in plan


async def test_the_usual_price_is_found_by_its_index(database: Database) -> None:
    """The latest pictures of a size are read from the index's end, without sorting."""
    [plan] = await plans_of(database, lambda transaction: transaction.usual_cost("1+0"))
    assert plan == "SEARCH generations USING INDEX generations_by_duration_key (duration_key=? AND state=?)"


async def test_dead_tokens_are_found_among_the_few_that_are_left(database: Database) -> None:
    """Forgetting them writes, and while SQLite writes, nobody else does: it may not read through all pictures."""
    with plans_noted("UPDATE") as plans:
        await GenerationStore(database).forget_tokens(expired_before=NOON)
    assert plans == ["SEARCH generations USING INDEX generations_with_token (interaction_expires_at<?)"]


_BY_PARENT = "generations_by_parent (parent_id=? AND state=?)"


async def test_children_are_found_by_their_parent(database: Database) -> None:
    """Details of a picture read no other pictures than those that were made from it."""
    with plans_noted("SELECT") as plans:
        await GenerationStore(database).children(uuid4(), limit=2)
    assert [plan.split(";")[0].replace("COVERING ", "") for plan in plans] == [
        f"SEARCH generations USING INDEX {_BY_PARENT}"
    ] * 2
