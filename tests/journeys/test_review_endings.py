"""Reviews that end in another way: cancelled, deleted, blocked, too late, or without a channel."""

import asyncio
from typing import LiteralString

import pytest

from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.journeys.answers import changed, labels_of, private_answer
from tests.journeys.moderators import refused, say
from tests.journeys.test_delete_pictures import asks as asks_to_delete
from tests.journeys.test_delete_pictures import presses
from tests.journeys.test_privacy import is_forgotten
from tests.journeys.test_review_rules import review_channel
from tests.journeys.test_reviewing import (
    BUTTONS,
    REJECTED,
    WAITS,
    asks,
    cards_in,
    in_review,
    rejects,
    reviewed,
    says,
    waits,
)
from tests.promises import DeletionFault, DiscordFault
from tests.stage import TIMEOUT_SECONDS, Stage, has_picture, text_of

pytestmark = pytest.mark.shared_bot

NOT_IN_TIME = "No moderator reviewed this request in time"
OVERDUE = "UPDATE reviews SET deadline = '2020-01-01 00:00:00.000000' WHERE decision IS NULL"
RESTORED = "UPDATE reviews SET decision = NULL, card = 'shown', card_due_at = '2020-01-01 00:00:00.000000'"


async def logged(stage: Stage, log: Channel, words: str) -> None:
    await stage.discord.world.until(lambda: any(words in text_of(each) for each in log.messages.values()))


async def counted(stage: Stage, query: LiteralString, count: int) -> None:
    """Wait until a query counts this many rows."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while stage.rows(query) != [(count,)]:  # noqa: ASYNC110  (the database tells nobody)
            await asyncio.sleep(0.02)


async def noted(stage: Stage) -> None:
    """Wait until the bot has noted that its cards are posted."""
    await counted(stage, "SELECT count(*) FROM reviews WHERE card = 'due'", 0)


async def too_late(stage: Stage, member: Person) -> None:
    """Make the deadline of all reviews pass, and make the bot look, which it does as soon as another one begins."""
    stage.change(OVERDUE)
    await stage.imagine_as(member, "something else")


async def cancels(stage: Stage, card: Message) -> None:
    """Make Alice cancel a request."""
    await changed(stage, await stage.alice.presses(card, "Cancel"), "You cancelled this picture.")


async def test_a_cancelled_prompt_is_refunded_and_leaves_the_review(stage: Stage) -> None:
    """The card says so, and a moderator who still presses an old copy of it reads that there's nothing to decide."""
    async with stage.running():
        moderator, channel = await reviewed(stage, what="prompt")
        card = await asks(stage)
        [shown] = await in_review(stage, channel, moderator)
        old = stage.discord.world.post(channel, stage.discord.world.bot, shown.history[-1].as_sent)
        await cancels(stage, card)
        assert "Nothing was charged." in card.text
        await says(stage, shown, "**Cancelled** <t:")
        assert shown.buttons == []
        for button in BUTTONS:
            told = await private_answer(stage, await moderator.presses(old, button))
            assert "nothing left to decide" in told.text
        await stage.settled()
        assert stage.jobs() == []


async def test_a_cancelled_picture_is_never_shown_and_costs_what_it_cost(stage: Stage) -> None:
    """It was made and paid for."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        card = await asks(stage)
        [shown] = await in_review(stage, channel, moderator)
        await cancels(stage, card)
        [job] = stage.jobs()
        assert f"It cost {job.cost} credits." in card.text
        await says(stage, shown, "**Cancelled** <t:")
        await stage.settled()
        assert stage.pictures() == []


@pytest.mark.promise(DeletionFault.IN_REVIEW)
async def test_deleted_data_leaves_the_review_channel_too(stage: Stage) -> None:
    """Everything of the member goes: requests in review, and the cards of decided ones."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        await asks(stage, "first")
        [shown] = await in_review(stage, channel, moderator)
        await moderator.presses(shown, "Approve")
        await stage.settled()
        await asks(stage, "second")
        await in_review(stage, channel, moderator)
        await is_forgotten(stage, stage.alice)
        await stage.discord.world.until(lambda: not cards_in(channel, moderator))
        await stage.settled()
        await counted(stage, "SELECT count(*) FROM reviews", 0)


