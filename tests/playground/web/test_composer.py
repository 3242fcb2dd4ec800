"""The composer: its suggestions, its messages and commands, and its errors."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from standins.discord.model.interactions import Interaction
from standins.discord.model.permissions import Permission
from standins.discord.payload import Payload
from standins.discord.rules import command_rules as kind
from tests.images import image_bytes
from tests.playground.web.desk import Desk, filled, open_desk, untouched

EVERY_KIND = (
    {"type": kind.STRING, "name": "words", "description": "Some words", "required": True, "max_length": 20},
    {"type": kind.STRING, "name": "shape", "description": "A shape", "autocomplete": True},
    {"type": kind.STRING, "name": "size", "description": "A size", "choices": [{"name": "Large", "value": "l"}]},
    {"type": kind.INTEGER, "name": "count", "description": "How many", "min_value": 2, "max_value": 9},
    {"type": kind.INTEGER, "name": "level", "description": "A level", "choices": [{"name": "High", "value": 3}]},
    {"type": kind.NUMBER, "name": "price", "description": "A price"},
    {"type": kind.BOOLEAN, "name": "loud", "description": "Loud or not"},
    {"type": kind.USER, "name": "who", "description": "Somebody"},
    {"type": kind.ROLE, "name": "role", "description": "A role"},
    {"type": kind.MENTIONABLE, "name": "either", "description": "Somebody or a role"},
    {"type": kind.CHANNEL, "name": "where", "description": "A place", "channel_types": [0]},
    {"type": kind.ATTACHMENT, "name": "image", "description": "An image"},
)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as opened:
        yield opened


def spellings(html: str) -> list[str]:
    return re.findall(r'data-value="([^"]+)"', html)


def control(form: str, name: str) -> str:
    """Return the tag of the control with a name."""
    found = re.search(rf'<(?:input|select|textarea)[^>]*name="{name}"[^>]*>', form)
    assert found is not None
    return found[0]


async def test_people_are_offered_what_they_may_use(desk: Desk) -> None:
    """A moderator's commands, down to their subcommands, are in the moderator's list and in no member's."""
    below = {"type": kind.SUBCOMMAND, "name": "everyone", "description": "For all"}
    group = {"type": kind.GROUP, "name": "words", "description": "Words", "options": [below | {"name": "add"}]}
    desk.offers("limits", below, group, default_member_permissions=str(int(Permission.MANAGE_GUILD)))
    desk.offers("imagine")
    assert spellings(await desk.gets("suggestions", text="/")) == ["/imagine"]
    seen = spellings(await desk.gets("suggestions", "max/in/pictures", text="/"))
    assert seen == ["/imagine", "/limits everyone", "/limits words add"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("/limits w", ["/limits words"]),
        ("/words", ["/words", "/limits words"]),
        ("/sum of words", ["/sum"]),
        ("/x", []),
    ],
)
async def test_the_list_follows_what_is_typed(desk: Desk, typed: str, found: list[str]) -> None:
    """Names that begin with the text come first, then those that contain it; an exact name, or a space, leaves one."""
    desk.offers("limits", {"type": kind.SUBCOMMAND, "name": "words", "description": "Words"})
    desk.offers("sum")
    desk.offers("words")
    assert spellings(await desk.gets("suggestions", text=typed)) == found


async def test_people_here_can_be_mentioned_by_name(desk: Desk) -> None:
    """After an @, the bot and the people of the server are offered; a stranger's direct messages have two people."""
    assert spellings(await desk.gets("suggestions", text="@o")) == ["@olivia"]
    assert spellings(await desk.gets("suggestions", "sam/in/direct", text="@")) == ["@sam", "@Imagine"]


async def test_a_mention_is_sent_as_discord_spells_it(desk: Desk) -> None:
    """Names of people here become mentions, whatever their capitals; an address of e-mail stays one."""
    await desk.posts("message", {"text": "@imagine and @max: mail@alice,\r\n@nobody"})
    [message] = desk.town.channels["pictures"].messages_for(desk.town.residents["alice"].person)
    bot, max_ = desk.world.bot, desk.town.residents["max"].person.user
    assert message.content == f"<@{bot.id}> and <@{max_.id}>: mail@alice,\n@nobody"
    assert message.mentions.users == (bot, max_)


