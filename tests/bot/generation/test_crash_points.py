"""The engineer who wants to see the bot die."""

import asyncio
import signal
import sys

import pytest

from bot.generation.crash_points import CRASH_POINTS, arm, crash_point


def test_nothing_happens_at_a_point_that_nobody_armed() -> None:
    """In production, every point is passed."""
    for name in CRASH_POINTS:
        crash_point(name)


def test_a_mistyped_point_is_refused() -> None:
    """A test that arms what does not exist would wait for a death that never comes."""
    with pytest.raises(ValueError, match="no crash point 'about to sing'"):
        arm("about to sing")


async def test_death_comes_at_the_armed_point_alone() -> None:
    """The process dies by SIGKILL, without cleanup, at its armed crash point and not before."""
    script = """
from bot.generation.crash_points import arm, crash_point
arm("about to post")
crash_point("about to submit")
print("passed", flush=True)
try:
    crash_point("about to post")
finally:
    print("tidied up", flush=True)
"""
    doomed = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE)
    said, _ = await doomed.communicate()
    assert (doomed.returncode, said) == (-signal.SIGKILL, b"passed\n")
