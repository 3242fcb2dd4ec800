"""Members who talk to a picture: a reply edits it, and "undo" shows the one before."""

import json

import pytest

from standins.discord.client.options import OptionValue
from standins.discord.client.person import Person
from standins.discord.model.messages import Draft, Mentions, Message, MessageType
from standins.discord.rules.mention_rules import mentions_in
from tests.images import photo
from tests.journeys.answers import changed, first_in_history, from_more
from tests.journeys.moderators import moderator_of, say
from tests.journeys.test_privacy import asks, unpacked
from tests.stage import Stage, is_private, text_of

pytestmark = pytest.mark.shared_bot

HINT = "To only chat, turn off the ping"


def name(stage: Stage) -> str:
    """Return how people write the bot's name."""
    return f"<@{stage.discord.application_id}>"


def prompts(stage: Stage) -> list[str]:
    """Return the prompts of all orders, oldest first."""
    return [order["prompt"] for order in stage.orders()]


async def first_picture(stage: Stage, prompt: str = "a boat", **options: OptionValue) -> Message:
    picture = await stage.picture(await stage.imagine(prompt, **options))
    await stage.settled()
    return picture


async def edit(stage: Stage, picture: Message, words: str, who: Person | None = None, *, count: int = 2) -> Message:
    """Make a member reply to a picture, wait until there are `count` pictures, and return the newest."""
    await (who or stage.alice).sends(picture.channel, words, reply_to=picture)
    newest = max(await stage.show_pictures(count), key=lambda message: message.id)
    await stage.settled()
    return newest


async def turn_on(stage: Stage, *, on: bool = True) -> str:
    return await say(stage, moderator_of(stage), "/limits channels replies", channel=stage.channel, on=on)


@pytest.mark.parametrize(
    "words", ["{name} at night", "at night {name}", "edit: at night", "EDIT:at night", "Edit : at night"]
)
async def test_a_reply_that_names_the_bot_or_starts_with_edit_edits_the_picture(stage: Stage, words: str) -> None:
    """It's the button *Edit* in words: the picture comes first, then the reply's images; its choices are kept."""
    own = photo("own.png", "purple")
    async with stage.running():
        first = await first_picture(stage, output_format="png", image1=photo(colour="black"))
        await stage.alice.sends(stage.channel, words.format(name=name(stage)), reply_to=first, attachments=[own])
        await stage.show_pictures(2)
    old, new = stage.jobs()
    assert [each.content for each in new.references] == [old.images[0].content, own.content]
    assert stage.orders()[1]["prompt"] == "at night"
    assert stage.orders()[1]["fluxParams"]["output_format"] == "png"


async def test_each_edit_answers_the_picture_that_it_was_made_from(stage: Stage) -> None:
    """A thread of edits reads as a conversation, and pings nobody."""
    async with stage.running():
        first = await first_picture(stage)
        second = await edit(stage, first, "edit: at night")
        third = await edit(stage, second, "edit: with stars", count=3)
    assert (second.reference, third.reference) == (first, second)
    assert not third.mentions.disturbed_anybody
    assert f"Edit of [this picture](https://discord.com/channels/{stage.guild.id}/{stage.channel.id}/{second.id})" in (
        text_of(third)
    )


async def test_anybody_edits_by_a_reply_at_their_own_cost(stage: Stage) -> None:
    """As with the button, somebody else's picture can be edited, and counts for the member who replied."""
    bob = stage.joins("bob")
    async with stage.running(limits={"member": {"images_per_day": 1}}):
        first = await first_picture(stage)
        second = await edit(stage, first, "edit: at night", bob)
        assert f"<@{bob.id}>" in text_of(second)
        await bob.sends(stage.channel, "edit: with stars", reply_to=second)
        refusal = await stage.shows("1 of 1 used")
    assert not refusal.mentions.disturbed_anybody
    assert len(stage.orders()) == 2


async def test_a_blocked_member_edits_nothing_and_reads_why(stage: Stage) -> None:
    """The same rules as for the command, also for an undo."""
    async with stage.running():
        first = await first_picture(stage)
        second = await edit(stage, first, "edit: at night")
        await say(stage, moderator_of(stage), "/limits block", member=stage.alice, reason="enough")
        await stage.alice.sends(stage.channel, "edit: with stars", reply_to=second)
        await stage.shows("Reason: enough")
        await stage.alice.sends(stage.channel, "undo", reply_to=second)
        await stage.discord.world.until(lambda: sum("Reason: enough" in text_of(m) for m in messages(stage)) == 2)
    assert len(stage.orders()) == 2
    assert len(stage.pictures()) == 2