async def test_images_go_with_a_message_and_an_answer_names_its_message(desk: Desk) -> None:
    """Several files arrive in order, with the message replied to; an empty file input is ignored."""
    first = await desk.posts("message", {"text": "look"})
    channel, alice = desk.town.channels["pictures"], desk.town.residents["alice"].person
    [look] = channel.messages_for(alice)
    form = filled(("text", ""), ("reply_to", str(look.id)), ("files", b"1"), ("files", b"2"))
    second = await desk.posts("message", untouched(form, "files"))
    _, answer = channel.messages_for(alice)
    assert (first.event, second.event) == ("sent", "sent")
    assert [file.read() for file in answer.attachments] == [b"1", b"2"]
    assert answer.reference is look


@pytest.mark.parametrize(("fields", "pings"), [({}, True), ({"no_ping": "on"}, False)])
async def test_the_ping_of_a_reply_can_be_switched_off(desk: Desk, fields: dict[str, str], pings: bool) -> None:
    """As in Discord's client, it's on at first."""
    await desk.posts("message", {"text": "look"})
    channel, alice = desk.town.channels["pictures"], desk.town.residents["alice"].person
    [look] = channel.messages_for(alice)
    await desk.posts("message", {"text": "lovely", "reply_to": str(look.id)} | fields)
    _, answer = channel.messages_for(alice)
    assert (alice.user in answer.mentions.users) is pings


@pytest.mark.parametrize(
    ("fields", "why"), [({"text": "x" * 2001}, "1 to 2000 characters"), ({"reply_to": "7"}, "was deleted")]
)
async def test_a_message_that_cannot_be_sent_is_explained(desk: Desk, fields: dict[str, str], why: str) -> None:
    """A notice explains it, and the form keeps its text."""
    reply = await desk.posts("message", {"text": "hello"} | fields)
    assert 'hx-target="#notices"' in reply.html
    assert why in reply.html
    assert reply.event == ""
    assert not desk.town.channels["pictures"].messages


async def test_a_form_has_a_control_for_every_kind_of_option(desk: Desk) -> None:
    """Bounds, choices and names are as registered; required options are shown, the rest can be added."""
    desk.offers("do", *EVERY_KIND)
    form = await desk.gets("command", spelling="/do")
    assert "required" in control(form, "words")
    assert "up to 20 characters" in form
    assert 'type="number"' in control(form, "count")
    assert 'step="1" min="2" max="9"' in control(form, "count")
    assert 'step="any"' in control(form, "price")
    assert 'type="file"' in control(form, "image")
    assert 'data-completes="shape"' in form
    for label in ("Large", "High", "True", "False", "rosa", "@painters", "#lounge"):
        assert f">{label}</option>" in form
    optional = [option["name"] for option in EVERY_KIND if not option.get("required")]
    assert re.findall(r'data-optional="(\w+)" hidden', form) == re.findall(r'data-adds="(\w+)"', form) == optional


async def test_every_kind_of_option_reaches_the_app(desk: Desk) -> None:
    """Each arrives as Discord sends it, in the registered type; empty ones are left out."""
    desk.offers("do", *EVERY_KIND)
    rosa, lounge = desk.town.residents["rosa"].person.user, desk.town.channels["lounge"]
    painters = next(role for role in desk.town.guild.roles.values() if role.name == "painters")
    typed = {
        "words": "a\r\nb",
        "shape": "16:9",
        "size": "l",
        "count": "5",
        "level": "3",
        "price": "1.5",
        "loud": "False",
    }
    named = {"who": str(rosa.id), "role": str(painters.id), "either": str(painters.id), "where": str(lounge.id)}
    reply = await desk.posts("command", filled(*(typed | named).items(), ("image", image_bytes("red"))), spelling="/do")
    [interaction] = desk.heard
    values = {option["name"]: option["value"] for option in interaction.data["options"]}
    image = values.pop("image")
    assert reply.event == "sent"
    assert values == {**named, **typed, "words": "a\nb", "count": 5, "level": 3, "price": 1.5, "loud": False}
    assert interaction.data["resolved"]["attachments"][image]["filename"] == "image.png"


