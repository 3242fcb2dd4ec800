"""The worst moments of a style: it's there with all of its images, or not at all."""

import sqlite3
from contextlib import closing

import pytest

from bot.generation.crash_points import STYLE_CRASH_POINTS
from standins.discord.model.messages import Message
from tests.faults.machine import Machine
from tests.faults.test_showcase import BOTH, KILLED
from tests.images import photo
from tests.journeys.test_privacy import asks
from tests.promises import ProcessFault
from tests.stage import Stage

FRAME = "a watercolour of {prompt}"


async def shown(stage: Stage) -> Message:
    """Return the answer to `/style show`."""
    return await asks(stage, stage.alice, "/style show", style="nora")


@pytest.mark.promise(ProcessFault.SIGKILL_STYLE)
@pytest.mark.slow
@pytest.mark.parametrize("database_url", BOTH, indirect=True)
@pytest.mark.parametrize("point", STYLE_CRASH_POINTS)
async def test_a_crash_leaves_no_half_of_a_style(stage: Stage, machine: Machine, point: str) -> None:
    """Killed before or after its row is written: made again, it's there once, and draws with its image."""
    doomed = await machine.starts(crash_at=[point])
    options = {"name": "nora", "frame": FRAME}
    await stage.alice.types("/style create", stage.channel, **options, image1=photo())
    assert await doomed.ended() == KILLED
    await machine.starts()
    if point == STYLE_CRASH_POINTS[0]:
        assert "no others here yet" in (await shown(stage)).text
        await asks(stage, stage.alice, "/style create", None, **options, image1=photo())
    assert len((await shown(stage)).attachments) == 1
    assert "already a style" in (await asks(stage, stage.alice, "/style create", None, **options)).text
    await stage.picture(await stage.imagine("a boat", style="nora"))
    [order] = stage.orders()
    assert order["prompt"] == FRAME.format(prompt="a boat")
    assert len(order["fluxParams"]["input_images"]) == 1


@pytest.mark.promise(ProcessFault.SIGKILL_STYLED_PICTURE)
@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("point", ["reserved, not yet answered", "about to submit", "submitted, not yet saved"])
async def test_a_picture_keeps_its_style_through_a_crash(stage: Stage, machine: Machine, point: str) -> None:
    """The style is deleted while the bot is down: the picture is ordered once, with the words and image of then."""
    first = await machine.starts()
    await asks(stage, stage.alice, "/style create", None, name="nora", frame=FRAME, image1=photo())
    assert await first.stops() == 0
    doomed = await machine.starts(crash_at=[point])
    await stage.alice.types("/imagine", stage.channel, prompt="a boat", style="nora")
    assert await doomed.ended() == KILLED
    with closing(sqlite3.connect(stage.folder / "imagine.db")) as database, database:
        database.execute("DELETE FROM styles")
    await machine.starts()
    await machine.until(lambda: [each for each in stage.pictures() if "style nora" in each.text])
    await machine.books.closed()
    [order] = stage.orders()
    assert order["prompt"] == FRAME.format(prompt="a boat")
    assert len(order["fluxParams"]["input_images"]) == 1
