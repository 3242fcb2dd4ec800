"""The member who changes their mind: Cancel on the card and in `/queue`, and who may press it."""

import asyncio
from functools import partial

import pytest

from standins.apiframe.faults import Fault, Kind
from standins.apiframe.jobs import Pace
from standins.discord.client.person import Person
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.journeys.answers import changed, private_answer
from tests.stage import GENERATION, QUICK, Stage, has_picture, is_private, text_of

SLOW = Pace(queued=0, drawing=60)  # done when a test winds the clock
ONE_AT_A_TIME = {"generation": {**GENERATION, "concurrency": 1}, "limits": {"member": {"concurrent": 2}}}
BUSY = Fault(Kind.RATE_LIMITED, route="generate", times=None)
CANCELLED = "You cancelled this picture."


async def test_a_waiting_picture_is_cancelled_at_once_and_for_free(stage: Stage) -> None:
    """Its card says so before its turn, its place at the limit is free, and the queue moves up."""
    stage.apiframe.pace = SLOW
    async with stage.running(**ONE_AT_A_TIME):
        first = await asks(stage, stage.alice)
        await stage.apiframe.until(stage.jobs)
        second = await asks(stage, stage.alice)
        bob = stage.joins("bob")
        third = await asks(stage, bob)
        await says(stage, third, "In queue: #2")
        press = await stage.alice.presses(second, "Cancel")
        await changed(stage, press, CANCELLED)
        assert "Nothing was charged." in text_of(second)
        assert second.buttons == []
        await says(stage, third, "In queue: #1")
        fourth = await asks(stage, stage.alice)  # which the limit allows again
        stage.apiframe.pace = QUICK
        stage.clock.wind(SLOW.drawing)
        for card in (first, third, fourth):
            await drawn(stage, card)
    assert len(stage.jobs()) == 3
    assert CANCELLED in text_of(second)


async def test_the_button_goes_when_the_order_is_placed(stage: Stage) -> None:
    """Before that it is there in the first answer; a press on an old copy of it says privately that it is too late."""
    stage.apiframe.pace = SLOW
    stage.apiframe.faults.arm(BUSY)
    async with stage.running():
        card = await asks(stage, stage.alice)
        assert labels(card) == ["Cancel"]
        await says(stage, card, "The image service is busy")
        assert labels(card) == ["Cancel"]
        old = stage.discord.world.post(stage.channel, stage.discord.world.bot, card.history[-1].as_sent)
        stage.apiframe.faults.disarm()
        await says(stage, card, "Drawing")
        assert labels(card) == []
        answer = await private_answer(stage, await stage.alice.presses(old, "Cancel"))
        assert "this picture is already being made." in text_of(answer)
        stage.clock.wind(SLOW.drawing)
        await stage.settled()
        late = await private_answer(stage, await stage.alice.presses(old, "Cancel"))
        assert "this request is already finished." in text_of(late)


async def test_two_presses_at_once_cancel_once(stage: Stage) -> None:
    """The member and a moderator press together: one refund, and no error for either."""
    stage.apiframe.faults.arm(BUSY)
    moderator = moderates(stage, "mo", Permission.MANAGE_MESSAGES)
    async with stage.running():
        card = await asks(stage, stage.alice)
        presses = await asyncio.gather(stage.alice.presses(card, "Cancel"), moderator.presses(card, "Cancel"))
        await stage.discord.world.until(lambda: "Nothing was charged." in text_of(card))
        await stage.discord.world.until(lambda: all(each.callback for each in presses))
        await stage.settled()
        assert not any(each.follow_ups for each in presses)
    assert card.buttons == []
    assert stage.jobs() == []


@pytest.mark.parametrize("permission", [Permission.MANAGE_MESSAGES, Permission.MANAGE_GUILD])
async def test_a_moderator_cancels_anybodys_picture(stage: Stage, permission: Permission) -> None:
    """The card says that a moderator did."""
    stage.apiframe.faults.arm(BUSY)
    moderator = moderates(stage, "mo", permission)
    async with stage.running():
        card = await asks(stage, stage.alice)
        press = await moderator.presses(card, "Cancel")
        await changed(stage, press, "A moderator stopped this picture")
    assert stage.jobs() == []


