"""Pictures requested under higher bounds stay available, and new requests are checked."""

import json
import sqlite3

import pytest

from standins.discord.model.messages import Message
from tests.images import photo
from tests.journeys.answers import private_answer
from tests.journeys.test_history import draw, history, listed
from tests.promises import Attack
from tests.stage import Stage

pytestmark = pytest.mark.shared_bot


async def drawn_under_higher_bounds(stage: Stage, **params: object) -> Message:
    """Draw a picture, and store a request above today's bounds in its row."""
    async with stage.running():
        [picture] = await draw(stage, "a red boat", image1=photo())
    with sqlite3.connect(stage.folder / "imagine.db") as database:
        [row] = database.execute('SELECT params, "references" FROM generations')
        stored, references = (json.loads(each) for each in row)
        changes = json.dumps({**stored, **params}), json.dumps(references * 12)
        database.execute('UPDATE generations SET params = ?, "references" = ?, prompt = ?', (*changes, "boat " * 900))
    database.close()
    return picture


@pytest.mark.promise(Attack.LOWERED_BOUND)
@pytest.mark.own_bot
async def test_a_row_from_before_a_bound_was_lowered_is_shown(stage: Stage) -> None:
    """History and the copy of one's data have the picture, with all that was asked for."""
    await drawn_under_higher_bounds(stage, width=4096, height=4096, aspect_ratio="21:1", seed=2**60)
    async with stage.running():
        page = await history(stage, stage.alice)
        assert listed(page)[0].startswith("boat boat")
        assert len(page.attachments) == 1
        export = await private_answer(stage, await stage.alice.types("/privacy export", stage.channel))
        assert export.attachments


@pytest.mark.promise(Attack.LOWERED_BOUND)
@pytest.mark.own_bot
async def test_the_door_asks_anew(stage: Stage) -> None:
    """Made again, the picture is one that may not be asked for today, and a sentence says why; nothing is spent."""
    picture = await drawn_under_higher_bounds(stage, width=4096, height=4096)
    async with stage.running():
        refusal = await private_answer(stage, await stage.alice.presses(picture, "Reroll"))
        assert "Shorten it" in refusal.text
    with sqlite3.connect(stage.folder / "imagine.db") as database:
        database.execute("UPDATE generations SET prompt = 'a boat'")
    database.close()
    async with stage.running():
        refusal = await private_answer(stage, await stage.alice.presses(picture, "Reroll"))
        assert "`width` must be from 256 to 2048" in refusal.text
    assert len(stage.orders()) == 1