def messages(stage: Stage) -> list[Message]:
    return stage.channel.messages_for(stage.alice)


async def test_chat_below_pictures_is_left_alone_unless_moderators_turn_it_on(stage: Stage) -> None:
    """Off at first: a reply that only pings draws nothing. On: it edits. Off again: it doesn't."""
    async with stage.running():
        first = await first_picture(stage)
        await stage.alice.sends(stage.channel, "lovely", reply_to=first)
        await edit(stage, first, "edit: at dawn")  # until it's there, the reply before it was dealt with
        answer = await turn_on(stage)
        assert f"Replies in <#{stage.channel.id}>: only replies that name me edit →\u00a0**any reply edits**" in answer
        second = await edit(stage, first, "at night", count=3)
        await turn_on(stage, on=False)
        await stage.alice.sends(stage.channel, "lovely", reply_to=second)
        await edit(stage, second, "edit: with stars", count=4)
    assert prompts(stage) == ["a boat", "at dawn", "at night", "with stars"]


async def test_a_reply_without_its_ping_stays_chat_everywhere(stage: Stage) -> None:
    """Discord doesn't show it to the bot, not even with `edit:`; only a mention in the text turns it into an edit."""
    async with stage.running():
        await turn_on(stage)
        first = await first_picture(stage)
        for words in ("at night", "edit: at night", "undo"):
            await stage.alice.sends(stage.channel, words, reply_to=first, pings=False)
        await stage.alice.sends(stage.channel, f"{name(stage)} with stars", reply_to=first, pings=False)
        await stage.show_pictures(2)
    assert prompts(stage) == ["a boat", "with stars"]


async def test_the_setting_is_shown_recorded_and_undone(stage: Stage) -> None:
    """`/limits show` has its line while it's on, and the history takes it back."""
    moderator = moderator_of(stage)
    async with stage.running():
        assert "Any reply" not in await say(stage, moderator, "/limits show")
        await say(stage, moderator, "/limits channels replies", channel=stage.channel, on=True)
        assert f"**Any reply edits a picture:** in <#{stage.channel.id}>" in await say(stage, moderator, "/limits show")
        opened = await moderator.types("/limits history", stage.channel)
        await opened.answered()
        await stage.discord.world.until(lambda: opened.original is not None and opened.original.buttons)
        assert opened.original is not None
        assert f"Replies in <#{stage.channel.id}>" in opened.original.text
        undone = await moderator.presses(opened.original, "Undo")
        await undone.answered()
        await stage.discord.world.until(lambda: "Undo of" in (opened.original.text if opened.original else ""))
        assert "Any reply" not in await say(stage, moderator, "/limits show")


async def test_a_thread_follows_its_channel(stage: Stage) -> None:
    """The setting of a channel holds in its threads, and the edit stands in the thread."""
    async with stage.running():
        await turn_on(stage)
        thread = stage.channel.add_thread("boats")
        asked = await stage.alice.types("/imagine", thread, prompt="a boat")
        first = await stage.picture(asked)
        await stage.settled()
        await stage.alice.sends(thread, "at night", reply_to=first)
        await stage.discord.world.until(lambda: sum(bool(m.attachments) for m in thread.messages.values()) == 2)
    assert prompts(stage) == ["a boat", "at night"]


async def test_the_first_edit_by_a_reply_comes_with_an_explanation_that_goes(stage: Stage) -> None:
    """Once for each member: what it costs, and how to only chat."""
    bob = stage.joins("bob")
    async with stage.running():
        first = await first_picture(stage)
        await edit(stage, first, "edit: at night")
        await stage.shows(HINT)
        second = await edit(stage, first, "edit: with stars", count=3)
        await edit(stage, second, "edit: in snow", bob, count=4)
        await stage.discord.world.until(lambda: sum(HINT in text_of(m) for m in messages(stage)) == 2)
    hints = [message for message in messages(stage) if HINT in text_of(message)]
    assert not any(hint.mentions.disturbed_anybody for hint in hints)
    assert "7 to 36 credits" in text_of(hints[0])
    # Three pictures with one reference are known by then; the median is the second's.
    assert f"about {sorted(job.cost for job in stage.jobs()[1:3])[1]} credits" in text_of(hints[1])


