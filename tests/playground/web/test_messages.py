"""Messages on the page: their authors, texts, replies and results."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse

from standins.discord.model.attachments import Upload
from tests.playground.web.place import Place, open_place, picture, row, text
from tests.standins.discord.conftest import png


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with open_place() as place:
        yield place


async def test_an_empty_channel_says_what_to_do(place: Place) -> None:
    """The first visitor reads that a slash starts a command."""
    assert "type <kbd>/</kbd>" in await place.seen_by("alice", place="lounge")


async def test_the_welcome_card_stands_above_the_first_message_only(place: Place) -> None:
    """It disappears when the page no longer shows the start of the channel."""
    for number in range(100):
        await place.says("rosa", str(number))
    assert "Welcome to the playground" in await place.seen_by("alice")
    await place.says("rosa", "one more")
    assert "Welcome to the playground" not in await place.seen_by("alice")


async def test_a_message_says_who_wrote_it(place: Place) -> None:
    """The author and the time are there, an app is marked as one, and markdown is read, not shown."""
    theirs, apps = await place.says("alice", "a **red** boat"), await place.posts(text("done"))
    alices, imagines = await place.seen_by("rosa", theirs), await place.seen_by("rosa", apps)
    assert 'aria-label="Message from alice"' in alices
    assert "a <strong>red</strong> boat" in alices
    assert "<time " in alices
    assert ("APP" in alices, "APP" in imagines) == (False, True)


async def test_words_cannot_become_markup(place: Place) -> None:
    """A person's text, or a file's name, is plain text on the page."""
    message = await place.says("alice", "<script>x</script>", attachments=[Upload("a.png", png(), None, '"><script>')])
    assert "<script" not in await place.seen_by("rosa", message)


async def test_only_the_newest_hundred_are_shown(place: Place) -> None:
    """A long conversation stays quick to load."""
    for number in range(101):
        await place.says("alice", f"number {number}.")
    html = await place.seen_by("rosa")
    assert ("number 0." in html, "number 1." in html, "number 100." in html) == (False, True, True)


async def test_the_same_messages_look_the_same(place: Place) -> None:
    """The time changes nothing, so that browsers get only real changes; signed links aren't part of the comparison."""
    await place.posts({"type": 12, "items": [picture("a.png")]}, files={"a.png": png()})
    before = await place.seen_by("alice")
    place.ends.discord.world.clock.wind(3600)
    assert await place.seen_by("alice") == before
    assert "hm=" not in before


async def test_an_edit_and_a_reaction_are_seen(place: Place) -> None:
    """A message is rendered again when it changes."""
    message = await place.posts(text("drawing"))
    assert "drawing" in await place.seen_by("alice", message)
    body = {"components": [text("drawn")]}
    await place.api("PATCH", f"/channels/{place.channel.id}/messages/{message.id}", body)
    await place.person("rosa").reacts(message, "🎉")
    html = await place.seen_by("alice", message)
    assert ("drawn" in html, "(edited)" in html, "🎉 1" in html) == (True, True, True)


async def test_an_answer_quotes_what_it_answers(place: Place) -> None:
    """The quote is one line that leads there, keeps a spoiler covered, and says when the original is gone."""
    first = await place.says("rosa", "a **red** ||secret|| boat\nand more")
    answer = await place.says("alice", "yes", reply_to=first)
    html = await place.seen_by("max", answer)
    assert f'<a href="#message-{first.id}"><b>rosa</b> a red ▮▮▮ boat</a>' in html
    await place.person("rosa").deletes(first)
    assert "The original message is gone." in await place.seen_by("max", answer)


async def test_an_answer_says_what_was_asked(place: Place) -> None:
    """Everybody reads who used which command, with its subcommand."""
    sub = {"type": 1, "name": "show", "description": "Show."}
    await place.registers({"name": "limits", "description": "Limits.", "options": [sub]})
    answer = await place.asks("alice", "/limits show")
    assert "<b>alice</b> used <b>/limits show</b>" in await place.seen_by("alice", answer)


async def test_thinking_is_said(place: Place) -> None:
    """A deferred answer stands there as thinking."""
    await place.registers({"name": "quota", "description": "Show."})
    asked = await place.person("alice").types("/quota", place.channel)
    await place.api("POST", f"/interactions/{asked.id}/{asked.token}/callback", {"type": 5})
    assert "Imagine is thinking…" in await place.seen_by("rosa", asked.original)


async def test_a_link_to_a_message_stays_on_the_page(place: Place) -> None:
    """Discord's address of a message leads to it here, in words and on a button; a foreign one is left alone."""
    first = await place.says("rosa", "first")
    link = f"https://discord.com/channels/{place.guild.id}/{place.channel.id}/{first.id}"
    foreign = "https://discord.com/channels/1/2/3"
    jump = {"type": 2, "style": 5, "label": "Jump", "url": link}
    html = await place.seen_by("alice", await place.posts(text(f"[there]({link}) [far]({foreign})"), row(jump)))
    assert html.count(f'href="/as/alice/in/pictures#message-{first.id}"') == 2
    assert f'href="{foreign}" target="_blank"' in html


async def test_a_change_is_sent_to_who_looks(place: Place) -> None:
    """A new message reaches an open page by itself."""
    async with place.session.get(f"{place.page}as/alice/in/pictures/live") as stream, asyncio.timeout(10):
        await _until_sent(stream, b"Welcome to the playground")
        await place.says("rosa", "hello alice")
        await _until_sent(stream, b"hello alice")


async def _until_sent(stream: ClientResponse, words: bytes) -> None:
    while words not in await stream.content.readline():
        pass