async def test_others_cannot_cancel(stage: Stage) -> None:
    """They get a private sentence, and the picture goes on."""
    stage.apiframe.faults.arm(BUSY)
    bob = stage.joins("bob")
    async with stage.running():
        card = await asks(stage, stage.alice)
        answer = await private_answer(stage, await bob.presses(card, "Cancel"))
        assert "can cancel it" in text_of(answer)
        stage.apiframe.faults.disarm()
        await drawn(stage, card)


async def test_the_button_works_after_a_restart_and_on_replies(stage: Stage) -> None:
    """Also where no interaction was answered, and the card is a message of the bot's own."""
    stage.apiframe.faults.arm(BUSY)
    async with stage.running():
        await stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}> a red boat at dawn")
        card = await stage.shows("The image service is busy")
    async with stage.running():
        press = await stage.alice.presses(card, "Cancel")
        await changed(stage, press, CANCELLED)
        await stage.settled()
    assert stage.jobs() == []
    assert [text_of(each) for each in stage.channel.messages_for(stage.alice) if each.author.bot] == [text_of(card)]


async def test_the_queue_lists_what_is_under_way_and_cancels_it(stage: Stage) -> None:
    """Each with its stage and a link; the list and the card show a cancellation at once, also after a restart."""
    stage.apiframe.pace = SLOW
    async with stage.running(**ONE_AT_A_TIME):
        first = await asks(stage, stage.alice)
        await says(stage, first, "Drawing")
        second = await asks(stage, stage.alice, "a green hill")
        await says(stage, second, "In queue: #1")
        listed = await queue(stage, stage.alice)
        assert is_private(listed)
        assert "Your pictures in progress" in text_of(listed)
        for words in ("a red boat at dawn", "Drawing", "a green hill", "In queue: #1", f"/{second.id})"):
            assert words in text_of(listed)
        assert labels(listed) == ["Cancel 2"]
    async with stage.running(**ONE_AT_A_TIME):
        await stage.alice.presses(listed, "Cancel 2")
        await says(stage, second, CANCELLED)
        await stage.discord.world.until(lambda: "a green hill" not in text_of(listed))
        assert labels(listed) == []
        stage.clock.wind(SLOW.drawing)
        await stage.discord.world.until(lambda: has_picture(first))
        await stage.settled()
        empty = await queue(stage, stage.alice)
        assert "You have no pictures in progress. Type `/imagine` to make one." in text_of(empty)
    assert len(stage.jobs()) == 1


async def test_moderators_see_everyones_queue_without_private_prompts(stage: Stage) -> None:
    """A title says whose it is, private prompts stay private, and other members are refused."""
    stage.apiframe.faults.arm(BUSY)
    moderator = moderates(stage, "mo", Permission.MANAGE_GUILD)
    async with stage.running():
        await asks(stage, stage.alice)
        await stage.imagine("a secret hill", private=True)
        listed = await queue(stage, moderator, everyone=True)
        assert "Everyone's pictures in progress on this server" in text_of(listed)
        assert f"<@{stage.alice.id}>" in text_of(listed)
        assert "a red boat at dawn" in text_of(listed)
        assert "a secret hill" not in text_of(listed)
        assert "a secret hill" in text_of(await queue(stage, stage.alice))
        assert "You have no pictures in progress." in text_of(await queue(stage, moderator))
        refused = await queue(stage, stage.alice, everyone=True)
        assert "can see everyone's pictures" in text_of(refused)
        await moderator.presses(listed, "Cancel 1")
        await stage.shows("A moderator stopped this picture")
        await stage.discord.world.until(lambda: labels(listed) == ["Cancel 1"])


async def asks(stage: Stage, member: Person, prompt: str = "a red boat at dawn") -> Message:
    """Make a member ask for a picture, and return its card."""
    card = (await stage.imagine_as(member, prompt)).original
    assert card is not None
    return card


async def queue(stage: Stage, member: Person, **options: bool) -> Message:
    return await private_answer(stage, await member.types("/queue", stage.channel, **options))


async def says(stage: Stage, card: Message, words: str) -> None:
    await stage.discord.world.until(partial(_says, card, words))


def _says(card: Message, words: str) -> bool:
    return words in text_of(card)


async def drawn(stage: Stage, card: Message) -> None:
    await stage.discord.world.until(lambda: has_picture(card))


def moderates(stage: Stage, name: str, permission: Permission) -> Person:
    return stage.joins(name, roles=[stage.guild.add_role("moderators", permission)])


def labels(message: Message) -> list[str]:
    return [str(each["label"]) for each in message.buttons]