async def test_options_left_empty_are_left_out(desk: Desk) -> None:
    """A browser sends every field of a form; only filled ones are sent on."""
    desk.offers("do", *EVERY_KIND)
    empty = [(str(option["name"]), "") for option in EVERY_KIND if option["name"] not in {"words", "image"}]
    await desk.posts("command", untouched(filled(("words", "a"), *empty), "image"), spelling="/do")
    assert [option["name"] for option in desk.heard[0].data["options"]] == ["words"]


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("words", "", "This option is required."),
        ("words", "x" * 21, "The text must have 1 to 20 characters, not 21."),
        ("count", "many", "'many' is not a number of the right kind."),
        ("count", "10", "The number must be from 2 to 9, not 10."),
        ("who", "7", "'7' is not of option type 6."),
    ],
)
async def test_what_a_client_marks_red_is_marked_at_its_field(desk: Desk, name: str, value: str, why: str) -> None:
    """The browser gets the invalid field and the reason, and the app gets nothing."""
    desk.offers("do", *EVERY_KIND)
    reply = await desk.posts("command", {"words": "a", name: value}, spelling="/do")
    assert reply.mark == {"field": name, "why": why}
    assert desk.heard == []


async def test_a_command_that_was_taken_away_is_explained(desk: Desk) -> None:
    """Whether it goes before its form is opened or after, a sentence says so."""
    for reply in (
        await desk.gets("command", spelling="/do"),
        (await desk.posts("command", {}, spelling="/do")).html,
    ):
        assert "The bot no longer has /do here." in reply


async def test_an_app_that_is_silent_is_said_to_be(desk: Desk) -> None:
    """After three seconds the channel says so until it is dismissed, and the form isn't treated as sent."""
    desk.offers("do")
    desk.answers = lambda _: None
    sending = asyncio.create_task(desk.posts("command", {}, spelling="/do"))
    await desk.world.until(lambda: desk.heard)
    desk.world.clock.wind(3)
    reply = await sending
    assert (reply.html, reply.event) == ("", "")
    page = f"{desk.address}as/alice/in/pictures"
    async with desk.browser.get(page) as response:
        shown = await response.text()
    assert "The application did not respond" in shown
    [address] = re.findall(r'hx-post="/as/alice/in/pictures/(unanswered/\d+/dismiss)"', shown)
    assert [(await desk.posts(address, {})).status for _ in range(2)] == [204, 404]
    async with desk.browser.get(page) as response:
        assert "The application did not respond" not in await response.text()


async def test_the_app_completes_an_option_and_knows_the_others(desk: Desk) -> None:
    """The app gets the text and the other options; its choices have a name and a value."""
    desk.offers("do", *EVERY_KIND)

    def complete(asked: Interaction) -> Payload:
        names = "+".join(option["name"] for option in asked.data["options"])
        return {"type": 8, "data": {"choices": [{"name": f"After {names}", "value": "16:9"}]}}

    desk.answers = complete
    reply = await desk.posts("completions", {"shape": "1", "count": "5"}, spelling="/do", option="shape", text="16")
    assert 'data-value="16:9">After count+shape</li>' in reply.html


async def test_a_completion_that_fails_says_why(desk: Desk) -> None:
    """If another option is invalid, nothing can be chosen, and the list shows the error."""
    desk.offers("do", *EVERY_KIND)
    reply = await desk.posts("completions", {"count": "10"}, spelling="/do", option="shape", text="")
    assert 'aria-disabled="true">count: the number must be from 2 to 9, not 10</li>' in reply.html
