"""The member who waits for an answer while the machine writes other things down."""

import asyncio
from threading import Event

import pytest

from bot.storage.line import Line


async def test_urgent_work_goes_first() -> None:
    """Urgent work is done before earlier usual work, but not before the running one, and each kind in its order."""
    line, begun, go, done = Line(1, "test"), Event(), Event(), list[str]()

    def hold() -> None:
        begun.set()
        go.wait(30)
        done.append("running")

    works = [line.run(hold), line.run(lambda: done.append("first")), line.run(lambda: done.append("second"))]
    tasks = [asyncio.ensure_future(work) for work in works]
    await asyncio.to_thread(begun.wait, 30)
    tasks += [asyncio.ensure_future(line.run(lambda: done.append("urgent"), urgent=True))]
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(*tasks)
    assert done == ["running", "urgent", "first", "second"]
    line.close()


async def test_errors_and_cancellations_leave_the_line_in_order() -> None:
    """A failure raises where it's waited for; work that nobody waits for any more isn't begun."""
    line, begun, go, done = Line(1, "test"), Event(), Event(), list[str]()

    def hold() -> None:
        begun.set()
        go.wait(30)
        raise ValueError("failed")

    failing = asyncio.ensure_future(line.run(hold))
    given_up = asyncio.ensure_future(line.run(lambda: done.append("given up")))
    last = asyncio.ensure_future(line.run(lambda: done.append("last")))
    await asyncio.to_thread(begun.wait, 30)
    given_up.cancel()
    await asyncio.sleep(0)
    go.set()
    with pytest.raises(ValueError, match="failed"):
        await failing
    await last
    assert done == ["last"]
    line.close()
