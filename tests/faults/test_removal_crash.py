"""The process dies while a moderator deletes a member's pictures, and the next one goes on."""

import pytest

from bot.generation.crash_points import ERASURE_CRASH_POINTS
from tests.faults.machine import Machine
from tests.journeys.answers import private_answer
from tests.journeys.moderators import moderator_of
from tests.promises import DeletionFault
from tests.stage import Stage


@pytest.mark.promise(DeletionFault.REMOVAL_KILLED)
@pytest.mark.parametrize("point", ERASURE_CRASH_POINTS)
async def test_a_deletion_goes_on_after_a_kill(stage: Stage, machine: Machine, point: str) -> None:
    """Every message goes, whatever was done already, and there is one line in the audit log."""
    moderator = moderator_of(stage)
    bot = await machine.starts(crash_at=[point])
    for prompt in ("one", "two"):
        await stage.picture(await stage.imagine(prompt))
    await machine.books.closed()
    asked = await moderator.types("/delete-pictures", stage.channel, member=stage.alice)
    question = await private_answer(stage, asked)
    await moderator.presses(question, "Last hour (2)")
    assert await bot.ended() == -9
    await machine.starts()
    await stage.show_pictures(0)
    page = await private_answer(stage, await moderator.types("/limits history", stage.channel))
    assert page.text.count("/delete-pictures") == 1
