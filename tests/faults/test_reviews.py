"""The worst moments of a review: it's posted once, decided once and carried out once, whatever dies or fails."""

import asyncio
import signal

import pytest

from bot.generation.crash_points import BLOCK_CRASH_POINTS, REVIEW_CRASH_POINTS
from bot.picture.generation import State
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from standins.discord.model.snowflake import shard_of
from tests.faults.machine import Machine
from tests.faults.test_roles import starts_gateway, starts_worker
from tests.journeys.answers import labels_of
from tests.journeys.moderators import say
from tests.journeys.test_reviewing import BUTTONS, REJECTED, cards_in, rejects, reviewed
from tests.promises import DiscordFault, ProcessFault
from tests.stage import Stage, text_of

KILLED = -signal.SIGKILL
BOTH = ["sqlite", "postgresql"]
AGAIN_SECONDS = 60  # another process has to leave a review for 20 s, and looks every 15
BEFORE, AFTER = REVIEW_CRASH_POINTS[:3], REVIEW_CRASH_POINTS[3:]


async def one_card(machine: Machine, channel: Channel, moderator: Person) -> Message:
    """Wait until the request waits for a decision, and return its only card once the bot knows it."""
    await machine.until(lambda: waiting_cards(channel, moderator), AGAIN_SECONDS)
    await machine.books.reviews_settled(AGAIN_SECONDS)
    [card] = cards_in(channel, moderator)
    return card


async def approved_once(machine: Machine, channel: Channel, moderator: Person) -> None:
    """Wait until the approved picture is posted and everything about its review is done."""
    await machine.one_picture_for_one_price(AGAIN_SECONDS)
    await machine.books.reviews_settled(AGAIN_SECONDS)
    [card] = cards_in(channel, moderator)
    assert "✅ **Approved** by" in card.text
    assert card.buttons == []


@pytest.mark.matrix
@pytest.mark.promise(ProcessFault.SIGKILL_REVIEW)
@pytest.mark.parametrize("what", ["picture", "prompt"])
@pytest.mark.parametrize("point", BEFORE)
@pytest.mark.parametrize("database_url", BOTH, indirect=True)
async def test_a_crash_puts_a_request_into_review_once(stage: Stage, machine: Machine, point: str, what: str) -> None:
    """An hour later, with the card's interaction over, the bot goes on, and the decision leads to one picture."""
    if what == "prompt" and point == BEFORE[0]:
        pytest.skip("the first answer shows that a prompt is in review")
    first = await machine.starts()
    moderator, channel = await reviewed(stage, what=what)
    assert await first.stops() == 0
    doomed = await machine.starts(crash_at=[point])
    await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn")
    assert await doomed.ended() == KILLED
    await machine.books.leases_expire()
    stage.clock.wind(3600)
    await machine.starts()
    await moderator.presses(await one_card(machine, channel, moderator), "Approve")
    await approved_once(machine, channel, moderator)


@pytest.mark.promise(ProcessFault.SIGKILL_REVIEW)
@pytest.mark.slow
@pytest.mark.parametrize("what", ["picture", "prompt"])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_card_that_may_not_be_looked_for_is_posted_once(stage: Stage, machine: Machine, what: str) -> None:
    """The bot dies before it notes the message, and may not read the channel's history when it's back."""
    first = await machine.starts()
    moderator, channel = await reviewed(stage, what=what)
    channel.overwrite(stage.guild.bot_role, allow=Permission.VIEW_CHANNEL, deny=Permission.READ_MESSAGE_HISTORY)
    assert await first.stops() == 0
    doomed = await machine.starts(crash_at=["posted for review, not yet noted"])
    await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn")
    assert await doomed.ended() == KILLED
    await machine.starts()
    await moderator.presses(await one_card(machine, channel, moderator), "Approve")
    await approved_once(machine, channel, moderator)


@pytest.mark.matrix
@pytest.mark.promise(ProcessFault.SIGKILL_REVIEW)
@pytest.mark.parametrize("what", ["picture", "prompt"])
@pytest.mark.parametrize("approves", [True, False])
@pytest.mark.parametrize("point", AFTER)
@pytest.mark.parametrize("database_url", BOTH, indirect=True)
async def test_a_crash_carries_a_decision_out_once(
    stage: Stage, machine: Machine, point: str, approves: bool, what: str
) -> None:
    """The picture is posted once, or the member reads once that it was rejected, at its price."""
    first = await machine.starts()
    moderator, channel = await reviewed(stage, what=what)
    interaction = await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn")
    card = await one_card(machine, channel, moderator)
    assert await first.stops() == 0
    doomed = await machine.starts(crash_at=[point])
    if approves:
        await moderator.presses(card, "Approve")
    else:
        await rejects(stage, moderator, card, "no boats")
    assert await doomed.ended() == KILLED
    await machine.books.leases_expire()
    await machine.starts()
    if approves:
        await approved_once(machine, channel, moderator)
        return
    await machine.books.reviews_settled(AGAIN_SECONDS)  # first, since a picture that goes on has work again
    [generation] = await machine.books.closed(AGAIN_SECONDS)
    assert (generation.state, generation.credits) == (State.FAILED, stage.apiframe.charged)
    assert bool(generation.credits) is (what == "picture")
    [shown] = stage.channel.messages_for(stage.alice)
    assert interaction.original is shown
    assert REJECTED in text_of(shown)
    assert "> no boats" in text_of(shown)


