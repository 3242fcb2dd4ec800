"""The process that dies while several pictures share a card: one card has every picture once, each for its price."""

from itertools import product

import pytest

from bot.generation.crash_points import BATCH_CRASH_POINTS, CRASH_POINTS
from bot.picture.generation import State
from standins.discord.model.interactions import TOKEN_LIVES_SECONDS, Interaction
from standins.discord.model.messages import Message
from tests.faults.machine import Machine
from tests.faults.test_crash import KILLED
from tests.promises import ProcessFault
from tests.stage import TIMEOUT_SECONDS, Stage

COUNT = 4
# Single pictures die at the points of `CRASH_POINTS` for each change, see `test_crash`.
AS_SINGLE = [("sqlite", point) for point in CRASH_POINTS] + [
    ("postgresql", point)
    for point in ("answered, not yet enqueued", "submitted, not yet saved", "posted, not yet saved")
]
POINTS = [
    *(pytest.param(*each, marks=pytest.mark.matrix) for each in AS_SINGLE),
    *product(("sqlite", "postgresql"), BATCH_CRASH_POINTS),
]
AROUND_THE_POST = [*BATCH_CRASH_POINTS, "about to post", "posted, not yet saved"]


@pytest.mark.promise(ProcessFault.SIGKILL_BATCH)
@pytest.mark.parametrize(("database_url", "point"), POINTS, indirect=["database_url"])
async def test_a_crash_leaves_one_card_with_every_picture_once(stage: Stage, machine: Machine, point: str) -> None:
    """Killed at `point` and started again, the bot has ordered and paid four pictures once, in one message."""
    await asks_for_four(stage, machine, point)
    await machine.starts()
    await one_card(stage, machine)


@pytest.mark.matrix
@pytest.mark.promise(ProcessFault.SIGKILL_BATCH)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("first", AROUND_THE_POST)
@pytest.mark.parametrize("second", BATCH_CRASH_POINTS)
async def test_crashing_again_on_the_way_back_changes_nothing(
    stage: Stage, machine: Machine, first: str, second: str
) -> None:
    """Two deaths in a row still lead to one card."""
    await asks_for_four(stage, machine, first)
    again = await machine.starts(crash_at=[second])
    assert await again.ended() == KILLED
    await machine.starts()
    await one_card(stage, machine)


@pytest.mark.matrix
@pytest.mark.promise(ProcessFault.SIGKILL_BATCH)
@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("point", AROUND_THE_POST)
async def test_a_card_whose_token_died_is_filled_by_the_bots_own(stage: Stage, machine: Machine, point: str) -> None:
    """If the right to answer is over when the bot is back, the same card gets the other pictures."""
    interaction = await asks_for_four(stage, machine, point)
    interaction.platform.clock.wind(TOKEN_LIVES_SECONDS + 60)
    await machine.starts()
    assert await one_card(stage, machine) is interaction.original


@pytest.mark.matrix
@pytest.mark.promise(ProcessFault.SIGKILL_BATCH)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("point", AROUND_THE_POST)
async def test_a_card_that_was_deleted_is_replaced_once(stage: Stage, machine: Machine, point: str) -> None:
    """If a moderator deleted the card in the meantime, one new card has every picture."""
    interaction = await asks_for_four(stage, machine, point)
    assert interaction.original is not None
    stage.discord.world.delete(interaction.original)
    again = await machine.starts(crash_at=["posted, not yet saved"])
    assert await again.ended() == KILLED
    await machine.starts()
    await one_card(stage, machine)


async def asks_for_four(stage: Stage, machine: Machine, point: str) -> Interaction:
    """Make Alice request four pictures from a process that dies at `point`."""
    bot = await machine.starts(crash_at=[point])
    interaction = await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn", count=COUNT)
    assert await bot.ended() == KILLED
    return interaction


async def one_card(stage: Stage, machine: Machine, within: float = TIMEOUT_SECONDS) -> Message:
    """Wait for the end, and compare the channel, Apiframe's charges and the ledger."""
    pictures = await machine.books.closed(within)
    jobs = stage.jobs()
    [card] = stage.channel.messages_for(stage.alice)
    marks = {each.id.hex[:12] for each in pictures}
    names = [each.filename for each in card.draft.attachments]
    assert len(names) == len(pictures) == len(jobs) == COUNT
    assert all(sum(mark in name for name in names) == 1 for mark in marks)
    assert {each.state for each in pictures} == {State.DELIVERED}
    assert {each.message_id for each in pictures} == {card.id}
    assert stage.apiframe.charged == sum(job.cost for job in jobs) == sum(each.credits or 0 for each in pictures)
    await machine.until(lambda: gallery_of(card) == COUNT)
    return card


def gallery_of(card: Message) -> int:
    """Return how many pictures a card shows."""
    return sum(len(each["items"]) for each in card.draft.components[0]["components"] if each["type"] == 12)
