"""Wherever a member asks, they read their own language in private, and cards keep the one that they were made in."""

import pytest

from standins.apiframe.jobs import Pace
from standins.discord.client.person import Person
from standins.discord.components import walk
from standins.discord.model.messages import Message
from tests.images import photo
from tests.journeys.answers import private_answer
from tests.journeys.languages import label_in, said
from tests.journeys.moderators import drawn, moderator_of, say
from tests.journeys.test_favourites import STAR
from tests.journeys.test_languages import private_of, speaker
from tests.journeys.test_replies import name
from tests.journeys.test_showcase import is_shown, opens
from tests.stage import QUICK, Stage, is_private, text_of

pytestmark = [pytest.mark.shared_bot, pytest.mark.english]


def japanese_community(stage: Stage) -> Person:
    """Turn the server into a community, and return a member who reads German."""
    stage.discord.world.make_community(stage.guild, "ja")
    return speaker(stage, "anna", "de")


async def reads(stage: Stage, message: Message | None, locale: str, words: str, **values: object) -> None:
    """Wait until a message has a text in a language."""
    expected = said(locale, words, **values)
    assert message is not None
    await stage.discord.world.until(lambda: expected in text_of(message))


async def replies_of(stage: Stage, to: Message, count: int = 1) -> list[Message]:
    """Wait for the bot's replies to a message."""

    def found() -> list[Message]:
        return [each for each in stage.channel.messages_for(stage.alice) if each.reference is to]

    await stage.discord.world.until(lambda: len(found()) == count)
    return found()


async def test_forms_lists_and_menus_are_in_the_members_language(stage: Stage) -> None:
    """The card that comes of them is in the server's."""
    async with stage.running():
        anna = japanese_community(stage)
        [offered] = await anna.completes("/imagine", stage.channel, option="aspect_ratio", text="16:9", prompt="x")
        assert said("de", "widescreen") in offered["name"]
        picture = await drawn(stage, anna)
        form = await anna.presses(picture, label_in("ja", picture, "Edit"))
        await stage.discord.world.until(lambda: form.modal)
        assert form.modal is not None
        assert said("de", "What should change?") in str(form.modal)
        shared = await anna.sends(stage.channel, "look", attachments=[photo()])
        opened = await anna.uses(shared, "Imagine from this")
        await stage.discord.world.until(lambda: opened.modal)
        assert opened.modal is not None
        assert opened.modal["title"] == said("de", "Imagine from this")
        await anna.submits(opened, {said("de", "What to draw"): "a castle"})
        label_in("ja", (await stage.show_pictures(2))[-1], "Reroll")
        empty = await anna.sends(stage.channel, "nothing here")
        told = await private_answer(stage, await anna.uses(empty, "Imagine from this"))
        words = "I can't find an image in that message. To make a picture from words only, use `/imagine`."
        assert said("de", words) in text_of(told)


async def test_a_card_keeps_its_language_whoever_changes_it(stage: Stage) -> None:
    """Also after the server has another one: a cancelled picture and a deleted one of several are on older cards."""
    async with stage.running():
        anna, moderator = japanese_community(stage), moderator_of(stage)
        several = (await stage.imagine_as(anna, "a boat", count=2)).original
        await stage.settled()
        assert several is not None
        stage.apiframe.pace = Pace(queued=3600.0, drawing=0.05)
        await stage.imagine_as(anna, "a barn")
        await stage.discord.world.until(lambda: len(stage.jobs()) == 3)
        stage.discord.world.make_community(stage.guild, "fr")
        menu = next(part for part in walk(several.components) if "options" in part)
        value = menu["options"][0]["value"]
        chosen = await private_answer(stage, await anna.selects(several, menu["custom_id"], value))
        asked = await private_of(stage, anna, chosen, "de", "Delete")
        await anna.presses(asked, label_in("de", asked, "Delete"))
        await reads(stage, asked, "de", "Deleted.")
        label_in("ja", several, "Reroll all")
        await reads(stage, several, "ja", "{count} of {total}", count=1, total=2)
        stage.apiframe.pace = QUICK
        stage.clock.wind(3601)
        late = (await stage.show_pictures(2))[-1]
        label_in("ja", late, "Reroll")
        again = await stage.picture(await moderator.presses(late, label_in("ja", late, "Reroll")))
        label_in("fr", again, "Reroll")


async def test_a_picture_that_an_undo_shows_again_has_its_old_language(stage: Stage) -> None:
    """It's the same picture, whatever the server speaks by now."""
    async with stage.running():
        anna = japanese_community(stage)
        first = await drawn(stage, anna)
        await anna.sends(stage.channel, "edit: at night", reply_to=first)
        edited = (await stage.show_pictures(2))[-1]
        await stage.settled()
        stage.discord.world.make_community(stage.guild, "fr")
        await anna.sends(stage.channel, "undo", reply_to=edited)
        label_in("ja", (await stage.show_pictures(3))[-1], "Reroll")


async def test_a_question_in_the_channel_is_taken_back_in_its_language(stage: Stage) -> None:
    """Everybody reads it, also that its member cancelled."""
    async with stage.running():
        anna = japanese_community(stage)
        await say(stage, anna, "/quota")
        message = await anna.sends(stage.channel, f"{name(stage)} {{red|blue}} boat")
        [question] = await replies_of(stage, message)
        assert not is_private(question)
        await anna.presses(question, label_in("ja", question, "Cancel"))
        await reads(stage, question, "ja", "Cancelled. Nothing was charged.")


async def test_a_published_picture_is_shown_off_in_the_servers_language(stage: Stage) -> None:
    """It was in its member's while it was private."""
    async with stage.running():
        anna = japanese_community(stage)
        channel = await opens(stage)
        secret = await drawn(stage, anna, private=True)
        await anna.presses(secret, label_in("de", secret, "Publish"))
        linked = said("de", "Published: [everyone can see it]({link}).", link="").partition("(")[0]
        await stage.discord.world.until(lambda: linked in text_of(secret))
        [published] = stage.pictures()
        label_in("ja", published, "Reroll")
        await stage.joins("bob").reacts(published, STAR)
        [shown] = await is_shown(stage, channel)
        label_in("ja", shown, "Open")


@pytest.mark.own_bot
async def test_a_reaction_or_a_reply_after_a_restart_has_the_language_of_its_picture(
    stage: Stage, database_url: str
) -> None:
    """Nobody's language is known any more, and the server hasn't chosen one; a moderator's choice comes first."""
    anna, yuki = speaker(stage, "anna", "de"), speaker(stage, "yuki", "ja")
    async with stage.running(database_url=database_url):
        card = await drawn(stage, anna)
    async with stage.running(database_url=database_url):
        await yuki.reacts(card, "🎲")
        label_in("de", (await stage.show_pictures(2))[-1], "Reroll")
        await yuki.sends(stage.channel, "edit: at night", reply_to=card)
        label_in("de", (await stage.show_pictures(3))[-1], "Reroll")
        told = await replies_of(stage, await yuki.sends(stage.channel, "undo", reply_to=card))
        first = "This is the first picture: there's none before it. Nothing was changed."
        assert said("de", first) in text_of(told[0])
        await say(stage, moderator_of(stage), "/limits language", language="uk")
        await yuki.sends(stage.channel, "edit: at dawn", reply_to=card)
        label_in("uk", (await stage.show_pictures(4))[-1], "Reroll")
