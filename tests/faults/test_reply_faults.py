"""Members who talk to a picture while processes die, or while two of them get the same reply."""

import pytest

from bot.generation.crash_points import REPOST_CRASH_POINTS
from standins.discord.model.messages import Message
from tests.faults.machine import Machine
from tests.faults.test_crash import KILLED
from tests.faults.test_told_twice import start_two_that_hear_everything
from tests.journeys.answers import from_more
from tests.promises import ProcessFault
from tests.stage import Stage, has_picture, text_of

both = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
postgresql_only = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


async def pictures_stand(stage: Stage, machine: Machine, count: int, *, ordered: int) -> list[Message]:
    """Wait until all work is done, and return the pictures in the channel, each order paid for once."""
    await machine.until(lambda: len(stage.pictures()) == count, within=60)
    assert len(await machine.books.closed(within=60)) == len(stage.jobs()) == ordered
    assert stage.apiframe.charged == sum(job.cost for job in stage.jobs())
    assert len(stage.pictures()) == count
    return sorted(stage.pictures(), key=lambda message: message.id)


async def first_picture(stage: Stage, machine: Machine) -> Message:
    await stage.imagine("a boat")
    [picture] = await pictures_stand(stage, machine, 1, ordered=1)
    return picture


async def starts_again(machine: Machine, *, crash_at: str) -> None:
    """Start a process in the place of the last one, doomed to die at a point."""
    machine.lives[-1].kill()
    await machine.lives[-1].ended()
    await machine.starts(crash_at=[crash_at])


@pytest.mark.matrix
@pytest.mark.promise(ProcessFault.SIGKILL)
@both
@pytest.mark.parametrize("point", ["reserved, not yet answered", "submitted, not yet saved", "posted, not yet saved"])
async def test_a_crash_during_an_edit_by_a_reply_is_one_picture(stage: Stage, machine: Machine, point: str) -> None:
    """It's ordered and paid once, and still answers the picture that it was made from."""
    await machine.starts()
    first = await first_picture(stage, machine)
    await starts_again(machine, crash_at=point)
    await stage.alice.sends(stage.channel, "edit: at night", reply_to=first)
    assert await machine.lives[-1].ended() == KILLED
    await machine.starts()
    _, second = await pictures_stand(stage, machine, 2, ordered=2)
    assert second.reference is first


@pytest.mark.promise(ProcessFault.SIGKILL_UNDO)
@both
@pytest.mark.parametrize(("point", "copies"), zip(REPOST_CRASH_POINTS, (1, 2), strict=True))
async def test_a_crash_during_an_undo_costs_nothing_and_leaves_no_copy_behind(
    stage: Stage, machine: Machine, point: str, copies: int
) -> None:
    """The member asks again; a deletion of the picture also finds the copy that nobody noted."""
    await machine.starts()
    first = await first_picture(stage, machine)
    await stage.alice.sends(stage.channel, "edit: at night", reply_to=first)
    _, second = await pictures_stand(stage, machine, 2, ordered=2)
    await starts_again(machine, crash_at=point)
    await stage.alice.sends(stage.channel, "undo", reply_to=second)
    assert await machine.lives[-1].ended() == KILLED
    await machine.starts()
    await stage.alice.sends(stage.channel, "undo", reply_to=second)
    await pictures_stand(stage, machine, 2 + copies, ordered=2)
    await stage.alice.presses(await from_more(stage, stage.alice, first, "Delete"), "Delete")
    assert await pictures_stand(stage, machine, 1, ordered=2) == [second]


@pytest.mark.promise(ProcessFault.EVENT_TWICE)
@postgresql_only
async def test_a_reply_that_two_processes_hear_of_has_one_answer(stage: Stage, machine: Machine) -> None:
    """One edit with one explanation, and one copy for an undo."""
    await start_two_that_hear_everything(stage, machine)
    first = await first_picture(stage, machine)
    await stage.alice.sends(stage.channel, "edit: at night", reply_to=first)
    _, second = await pictures_stand(stage, machine, 2, ordered=2)
    await stage.alice.sends(stage.channel, "undo", reply_to=second)
    await pictures_stand(stage, machine, 3, ordered=2)
    await stage.alice.sends(stage.channel, "edit: in snow", reply_to=second)
    await pictures_stand(stage, machine, 4, ordered=3)
    shown = [each for each in stage.channel.messages_for(stage.alice) if each.author.bot and not has_picture(each)]
    assert sum("I only say this once" in text_of(each) for each in shown) == len(shown) <= 1
