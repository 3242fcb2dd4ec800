"""A moderator with ten minutes a week sets a server up on one card."""

import asyncio

import pytest

from standins.discord.client.client import UnusableError
from standins.discord.client.person import Person
from standins.discord.components import walk
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from standins.discord.payload import Payload
from tests.journeys.answers import changed, guessed_button, pressed, private_answer
from tests.journeys.moderators import drawn, moderator_of, refused, say
from tests.stage import Stage, text_of

pytestmark = pytest.mark.shared_bot


async def card_of(stage: Stage, moderator: Person) -> Message:
    """Return the card of `/setup`."""
    return await private_answer(stage, await moderator.types("/setup", stage.channel))


def menu_of(card: Message, part: str) -> Payload | None:
    """Return a menu of the card, or None if it isn't there."""
    return next((each for each in walk(card.components) if each.get("custom_id") == f"setup:{part}"), None)


def chosen(card: Message, part: str) -> list[int]:
    """Return the ids that a menu of the card shows as chosen."""
    menu = menu_of(card, part)
    assert menu is not None
    return [int(each["id"]) for each in menu.get("default_values", [])]


async def applied(stage: Stage, moderator: Person, card: Message) -> None:
    """Press Apply, and wait until the card says so."""
    await changed(stage, await moderator.presses(card, "Apply"), "**Saved.**")


@pytest.mark.own_bot
async def test_a_server_is_set_up_as_one_change_after_a_restart_and_undone_as_one(
    stage: Stage, database_url: str
) -> None:
    """The card remembers the choices, shows before → after, and one undo restores the rules exactly."""
    moderator, artist = moderator_of(stage), stage.guild.add_role("artists")
    log = stage.guild.add_channel("log")
    bob = stage.joins("bob", roles=[artist])
    async with stage.running(database_url=database_url):
        await say(stage, moderator, "/limits everyone", images_per_day=7, max_references=2)
        before = await say(stage, moderator, "/limits show")
        card = await card_of(stage, moderator)
        assert "**Nothing to change yet.**" in card.text
        assert "Now, each member: Pictures per day: 7 · Reference images per picture: 2" in card.text
        await changed(stage, await moderator.selects(card, "setup:channels", stage.channel), "→\u00a0**listed**")
        await changed(stage, await moderator.selects(card, "setup:roles", artist), "→\u00a0**can draw**")
        await changed(stage, await moderator.selects(card, "setup:template", "Community"), "7 →\u00a0**20**")
    async with stage.running(database_url=database_url):
        await changed(stage, await moderator.selects(card, "setup:log", log), "Audit log: off →\u00a0")
        assert chosen(card, "channels") == [stage.channel.id]
        assert chosen(card, "roles") == [artist.id]
        assert "Pictures per day: 7" in await say(stage, moderator, "/limits show"), "nothing changed so far"
        await applied(stage, moderator, card)
        assert "Everyone · Pictures per hour: not set →\u00a0**5**" in card.text
        await stage.discord.world.until(lambda: any("/setup" in text_of(each) for each in log.messages.values()))
        assert "Only members with one of these roles" in await refused(stage, stage.alice)
        await drawn(stage, bob)
        await pressed(stage, moderator, card, "Undo")
        assert "**undone**" in card.text
        await drawn(stage, stage.alice)
        after = await say(stage, moderator, "/limits show")
        assert [line for line in after.splitlines() if "▰" not in line and "▱" not in line] == [
            line for line in before.splitlines() if "▰" not in line and "▱" not in line
        ]


async def test_of_two_moderators_who_press_apply_one_changes_the_rules(stage: Stage) -> None:
    """The other one reads that the rules have changed since, and the audit log has one entry."""
    moderator, other = moderator_of(stage), moderator_of(stage)
    async with stage.running():
        cards = [await card_of(stage, each) for each in (moderator, other)]
        for who, card, name in zip((moderator, other), cards, ("Community", "Friends"), strict=True):
            await changed(stage, await who.selects(card, "setup:template", name), "not set →\u00a0")
        first, second = await asyncio.gather(
            *(who.presses(card, "Apply") for who, card in zip((moderator, other), cards, strict=True))
        )
        said = "The rules have changed since this card was shown. Nothing was changed."
        await stage.discord.world.until(
            lambda: (
                sum("**Saved.**" in card.text for card in cards) == 1
                and sum(said in each.text for one in (first, second) for each in one.follow_ups) == 1
            )
        )
        history = await private_answer(stage, await moderator.types("/limits history", stage.channel))
        assert history.text.count("/setup") == 1


