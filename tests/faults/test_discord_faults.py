"""The member whose picture, or reason, meets a Discord that takes nothing, or takes it without saying so."""

import pytest

from playground.apiframe.faults import Fault, Kind
from playground.discord.faults import Wrong
from tests.faults.books import Books
from tests.stage import GENERATION, Stage, text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NO_PROGRESS = {**GENERATION, "progress_seconds": 60}  # so that nothing but the picture goes to the card
CUT_OFF: list[Wrong] = [{"drop": True}, {"drop": True, "after_acting": True}]


@pytest.mark.parametrize("wrong", CUT_OFF, ids=["before it was posted", "after it was posted"])
async def test_a_post_whose_answer_is_lost_is_made_once(stage: Stage, books: Books, wrong: Wrong) -> None:
    """A connection that breaks while the card becomes the picture leaves exactly one picture."""
    stage.discord.faults.next("PATCH", "/webhooks/*", **wrong)
    async with stage.running(generation=NO_PROGRESS):
        picture = await stage.picture(await stage.imagine())
        await books.closed()
    assert stage.channel.messages_for(stage.alice) == [picture]
    assert len(picture.history) == 2


@pytest.mark.parametrize("wrong", CUT_OFF, ids=["before it was posted", "after it was posted"])
async def test_a_new_post_whose_answer_is_lost_is_made_once(stage: Stage, books: Books, wrong: Wrong) -> None:
    """The same holds where the token is dead and the picture is posted by the bot's own."""
    stage.discord.faults.next("POST", "/channels/*/messages", **wrong)
    async with stage.running(generation=NO_PROGRESS):
        (await stage.imagine()).kill_token()
        await stage.discord.world.until(stage.pictures)
        await books.closed()
    assert len(stage.channel.messages_for(stage.alice)) == 1


async def test_a_reason_that_discord_does_not_take_is_given_later(stage: Stage, books: Books) -> None:
    """A refused prompt is explained although the connection broke at the first try."""
    stage.apiframe.faults.arm(Fault(Kind.POLICY))
    stage.discord.faults.next("PATCH", "/webhooks/*", drop=True)
    async with stage.running(generation=NO_PROGRESS):
        interaction = await stage.imagine()
        reason = await stage.shows("refused this prompt")
        await books.closed()
    assert reason is interaction.original
    assert stage.channel.messages_for(stage.alice) == [reason]


async def test_a_reason_outlives_the_token(stage: Stage, books: Books) -> None:
    """Where the card cannot be edited any more, the reason is posted into the channel and the card taken away."""
    stage.apiframe.faults.arm(Fault(Kind.POLICY))
    async with stage.running(generation=NO_PROGRESS):
        (await stage.imagine()).kill_token()
        reason = await stage.shows("refused this prompt")
        await books.closed()
    assert "Nothing was charged." in text_of(reason)
    assert stage.channel.messages_for(stage.alice) == [reason]