@pytest.mark.promise(DeletionFault.IN_REVIEW)
async def test_pictures_that_a_moderator_deletes_leave_the_review(stage: Stage) -> None:
    """Both the picture in review and the card of an approved one."""
    async with stage.running() as bot:
        moderator, channel = await reviewed(stage)
        await asks(stage, "first")
        [shown] = await in_review(stage, channel, moderator)
        await moderator.presses(shown, "Approve")
        await stage.settled()
        await asks(stage, "second")
        await in_review(stage, channel, moderator)
        question = await asks_to_delete(stage, moderator, stage.alice)
        await presses(stage, moderator, question, "Last hour (2)", "**2** pictures of")
        await bot.services.erasure.go_on()
        await stage.discord.world.until(lambda: not cards_in(channel, moderator))
        await stage.settled()
        assert stage.pictures() == []


async def test_reject_and_block_blocks_the_member_and_cancels_their_prompts(stage: Stage) -> None:
    """A time that makes no sense does neither; the audit log has both."""
    async with stage.running():
        moderator, channel = await reviewed(stage, what="prompt")
        log = stage.guild.add_channel("log")
        await say(stage, moderator, "/limits log", channel=log)
        first, second = await asks(stage, "first"), await asks(stage, "second")
        shown = {"first" in each.text: each for each in await in_review(stage, channel, moderator, 2)}
        opened = await moderator.presses(shown[True], "Reject and block…")
        await opened.answered()
        wrong = await private_answer(stage, await moderator.submits(opened, {"How long": "soon", "Reason": "spam"}))
        assert "don't understand that time" in wrong.text
        assert labels_of(shown[True]) == BUTTONS
        opened = await moderator.presses(shown[True], "Reject and block…")
        await opened.answered()
        answer = await private_answer(stage, await moderator.submits(opened, {"How long": "2h", "Reason": "spam"}))
        assert f"Rejected, and <@{stage.alice.id}> is blocked." in answer.text
        assert "1 waiting picture cancelled and refunded." in answer.text
        await says(stage, first, REJECTED)
        await logged(stage, log, f"Request of <@{stage.alice.id}>: in review →\u00a0**rejected (spam)**")
        await logged(stage, log, "not blocked →\u00a0**blocked, ends <t:")
        assert "Reason: spam." in await refused(stage, stage.alice)
        await says(stage, second, "A moderator stopped this picture")
        await says(stage, shown[False], "**Cancelled** <t:")
        await stage.settled()


