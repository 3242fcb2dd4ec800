"""The operator interrupts a deep check, or answers its question, on a terminal."""

import asyncio
import os
import pty
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process

import pytest

from standins.apiframe.faults import Fault, Kind
from tests.bot.deep_check.deep_run import report_in, settings_for_deep_check
from tests.stage import TIMEOUT_SECONDS, Stage

_KEPT = ("PATH", "HOME", "PYTHONPATH", "PYTHONPYCACHEPREFIX")


async def started(stage: Stage, *flags: str, stdin: int = DEVNULL) -> Process:
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "check", "--deep", "--channel", str(stage.channel.id), *flags),
        env=environment | settings_for_deep_check(stage),
        stdin=stdin,
        stdout=PIPE,
        stderr=PIPE,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_interrupted_check_removes_what_it_made_and_names_the_paid_job(
    stage: Stage, number: signal.Signals
) -> None:
    """Ctrl+C while the picture is being made: the card goes, and the job's id is on the terminal."""
    stage.apiframe.faults.arm(Fault(Kind.HANG))
    process = await started(stage, "--yes")
    await stage.apiframe.until(stage.jobs)
    assert len(stage.channel.messages_for(stage.alice)) == 1
    process.send_signal(number)
    out, err = await asyncio.wait_for(process.communicate(), TIMEOUT_SECONDS)
    [job] = stage.jobs()
    assert process.returncode == 130, out.decode() + err.decode()
    assert stage.channel.messages_for(stage.alice) == []
    assert stage.discord.world.commands.all(stage.guild.id) == []
    assert f"job {job.id} in your Apiframe dashboard" in out.decode()
    assert "Interrupted." in report_in(stage.folder)
    assert job.id not in report_in(stage.folder)
    assert err == b""


async def test_check_interrupted_while_it_orders_still_learns_of_the_job(stage: Stage) -> None:
    """The order is on its way: the check waits for its answer before it ends, since it may be paid."""
    stage.apiframe.faults.arm(Fault(Kind.SLOW_ORDER, seconds=1.0))
    process = await started(stage, "--yes")
    await stage.apiframe.until(lambda: stage.apiframe.book.in_progress)
    process.send_signal(signal.SIGINT)
    out, _ = await asyncio.wait_for(process.communicate(), TIMEOUT_SECONDS)
    [job] = stage.jobs()
    assert process.returncode == 130
    assert f"job {job.id} in your Apiframe dashboard" in out.decode()
    assert stage.channel.messages_for(stage.alice) == []


async def test_check_interrupted_while_it_posts_deletes_the_card(stage: Stage) -> None:
    stage.discord.faults.next("POST", "/channels/*/messages", delay=1.0)
    process = await started(stage, "--free")
    await stage.discord.world.until(lambda: stage.discord.faults.armed == [])
    process.send_signal(signal.SIGINT)
    await asyncio.wait_for(process.communicate(), TIMEOUT_SECONDS)
    assert process.returncode == 130
    assert len(stage.channel.messages) == 1
    assert stage.channel.messages_for(stage.alice) == []


@pytest.mark.parametrize(("answer", "orders"), [("y", 1), ("n", 0), ("", 0)])
async def test_picture_is_ordered_only_after_a_yes(stage: Stage, answer: str, orders: int) -> None:
    """The question has the price; anything but yes leaves the picture out, and the rest is checked."""
    terminal, theirs = pty.openpty()
    try:
        process = await started(stage, stdin=theirs)
        os.write(terminal, f"{answer}\n".encode())
        out, err = await asyncio.wait_for(process.communicate(), TIMEOUT_SECONDS)
    finally:
        os.close(terminal)
        os.close(theirs)
    assert process.returncode == 0, out.decode() + err.decode()
    assert "costs about 7 credits of the 10,000 that are left. Order it? [y/N]" in " ".join(out.decode().split())
    assert len(stage.jobs()) == orders
    assert ("You didn't agree to its price." in out.decode()) is (orders == 0)


async def test_check_interrupted_at_its_first_request_ends_quietly(stage: Stage) -> None:
    """Nothing is made yet, so nothing is removed, and there is no traceback."""
    stage.apiframe.faults.arm(Fault(Kind.STALLED, route="me", seconds=600))
    process = await started(stage, "--yes")
    while "me" not in stage.apiframe.faults.struck:  # noqa: ASYNC110  (it tells nobody)
        await asyncio.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = await asyncio.wait_for(process.communicate(), TIMEOUT_SECONDS)
    assert (process.returncode, err) == (130, b""), out.decode() + err.decode()
    assert "Apiframe: account: Interrupted." in out.decode()
