"""Components of messages on the page: layouts, pictures, files, and spoilers."""

import re
from collections.abc import AsyncIterator

import pytest

from standins.discord.model.attachments import Upload
from standins.discord.model.stickers import StickerFormat
from tests.playground.web.place import Place, addresses, button, open_place, picture, row, text
from tests.standins.discord.conftest import png


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with open_place() as place:
        yield place


async def test_a_picture_comes_from_the_page_itself(place: Place) -> None:
    """A picture is served from the same address, for ever the same, with its alt text, and opens large."""
    gallery = {"type": 12, "items": [picture("a.png", description="a red boat"), picture("b.png")]}
    message = await place.posts(gallery, files={"a.png": png(1024, 1024), "b.png": png()})
    html = await place.seen_by("alice", message)
    assert 'alt="a red boat" width="400" height="400"' in html
    assert html.count("data-lightbox") == 2
    status, headers, content = await place.fetches("alice", addresses(html)[0])
    assert (status, headers["Content-Type"], content) == (200, "image/png", message.attachments[0].read())
    assert "immutable" in headers["Cache-Control"]


async def test_other_files_are_saved(place: Place) -> None:
    """A file that isn't a picture is a link with its size, and never runs on the page's address, whatever its type."""
    page = Upload("page.html", b"<script>alert(1)</script>", "text/html")
    html = await place.seen_by("rosa", await place.says("alice", attachments=[page]))
    (address,) = [link for link in addresses(html, "href") if "files" in link]
    _, headers, _ = await place.fetches("rosa", address)
    assert (headers["Content-Type"], headers["Content-Disposition"]) == ("application/octet-stream", "attachment")
    assert "25 Bytes" in html


async def test_a_picture_that_is_none_is_a_file(place: Place) -> None:
    """A file that only claims to be a picture is offered as a file rather than as a broken picture."""
    html = await place.seen_by("rosa", await place.says("alice", attachments=[Upload("a.png", b"no picture")]))
    assert ("<img" in html, ">a.png</a>" in html) == (False, True)


async def test_a_file_is_for_who_sees_the_message(place: Place) -> None:
    """Neither the address of a private picture nor that of a deleted one shows anything to others."""
    message = await place.says("alice", attachments=[Upload("a.png", png())])
    (address,) = addresses(await place.seen_by("alice", message))
    assert (await place.fetches("rosa", address))[0] == 200
    other = await place.says("alice", "no file")
    assert (await place.fetches("rosa", address.replace(str(message.id), str(other.id), 1)))[0] == 404
    await place.person("alice").deletes(message)
    assert (await place.fetches("rosa", address))[0] == 404


async def test_nothing_is_loaded_from_elsewhere(place: Place) -> None:
    """Pictures of other sites, in components or in a link's preview, are links."""
    far = {"type": 12, "items": [{"media": {"url": "https://example.com/a.png"}, "description": "far away"}]}
    preview = {
        "type": "link",
        "url": "https://example.com/",
        "title": "Boats",
        "thumbnail": {"url": "https://example.com/b.png"},
    }
    htmls = [
        await place.seen_by("alice", await place.posts(far)),
        await place.seen_by("alice", await place.says("alice", "https://example.com/", embeds=[preview])),
    ]
    assert [addresses(html) for html in htmls] == [[], []]
    assert "far away" in htmls[0]
    assert "Boats" in htmls[1]


async def test_a_sticker_is_seen(place: Place) -> None:
    """A sticker is a picture with its name; one that no browser can show is only its name."""
    world = place.ends.discord.world
    stickers = [world.add_sticker("wave", png()), world.add_sticker("dance", b"{}", StickerFormat.LOTTIE)]
    html = await place.seen_by("rosa", await place.says("alice", stickers=stickers))
    assert "Sticker: dance" in html
    status, headers, content = await place.fetches("rosa", addresses(html)[0])
    assert (status, headers["Content-Type"], content) == (200, "image/png", png())


async def test_what_is_covered_waits_for_a_click(place: Place) -> None:
    """Each spoiler, such as a container, a picture or a person's file, is below a checkbox."""
    covered = [
        {"type": 17, "spoiler": True, "components": [text("secret")]},
        {"type": 12, "items": [picture("a.png", spoiler=True)]},
    ]
    app = await place.seen_by("alice", await place.posts(*covered, files={"a.png": png()}))
    own = await place.seen_by("rosa", await place.says("alice", attachments=[Upload("SPOILER_a.png", png())]))
    assert [html.count('aria-label="Show the spoiler"') for html in (app, own)] == [2, 1]


async def test_a_container_has_its_colour(place: Place) -> None:
    """The colour is there without a style of its own, which the page forbids; without a colour there is no bar."""
    coloured, plain = ({"type": 17, "components": [text("x")]} | more for more in ({"accent_color": 0x3BA55D}, {}))
    assert 'fill="#3ba55d"' in await place.seen_by("alice", await place.posts(coloured))
    assert "accent" not in await place.seen_by("alice", await place.posts(plain))


async def test_every_part_of_a_layout_is_shown(place: Place) -> None:
    """Sections with a thumbnail or a button, separators, files and links are all there."""
    thumbnail = {"type": 11, "media": {"url": "attachment://a.png"}, "description": "small"}
    message = await place.posts(
        {"type": 9, "components": [text("beside")], "accessory": thumbnail},
        {"type": 9, "components": [text("pressable")], "accessory": button(label="Press me")},
        {"type": 14, "divider": True, "spacing": 2},
        {"type": 13, "file": {"url": "attachment://notes.txt"}},
        row(
            {"type": 2, "style": 5, "label": "Elsewhere", "url": "https://example.com/"},
            button(custom_id="no", disabled=True),
        ),
        files={"a.png": png(), "notes.txt": b"hello"},
    )
    html = await place.seen_by("alice", message)
    for shown in ('alt="small"', "Press me", '<hr class="spacing-2">', ">notes.txt</a>", 'rel="noopener">Elsewhere'):
        assert shown in html
    assert re.search(r'value="no" disabled', html)