async def test_a_slower_reject_and_block_blocks_nobody(stage: Stage) -> None:
    """Another moderator has approved; the answer says both, so that the member can still be blocked."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        other = stage.joins("other", roles=stage.guild.members[moderator.id].roles)
        channel.overwrite(stage.guild.members[other.id], allow=Permission.VIEW_CHANNEL)
        card = await asks(stage)
        [shown] = await in_review(stage, channel, moderator)
        opened = await other.presses(shown, "Reject and block…")
        await opened.answered()
        await moderator.presses(shown, "Approve")
        await says(stage, shown, "✅ **Approved** by")
        answer = await private_answer(stage, await other.submits(opened, {"How long": "2h", "Reason": "spam"}))
        assert f"<@{moderator.id}> has already approved this." in answer.text
        assert f"I didn't block <@{stage.alice.id}>." in answer.text
        await stage.discord.world.until(lambda: has_picture(card))
        await asks(stage, "second")


@pytest.mark.parametrize("approves", [False, True])
async def test_a_deadline_decides_as_the_server_chose(stage: Stage, approves: bool) -> None:
    """Both the card and the audit log say that nobody decided in time; a blocked member's is never approved so."""
    async with stage.running():
        moderator, channel = await reviewed(stage, at_deadline="approve" if approves else "reject")
        log = stage.guild.add_channel("log")
        await say(stage, moderator, "/limits log", channel=log)
        bob, carol = stage.joins("bob"), stage.joins("carol")
        card = await asks(stage)
        blocked = await waits(stage, await stage.imagine_as(bob, "spam"))
        shown = {"spam" in each.text: each for each in await in_review(stage, channel, moderator, 2)}
        await say(stage, moderator, "/limits block", member=bob)
        await too_late(stage, carol)
        await says(stage, blocked, NOT_IN_TIME)
        await says(stage, shown[True], "❌ **Rejected** <t:")
        if approves:
            await stage.discord.world.until(lambda: has_picture(card))
            await says(stage, shown[False], "✅ **Approved** <t:")
        else:
            await says(stage, card, NOT_IN_TIME)
            assert labels_of(card) == ["Try again"]
        await logged(stage, log, f"<@{stage.alice.id}> in time, so it was {'approved' if approves else 'rejected'}.")
        [last] = await in_review(stage, channel, moderator)
        await rejects(stage, moderator, last)
        await stage.settled()
        assert stage.pictures() == ([card] if approves else [])


async def test_a_picture_whose_channel_is_closed_by_then_is_sent_directly(stage: Stage) -> None:
    """As every late picture; the card still says who approved it."""
    talk = stage.alice.opens_direct_messages()
    async with stage.running():
        moderator, channel = await reviewed(stage)
        interaction = await stage.imagine()
        await waits(stage, interaction)
        [shown] = await in_review(stage, channel, moderator)
        interaction.kill_token()
        stage.channel.overwrite(stage.guild.me, deny=Permission.SEND_MESSAGES)
        await moderator.presses(shown, "Approve")
        await stage.discord.world.until(lambda: any(map(has_picture, talk.messages_for(stage.alice))))
        await stage.settled()


@pytest.mark.promise(DiscordFault.REVIEW_CHANNEL_CLOSED)
async def test_a_closed_review_channel_loses_no_picture(stage: Stage) -> None:
    """The audit log says so once, nothing is posted unseen, and another channel gets the cards."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        log, other = stage.guild.add_channel("log"), review_channel(stage, "elsewhere")
        other.overwrite(stage.guild.members[moderator.id], allow=Permission.VIEW_CHANNEL)
        await say(stage, moderator, "/limits log", channel=log)
        card = await asks(stage, "first")
        await in_review(stage, channel, moderator)
        await noted(stage)
        channel.delete()
        await logged(stage, log, f"I can't post reviews in <#{channel.id}>")
        second = await asks(stage, "second")
        await say(stage, moderator, "/review on", channel=other)
        shown = await in_review(stage, other, moderator, 2)
        assert stage.pictures() == []
        for each in shown:
            await moderator.presses(each, "Approve")
        await stage.discord.world.until(lambda: has_picture(card) and has_picture(second))
        await stage.settled()
        warnings = [each for each in log.messages.values() if "I can't post reviews" in text_of(each)]
        assert len(warnings) == 1


@pytest.mark.promise(DiscordFault.REVIEW_CHANNEL_CLOSED)
async def test_a_deleted_card_is_posted_again(stage: Stage) -> None:
    """A moderator who cleans up decides nothing by that."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        card = await asks(stage)
        [shown] = await in_review(stage, channel, moderator)
        await noted(stage)
        await stage.discord.person(stage.guild.owner).deletes(shown)
        await stage.discord.world.until(lambda: [each for each in cards_in(channel, moderator) if each is not shown])
        [again] = await in_review(stage, channel, moderator)
        assert again.nonce != shown.nonce  # or Discord could take it for the deleted one
        await moderator.presses(again, "Approve")
        await stage.discord.world.until(lambda: has_picture(card))
        await stage.settled()


