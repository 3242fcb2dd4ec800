"""Looking back through a gateway, which makes no pictures: pages, favourites, downloads, and the showcase's end."""

import json

import pytest

from tests.faults.machine import Machine
from tests.faults.test_roles import starts_gateway, starts_worker
from tests.faults.test_showcase import set_up
from tests.journeys.answers import from_more, private_answer
from tests.journeys.test_favourites import STAR
from tests.journeys.test_history import history, listed
from tests.journeys.test_history_filters import unzipped
from tests.journeys.test_privacy import is_forgotten
from tests.journeys.test_showcase import shown_in
from tests.promises import ProcessFault
from tests.stage import Stage

pytestmark = [
    pytest.mark.slow,
    pytest.mark.promise(ProcessFault.ROLES),
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]
WITHIN = 60.0


async def test_a_gateway_sends_the_pictures_that_a_member_keeps(stage: Stage, machine: Machine) -> None:
    """With thumbnails on the page, and as a zip file, though only workers have stored their bytes."""
    await starts_worker(machine)
    await starts_gateway(machine)
    boat = await stage.picture(await stage.imagine("a boat"), WITHIN)
    await stage.picture(await stage.imagine("a dog"), WITHIN)
    await machine.books.closed(WITHIN)
    await from_more(stage, stage.alice, boat, "Favourite")
    page = await history(stage, stage.alice, favourites=True)
    assert listed(page) == ["a boat"]
    assert len(page.attachments) == 1
    files = unzipped(await private_answer(stage, await stage.alice.presses(page, "Download")))
    [made] = json.loads(files["pictures.json"])
    assert (made["prompt"], files[made["file"]]) == ("a boat", boat.attachments[0].read())
    files = unzipped(await history(stage, stage.alice, download=True))
    assert [each["prompt"] for each in json.loads(files["pictures.json"])] == ["a boat", "a dog"]


async def test_a_member_who_deletes_everything_leaves_the_showcase(stage: Stage, machine: Machine) -> None:
    """The gateway shows the picture, takes the request for deletion, and the showcase is empty soon."""
    await starts_worker(machine)
    await starts_gateway(machine)
    channel, picture = await set_up(stage)
    await machine.books.closed(WITHIN)
    bob = stage.joins("bob")
    await bob.reacts(picture, STAR)
    await machine.until(lambda: shown_in(channel, stage.alice), WITHIN)
    await is_forgotten(stage, stage.alice)
    await machine.until(lambda: not shown_in(channel, stage.alice), WITHIN)
    assert "no favourites here yet" in (await history(stage, bob, favourites=True)).text
