"""Actions on messages on the page: press, choose, react, use commands, delete, dismiss."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from standins.discord.model.permissions import Permission
from tests.playground.web.place import OPTIONS, Place, addresses, button, menu, open_place, row


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with open_place() as place:
        yield place


async def test_a_private_answer_is_the_persons_own(place: Place) -> None:
    """Nobody else sees it or acts on it; it says so; and once dismissed it is gone from their page."""
    await place.registers({"name": "quota", "description": "Show."})
    answer = await place.asks("alice", "/quota")
    assert "Only you can see this" in await place.seen_by("alice", answer)
    assert await place.seen_by("max", answer) == ""
    assert (await place.does("max", answer, "dismiss"))[0] == 404
    assert (await place.does("alice", answer, "dismiss"))[0] == 204
    assert await place.seen_by("alice", answer) == ""


async def test_what_everybody_sees_cannot_be_dismissed(place: Place) -> None:
    """A public message stays for everybody."""
    message = await place.says("rosa", "hello")
    assert (await place.does("alice", message, "dismiss"))[0] == 403
    assert "hello" in await place.seen_by("alice", message)


async def test_a_press_reaches_the_app(place: Place) -> None:
    """A button tells the app its custom id; one that is greyed out does not."""
    message = await place.posts(row(button(), button(custom_id="no", label="No", disabled=True)))
    assert (await place.heard("alice", message, "press", custom_id="again"))["custom_id"] == "again"
    status, said = await place.does("alice", message, "press", custom_id="no")
    assert (status, "greyed out" in said) == (200, True)


async def test_an_app_that_is_silent_is_told_of(place: Place) -> None:
    """A press without a response is said to have failed, to its person only, until one gets a response."""
    message = await place.posts(row(button()))
    pressing = asyncio.create_task(place.does("alice", message, "press", custom_id="again"))
    await place.ends.discord.world.until(lambda: place.ends.discord.world.interactions)
    place.ends.discord.world.clock.wind(4)
    assert (await pressing)[0] == 204
    assert "This interaction failed" in await place.seen_by("alice", message)
    assert "This interaction failed" not in await place.seen_by("rosa", message)
    await place.heard("alice", message, "press", custom_id="again")
    assert "This interaction failed" not in await place.seen_by("alice", message)


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        (3, "Picture 2 <small>made 2 days ago</small>"),
        (5, "rosa"),
        (6, "@painters"),
        (7, "@painters"),
        (7, "max"),
        (8, "#lounge"),
    ],
    ids=["words", "user", "role", "mentionable role", "mentionable user", "channel"],
)
async def test_a_choice_reaches_the_app(place: Place, kind: int, label: str) -> None:
    """A menu of any type offers its options, and the app gets the chosen ones."""
    message = await place.posts(row(menu(kind) | ({"options": OPTIONS} if kind == 3 else {})))
    html = await place.seen_by("alice", message)
    found = re.search(rf'<button class="bare" name="values" value="([^"]+)"[^>]*>{label}</button>', html)
    assert found is not None
    assert (await place.heard("alice", message, "select", custom_id="menu", values=found[1]))["values"] == [found[1]]


async def test_a_menu_shows_what_was_chosen_beforehand(place: Place) -> None:
    """A menu of people comes with the person whom the app set."""
    rosa = str(place.user("rosa").id)
    message = await place.posts(row(menu(5, default_values=[{"id": rosa, "type": "user"}])))
    html = await place.seen_by("alice", message)
    assert f'value="{rosa}" aria-pressed="true">rosa</button>' in html
    assert re.search(r'class="opens-menu"[^>]*>rosa ', html)


async def test_several_are_chosen_together(place: Place) -> None:
    """A menu for several options shows the number, has the defaults selected, and rejects too few with a message."""
    options = [OPTIONS[0] | {"default": True}, *OPTIONS[1:]]
    message = await place.posts(row(menu(3, options=options, min_values=2, max_values=3)))
    html = await place.seen_by("alice", message)
    assert "Choose 2 to 3" in html
    assert re.search(r'value="p1" autocomplete="off" checked', html)
    assert "have to be chosen" in (await place.does("alice", message, "select", custom_id="menu", values="p1"))[1]
    heard = await place.heard("alice", message, "select", custom_id="menu", values=["p1", "p3"])
    assert heard["values"] == ["p1", "p3"]


async def test_an_edit_makes_a_menu_anew(place: Place) -> None:
    """After an edit, a menu is a new element without a selection, as in Discord."""
    message = await place.posts(row(menu(3, options=OPTIONS)))
    before = addresses(await place.seen_by("alice", message), "id")
    body = {"components": [row(menu(3, options=OPTIONS))]}
    await place.api("PATCH", f"/channels/{place.channel.id}/messages/{message.id}", body)
    after = addresses(await place.seen_by("alice", message), "id")
    assert [one for one in before if one.startswith("menu-")] != [one for one in after if one.startswith("menu-")]


async def test_a_reaction_is_a_toggle(place: Place) -> None:
    """A click on an emoji adds one's own, and another takes it away; the count and the pressed state tell."""
    message = await place.says("rosa", "look")
    await place.does("alice", message, "react", emoji="🎲")
    alices, rosas = await place.seen_by("alice", message), await place.seen_by("rosa", message)
    assert re.search(r'value="🎲" aria-pressed="true" title="alice">🎲 1<', alices)
    assert re.search(r'value="🎲" aria-pressed="false"', rosas)
    await place.does("alice", message, "react", emoji="🎲")
    assert message.reactions == {}


