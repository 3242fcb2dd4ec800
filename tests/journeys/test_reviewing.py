"""The member whose picture a moderator looks at before it's posted, and the moderators who decide."""

import asyncio

import pytest

from standins.discord.client.options import OptionValue
from standins.discord.client.person import Person
from standins.discord.components import walk
from standins.discord.model.channels import Channel
from standins.discord.model.interactions import Interaction
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.journeys.answers import guessed_button, labels_of, pressed, private_answer
from tests.journeys.moderators import drawn, moderator_of, refused, say
from tests.journeys.test_review_rules import review_channel
from tests.stage import Stage, has_picture, is_private, text_of

pytestmark = pytest.mark.shared_bot

WAITS = "Waiting for a moderator."
REJECTED = "A moderator rejected this request."
BUTTONS = ["Approve", "Reject…", "Reject and block…"]


async def reviewed(stage: Stage, **options: OptionValue) -> tuple[Person, Channel]:
    """Make a moderator turn the review on for everyone, and return them with the review channel."""
    moderator, channel = moderator_of(stage), review_channel(stage)
    channel.overwrite(stage.guild.members[moderator.id], allow=Permission.VIEW_CHANNEL)
    assert "Saved" in await say(stage, moderator, "/review on", channel=channel, **options)
    return moderator, channel


def cards_in(channel: Channel, moderator: Person) -> list[Message]:
    """Return the bot's messages in a review channel."""
    return [each for each in channel.messages_for(moderator) if each.author.bot and not is_private(each)]


async def in_review(stage: Stage, channel: Channel, moderator: Person, count: int = 1) -> list[Message]:
    """Wait until this many requests wait for a decision, and return their cards."""

    def waiting() -> list[Message]:
        return [each for each in cards_in(channel, moderator) if labels_of(each) == BUTTONS]

    await stage.discord.world.until(lambda: len(waiting()) == count)
    return waiting()


async def asks(stage: Stage, prompt: str = "a red *boat*", **options: OptionValue) -> Message:
    """Make Alice request a picture, and return its card once it waits for a moderator."""
    return await waits(stage, await stage.imagine(prompt, **options))


async def waits(stage: Stage, interaction: Interaction) -> Message:
    await stage.discord.world.until(lambda: interaction.original is not None and WAITS in text_of(interaction.original))
    assert interaction.original is not None
    return interaction.original


async def rejects(stage: Stage, moderator: Person, card: Message, reason: str = "", **fields: str) -> Interaction:
    """Make a moderator reject a request."""
    opened = await moderator.presses(card, "Reject…")
    await stage.discord.world.until(lambda: opened.callback)
    return await moderator.submits(opened, {"Reason": reason, **fields})


async def says(stage: Stage, message: Message, words: str) -> None:
    await stage.discord.world.until(lambda: words in text_of(message))


async def test_an_approved_picture_is_posted_where_it_was_requested(stage: Stage) -> None:
    """Nobody sees it before; the card in the review channel has all that matters, and says who decided in the end."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        card = await asks(stage, spoiler=True)
        [shown] = await in_review(stage, channel, moderator)
        for words in ("Post this picture?", "a red \\*boat\\*", f"<@{stage.alice.id}>", f"<#{stage.channel.id}>"):
            assert words in shown.text
        assert "credits" in shown.text
        assert "Without a decision, it's rejected <t:" in shown.text
        assert "rejected <t:" in card.text
        [item] = next(part["items"] for part in walk(shown.components) if "items" in part)
        assert item["spoiler"]
        assert has_picture(shown)
        assert shown.payload()["mentions"] == []
        assert stage.pictures() == []
        await moderator.presses(shown, "Approve")
        await says(stage, shown, f"✅ **Approved** by <@{moderator.id}>")
        await stage.discord.world.until(lambda: has_picture(card))
        await stage.settled()
        assert (shown.buttons, has_picture(shown)) == ([], True)
        assert stage.pictures() == [card]


async def test_a_rejected_picture_comes_with_its_reason_and_price(stage: Stage) -> None:
    """Charged, as is the default; the member can change the prompt, and the picture stays where moderators saw it."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        card = await asks(stage)
        [shown] = await in_review(stage, channel, moderator)
        await rejects(stage, moderator, shown, "too *red*")
        await says(stage, card, REJECTED)
        await says(stage, shown, f"❌ **Rejected** by <@{moderator.id}>")
        await stage.settled()
        [job] = stage.jobs()
        assert f"It cost {job.cost} credits." in card.text
        assert "> too \\*red\\*" in card.text
        assert "> too \\*red\\*" in shown.text
        assert labels_of(card) == ["Edit the prompt"]
        assert (stage.pictures(), shown.buttons, has_picture(shown)) == ([], [], True)


