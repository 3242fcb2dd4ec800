"""The operator whose process runs for months, and the members whose cards it keeps up to date."""

import asyncio

from bot.picture.generation import Generation, State
from bot.picture.progress import Progress, Queued
from cogs.delivery.progress import ProgressUpdater
from standins.apiframe.jobs import Pace
from tests.bot.storage.examples import bare
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


async def test_cards_that_change_at_the_same_time_are_edited_one_after_the_other() -> None:
    """The queue's positions change on many cards at once; their edits would hold up each answer of that moment."""
    loop, edited = asyncio.get_running_loop(), list[float]()

    async def edit(_: Generation, __: Progress) -> bool:
        edited.append(loop.time())
        return True

    updater = ProgressUpdater(edit, seconds_between_edits=0.4)
    for place in range(1, 26):
        card = bare(State.QUEUED)
        elsewhere = card.origin.model_copy(update={"channel_id": place})
        updater.show(card.model_copy(update={"origin": elsewhere}), Queued(place))
    await asyncio.sleep(0.7)
    await updater.close_all()
    assert len(edited) == 25
    assert edited[-1] - edited[0] > 0.2
