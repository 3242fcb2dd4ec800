"""Data that expires, and data that doesn't."""

import sqlite3
from typing import Any

import pytest

from standins.apiframe.jobs import Pace
from tests.promises import ProcessFault
from tests.stage import QUICK, Stage

SLOW = Pace(queued=0, drawing=60)  # done when a test winds the clock


def found(stage: Stage, file: str, query: str) -> Any:  # noqa: ANN401  (whatever a column has)
    """Return one value out of a database."""
    database = sqlite3.connect(stage.folder / file)
    try:
        return database.execute(query).fetchone()[0]
    finally:
        database.close()


def two_days_pass(stage: Stage) -> None:
    """Make everything between two runs of the bot two days older."""
    for file, statement in (
        ("imagine-workflows.db", "UPDATE workflow_status SET completed_at = completed_at - 172800000"),
        ("imagine.db", "UPDATE generations SET interaction_expires_at = datetime(interaction_expires_at, '-2 days')"),
    ):
        with sqlite3.connect(stage.folder / file) as database:
            database.execute(statement)
        database.close()


@pytest.mark.promise(ProcessFault.OLD_WORKFLOWS)
async def test_notes_of_work_and_dead_tokens_go_after_a_day(stage: Stage) -> None:
    """Unfinished pictures keep theirs, and are posted and paid for once."""
    async with stage.running():
        await stage.picture(await stage.imagine("done"))
        await stage.settled()
        stage.apiframe.pace = SLOW
        await stage.imagine("still drawn")
        await stage.apiframe.until(lambda: len(stage.jobs()) == 2)
    two_days_pass(stage)
    async with stage.running():
        tokens = "SELECT count(*) FROM generations WHERE interaction_token IS NOT NULL"
        await stage.discord.world.until(lambda: found(stage, "imagine.db", tokens) == 0)
        workflows = "SELECT count(*) FROM workflow_status"
        await stage.discord.world.until(lambda: found(stage, "imagine-workflows.db", workflows) == 1)
        stage.apiframe.pace = QUICK
        stage.clock.wind(SLOW.drawing)
        await stage.show_pictures(2)
        await stage.settled()
    assert len(stage.jobs()) == 2
    assert stage.apiframe.charged == found(stage, "imagine.db", "SELECT sum(credits) FROM generations")
