"""The operator whose process runs for months, and the members whose cards it keeps up to date."""

import asyncio

from standins.apiframe.jobs import Pace
from tests.faults.ledgers import first_true
from tests.journeys.answers import changed, private_answer
from tests.stage import GENERATION, Stage

SLOW = Pace(queued=0, drawing=60)  # done when a test winds the clock
ONE_AT_A_TIME = {**GENERATION, "progress_seconds": 0.05, "concurrency": 1, "concurrency_per_server": 1}


async def test_a_card_whose_picture_was_deleted_while_it_waited_is_forgotten(stage: Stage) -> None:
    """Nothing in the process goes on speaking for pictures that there will never be."""
    stage.apiframe.pace = SLOW
    async with stage.running(generation=ONE_AT_A_TIME):
        await stage.imagine("the first")
        await stage.apiframe.until(stage.jobs)
        for number in range(3):
            await stage.imagine(f"waits {number}")
        await stage.shows("In queue: #3")
        question = await private_answer(stage, await stage.alice.types("/privacy delete", stage.channel))
        await changed(stage, await stage.alice.presses(question, "Delete everything"), "**Deleted.**")
        stage.clock.wind(SLOW.drawing)
        await stage.settled()
        await first_true(no_card_is_kept, within=30)


async def no_card_is_kept() -> bool:
    return not [task for task in asyncio.all_tasks() if task.get_name().startswith("card ")]
