"""Two processes get the same event, as during an overlapping deploy: it makes one picture."""

from collections.abc import Awaitable, Callable

import pytest

from standins.discord.model.messages import Message
from standins.discord.model.snowflake import shard_of
from tests.faults.machine import Machine
from tests.promises import ProcessFault
from tests.stage import Stage, has_picture, text_of

both = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
postgresql_only = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


async def start_two_that_hear_everything(stage: Stage, machine: Machine) -> None:
    """Start two processes whose shards overlap, under different executor ids: no lock keeps them apart."""
    await machine.starts()
    await machine.starts(SHARD_COUNT="2", SHARD_IDS=str(shard_of(stage.guild.id, 2)))


async def pictures_stand(stage: Stage, machine: Machine, count: int) -> list[Message]:
    """Wait until all work is done, and return the pictures, each paid for once."""
    await machine.until(lambda: len(stage.pictures()) == count, within=60)
    written = await machine.books.closed(within=60)
    assert len(written) == len(stage.jobs()) == len(stage.pictures()) == count
    assert stage.apiframe.charged == sum(job.cost for job in stage.jobs())
    shown = [each for each in stage.channel.messages_for(stage.alice) if each.author.bot]
    assert all(has_picture(each) for each in shown), [text_of(each) for each in shown]
    return stage.pictures()


@pytest.mark.promise(ProcessFault.EVENT_TWICE)
@both
async def test_an_interaction_that_two_processes_hear_of_is_one_picture(stage: Stage, machine: Machine) -> None:
    """It's ordered, paid and shown once, and nobody sees an error."""
    await start_two_that_hear_everything(stage, machine)
    for count in (1, 2, 3):
        await stage.imagine()
        await pictures_stand(stage, machine, count)


@pytest.mark.promise(ProcessFault.EVENT_TWICE)
@postgresql_only
async def test_a_mention_that_two_processes_hear_of_is_one_picture(stage: Stage, machine: Machine) -> None:
    """So is a message that mentions the bot; the same words in another message are another picture."""
    await start_two_that_hear_everything(stage, machine)
    for count in (1, 2):
        await stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}> a red boat at dawn")
        await pictures_stand(stage, machine, count)


@pytest.mark.promise(ProcessFault.EVENT_TWICE)
@postgresql_only
async def test_a_reaction_that_two_processes_hear_of_is_one_picture_each_time(stage: Stage, machine: Machine) -> None:
    """So is a reaction; if it's removed and added again, even immediately, it makes another picture."""
    await start_two_that_hear_everything(stage, machine)
    await stage.imagine()
    [picture] = await pictures_stand(stage, machine, 1)
    for count in (2, 3, 4):
        await stage.alice.reacts(picture, "🎲")
        await pictures_stand(stage, machine, count)
        await stage.alice.unreacts(picture, "🎲")


TOLD = {
    "MESSAGE_CREATE": "a message",
    "MESSAGE_REACTION_ADD": "a reaction",
    "INTERACTION_CREATE": "an interaction",
}


@pytest.mark.promise(ProcessFault.EVENT_TWICE)
@pytest.mark.parametrize("event", TOLD, ids=list(TOLD.values()))
async def test_an_event_that_is_told_twice_is_one_picture(stage: Stage, event: str) -> None:
    """One process that gets the same event twice makes one picture."""
    async with stage.running():
        first = await stage.picture(await stage.imagine())
        await stage.settled()  # else one of the two may wait for the picture to be noted until the bot stops
        with stage.discord.gateway.telling_twice(event):
            await asking(stage, first)[event]()
            await stage.show_pictures(2)
            await stage.settled()
    assert len(stage.jobs()) == 2
    assert len([each for each in stage.channel.messages_for(stage.alice) if each.author.bot]) == 2


def asking(stage: Stage, picture: Message) -> dict[str, Callable[[], Awaitable[object]]]:
    """Return how Alice asks for another picture, by the event that Discord then tells."""
    return {
        "MESSAGE_CREATE": lambda: stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}> a boat"),
        "MESSAGE_REACTION_ADD": lambda: stage.alice.reacts(picture, "🎲"),
        "INTERACTION_CREATE": lambda: stage.imagine("a boat"),
    }