async def test_a_rejected_picture_is_refunded_if_the_server_chose_so(stage: Stage) -> None:
    """It counts against no limit of the member then; the server's own limits count it, because it was paid for."""
    limits = {"member": {"images_per_day": 1}, "server": {"images_per_day": 2}}
    async with stage.running(limits=limits):
        moderator, channel = await reviewed(stage, charge_rejected=False)
        card = await asks(stage)
        assert "limit" in await refused(stage, stage.alice)
        [shown] = await in_review(stage, channel, moderator)
        await rejects(stage, moderator, shown)
        await says(stage, card, "Nothing was charged.")
        await asks(stage)
        assert "limit" in await refused(stage, stage.joins("Bert"))


async def test_a_prompt_is_reviewed_before_anything_is_paid(stage: Stage) -> None:
    """Its first answer says so. Approved, it's made and posted without another review; rejected, nothing is paid."""
    async with stage.running():
        moderator, channel = await reviewed(stage, what="prompt")
        first = await asks(stage, "a boat")
        second = await asks(stage, "a barn")
        shown = {"boat" in each.text: each for each in await in_review(stage, channel, moderator, 2)}
        assert "Make this picture?" in shown[True].text
        assert stage.jobs() == []
        await rejects(stage, moderator, shown[False], "no barns")
        await says(stage, second, REJECTED)
        assert "Nothing was charged." in second.text
        await moderator.presses(shown[True], "Approve")
        await stage.discord.world.until(lambda: has_picture(first))
        await stage.settled()
        assert len(stage.jobs()) == 1
        assert await in_review(stage, channel, moderator, 0) == []


async def test_two_moderators_who_press_at_once_make_one_decision(stage: Stage) -> None:
    """The slower one reads privately who was faster, also with the form open."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        other = stage.joins("other", roles=stage.guild.members[moderator.id].roles)
        channel.overwrite(stage.guild.members[other.id], allow=Permission.VIEW_CHANNEL)
        card = await asks(stage)
        [shown] = await in_review(stage, channel, moderator)
        form = await other.presses(shown, "Reject…")
        await stage.discord.world.until(lambda: form.callback)
        presses = await asyncio.gather(moderator.presses(shown, "Approve"), other.submits(form, {"Reason": "no"}))
        await stage.discord.world.until(lambda: sum(bool(each.follow_ups) for each in presses) == 1)
        [told] = [text_of(message) for each in presses for message in each.follow_ups]
        await says(stage, shown, "ed** by <@")
        await stage.settled()
        approved = "Approved" in shown.text
        winner, word = (moderator, "approved") if approved else (other, "rejected")
        assert f"<@{winner.id}> has already {word} this." in told
        await stage.discord.world.until(lambda: has_picture(card) if approved else REJECTED in card.text)
        assert has_picture(card) is approved


async def test_only_moderators_decide(stage: Stage) -> None:
    """Somebody who only sees the channel gets a private refusal from every button."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        bob = stage.joins("bob", roles=[stage.guild.add_role("readers", Permission.VIEW_CHANNEL)])
        channel.overwrite(stage.guild.members[bob.id], allow=Permission.VIEW_CHANNEL)
        await asks(stage)
        [shown] = await in_review(stage, channel, moderator)
        for button in BUTTONS:
            assert "Only moderators" in (await pressed(stage, bob, shown, button)).text
        assert labels_of(shown) == BUTTONS
        await moderator.presses(shown, "Approve")
        await stage.settled()
        assert len(stage.pictures()) == 1