async def test_an_emoji_in_use_is_offered_everywhere(place: Place) -> None:
    """An emoji that an app or a person has used in a channel is offered below all of its messages."""
    message = await place.says("rosa", "look")
    assert "🎲" not in await place.seen_by("alice", message)
    await place.person("rosa").reacts(await place.says("alice", "another"), "🎲")
    assert '<button class="bare" name="emoji" value="🎲">' in await place.seen_by("alice", message)


@pytest.mark.parametrize("emoji", ["👍", "❤️", "🏳️‍🌈", "👩🏽‍🚀", "3️⃣", "🇨🇭", "☕"])
async def test_any_emoji_can_be_used(place: Place, emoji: str) -> None:
    """An emoji of several code points is one as well."""
    message = await place.says("rosa", "look")
    assert (await place.does("alice", message, "react", emoji=f" {emoji} "))[0] == 204
    assert list(message.reactions) == [emoji]


@pytest.mark.parametrize("words", ["", "hello", "7", ":smile:", "👍 👍", "é", "…"])
async def test_words_are_no_reaction(place: Place, words: str) -> None:
    """Text that isn't an emoji gets a message about emoji to paste."""
    message = await place.says("rosa", "look")
    assert "Paste a single emoji" in (await place.does("alice", message, "react", emoji=words))[1]
    assert message.reactions == {}


async def test_where_reacting_is_forbidden_it_is_not_offered(place: Place) -> None:
    """Without the permission there is no way to add an emoji, and a request for it is refused."""
    place.channel.overwrite(place.guild.everyone, deny=Permission.ADD_REACTIONS)
    message = await place.says("rosa", "look")
    assert "Add a reaction" not in await place.seen_by("alice", message)
    assert "Add Reactions" in (await place.does("alice", message, "react", emoji="👍"))[1]


async def test_an_apps_commands_are_in_the_menu(place: Place) -> None:
    """A message's menu has the app's commands, and one of them reaches the app with the message."""
    message = await place.says("rosa", "look")
    assert "Imagine from this" not in await place.seen_by("alice", message)
    await place.registers({"name": "Imagine from this", "type": 3})
    assert "Imagine from this" in await place.seen_by("alice", message)
    heard = await place.heard("alice", message, "use", command="Imagine from this")
    assert (heard["name"], heard["target_id"]) == ("Imagine from this", str(message.id))


async def test_one_deletes_ones_own_or_as_moderator(place: Place) -> None:
    """Delete is offered to the author and to moderators, and works for nobody else."""
    message = await place.says("rosa", "look")
    offered = {name: ">Delete<" in await place.seen_by(name, message) for name in ("rosa", "max", "alice")}
    assert offered == {"rosa": True, "max": True, "alice": False}
    assert "Manage Messages" in (await place.does("alice", message, "delete"))[1]
    assert (await place.does("max", message, "delete"))[0] == 204
    assert await place.seen_by("rosa", message) == ""