async def test_a_channel_or_a_role_that_cannot_work_is_named_and_nothing_is_applied(stage: Stage) -> None:
    """A channel where the bot can't post, a bot's own role; a role above the bot's is fine, and the card says so."""
    moderator = moderator_of(stage)
    closed = stage.guild.add_channel("closed")
    closed.overwrite(stage.guild.everyone, deny=Permission.SEND_MESSAGES)
    high = stage.guild.add_role("owners")
    async with stage.running():
        card = await card_of(stage, moderator)
        await changed(stage, await moderator.selects(card, "setup:template", "Friends"), "→\u00a0**100**")
        await changed(stage, await moderator.selects(card, "setup:roles", high), "above my own role")
        sentence = f"I can't post in <#{closed.id}>. I need: **Send Messages**"
        await changed(stage, await moderator.selects(card, "setup:channels", closed), sentence)
        refusal = (await pressed(stage, moderator, card, "Apply")).text
        assert sentence in refusal
        assert "Nothing was changed." in refusal
        assert "Nothing has been changed yet" in await say(stage, moderator, "/limits history")
        await changed(
            stage, await moderator.selects(card, "setup:channels", stage.channel), f"<#{stage.channel.id}>: not"
        )
        await applied(stage, moderator, card)


async def test_more_rules_than_fit_the_card_stay_as_they_are(stage: Stage) -> None:
    """A list of 26 channels, or one of blocked channels, has no menu, and a template leaves it alone."""
    moderator = moderator_of(stage)
    channels = [stage.guild.add_channel(f"c{number}") for number in range(26)]
    async with stage.running():
        await say(stage, moderator, "/limits channels deny", channel=channels[0])
        card = await card_of(stage, moderator)
        assert "list of blocked channels, which stays as it is" in card.text
        assert menu_of(card, "channels") is None
        for channel in channels:
            await say(stage, moderator, "/limits channels allow", channel=channel)
        card = await card_of(stage, moderator)
        assert "this server lists 26 channels, more than fit here" in card.text
        await changed(stage, await moderator.selects(card, "setup:template", "Tight budget"), "→\u00a0**1,000**")
        await applied(stage, moderator, card)
        assert "listed" not in card.text


async def test_the_figures_can_be_changed_in_a_form(stage: Stage) -> None:
    """They start from the template; wrong ones are quoted, and those above the operator's maximum are refused."""
    moderator = moderator_of(stage)
    async with stage.running():
        card = await card_of(stage, moderator)
        await changed(stage, await moderator.selects(card, "setup:template", "Tight budget"), "→\u00a0**1,000**")
        form = await moderator.presses(card, "Change the figures")
        await form.answered()
        wrong = await private_answer(stage, await moderator.submits(form, {"Pictures per hour": "999"}))
        assert "you entered **999**. Enter a whole number from 0 to 60" in wrong.text
        form = await moderator.presses(card, "Change the figures")
        await form.answered()
        await changed(stage, await moderator.submits(form, {"Server: credits in 30 days": "2500"}), "→\u00a0**2,500**")
        await applied(stage, moderator, card)
        assert "Everyone · Pictures per day: not set →\u00a0**10**" in card.text
        assert "Share of each member: off →\u00a0**10% a day of the credits left for this server**" in card.text


async def test_only_moderators_set_a_server_up(stage: Stage) -> None:
    """Discord hides the command, and the code refuses it, the buttons and made-up ids."""
    async with stage.running():
        with pytest.raises(UnusableError):
            await stage.alice.types("/setup", stage.channel)
        stage.guild.open_command("setup")
        needed = "You need the **Manage Server** permission."
        assert needed in await say(stage, stage.alice, "/setup")
        for custom_id in ("setup:apply:0123456789abcdef", "setup:figures"):
            guess = guessed_button(stage, stage.channel, custom_id)
            assert needed in (await pressed(stage, stage.alice, guess, "guessed")).text
        moderator = moderator_of(stage)
        guess = guessed_button(stage, stage.channel, "setup:apply:0123456789abcdef")
        assert "I can't read this card any more." in (await pressed(stage, moderator, guess, "guessed")).text
