"""Each member reads the bot in their own language, and all of them read public cards in the server's."""

import pytest

from standins.apiframe.jobs import Pace
from standins.discord.client.person import Person
from standins.discord.model.messages import Message
from tests.journeys.answers import private_answer
from tests.journeys.languages import label_in, said
from tests.journeys.moderators import drawn, moderator_of, refused, say
from tests.journeys.test_greeting import server
from tests.stage import QUICK, Stage, is_private, text_of

pytestmark = [pytest.mark.shared_bot, pytest.mark.english]

UKRAINIAN = "Українська"


def speaker(stage: Stage, name: str, locale: str) -> Person:
    """Return a member whose client is in a language."""
    person = stage.joins(name)
    person.user.locale = locale
    return person


async def private_of(stage: Stage, who: Person, message: Message, locale: str, label: str) -> Message:
    """Press a button of a card in a language, and return the private answer."""
    return await private_answer(stage, await who.presses(message, label_in(locale, message, label)))


@pytest.mark.own_bot
async def test_two_members_and_their_server_each_have_their_own_language(stage: Stage, database_url: str) -> None:
    """The card is the server's for everybody, after a restart too; what only one member sees is in theirs."""
    moderator, anna, yuki = moderator_of(stage), speaker(stage, "anna", "de"), speaker(stage, "yuki", "ja")
    async with stage.running(database_url=database_url):
        answer = await say(stage, moderator, "/limits language", language=UKRAINIAN)
        assert f"Language: that of each request →\u00a0**{UKRAINIAN}**" in answer
        card = await drawn(stage, anna, "a red boat")
        label_in("uk", card, "Reroll")
    async with stage.running(database_url=database_url):
        rerolled = await stage.picture(await yuki.presses(card, label_in("uk", card, "Reroll")))
        label_in("uk", rerolled, "Remix")
        label_in("uk", card, "Remix")
        await yuki.reacts(card, "🎲")
        for picture in await stage.show_pictures(3):
            label_in("uk", picture, "Reroll")
        for who, locale in ((anna, "de"), (yuki, "ja")):
            more = await private_of(stage, who, card, "uk", "⋯ More")
            details = await private_of(stage, who, more, locale, "Details")
            assert is_private(details)
            asked = said(locale, "Requested by {member}, {time}", member=f"<@{anna.id}>", time="")
            assert asked.strip() in text_of(details)
        await say(stage, moderator, "/limits words add", word="kraken")
        words = "This server blocks the word **{word}** in prompts and styles. Please use other words. "
        words += "Nothing was charged."
        assert said("de", words, word="kraken") in await refused(stage, anna, "a kraken")
        assert said("ja", words, word="kraken") in await refused(stage, yuki, "a kraken")


async def test_without_a_choice_a_card_has_the_language_of_the_member_who_asked(stage: Stage) -> None:
    """And keeps it, also if another member acts on it; a private picture has its member's until it is published."""
    anna, yuki = speaker(stage, "anna", "de"), speaker(stage, "yuki", "ja")
    async with stage.running():
        card = await drawn(stage, anna)
        label_in("de", card, "Reroll")
        label_in("ja", await stage.picture(await yuki.presses(card, label_in("de", card, "Reroll"))), "Reroll")
        secret = await drawn(stage, yuki, private=True)
        label_in("ja", secret, "Publish")
        await say(stage, moderator_of(stage), "/limits language", language="fr")
        label_in("ja", await drawn(stage, yuki, private=True), "Publish")
        await yuki.presses(secret, label_in("ja", secret, "Publish"))
        published = (await stage.show_pictures(3))[-1]
        label_in("fr", published, "Reroll")
        linked = said("ja", "Published: [everyone can see it]({link}).", link="").partition("(")[0]
        await stage.discord.world.until(lambda: linked in text_of(secret))


async def test_a_community_has_the_language_of_its_settings(stage: Stage) -> None:
    """Also if `/setup` says another one. A member without a known language reads English."""
    moderator = moderator_of(stage)
    stage.alice.user.locale = "xx-YY"
    async with stage.running():
        await say(stage, moderator, "/limits language", language="ja")
        label_in("ja", await drawn(stage, stage.alice), "Reroll")
        stage.discord.world.make_community(stage.guild, "pt-BR")
        label_in("pt-BR", await drawn(stage, stage.alice), "Reroll")
        told = "This server is a community, so I use its language in Discord's settings: Português do Brasil."
        assert told in await say(stage, moderator, "/limits language")
        assert "**Your quota**" in await say(stage, stage.alice, "/quota")


@pytest.mark.own_bot
async def test_a_card_that_ends_after_a_restart_keeps_its_language(stage: Stage) -> None:
    """Also if the server's has changed in the meantime: the picture knows its own."""
    moderator, anna = moderator_of(stage), speaker(stage, "anna", "de")
    stage.apiframe.pace = Pace(queued=3600.0, drawing=0.05)
    async with stage.running():
        await stage.imagine_as(anna, "a red boat")
        await stage.discord.world.until(stage.jobs)
        await say(stage, moderator, "/limits language", language="uk")
    stage.apiframe.pace = QUICK
    stage.clock.wind(3601)
    async with stage.running():
        [late] = await stage.show_pictures(1)
        label_in("de", late, "Reroll")
        label_in("uk", await drawn(stage, anna), "Reroll")


async def test_lines_that_nobody_asked_for_are_in_the_servers_language(stage: Stage) -> None:
    """The audit log and the greeting; the moderator reads the answer in their own."""
    moderator, log = moderator_of(stage), stage.guild.add_channel("log")
    moderator.user.locale = "de"
    async with stage.running():
        await say(stage, moderator, "/limits language", language="uk")
        answer = await say(stage, moderator, "/limits log", channel=log)
        assert said("de", "Audit log") in answer
        await say(stage, moderator, "/limits words add", word="kraken")
        blocked = said("uk", "blocked")
        await stage.discord.world.until(lambda: any(blocked in text_of(each) for each in log.messages.values()))
        guild, [channel] = server(stage, "welcome")
        guild.is_community, guild.preferred_locale = True, "fr"
        stage.discord.world.invite_bot(guild)
        await stage.discord.world.until(lambda: channel.messages)
        [greeting] = channel.messages.values()
        assert said("fr", "**Hi! I make pictures from your words.**") in text_of(greeting)


async def test_an_unknown_language_is_named_and_changes_nothing(stage: Stage) -> None:
    """The list offers names in their own language, by name or code."""
    moderator = moderator_of(stage)
    async with stage.running():
        offered = await moderator.completes("/limits language", stage.channel, option="language", text="укр")
        assert offered == [{"name": UKRAINIAN, "value": "uk"}]
        answer = await say(stage, moderator, "/limits language", language="Klingon")
        assert "I don't speak **Klingon**. Choose one of these: English, US, Deutsch, " in answer
        assert "Nothing has been changed yet" in await say(stage, moderator, "/limits history")
