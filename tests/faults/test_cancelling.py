"""Members who cancel a picture: it is ordered or refunded, never both, whatever breaks at that moment."""

import asyncio
from functools import partial

import pytest

from bot.generation.crash_points import CANCEL_CRASH_POINTS
from bot.picture.failure import FailureKind
from bot.picture.generation import Generation, State
from standins.apiframe.faults import Fault, Kind
from standins.discord.model.messages import Message
from tests.faults.machine import SLOW, Machine
from tests.faults.test_crash import KILLED, asks_and_dies
from tests.faults.test_two_processes import starts_shard, two_servers
from tests.journeys.answers import guessed_button, private_answer
from tests.promises import ProcessFault
from tests.stage import Stage, has_picture, text_of

BUSY = Fault(Kind.RATE_LIMITED, route="generate", times=None)
ONE_AT_A_TIME = {"GENERATION__CONCURRENCY": "1", "LIMITS__MEMBER__CONCURRENT": "100"}
CANCELLED = "You cancelled this picture."
BOTH = ["sqlite", "postgresql"]

everywhere = pytest.mark.parametrize("database_url", BOTH, indirect=True)


@pytest.mark.promise(ProcessFault.SIGKILL_CANCELLING)
@everywhere
@pytest.mark.parametrize("point", CANCEL_CRASH_POINTS)
async def test_a_crash_while_cancelling_neither_loses_nor_repeats_the_refund(
    stage: Stage, machine: Machine, point: str
) -> None:
    """Before the refund, the picture keeps its place; after it, the picture is never ordered, and its card says so."""
    bot = await machine.starts(crash_at=[point], **ONE_AT_A_TIME)
    stage.apiframe.pace = SLOW
    first, waiting = await asks_for_two(stage)
    await stage.alice.presses(waiting, "Cancel")
    assert await bot.ended() == KILLED
    await machine.starts(**ONE_AT_A_TIME)
    if point == CANCEL_CRASH_POINTS[0]:
        await stage.alice.presses(waiting, "Cancel")
        await machine.until(lambda: CANCELLED in text_of(waiting))
    stage.clock.wind(SLOW.drawing)
    drawn, cancelled = await machine.books.closed()
    assert (drawn.state, has_picture(first)) == (State.DELIVERED, True)
    refunded(cancelled)
    await machine.until(lambda: CANCELLED in text_of(waiting))
    assert waiting.buttons == []
    assert len(stage.jobs()) == 1
    assert stage.channel.messages_for(stage.alice) == [first, waiting]


@pytest.mark.promise(ProcessFault.CANCELLED_WHILE_ORDERED)
@everywhere
async def test_an_order_that_may_have_been_sent_is_not_cancelled(stage: Stage, machine: Machine) -> None:
    """A process that died between keeping an order and sending it may have sent it: the picture comes and is paid."""
    interaction = await asks_and_dies(stage, machine, "order kept, not yet sent")
    stage.apiframe.faults.arm(BUSY)
    await machine.starts()
    [generation] = await machine.books.all()
    await machine.until(lambda: "The image service is busy" in text_of(card_of(interaction.original)))
    assert card_of(interaction.original).buttons == []
    guess = guessed_button(stage, stage.channel, f"p:cancel:{generation.id.hex}")
    answer = await private_answer(stage, await stage.alice.presses(guess, "guessed"))
    assert "this picture is already being made." in text_of(answer)
    stage.apiframe.faults.disarm()
    [delivered] = await machine.books.closed()
    [job] = stage.jobs()
    assert (delivered.state, delivered.job_id, delivered.credits) == (State.DELIVERED, job.id, job.cost)
    assert stage.apiframe.charged == job.cost


@pytest.mark.promise(ProcessFault.CANCELLED_WHILE_ORDERED)
@everywhere
async def test_a_picture_whose_turn_came_can_be_cancelled_while_no_order_was_taken(
    stage: Stage, machine: Machine
) -> None:
    """Apiframe is too busy to take orders: the button stays, and nothing is ordered once it takes some again."""
    stage.apiframe.faults.arm(BUSY)
    await machine.starts()
    card = card_of((await stage.imagine()).original)
    await machine.until(lambda: "The image service is busy" in text_of(card))
    await stage.alice.presses(card, "Cancel")
    await machine.until(lambda: CANCELLED in text_of(card))
    stage.apiframe.faults.disarm()
    [cancelled] = await machine.books.closed()
    refunded(cancelled)
    card_after = card_of((await stage.imagine()).original)
    await machine.until(lambda: has_picture(card_after))
    assert len(stage.jobs()) == 1
    assert CANCELLED in text_of(card)
    assert card.buttons == []


@pytest.mark.promise(ProcessFault.CANCELLED_WHILE_ORDERED)
@everywhere
async def test_a_press_at_the_moment_of_ordering_does_one_of_both(stage: Stage, machine: Machine) -> None:
    """Each picture is either ordered once and paid once, or never ordered and refunded."""
    await machine.starts(LIMITS__MEMBER__CONCURRENT="100", GENERATION__CONCURRENCY_PER_SERVER="20")
    cards = [card_of((await stage.imagine()).original) for _ in range(8)]
    for number, card in enumerate(cards):
        await asyncio.sleep(0.03 * number)
        if any(each["label"] == "Cancel" for each in card.buttons):
            await stage.alice.presses(card, "Cancel")
    ended = await machine.books.closed()
    delivered = [each for each in ended if each.state is State.DELIVERED]
    for each in ended:
        if each not in delivered:
            refunded(each)
    assert {each.job_id for each in delivered} == {job.id for job in stage.jobs()}
    assert len(stage.jobs()) == len(delivered)
    assert stage.apiframe.charged == sum(each.credits or 0 for each in ended)


@pytest.mark.promise(ProcessFault.CANCELLED_ELSEWHERE)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_picture_is_cancelled_in_whichever_process_it_waits(stage: Stage, machine: Machine) -> None:
    """The press arrives at one process, while the other may be about to order: that one notices, and doesn't."""
    stage.apiframe.faults.arm(BUSY)
    two_servers(stage)
    for shard in ("0", "1"):
        await starts_shard(machine, shard)
    cards = [card_of((await stage.imagine()).original) for _ in range(6)]
    for card in cards[:3]:
        await machine.until(partial(is_busy, card))
    for card in cards:
        await stage.alice.presses(card, "Cancel")
    for card in cards:
        await machine.until(partial(is_cancelled, card))
    stage.apiframe.faults.disarm()
    for each in await machine.books.closed():
        refunded(each)
    last = card_of((await stage.imagine()).original)
    await machine.until(partial(has_picture, last))
    assert len(stage.jobs()) == 1
    assert all(is_cancelled(card) and card.buttons == [] for card in cards)


async def asks_for_two(stage: Stage) -> tuple[Message, Message]:
    """Make Alice ask for two pictures, of which the second waits for the first, and return their cards."""
    first = card_of((await stage.imagine()).original)
    await stage.apiframe.until(stage.jobs)
    return first, card_of((await stage.imagine()).original)


def refunded(generation: Generation) -> None:
    assert generation.failure is not None
    assert generation.failure.kind is FailureKind.CANCELLED_BY_MEMBER
    assert (generation.state, generation.credits, generation.job_id) == (State.FAILED, 0, None)
    assert generation.submitted_at is None


def card_of(message: Message | None) -> Message:
    assert message is not None
    return message


def is_busy(card: Message) -> bool:
    return "The image service is busy" in text_of(card)


def is_cancelled(card: Message) -> bool:
    return CANCELLED in text_of(card)
