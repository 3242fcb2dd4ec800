"""Modals: all components that an app may use can be read and filled in, and are sent back as by Discord."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from standins.discord.model.interactions import Interaction, InteractionType
from standins.discord.payload import Payload
from standins.discord.rules import component_rules as kind
from standins.discord.rules import modal_rules as modals
from tests.images import image_bytes
from tests.playground.web.desk import THINKING, Desk, Reply, filled, open_desk, untouched

OPTIONS = [{"label": "One", "value": "1", "description": "The first"}, {"label": "Two", "value": "2", "default": True}]


def labelled(label: str, **field: object) -> Payload:
    return {"type": modals.LABEL, "label": label, "component": {"custom_id": label.lower(), **field}}


def modal(*components: Payload) -> Payload:
    return {"type": 9, "data": {"title": "A form", "custom_id": "form", "components": list(components)}}


WORDS = labelled("Words", type=kind.TEXT_INPUT, style=2, value="as <before>", min_length=3, max_length=20)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as opened:
        opened.offers("form")
        yield opened


async def opens(desk: Desk, *components: Payload) -> Reply:
    """Make Alice open a modal with these components; the app only records her submission."""
    desk.answers = lambda asked: modal(*components) if asked.type is InteractionType.COMMAND else THINKING
    return await desk.posts("command", {}, spelling="/form")


async def sends(desk: Desk, *fields: tuple[str, str | bytes], seat: str = "alice/in/pictures") -> Reply:
    """Fill in the modal that was opened last, and send it off."""
    return await desk.posts(f"modals/{desk.heard[-1].id}", untouched(filled(*fields), "files"), seat)


def values(submitted: Interaction) -> Payload:
    """Return the values of each field that the app gets, by custom id."""
    inner = [(part.get("components") or [part.get("component")])[0] for part in submitted.data["components"]]
    return {field["custom_id"]: field.get("value", field.get("values")) for field in inner if field}


async def test_a_modal_opens_as_a_dialog(desk: Desk) -> None:
    """Its title, its text in Discord's markdown and its fields are there, and the command that led to it is done."""
    reply = await opens(desk, {"type": kind.TEXT, "content": "Some **advice**"}, WORDS)
    assert 'hx-target="#dialogs"' in reply.html
    assert ">A form</h2>" in reply.html
    assert "<strong>advice</strong>" in reply.html
    assert "as &lt;before&gt;</textarea>" in reply.html
    assert reply.event == "sent"


async def test_what_the_app_filled_in_stands_there(desk: Desk) -> None:
    """Defaults of menus, people, radio buttons and boxes are selected; several defaults are all visible."""
    rosa = {"id": str(desk.town.residents["rosa"].person.user.id), "type": "user"}
    people = labelled("People", type=kind.USER_SELECT, max_values=2, default_values=[rosa])
    menu = labelled("Menu", type=kind.STRING_SELECT, options=OPTIONS)
    radio = labelled("Radio", type=modals.RADIO_GROUP, options=OPTIONS)
    tick = labelled("Tick", type=modals.CHECKBOX, default=True)
    reply = await opens(desk, menu, people, radio, tick)
    assert '<option value="2" selected>Two</option>' in reply.html
    assert re.search(rf'type="checkbox" name="people" value="{rosa["id"]}" checked', reply.html)
    assert 'type="radio" name="radio" value="2" checked' in reply.html
    assert re.search(r'<input type="checkbox" [^>]*name="tick"[^>]* checked>', reply.html)


async def test_texts_and_choices_go_back_as_discord_sends_them(desk: Desk) -> None:
    """Lines, single and several choices, a radio button and a box that is not ticked any more."""
    short = {
        "type": kind.ACTION_ROW,
        "components": [{"type": kind.TEXT_INPUT, "label": "Old", "custom_id": "old", "style": 1}],
    }
    menu = labelled("Menu", type=kind.STRING_SELECT, options=OPTIONS)
    group = labelled("Group", type=modals.CHECKBOX_GROUP, options=OPTIONS, max_values=2)
    radio = labelled("Radio", type=modals.RADIO_GROUP, options=OPTIONS)
    await opens(desk, short, WORDS, menu, group, radio)
    choices = [("menu", "1"), ("group", "1"), ("group", "2"), ("radio", "1")]
    reply = await sends(desk, ("old", "a"), ("words", "b\r\nc"), *choices)
    expected = {"old": "a", "words": "b\nc", "menu": ["1"], "group": ["1", "2"], "radio": "1"}
    assert (reply.event, values(desk.heard[-1])) == ("sent", expected)


async def test_people_roles_channels_and_files_go_back_as_discord_sends_them(desk: Desk) -> None:
    """The objects are resolved beside their ids."""
    selects = {"user": kind.USER_SELECT, "role": kind.ROLE_SELECT, "channel": kind.CHANNEL_SELECT}
    fields = [labelled(name, type=type_) for name, type_ in selects.items()]
    await opens(desk, *fields, labelled("Files", type=modals.FILE_UPLOAD, max_values=10))
    rosa, lounge = desk.town.residents["rosa"].person.user, desk.town.channels["lounge"]
    ids = {"user": str(rosa.id), "role": str(desk.town.guild.id), "channel": str(lounge.id)}
    await sends(desk, *ids.items(), ("files", image_bytes("red")), ("files", image_bytes("blue")))
    told, resolved = values(desk.heard[-1]), desk.heard[-1].data["resolved"]
    assert told == {name: [value] for name, value in ids.items()} | {"files": list(resolved["attachments"])}
    assert len(resolved["attachments"]) == 2
    assert resolved["users"][ids["user"]]["global_name"] == "rosa"


async def test_what_is_emptied_is_empty(desk: Desk) -> None:
    """A person can delete the app's default value if the field isn't required."""
    tick = labelled("Tick", type=modals.CHECKBOX, default=True)
    menu = labelled("Menu", type=kind.STRING_SELECT, options=OPTIONS, required=False)
    words = labelled("Words", type=kind.TEXT_INPUT, style=1, value="before", required=False)
    await opens(desk, tick, menu, words)
    await sends(desk, ("menu", ""), ("words", ""))
    assert values(desk.heard[-1]) == {"tick": False, "menu": [], "words": ""}


async def test_what_a_client_refuses_is_marked_at_its_field(desk: Desk) -> None:
    """The browser gets the name of the field, and the form keeps its text to be fixed and sent again."""
    await opens(desk, WORDS)
    refused = await sends(desk, ("words", "no"))
    accepted = await sends(desk, ("words", "yes"))
    assert refused.mark == {"field": "words", "why": "The text must have 3 to 20 characters, not 2."}
    assert accepted.event == "sent"
    assert values(desk.heard[-1]) == {"words": "yes"}


async def test_silence_is_said_in_the_form(desk: Desk) -> None:
    """Behind the dialog nobody would see it; the form's text is still there."""
    await opens(desk, WORDS)
    desk.answers = lambda _: None
    sending = asyncio.create_task(sends(desk, ("words", "hello")))
    await desk.world.until(lambda: len(desk.heard) == 2)
    desk.world.clock.wind(3)
    assert (await sending).mark == {"field": None, "why": "The application did not respond."}


async def test_a_modal_is_only_for_whom_it_opened(desk: Desk) -> None:
    """Another person who submits it finds nothing there, and the app gets nothing."""
    await opens(desk, WORDS)
    reply = await sends(desk, ("words", "hello"), seat="rosa/in/pictures")
    assert reply.status == 404
    assert len(desk.heard) == 1
