"""Moderators close channels, block members and words, and have a record of it."""

import re
import sqlite3
from contextlib import closing

import pytest

from standins.apiframe.jobs import Pace
from standins.discord.client.client import UnusableError
from standins.discord.client.options import OptionValue
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.permissions import Permission
from tests.journeys.answers import changed, pressed, private_answer
from tests.journeys.moderators import drawn, moderator_of, refused, say
from tests.stage import GENERATION, Stage, text_of

pytestmark = pytest.mark.shared_bot

MENU = "Block from drawing"


async def test_channels_are_opened_and_closed_and_threads_follow(stage: Stage) -> None:
    """The refusal names the channels that are open; a list is allowed or denied, and cleared again."""
    moderator, elsewhere = moderator_of(stage), stage.guild.add_channel("elsewhere")
    thread = elsewhere.add_thread("boats")
    async with stage.running():
        await say(stage, moderator, "/limits channels allow", channel=stage.channel)
        assert f"Pictures are allowed only in <#{stage.channel.id}>" in await refused(
            stage, stage.alice, "a boat", elsewhere
        )
        assert "turned off in this channel" in await refused(stage, stage.alice, "a boat", thread)
        answer = await say(stage, moderator, "/limits channels deny", channel=elsewhere)
        assert "Channels: only those listed →\u00a0**all except those listed**" in answer
        assert f"everywhere except in <#{elsewhere.id}>" in await refused(stage, stage.alice, "a boat", thread)
        await drawn(stage, stage.alice)
        await say(stage, moderator, "/limits channels remove", channel=elsewhere)
        await stage.picture(await stage.alice.types("/imagine", thread, prompt="a boat"))
        await say(stage, moderator, "/limits channels deny", channel=elsewhere)
        await say(stage, moderator, "/limits channels clear")
        await stage.picture(await stage.alice.types("/imagine", elsewhere, prompt="a boat"))


async def test_blocking_cancels_what_waits_and_says_why(stage: Stage) -> None:
    """A picture that is being drawn is finished, unordered ones are refunded, and the member sees reason and end."""
    moderator = moderator_of(stage)
    stage.apiframe.pace = Pace(queued=0.0, drawing=1.0)
    slow = GENERATION | {"concurrency": 1, "concurrency_per_server": 1}
    async with stage.running(generation=slow):
        first = await stage.imagine("first")
        await stage.discord.world.until(stage.orders)
        await stage.imagine("second")
        await say(stage, moderator, "/limits everyone", concurrent=2)
        sentence = await refused(stage, stage.alice)
        assert "Pictures at once: 2 of 2 used. You can ask again when one of them is done." in sentence
        answer = await say(stage, moderator, "/limits block", member=stage.alice, reason="enough", until="2h")
        assert "not blocked →\u00a0**blocked, ends <t:" in answer
        assert "1 waiting picture cancelled and refunded." in answer
        sentence = await refused(stage, stage.alice)
        assert "Reason: enough." in sentence
        assert "The block ends <t:" in sentence
        await stage.picture(first)
        await stage.settled()
        await stage.shows("A moderator stopped this")
        await say(stage, moderator, "/limits unblock", member=stage.alice)
        await drawn(stage, stage.alice, "third")
    assert [order["prompt"] for order in stage.orders()] == ["first", "third"]


async def test_a_member_is_blocked_from_their_own_menu(stage: Stage) -> None:
    """With the same answer, audit log and undo as by the command; a time that makes no sense blocks nobody."""
    moderator = moderator_of(stage)
    async with stage.running():
        form = await moderator.uses(stage.alice, MENU, stage.channel)
        await form.answered()
        wrong = await private_answer(stage, await moderator.submits(form, {"How long": "soon", "Reason": "enough"}))
        assert "don't understand that time" in wrong.text
        assert wrong.attachments[0].read() == b"enough"
        form = await moderator.uses(stage.alice, MENU, stage.channel)
        await form.answered()
        answer = await private_answer(stage, await moderator.submits(form, {"How long": "2h", "Reason": "enough"}))
        assert f"<@{stage.alice.id}>: not blocked →\u00a0**blocked, ends <t:" in answer.text
        assert "Reason: enough." in await refused(stage, stage.alice)
        page = await private_answer(stage, await moderator.types("/limits history", stage.channel))
        assert "/limits block\n" in page.text
        await pressed(stage, moderator, page, str(page.buttons[0]["custom_id"]))
        await drawn(stage, stage.alice)


