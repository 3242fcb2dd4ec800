"""Waiting for an event, but not for ever."""

import asyncio


async def is_set_within(event: asyncio.Event, seconds: float) -> bool:
    """Return True as soon as an event is set, or False after some seconds.

    `asyncio.wait_for` of Python 3.11 loses a cancellation that comes together with the event, so that a loop which
    waits by it may never end.
    """
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