@pytest.mark.parametrize("words", ["undo", "Undo.", "edit: undo", "{name} undo!"])
async def test_undo_shows_the_picture_before_again_for_nothing(stage: Stage, words: str) -> None:
    """It's posted again with its buttons, answers the member, orders nothing, and can be talked to."""
    async with stage.running():
        first = await first_picture(stage)
        second = await edit(stage, first, "edit: at night")
        asked = await stage.alice.sends(stage.channel, words.format(name=name(stage)), reply_to=second)
        again = max(await stage.show_pictures(3), key=lambda message: message.id)
        assert again.reference is asked
        assert again.attachments[0].read() == first.attachments[0].read()
        assert len(stage.orders()) == 2
        await edit(stage, again, "edit: in snow", count=4)
    assert [each.content for each in stage.jobs()[2].references] == [stage.jobs()[0].images[0].content]


async def test_undo_below_the_first_picture_says_so(stage: Stage) -> None:
    """There's nothing before it."""
    async with stage.running():
        first = await first_picture(stage)
        await stage.alice.sends(stage.channel, "undo", reply_to=first)
        await stage.shows("This is the first picture")
    assert len(stage.pictures()) == 1


async def test_a_copy_of_the_data_names_the_messages_of_an_undo(stage: Stage) -> None:
    """They show the member's picture too, and a reaction below them rerolls it."""
    async with stage.running():
        first = await first_picture(stage)
        second = await edit(stage, first, "edit: at night")
        asked = await stage.alice.sends(stage.channel, "undo", reply_to=second)
        again = max(await stage.show_pictures(3), key=lambda message: message.id)
        await stage.alice.reacts(again, "🎲")
        await stage.show_pictures(4)  # so that the message is noted
        files = unpacked(await asks(stage, stage.alice, "/privacy export"))
    [shown] = json.loads(files["you.json"])["your_pictures_shown_again"]
    assert (shown["request_id"], shown["message_id"]) == (asked.id, again.id)


async def test_deleting_a_picture_deletes_what_an_undo_showed(stage: Stage) -> None:
    """No copy of it stays in the channel."""
    async with stage.running():
        first = await first_picture(stage)
        second = await edit(stage, first, "edit: at night")
        await stage.alice.sends(stage.channel, "undo", reply_to=second)
        again = max(await stage.show_pictures(3), key=lambda message: message.id)
        question = await from_more(stage, stage.alice, first, "Delete")
        await changed(stage, await stage.alice.presses(question, "Delete"), "Deleted.")
        assert again.deleted_at
        assert first.deleted_at
        await stage.alice.sends(stage.channel, "undo", reply_to=second)
        await stage.shows("It may have been deleted")
    assert stage.pictures() == [second]


async def test_undo_shows_no_picture_of_another_channel(stage: Stage) -> None:
    """A picture stays in its channel, which perhaps not everybody sees."""
    restricted = stage.guild.add_channel("elsewhere")
    async with stage.running():
        first = await stage.picture(await stage.alice.types("/imagine", restricted, prompt="a boat"))
        await stage.settled()
        await stage.alice.sends(restricted, "edit: at night", reply_to=first)
        await stage.discord.world.until(lambda: sum(bool(m.attachments) for m in restricted.messages.values()) == 2)
        await stage.settled()
        chosen = await first_in_history(stage, stage.alice, words="boat")
        await stage.picture(await stage.alice.presses(chosen, "Reroll"))
        await stage.settled()
        [here] = [each for each in stage.pictures() if not is_private(each)]
        await stage.alice.sends(stage.channel, "undo", reply_to=here)
        refusal = await stage.shows("is in another channel")
    assert f"/{restricted.id}/{first.id}" in text_of(refusal)
    assert [each for each in stage.pictures() if not is_private(each)] == [here]


@pytest.mark.parametrize("words", ["edit:", "{name}", "edit: \u200b"])
async def test_a_reply_without_words_is_asked_for_some(stage: Stage, words: str) -> None:
    """Nothing is drawn from nothing."""
    async with stage.running():
        first = await first_picture(stage)
        await stage.alice.sends(stage.channel, words.format(name=name(stage)), reply_to=first)
        await stage.shows("Say what should change")
    assert len(stage.orders()) == 1


async def test_a_picture_that_is_not_finished_can_not_be_edited_yet(stage: Stage) -> None:
    """The reply to a card that still shows progress says so."""
    async with stage.running():
        stage.apiframe.pace = type(stage.apiframe.pace)(queued=0.0, drawing=60.0)
        interaction = await stage.imagine("a boat")
        await stage.apiframe.until(lambda: len(stage.orders()) == 1, 60)
        card = interaction.original
        assert card is not None
        await stage.alice.sends(stage.channel, "edit: at night", reply_to=card)
        await stage.shows("isn't finished yet")
        stage.clock.wind(60.0)
        await stage.picture(interaction)
        await stage.settled()
    assert len(stage.orders()) == 1