async def test_only_moderators_block_from_the_menu(stage: Stage) -> None:
    """Discord offers it to nobody else, and the bot checks again when it's chosen and when the form is sent."""
    moderator = moderator_of(stage)
    async with stage.running():
        with pytest.raises(UnusableError):
            await stage.alice.uses(moderator, MENU, stage.channel)
        form = await moderator.uses(stage.alice, MENU, stage.channel)
        await form.answered()
        stage.strips(moderator)
        late = await private_answer(stage, await moderator.submits(form, {}))
        assert "**Manage Server**" in late.text
        stage.guild.restrict_command(MENU, {stage.guild.everyone: True})
        opened = await private_answer(stage, await stage.alice.uses(moderator, MENU, stage.channel))
        assert "**Manage Server**" in opened.text
        await drawn(stage, stage.alice)


async def test_a_block_needs_a_time_to_come(stage: Stage) -> None:
    """A typing error blocks nobody."""
    moderator = moderator_of(stage)
    async with stage.running():
        for until, words in (("soon", "don't understand that time"), ("2020-01-01", "is in the past")):
            assert words in await say(stage, moderator, "/limits block", member=stage.alice, until=until)
        await drawn(stage, stage.alice)


async def test_blocked_words_are_seen_through_their_disguises(stage: Stage) -> None:
    """Whole words in any case, accent, width or look-alike letter; the tester shows it beforehand."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits words add", word="Kraken")
        for disguised in (
            "a KRAKEN!",
            "a krákën",
            "a \uff4b\uff52\uff41\uff4b\uff45\uff4e",
            "a kra\u200bken",
            "a kr\u0430ken",
        ):
            assert "blocks the word **kraken**" in await refused(stage, stage.alice, disguised)
            assert "blocked because of: **kraken**" in await say(stage, moderator, "/limits words test", text=disguised)
    assert stage.orders() == []


async def test_blocked_words_are_listed_completed_and_allowed_again(stage: Stage) -> None:
    """Parts of words are allowed, and a word without letters or digits isn't a word."""
    moderator = moderator_of(stage)
    async with stage.running():
        assert "No words" in await say(stage, moderator, "/limits words list")
        assert "at least one letter" in await say(stage, moderator, "/limits words add", word="*!*")
        await say(stage, moderator, "/limits words add", word="Sea  Monster")
        assert "sea monster" in await say(stage, moderator, "/limits words list")
        assert "is allowed" in await say(stage, moderator, "/limits words test", text="sea monsters")
        offered = await moderator.completes("/limits words remove", stage.channel, option="word", text="mon")
        assert [choice["value"] for choice in offered] == ["sea monster"]
        await say(stage, moderator, "/limits words remove", word="sea monster")
        await drawn(stage, stage.alice, "a sea monster")


