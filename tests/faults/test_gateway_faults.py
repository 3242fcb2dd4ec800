"""A request arrives while the bot's connection to Discord breaks: it's handled, and drawn once."""

from collections.abc import Callable

import pytest

from standins.discord.gateway.gateway import Gateway
from tests.faults.ledgers import Books
from tests.promises import DiscordFault
from tests.stage import Stage

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.promise(DiscordFault.GATEWAY_DROPPED)
@pytest.mark.parametrize("breaks", [Gateway.drop, Gateway.ask_to_reconnect], ids=["dropped", "asked to reconnect"])
async def test_what_is_asked_during_a_break_is_heard_after_it(
    stage: Stage, books: Books, breaks: Callable[[Gateway], None]
) -> None:
    """Discord replays what the bot missed: a mention in that moment gets its picture."""
    async with stage.running():
        session = next(iter(stage.discord.gateway.sessions))
        breaks(stage.discord.gateway)
        await stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}> a boat")
        await stage.show_pictures(1)
        await books.closed()
        assert list(stage.discord.gateway.sessions) == [session]
    assert len(stage.jobs()) == 1


@pytest.mark.promise(DiscordFault.SESSION_INVALID)
@pytest.mark.parametrize("resumable", [True, False])
async def test_an_invalid_session_is_replaced_by_another(stage: Stage, books: Books, resumable: bool) -> None:
    """An unfinished picture arrives, and afterwards the bot gets events again."""
    async with stage.running():
        interaction = await stage.imagine()
        stage.discord.gateway.invalidate(resumable=resumable)
        await stage.picture(interaction)
        await stage.discord.world.until(lambda: stage.discord.gateway.connected)
        await stage.picture(await stage.imagine())
        await books.closed()
    assert len(stage.jobs()) == 2


@pytest.mark.promise(DiscordFault.GATEWAY_SILENT)
async def test_a_picture_does_not_need_the_gateway(stage: Stage, books: Books) -> None:
    """Unfinished pictures are still posted while the gateway is silent."""
    async with stage.running():
        interaction = await stage.imagine()
        stage.discord.gateway.fall_silent()
        await stage.picture(interaction)
        await books.closed()
