"""Unfinished pictures are found without reading finished ones."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.picture.generation import State
from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore
from bot.storage.queue_stats import QUEUE_GROUPS, QueueGroup, QueueStatsStore
from tests.bot.storage.examples import NOON, bare, written


async def test_unfinished_pictures_are_piled_by_server_and_state(
    database: Database, books: LedgerStore, store: GenerationStore
) -> None:
    """Each group has its size, its oldest and its latest order; finished pictures are in none."""
    later = NOON + timedelta(minutes=1)
    await written(books, bare(state=State.QUEUED, created_at=later))
    oldest = await written(books, bare(state=State.QUEUED, created_at=NOON))
    ordered = await written(books, bare(state=State.SUBMITTED, created_at=NOON))
    await store.note(ordered.id, submitted_at=later)
    done = await written(books, bare(created_at=NOON))
    await store.advance(done.id, State.DELIVERED, finished_at=later)
    server = oldest.origin.server_key
    assert sorted(await QueueStatsStore(database).groups(), key=lambda group: group.state) == [
        QueueGroup(server, State.QUEUED, 2, NOON, None),
        QueueGroup(server, State.SUBMITTED, 1, NOON, later),
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_million_finished_pictures_cost_a_scrape_nothing(database: Database) -> None:
    """The index of the unfinished few is all that is read through."""

    def explain(connection: Connection) -> list[str]:
        lines = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {QUEUE_GROUPS.compile(connection)}")
        return [line.detail for line in lines]

    plan = await database.read(explain)
    assert plan[0] == "SCAN generations USING INDEX generations_unfinished"