@pytest.mark.parametrize("place", ["channel", "thread"])
async def test_words_for_adults_are_for_age_restricted_channels(stage: Stage, place: str) -> None:
    """Their threads too, by command and by reply; elsewhere, the refusal says where they're allowed."""
    moderator, adults = moderator_of(stage), stage.guild.add_channel("adults")
    adults.restrict_age()
    there = adults if place == "channel" else adults.add_thread("more")
    async with stage.running():
        answer = await say(stage, moderator, "/limits words add", word="wine", adult=True)
        assert "The word “wine” outside age-restricted channels: allowed →\u00a0**blocked**" in answer
        assert "allowed in age-restricted channels only" in await say(stage, moderator, "/limits words list")
        tested = await say(stage, moderator, "/limits words test", text="red wine")
        assert "allowed in age-restricted channels only, because of: **wine**" in tested
        assert "allows the word **wine** in age-restricted" in await refused(stage, stage.alice, "wine")
        picture = await stage.picture(await stage.alice.types("/imagine", there, prompt="wine"))
        await stage.settled()
        await stage.alice.sends(there, "edit: more wine", reply_to=picture)
        await stage.apiframe.until(lambda: len(stage.orders()) == 2)
        await stage.settled()
        await say(stage, moderator, "/limits words add", word="wine")
        assert "blocks the word **wine**" in await refused(stage, stage.alice, "wine", there)
        page = await private_answer(stage, await moderator.types("/limits history", stage.channel))
        await pressed(stage, moderator, page, str(page.buttons[0]["custom_id"]))
        await stage.picture(await stage.alice.types("/imagine", there, prompt="wine"))


@pytest.mark.own_bot
async def test_changes_and_refusals_are_written_down_without_pings(stage: Stage) -> None:
    """In the channel that was chosen, after a restart too, and nobody is disturbed."""
    moderator, record = moderator_of(stage), stage.guild.add_channel("record")
    async with stage.running():
        answer = await say(stage, moderator, "/limits log", channel=record)
        assert f"Audit log: off →\u00a0**<#{record.id}>**" in answer
    async with stage.running():
        await say(stage, moderator, "/limits everyone", images_per_day=0)
        await refused(stage, stage.alice)
        await stage.discord.world.until(lambda: len(_said(record, moderator)) == 3)
    _, change, refusal = _said(record, moderator)
    assert "Everyone · Pictures per day: not set →\u00a0**none**" in change
    assert (
        f"<@{stage.alice.id}> was refused a picture in <#{stage.channel.id}>: limit reached (Pictures per day)"
        in refusal
    )
    assert not any(message.draft.mentions.disturbed_anybody for message in record.messages.values())


async def test_the_record_says_why_somebody_was_kept_out(stage: Stage) -> None:
    """A word, a channel and a block are each logged in words, and stored as usual."""
    moderator, record = moderator_of(stage), stage.guild.add_channel("record")
    async with stage.running():
        await say(stage, moderator, "/limits log", channel=record)
        await say(stage, moderator, "/limits words add", word="kraken")
        await refused(stage, stage.alice, "a kraken")
        await say(stage, moderator, "/limits channels deny", channel=stage.channel)
        await refused(stage, stage.alice)
        await say(stage, moderator, "/limits block", member=stage.alice)
        await refused(stage, stage.alice)
        await stage.discord.world.until(lambda: _refusals(record, moderator)[-1:] == ["the member is blocked"])
    assert _refusals(record, moderator)[:2] == ["the prompt has a blocked word", "pictures are turned off there"]
    with closing(sqlite3.connect(stage.folder / "imagine.db")) as books:
        kept = books.execute("SELECT rule FROM refusals ORDER BY at").fetchall()
    assert kept == [("BlockedWord",), ("ClosedChannel",), ("BlockedMember",)]


@pytest.mark.own_bot
async def test_the_record_says_that_the_servers_limit_is_used_up(stage: Stage) -> None:
    """With the members who used most, without pings, and not again after a restart."""
    moderator, record = moderator_of(stage), stage.guild.add_channel("record")
    async with stage.running():
        await say(stage, moderator, "/limits log", channel=record)
        await say(stage, moderator, "/limits server", images_per_day=1)
        await drawn(stage, stage.alice)
    for _ in range(2):
        async with stage.running():
            await stage.discord.world.until(lambda: "💰" in "".join(_said(record, moderator)))
    said = [line for line in _said(record, moderator) if "💰" in line]
    assert said == [
        f"💰 Pictures per day: the server's limit is used up (1 of 1). Most of it by: <@{stage.alice.id}> (1)"
    ]
    assert not any(message.draft.mentions.disturbed_anybody for message in record.messages.values())


