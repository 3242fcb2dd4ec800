"""Moderators close channels, block members and words, and have a record of it."""

import re
import sqlite3
from contextlib import closing

import pytest

from standins.apiframe.jobs import Pace
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.permissions import Permission
from tests.journeys.moderators import drawn, moderator_of, refused, say
from tests.stage import GENERATION, Stage, text_of

pytestmark = pytest.mark.shared_bot


async def test_channels_are_opened_and_closed_and_threads_follow(stage: Stage) -> None:
    """The refusal names the channels that are open; a list is allowed or denied, and cleared again."""
    moderator, elsewhere = moderator_of(stage), stage.guild.add_channel("elsewhere")
    thread = elsewhere.add_thread("boats")
    async with stage.running():
        await say(stage, moderator, "/limits channels allow", channel=stage.channel)
        assert f"I draw only in <#{stage.channel.id}>" in await refused(stage, stage.alice, "a boat", elsewhere)
        assert "does not let me draw" in await refused(stage, stage.alice, "a boat", thread)
        answer = await say(stage, moderator, "/limits channels deny", channel=elsewhere)
        assert "I draw: only in those listed → **not in those listed**" in answer
        assert f"everywhere else but in <#{elsewhere.id}>" in await refused(stage, stage.alice, "a boat", thread)
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
        assert "pictures at the same time is reached:** 2 of 2 used. It frees up when one of them is done." in sentence
        answer = await say(stage, moderator, "/limits block", member=stage.alice, reason="enough", until="2h")
        assert "not blocked → **blocked until <t:" in answer
        assert "1 waiting picture cancelled and refunded." in answer
        sentence = await refused(stage, stage.alice)
        assert "The reason given: enough." in sentence
        assert "until <t:" in sentence
        await stage.picture(first)
        await stage.settled()
        await stage.shows("A moderator stopped this")
        await say(stage, moderator, "/limits unblock", member=stage.alice)
        await drawn(stage, stage.alice, "third")
    assert [order["prompt"] for order in stage.orders()] == ["first", "third"]


async def test_a_block_needs_a_time_to_come(stage: Stage) -> None:
    """A typing error blocks nobody."""
    moderator = moderator_of(stage)
    async with stage.running():
        for until, words in (("soon", "`until` is a span"), ("2020-01-01", "lies in the past")):
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
            assert "**kraken** is not wanted" in await refused(stage, stage.alice, disguised)
            assert "refused, for: **kraken**" in await say(stage, moderator, "/limits words test", text=disguised)
    assert stage.orders() == []


async def test_blocked_words_are_listed_completed_and_allowed_again(stage: Stage) -> None:
    """Parts of words are allowed, and a word without letters or digits isn't a word."""
    moderator = moderator_of(stage)
    async with stage.running():
        assert "No words" in await say(stage, moderator, "/limits words list")
        assert "at least one letter" in await say(stage, moderator, "/limits words add", word="*!*")
        await say(stage, moderator, "/limits words add", word="Sea  Monster")
        assert "sea monster" in await say(stage, moderator, "/limits words list")
        assert "let through" in await say(stage, moderator, "/limits words test", text="sea monsters")
        offered = await moderator.completes("/limits words remove", stage.channel, option="word", text="mon")
        assert [choice["value"] for choice in offered] == ["sea monster"]
        await say(stage, moderator, "/limits words remove", word="sea monster")
        await drawn(stage, stage.alice, "a sea monster")


@pytest.mark.own_bot
async def test_changes_and_refusals_are_written_down_without_pings(stage: Stage) -> None:
    """In the channel that was chosen, after a restart too, and nobody is disturbed."""
    moderator, record = moderator_of(stage), stage.guild.add_channel("record")
    async with stage.running():
        answer = await say(stage, moderator, "/limits log", channel=record)
        assert f"The record's channel: none → **<#{record.id}>**" in answer
    async with stage.running():
        await say(stage, moderator, "/limits everyone", images_per_day=0)
        await refused(stage, stage.alice)
        await stage.discord.world.until(lambda: len(_said(record, moderator)) == 3)
    _, change, refusal = _said(record, moderator)
    assert "Everyone, pictures per day: not set → **none at all**" in change
    assert f"<@{stage.alice.id}> was refused a picture in <#{stage.channel.id}>: pictures per day" in refusal
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
        await stage.discord.world.until(lambda: _refusals(record, moderator)[-1:] == ["they are blocked"])
    assert _refusals(record, moderator)[:2] == ["the prompt has a blocked word", "the channel is closed"]
    with closing(sqlite3.connect(stage.folder / "imagine.db")) as books:
        kept = books.execute("SELECT rule FROM refusals ORDER BY at").fetchall()
    assert kept == [("BlockedWord",), ("ClosedChannel",), ("BlockedMember",)]


async def test_a_dead_record_channel_breaks_nothing(stage: Stage) -> None:
    """A channel without the right to write is refused; one that goes later is left alone."""
    moderator, record = moderator_of(stage), stage.guild.add_channel("record")
    async with stage.running():
        await say(stage, moderator, "/limits log", channel=record)
        record.delete()
        for _ in range(2):
            await say(stage, moderator, "/limits words add", word="kraken")
            assert "is not wanted" in await refused(stage, stage.alice, "a kraken")
            await say(stage, moderator, "/limits words remove", word="kraken")
        closed = stage.guild.add_channel("closed")
        closed.overwrite(stage.guild.me, deny=Permission.SEND_MESSAGES)
        await drawn(stage, stage.alice)
        assert "**Send Messages**" in await say(stage, moderator, "/limits log", channel=closed)
        answer = await say(stage, moderator, "/limits log")
        assert "→ **none**" in answer


def _said(channel: Channel, reader: Person) -> list[str]:
    """Return the messages in a channel, entry by entry."""
    lines = "\n".join(text_of(message) for message in channel.messages_for(reader))
    return re.split(r"\n(?=[⚙🚫])", lines) if lines else []


def _refusals(channel: Channel, reader: Person) -> list[str]:
    """Return the reasons of the refusals that are written in a channel."""
    return [entry.rsplit(": ", 1)[1] for entry in _said(channel, reader) if entry.startswith("🚫")]