async def test_a_card_whose_decision_a_restored_backup_lacks_is_posted_again(stage: Stage) -> None:
    """The old card has no buttons any more, and somebody has to decide."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        card = await asks(stage)
        [shown] = await in_review(stage, channel, moderator)
        await noted(stage)
        await rejects(stage, moderator, shown)
        await says(stage, card, REJECTED)
        await says(stage, shown, "❌ **Rejected** by")
        await counted(stage, "SELECT count(*) FROM reviews WHERE card = 'done' AND resume_due_at IS NULL", 1)
        stage.change("UPDATE generations SET state = 'picture_review', finished_at = NULL, failure = NULL")
        stage.change(RESTORED)
        await stage.imagine_as(stage.joins("bob"), "something else")
        waiting = await in_review(stage, channel, moderator, 2)
        assert any("something else" not in each.text for each in waiting)


async def test_a_decision_is_shown_without_the_right_to_read_the_channel(stage: Stage) -> None:
    """The card loses its buttons, and the picture with them."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        card = await asks(stage)
        [shown] = await in_review(stage, channel, moderator)
        channel.overwrite(stage.guild.bot_role, allow=Permission.VIEW_CHANNEL, deny=Permission.READ_MESSAGE_HISTORY)
        await moderator.presses(shown, "Approve")
        await says(stage, shown, "✅ **Approved** by")
        await stage.discord.world.until(lambda: has_picture(card))
        await stage.settled()
        assert (shown.buttons, has_picture(shown)) == ([], False)


@pytest.mark.parametrize("what", ["picture", "prompt"])
async def test_requests_of_age_restricted_channels_are_reviewed_in_such_a_channel_only(stage: Stage, what: str) -> None:
    """The audit log says why nothing comes; once the review channel is age-restricted, the card is posted."""
    adults = stage.guild.add_channel("adults")
    adults.restrict_age()
    async with stage.running():
        moderator, channel = await reviewed(stage, what=what)
        log = stage.guild.add_channel("log")
        await say(stage, moderator, "/limits log", channel=log)
        await waits(stage, await stage.alice.types("/imagine", adults, prompt="a boat"))
        await logged(stage, log, "Requests from age-restricted channels need an age-restricted one")
        assert cards_in(channel, moderator) == []
        channel.restrict_age()
        await say(stage, moderator, "/review on", hours=2)
        [shown] = await in_review(stage, channel, moderator)
        await moderator.presses(shown, "Approve")
        await stage.settled()


@pytest.mark.own_bot
async def test_a_picture_that_the_image_store_lost_is_fetched_again(stage: Stage) -> None:
    """Apiframe has it for a day."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        card = await asks(stage)
        [shown] = await in_review(stage, channel, moderator)
        for file in (stage.folder / "images").rglob("*.*"):
            file.unlink()
        await moderator.presses(shown, "Approve")
        await stage.discord.world.until(lambda: has_picture(card))
        await stage.settled()


@pytest.mark.own_bot
async def test_a_review_survives_restarts_and_takes_as_long_as_it_takes(stage: Stage, database_url: str) -> None:
    """Hours later, the picture comes as a new message, since the card's interaction is over; the old card goes."""
    async with stage.running(database_url=database_url):
        moderator, channel = await reviewed(stage)
        interaction = await stage.imagine()
        card = await waits(stage, interaction)
        [shown] = await in_review(stage, channel, moderator)
    interaction.kill_token()
    stage.clock.wind(5 * 3600)
    async with stage.running(database_url=database_url):
        await moderator.presses(shown, "Approve")
        [picture] = await stage.show_pictures(1)
        await stage.settled()
        await says(stage, shown, "✅ **Approved**")
    assert picture is not card
    assert WAITS not in " ".join(text_of(each) for each in stage.channel.messages_for(stage.alice))
    assert stage.rows("SELECT count(*) FROM reviews WHERE decision IS NULL OR resume_due_at IS NOT NULL") == [(0,)]