async def test_the_pictures_of_one_command_are_reviewed_each_on_its_own(stage: Stage) -> None:
    """They share a card: it shows the approved one, and the reason for the other."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        interaction = await stage.imagine("a {red|blue} boat")
        card = await confirmed(stage, interaction)
        await says(stage, card, WAITS)
        shown = {"a red boat" in each.text: each for each in await in_review(stage, channel, moderator, 2)}
        await moderator.presses(shown[True], "Approve")
        await stage.discord.world.until(lambda: has_picture(card))
        assert WAITS in card.text
        await rejects(stage, moderator, shown[False], "no blue")
        await says(stage, card, "> no blue")
        await stage.settled()
        assert len(card.attachments) == 1
        assert "1 of 2" in card.text


async def confirmed(stage: Stage, interaction: Interaction) -> Message:
    """Agree to the price of several pictures, and return their card."""
    question = await private_answer(stage, interaction)
    press = await stage.alice.presses(question, "Make 2 pictures")
    await stage.discord.world.until(lambda: press.original is not None)
    assert press.original is not None
    return press.original


async def test_mentions_and_rerolls_are_reviewed_too(stage: Stage) -> None:
    """A reply, a reaction and a button: all come to moderators first."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        await stage.alice.sends(stage.channel, f"<@{stage.discord.world.bot.id}> a boat")
        [shown] = await in_review(stage, channel, moderator)
        await moderator.presses(shown, "Approve")
        [picture] = await stage.show_pictures(1)
        await stage.settled()
        await stage.alice.presses(picture, "Reroll")
        [again] = await in_review(stage, channel, moderator)
        await moderator.presses(again, "Approve")
        await stage.show_pictures(2)
        await stage.settled()
        await stage.alice.reacts(picture, "🎲")
        [third] = await in_review(stage, channel, moderator)
        await rejects(stage, moderator, third)
        await stage.shows(REJECTED)
        await stage.settled()
        assert len(stage.pictures()) == 2


async def test_the_outcome_of_a_private_picture_stays_private(stage: Stage) -> None:
    """Moderators see the picture, and that only its member can show it to others."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        card = await asks(stage, private=True)
        assert is_private(card)
        [shown] = await in_review(stage, channel, moderator)
        assert "private, unless the member publishes it" in shown.text
        await moderator.presses(shown, "Approve")
        await stage.discord.world.until(lambda: has_picture(card))
        await stage.settled()
        assert all(is_private(each) for each in stage.channel.messages_for(moderator))


async def test_a_member_with_enough_approved_pictures_is_not_reviewed(stage: Stage) -> None:
    """Rejected ones don't count, and moderators themselves are never reviewed."""
    async with stage.running():
        moderator, channel = await reviewed(stage, until=1)
        await drawn(stage, moderator)
        await asks(stage)
        [shown] = await in_review(stage, channel, moderator)
        await rejects(stage, moderator, shown)
        await stage.settled()
        await asks(stage)
        [shown] = await in_review(stage, channel, moderator)
        await moderator.presses(shown, "Approve")
        await stage.show_pictures(2)
        await stage.settled()
        await drawn(stage, stage.alice)


async def test_a_waiting_review_holds_nobody_up(stage: Stage) -> None:
    """It's in `/queue`, takes no place of the pictures at a time, and counts towards the day."""
    limits = {"member": {"concurrent": 1, "images_per_day": 2}}
    async with stage.running(limits=limits):
        moderator, channel = await reviewed(stage)
        await asks(stage, "first")
        assert "Waiting for a moderator" in await say(stage, stage.alice, "/queue")
        await asks(stage, "second")
        assert "limit" in await refused(stage, stage.alice)
        for shown in await in_review(stage, channel, moderator, 2):
            await moderator.presses(shown, "Approve")
        await stage.show_pictures(2)
        await stage.settled()


async def test_nobody_gets_a_withheld_picture_another_way(stage: Stage) -> None:
    """Its history, its details and an edit show nothing of it, before and after it's rejected."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        card = await asks(stage)
        assert "no pictures" in (await say(stage, stage.alice, "/history")).lower()
        picture_id = str(card.buttons[0]["custom_id"]).rsplit(":", 1)[1]
        for action in ("details", "post"):
            guessed = guessed_button(stage, stage.channel, f"p:{action}:{picture_id}")
            answer = await pressed(stage, stage.alice, guessed, "guessed")
            assert not answer.attachments
        [shown] = await in_review(stage, channel, moderator)
        await rejects(stage, moderator, shown)
        await says(stage, card, REJECTED)
        await stage.settled()
        assert stage.pictures() == []