async def test_another_message_of_the_bot_is_no_picture(stage: Stage) -> None:
    """`edit:` says so; chat below the bot's words is left alone."""
    async with stage.running():
        await turn_on(stage)
        await stage.alice.sends(stage.channel, f"{name(stage)} help")
        help_page = await stage.shows("How to make a picture")
        await stage.alice.sends(stage.channel, "thank you", reply_to=help_page)
        await stage.alice.sends(stage.channel, "edit: at night", reply_to=help_page)
        await stage.shows("has none of my pictures")
        assert len([each for each in messages(stage) if each.author.bot]) == 2
    assert stage.orders() == []


async def test_a_picture_that_was_deleted_meanwhile_is_not_edited(stage: Stage) -> None:
    """The reply was under way while the picture went."""
    async with stage.running():
        first = await first_picture(stage)
        stage.discord.world.delete(first)
        late(stage, first, "edit: at night")
        await stage.shows("It may have been deleted")
    assert len(stage.orders()) == 1


def late(stage: Stage, picture: Message, words: str) -> None:
    """Post a reply of Alice's that Discord accepted just before the picture went."""
    draft = Draft(words)
    mentioned = mentions_in(draft, stage.channel, stage.alice.user, None, picture)
    stage.discord.world.post(
        stage.channel, stage.alice.user, Draft(words, mentions=mentioned), kind=MessageType.REPLY, reference=picture
    )


async def test_a_private_picture_is_not_edited_in_public(stage: Stage) -> None:
    """Discord's clients don't offer it; a reply that comes nevertheless is refused."""
    async with stage.running():
        private = await stage.picture(await stage.imagine("a boat", private=True))
        await stage.settled()
        late(stage, private, "edit: at night")
        await stage.shows("That picture is private")
    assert len(stage.orders()) == 1


async def test_an_edited_reply_is_not_a_second_one(stage: Stage) -> None:
    """Another wish needs another reply."""
    async with stage.running():
        first = await first_picture(stage)
        reply = await stage.alice.sends(stage.channel, "edit: at night", reply_to=first)
        await stage.show_pictures(2)
        await stage.alice.edits(reply, "edit: at noon")
        chat = await stage.alice.sends(stage.channel, "lovely", reply_to=first)
        await stage.alice.edits(chat, "edit: in fog")
        await edit(stage, first, "edit: with stars", count=3)
    assert prompts(stage) == ["a boat", "at night", "with stars"]


async def test_other_bots_and_webhooks_edit_nothing(stage: Stage) -> None:
    """Two bots never talk to each other at somebody's cost."""
    echo = stage.joins("echo")
    echo.user.bot = True
    async with stage.running():
        await turn_on(stage)
        first = await first_picture(stage)
        for words in ("at night", "edit: at night", f"{name(stage)} at night", "undo"):
            await echo.sends(stage.channel, words, reply_to=first)
            draft = Draft(words, mentions=Mentions(users=(stage.discord.world.bot,)))
            stage.discord.world.post_by_webhook(stage.channel, "relay", draft, first)
        await edit(stage, first, "edit: with stars")
    assert prompts(stage) == ["a boat", "with stars"]


async def test_a_reply_in_direct_messages_edits_there(stage: Stage) -> None:
    """Discord shows the bot everything there, so that `edit:` works without a ping."""
    async with stage.running(allow_direct_messages=True):
        direct = stage.alice.opens_direct_messages()
        first = await stage.picture(await stage.alice.types("/imagine", direct, prompt="a boat"))
        await stage.settled()
        await stage.alice.sends(direct, "lovely", reply_to=first)
        await stage.alice.sends(direct, "edit: at night", reply_to=first, pings=False)
        await stage.discord.world.until(lambda: sum(bool(m.attachments) for m in direct.messages.values()) == 2)
    assert prompts(stage) == ["a boat", "at night"]


async def test_too_many_images_in_a_reply_are_refused(stage: Stage) -> None:
    """The picture is one of the eight."""
    async with stage.running():
        first = await first_picture(stage)
        images = [photo(f"{number}.png") for number in range(8)]
        await stage.alice.sends(stage.channel, "edit: at night", reply_to=first, attachments=images)
        await stage.shows("up to 8 reference images and you sent 9")
    assert len(stage.orders()) == 1