async def test_a_dead_record_channel_breaks_nothing(stage: Stage) -> None:
    """A channel without the right to write is refused; one that goes later is left alone."""
    moderator, record = moderator_of(stage), stage.guild.add_channel("record")
    async with stage.running():
        await say(stage, moderator, "/limits log", channel=record)
        record.delete()
        for _ in range(2):
            await say(stage, moderator, "/limits words add", word="kraken")
            assert "blocks the word" in await refused(stage, stage.alice, "a kraken")
            await say(stage, moderator, "/limits words remove", word="kraken")
        closed = stage.guild.add_channel("closed")
        closed.overwrite(stage.guild.me, deny=Permission.SEND_MESSAGES)
        await drawn(stage, stage.alice)
        assert "**Send Messages**" in await say(stage, moderator, "/limits log", channel=closed)
        answer = await say(stage, moderator, "/limits log")
        assert "→\u00a0**off**" in answer


def _said(channel: Channel, reader: Person) -> list[str]:
    """Return the messages in a channel, entry by entry."""
    lines = "\n".join(text_of(message) for message in channel.messages_for(reader))
    return re.split(r"\n(?=[⚙🚫💰])", lines) if lines else []


def _refusals(channel: Channel, reader: Person) -> list[str]:
    """Return the reasons of the refusals that are written in a channel."""
    return [entry.rsplit(": ", 1)[1] for entry in _said(channel, reader) if entry.startswith("🚫")]


async def test_the_history_is_filtered_by_moderator_member_and_rule(stage: Stage) -> None:
    """On each page, and an undo keeps the filter; the member's card leads to the changes about them."""
    mo, other = moderator_of(stage), moderator_of(stage)
    async with stage.running():
        for number in range(7):
            await say(stage, mo, "/limits member", member=stage.alice, images_per_day=number)
            await say(stage, mo, "/limits everyone", images_per_hour=number)
        await say(stage, other, "/limits block", member=stage.alice)
        await say(stage, other, "/limits words add", word="kraken")

        async def entries(**options: OptionValue) -> list[str]:
            page = await private_answer(stage, await mo.types("/limits history", stage.channel, **options))
            return [line for line in page.text.splitlines() if "→" in line]

        assert len(await entries(moderator=other)) == 2
        assert len(await entries(rule="words")) == 1
        assert await entries(rule="words", member=stage.alice) == []
        assert [f"<@{stage.alice.id}>" in line for line in await entries(member=stage.alice)] == [True] * 5
        card = await private_answer(stage, await mo.types("/limits show", stage.channel, member=stage.alice))
        page = await pressed(stage, mo, card, "History")
        assert f"-# about <@{stage.alice.id}>" in page.text
        undo = next(each for each in page.buttons if each.get("label") == "Undo")
        await changed(stage, await mo.presses(page, str(undo["custom_id"])), "**undone**")
        await changed(stage, await mo.presses(page, "▶️"), "Pictures per day: 1 →\u00a0**2**")
        assert f"-# about <@{stage.alice.id}>" in page.text
        assert "Everyone" not in page.text


async def test_a_members_card_says_which_rules_refused_them_lately(stage: Stage) -> None:
    """The newest first, and nobody else's."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits words add", word="kraken")
        await refused(stage, stage.alice, "a kraken")
        await say(stage, moderator, "/limits everyone", images_per_day=0)
        await refused(stage, stage.alice)
        shown = await say(stage, moderator, "/limits show", member=stage.alice)
        assert re.search(r"\*\*Refused lately\*\*\n<t:\d+:R> · Pictures per day\n<t:\d+:R> · blocked word\n", shown)
        assert "Refused lately" not in await say(stage, moderator, "/limits show", member=moderator)
