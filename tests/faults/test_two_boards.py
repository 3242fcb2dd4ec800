"""The members whose pictures wait in one queue, which several processes serve."""

import re

import pytest

from standins.apiframe.faults import Fault, Kind
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Message
from tests.faults.machine import SLOW, Machine
from tests.promises import ProcessFault
from tests.stage import Stage, text_of

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

WAITING = 12
ONE_AT_A_TIME = {
    "GENERATION__CONCURRENCY": "1",
    "GENERATION__CONCURRENCY_PER_SERVER": "1",
    "GENERATION__PROGRESS_SECONDS": "0.1",
    "GENERATION__STARTS_PER_MINUTE": "600",
    "LIMITS__MEMBER__CONCURRENT": "100",
    "SHARD_COUNT": "2",
}


@pytest.mark.promise(ProcessFault.QUEUED_ELSEWHERE)
@pytest.mark.slow
async def test_a_reason_stays_on_its_card_whichever_process_gave_it(stage: Stage, machine: Machine) -> None:
    """After an error message, the card doesn't show a queue position again."""
    channels = await two_servers_behind_a_full_house(stage, machine)
    await machine.until(lambda: len(places(channels)) == WAITING, within=60)
    stage.apiframe.faults.arm(Fault(Kind.OUT_OF_CREDITS, times=None))
    stage.clock.wind(SLOW.drawing)
    await machine.books.closed()
    stage.apiframe.faults.disarm()
    await shows_later_progress(stage, machine)
    assert list(places(channels)) == []
    assert sum("out of credits" in text_of(each) for each in cards(channels)) == WAITING


@pytest.mark.promise(ProcessFault.QUEUED_ELSEWHERE)
async def test_places_are_counted_over_the_whole_queue(stage: Stage, machine: Machine) -> None:
    """No two members see the same number, even from different processes."""
    channels = await two_servers_behind_a_full_house(stage, machine)
    await machine.until(lambda: sorted(places(channels)) == list(range(1, WAITING + 1)), within=60)


async def two_servers_behind_a_full_house(stage: Stage, machine: Machine) -> list[Channel]:
    """Make two processes serve a server each, with one picture being drawn, and others queued behind it."""
    stage.apiframe.pace = SLOW
    for shard in ("0", "1"):
        await machine.starts(SHARD_IDS=shard, **ONE_AT_A_TIME)
    island = stage.discord.world.add_guild("Island")  # its id puts it on the other shard
    island.add_member(stage.alice.user)
    channels = [stage.channel, island.add_channel("pictures")]
    await asks(stage, channels[0])
    await stage.apiframe.until(stage.jobs)
    for number in range(WAITING):
        await asks(stage, channels[number % 2])
    return channels


async def asks(stage: Stage, channel: Channel) -> None:
    interaction = await stage.alice.types("/imagine", channel, prompt="a red boat at dawn")
    await interaction.answered()


async def shows_later_progress(stage: Stage, machine: Machine) -> None:
    """Return once a card that is younger than all others has been edited twice, and so every edit of theirs is over."""
    await asks(stage, stage.channel)
    await machine.until(lambda: len(cards([stage.channel])[-1].history) > 2)


def cards(channels: list[Channel]) -> list[Message]:
    return [message for channel in channels for message in channel.messages.values()]


def places(channels: list[Channel]) -> list[int]:
    return [int(n) for card in cards(channels) for n in re.findall(r"In queue: #(\d+)", text_of(card))]
