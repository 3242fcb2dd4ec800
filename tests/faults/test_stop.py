"""The operator who stops the bot for an upgrade while pictures are on their way."""

import asyncio

import pytest

from bot.picture.generation import State
from standins.apiframe.faults import Fault, Kind
from tests.faults.machine import SLOW, Machine
from tests.promises import ProcessFault
from tests.stage import QUICK, Stage, is_private, text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CANCELLED = "You cancelled this picture."
PROMPTLY = 4.5  # seconds: less than the grace that a step under way gets, however slow this machine is


@pytest.mark.promise(ProcessFault.SIGTERM)
async def test_who_waits_for_their_turn_waits_on_after_the_restart(stage: Stage, machine: Machine) -> None:
    """A picture that was still in the queue is ordered by the next process, and the one before it arrives as well."""
    stage.apiframe.pace = SLOW
    bot = await machine.starts(GENERATION__CONCURRENCY="1")
    for prompt in ("the first boat", "the second boat"):
        await stage.imagine(prompt)
    await stage.apiframe.until(stage.jobs)
    assert await bot.stops() == 0
    stage.apiframe.pace = QUICK
    stage.clock.wind(SLOW.drawing)
    await machine.starts(GENERATION__CONCURRENCY="1")
    written = await machine.books.closed()
    assert [each.state for each in written] == [State.DELIVERED, State.DELIVERED]
    assert sorted(order["prompt"] for order in stage.orders()) == ["the first boat", "the second boat"]
    assert stage.channel.messages_for(stage.alice) == stage.pictures()
    assert len(stage.pictures()) == 2


@pytest.mark.promise(ProcessFault.SIGTERM)
async def test_a_picture_that_is_drawn_meanwhile_is_posted_after_the_restart(stage: Stage, machine: Machine) -> None:
    """Stopping does not wait for a drawing, and the next process goes on waiting for the very same job."""
    stage.apiframe.pace = SLOW
    bot = await machine.starts()
    await stage.imagine()
    await stage.apiframe.until(stage.jobs)
    assert await bot.stops(within=PROMPTLY) == 0
    stage.clock.wind(SLOW.drawing)
    await machine.starts()
    await machine.one_picture_for_one_price()


async def test_a_picture_that_cannot_be_fetched_yet_does_not_hold_up_the_stop(stage: Stage, machine: Machine) -> None:
    """Trying again is left to the next process, at once."""
    stage.apiframe.faults.arm(Fault(Kind.MISSING, times=None))
    bot = await machine.starts()
    await stage.imagine()
    await stage.apiframe.until(lambda: any(job.downloads for job in stage.jobs()))
    assert await bot.stops(within=PROMPTLY) == 0
    stage.apiframe.faults.disarm()
    await machine.starts()
    await machine.one_picture_for_one_price()


async def test_an_order_that_apiframe_does_not_take_yet_does_not_hold_up_the_stop(
    stage: Stage, machine: Machine
) -> None:
    """A pause that Apiframe asked for is waited out by the next process."""
    stage.apiframe.faults.arm(Fault(Kind.RATE_LIMITED, route="generate", seconds=30))
    bot = await machine.starts()
    await stage.imagine()
    await stage.apiframe.until(lambda: not stage.apiframe.faults.armed)
    assert await bot.stops(within=PROMPTLY) == 0
    await machine.starts()
    await machine.one_picture_for_one_price()


@pytest.mark.promise(ProcessFault.SIGTERM)
async def test_a_post_on_its_way_is_finished_before_the_process_ends(stage: Stage, machine: Machine) -> None:
    """Discord gets a moment to finish the call, and the ledger is correct right after the restart."""
    post = stage.discord.faults.next("PATCH", "/webhooks/*", delay=60, with_file=True)
    bot = await machine.starts()
    await stage.imagine()
    await machine.until(lambda: post.times == 0)
    stopping = asyncio.create_task(bot.stops())
    stage.clock.wind(60)
    assert await stopping == 0
    [picture] = stage.pictures()
    await machine.starts()
    assert await machine.one_picture_for_one_price() is picture


async def test_who_asks_while_the_bot_stops_is_told_to_ask_again(stage: Stage, machine: Machine) -> None:
    """A stopping bot takes no new work, says so privately, and neither reserves nor orders anything."""
    post = stage.discord.faults.next("PATCH", "/webhooks/*", delay=60, with_file=True)
    bot = await machine.starts()
    await stage.imagine("before the stop")
    await machine.until(lambda: post.times == 0)
    stopping = asyncio.create_task(bot.stops())
    await machine.until(lambda: '"stopping"' in machine.log)
    late = await stage.imagine("after the stop")
    stage.clock.wind(60)
    assert await stopping == 0
    assert late.original is not None
    assert is_private(late.original)
    assert "restarting" in text_of(late.original)
    assert [order["prompt"] for order in stage.orders()] == ["before the stop"]
    assert len(await machine.books.all()) == 1


@pytest.mark.promise(ProcessFault.SIGTERM)
async def test_who_cancels_while_the_bot_stops_has_cancelled(stage: Stage, machine: Machine) -> None:
    """Their answer gets a moment: the card says that the picture is cancelled, and nothing is ordered."""
    stage.apiframe.faults.arm(Fault(Kind.RATE_LIMITED, route="generate", times=None))
    bot = await machine.starts()
    card = (await stage.imagine()).original
    assert card is not None
    await machine.until(lambda: "The image service is busy" in text_of(card))
    edit = stage.discord.faults.next("PATCH", "/webhooks/*", delay=60, saying=CANCELLED)
    await stage.alice.presses(card, "Cancel")
    await machine.until(lambda: edit.times == 0)
    stopping = asyncio.create_task(bot.stops())
    await machine.until(lambda: '"stopping"' in machine.log)
    stage.clock.wind(60)
    assert await stopping == 0
    assert CANCELLED in text_of(card)
    assert "unexpected error" not in machine.log
    stage.apiframe.faults.disarm()
    await machine.starts()
    [cancelled] = await machine.books.closed()
    assert (cancelled.state, cancelled.credits) == (State.FAILED, 0)
    assert CANCELLED in text_of(card)
    assert stage.jobs() == []


@pytest.mark.promise(ProcessFault.SIGTERM)
async def test_a_post_that_discord_does_not_take_is_repeated_after_the_restart(stage: Stage, machine: Machine) -> None:
    """A post that hangs is cut off, so that the process ends in time, and is made once by the next one."""
    post = stage.discord.faults.next("PATCH", "/webhooks/*", delay=3600, with_file=True)
    bot = await machine.starts()
    await stage.imagine()
    await machine.until(lambda: post.times == 0)
    assert await bot.stops() == 0
    assert stage.pictures() == []
    await machine.starts()
    await machine.one_picture_for_one_price()
