"""Loops that wait for an event end when they are cancelled, at whatever moment."""

import asyncio

import pytest

from bot.waiting import is_set_within


@pytest.mark.parametrize("turns", range(6))
async def test_a_cancellation_is_never_lost(turns: int) -> None:
    """Not even one that comes together with the event, in the same turn of the loop or some turns later."""
    event = asyncio.Event()

    async def waits_again_and_again() -> None:
        while True:
            await is_set_within(event, 60)
            event.clear()

    waiting = asyncio.create_task(waits_again_and_again())
    await asyncio.sleep(0)
    event.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting], timeout=1)
    assert waiting.cancelled()


async def test_an_event_that_does_not_come_is_waited_for_no_longer() -> None:
    """It's told from one that came, also if it came before."""
    event = asyncio.Event()
    assert not await is_set_within(event, 0.01)
    event.set()
    assert await is_set_within(event, 0)