@pytest.mark.promise(ProcessFault.SIGKILL_REVIEW)
@pytest.mark.parametrize("point", [*BLOCK_CRASH_POINTS, "decided, not yet resumed"])
@pytest.mark.parametrize("database_url", BOTH, indirect=True)
async def test_a_crash_leaves_no_rejection_without_its_block(stage: Stage, machine: Machine, point: str) -> None:
    """Both happen, with the refunds of the member's other requests, or neither does, and the moderator tries again."""
    first = await machine.starts()
    moderator, channel = await reviewed(stage, what="prompt")
    for prompt in ("a boat", "a barn"):
        await stage.alice.types("/imagine", stage.channel, prompt=prompt)
    await machine.until(lambda: len(waiting_cards(channel, moderator)) == 2, AGAIN_SECONDS)
    await machine.books.reviews_settled(AGAIN_SECONDS)
    card = waiting_cards(channel, moderator)[0]
    assert await first.stops() == 0
    doomed = await machine.starts(crash_at=[point])
    await blocks(moderator, card)
    assert await doomed.ended() == KILLED
    await machine.books.leases_expire()
    await machine.starts()
    if point in BLOCK_CRASH_POINTS:
        assert len(waiting_cards(channel, moderator)) == 2
        await said(stage, moderator, "/limits show", without=f"<@{stage.alice.id}>")
        await blocks(moderator, card)
    await machine.until(lambda: not waiting_cards(channel, moderator), AGAIN_SECONDS)
    await machine.books.reviews_settled(AGAIN_SECONDS)
    await said(stage, moderator, "/limits show", f"<@{stage.alice.id}>")
    assert [each.state for each in await machine.books.closed(AGAIN_SECONDS)] == [State.FAILED] * 2
    history = await said(stage, moderator, "/limits history", "rejected (spam)")
    assert history.count("in review →") == history.count("not blocked →") == 1
    assert stage.apiframe.charged == 0


async def blocks(moderator: Person, card: Message) -> None:
    """Make a moderator reject and block, whether the bot survives that or not."""
    opened = await moderator.presses(card, "Reject and block…")
    await opened.answered()
    await moderator.submits(opened, {"How long": "2h", "Reason": "spam"})


def waiting_cards(channel: Channel, moderator: Person) -> list[Message]:
    """Return the cards on which a moderator can decide."""
    return [each for each in cards_in(channel, moderator) if labels_of(each) == BUTTONS]


async def said(stage: Stage, moderator: Person, command: str, words: str = "", *, without: str = "…") -> str:
    """Return the answer to a command, which has some words, or lacks others."""
    answer = await say(stage, moderator, command)
    assert words in answer
    assert without not in answer
    return answer


@pytest.mark.promise(ProcessFault.REVIEWED_TWICE)
@pytest.mark.parametrize("database_url", BOTH, indirect=True)
async def test_two_moderators_in_two_processes_make_one_decision(stage: Stage, machine: Machine) -> None:
    """Both processes get both presses at the same time, and both work on reviews."""
    await machine.starts()
    moderator, channel = await reviewed(stage)
    other = stage.joins("other", roles=stage.guild.members[moderator.id].roles)
    channel.overwrite(stage.guild.members[other.id], allow=Permission.VIEW_CHANNEL)
    await machine.starts(SHARD_COUNT="2", SHARD_IDS=str(shard_of(stage.guild.id, 2)))
    await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn")
    card = await one_card(machine, channel, moderator)
    await asyncio.gather(*(each.presses(card, "Approve") for each in (moderator, other)))
    await approved_once(machine, channel, moderator)


@pytest.mark.matrix
@pytest.mark.promise(DiscordFault.REVIEW_OUTAGE)
@pytest.mark.slow
@pytest.mark.parametrize("lost", [False, True], ids=["not taken", "answer lost"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_outage_only_delays_the_review(stage: Stage, machine: Machine, lost: bool) -> None:
    """A post that failed is tried again, and one whose answer was lost is found."""
    await machine.starts()
    moderator, channel = await reviewed(stage)
    stage.discord.faults.next("POST", f"/channels/{channel.id}/messages", times=2, status=503, after_acting=lost)
    await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn")
    await moderator.presses(await one_card(machine, channel, moderator), "Approve")
    await approved_once(machine, channel, moderator)


@pytest.mark.promise(DiscordFault.REVIEW_CHANNEL_CLOSED)
@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_worker_says_that_a_review_channel_is_closed(stage: Stage, machine: Machine) -> None:
    """It posts the cards, so it's the one that notices."""
    await starts_worker(machine)
    await starts_gateway(machine)
    moderator, channel = await reviewed(stage)
    audit_log = stage.guild.add_channel("log")
    await say(stage, moderator, "/limits log", channel=audit_log)
    channel.overwrite(stage.guild.bot_role, deny=Permission.VIEW_CHANNEL)
    await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn")
    warning = f"I can't post reviews in <#{channel.id}>"
    await machine.until(lambda: any(warning in text_of(each) for each in audit_log.messages.values()), AGAIN_SECONDS)
    channel.overwrite(stage.guild.bot_role, allow=Permission.VIEW_CHANNEL)
    await say(stage, moderator, "/review on", hours=2)
    await moderator.presses(await one_card(machine, channel, moderator), "Approve")
    await approved_once(machine, channel, moderator)


@pytest.mark.promise(ProcessFault.SIGKILL_REVIEW)
@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("what", ["picture", "prompt"])
async def test_a_worker_carries_out_what_a_gateway_stored(stage: Stage, machine: Machine, what: str) -> None:
    """Also if there's no worker at the moment of the decision, and another one comes."""
    first = await starts_worker(machine)
    await starts_gateway(machine)
    moderator, channel = await reviewed(stage, what=what)
    await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn")
    card = await one_card(machine, channel, moderator)
    first.kill()
    assert await first.ended() == KILLED
    await machine.books.leases_expire()
    press = await moderator.presses(card, "Approve")
    await machine.until(lambda: press.callback)
    await starts_worker(machine)
    await approved_once(machine, channel, moderator)
