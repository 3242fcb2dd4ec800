"""Components v2 are shown as sent, and refused where Discord refuses them."""

import io
from typing import Any

import discord
import pytest

from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from tests.standins.discord.conftest import Api, Running, bare_bot, png

V2 = 1 << 15


def text(content: str = "x") -> dict[str, Any]:
    return {"type": 10, "content": content}


def button(**more: object) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": "Again", "custom_id": "again"} | more


def option(**more: object) -> dict[str, Any]:
    return {"label": "Boat", "value": "boat"} | more


def row(*inside: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(inside)}


def gallery(*urls: str, description: str | None = None) -> dict[str, Any]:
    return {"type": 12, "items": [{"media": {"url": url}, "description": description} for url in urls]}


async def test_a_layout_with_a_picture_is_shown(running: Running, channel: Channel, alice: Person) -> None:
    """discord.py's own layout, with a file, comes out with the picture's link in the gallery and numbered parts."""
    bot = bare_bot()

    @bot.tree.command()
    async def imagine(interaction: discord.Interaction) -> None:
        """Draw."""
        view = discord.ui.LayoutView()
        picture = discord.MediaGalleryItem("attachment://boat.png", description="a red boat")
        view.add_item(discord.ui.Container(discord.ui.TextDisplay("a red boat"), discord.ui.MediaGallery(picture)))
        file = discord.File(io.BytesIO(png()), "boat.png")
        await interaction.response.send_message(view=view, file=file)

    async with running(bot):
        interaction = await alice.types("/imagine", channel)
        await interaction.answered()
        message = interaction.original
        assert message is not None
        shown = message.payload()["components"][0]
        media = shown["components"][1]["items"][0]["media"]
        assert (message.text, shown["id"], media["width"]) == ("a red boat", 1, 4)
        assert media["attachment_id"] == str(message.attachments[0].id)
        assert message.attachments[0].read() == png()


REFUSED: list[tuple[str, list[dict[str, Any]], str]] = [
    ("41 components", [row(*[button(custom_id=f"{r}{n}") for n in range(5)]) for r in range(7)], "MAX_TOTAL"),
    ("4001 characters", [text("x" * 4000), text("y")], "DISPLAYABLE_TEXT"),
    ("two buttons of one custom id", [row(button(), button())], "DUPLICATED"),
    ("six buttons in a row", [row(*[button(custom_id=str(n)) for n in range(6)])], "BAD_LENGTH"),
    ("a label of 81 characters", [row(button(label="x" * 81))], "MAX_LENGTH"),
    ("a custom id of 101 characters", [row(button(custom_id="x" * 101))], "BAD_LENGTH"),
    ("a link with a custom id", [row(button(style=5, url="https://example.com"))], "CUSTOM_ID_AND_URL"),
    ("a link into the file system", [row(button(style=5, custom_id=None, url="file:///etc/passwd"))], "INVALID_SCHEME"),
    ("a link of 513 characters", [row(button(style=5, custom_id=None, url=f"https://{'x' * 505}"))], "MAX_LENGTH"),
    ("a button alone", [button()], "UNION_TYPE_CHOICES"),
    ("an empty gallery", [gallery()], "BAD_LENGTH"),
    ("eleven pictures", [gallery(*["https://example.com/a.png"] * 11)], "BAD_LENGTH"),
    ("alt text of 1025 characters", [gallery("https://example.com/a.png", description="x" * 1025)], "BAD_LENGTH"),
    ("a file that was not sent", [gallery("attachment://b.png")], "REFERENCED_ATTACHMENT_NOT_FOUND"),
    ("a section without accessory", [{"type": 9, "components": [text()]}], "REQUIRED"),
    ("a section of four texts", [{"type": 9, "components": [text()] * 4, "accessory": button()}], "BAD_LENGTH"),
    ("a button with an arrow that is no emoji", [row(button(emoji={"name": "↻"}))], "BUTTON_COMPONENT_INVALID_EMOJI"),
    ("a button with two emoji", [row(button(emoji={"name": "🎲🎲"}))], "BUTTON_COMPONENT_INVALID_EMOJI"),
    ("a button with a nameless emoji", [row(button(emoji={"id": None}))], "BASE_TYPE_REQUIRED"),
    (
        "an option with a word for an emoji",
        [row({"type": 3, "custom_id": "m", "options": [option(emoji={"name": "dice"})]})],
        "BUTTON_COMPONENT_INVALID_EMOJI",
    ),
    (
        "an option described in 101 characters",
        [row({"type": 3, "custom_id": "m", "options": [option(description="x" * 101)]})],
        "MAX_LENGTH",
    ),
    (
        "a menu with more default values than can be chosen",
        [row({"type": 6, "custom_id": "m", "default_values": [{"type": "role", "id": f"{n}"} for n in (1, 2)]})],
        "LENGTH",
    ),
    (
        "a menu with fewer default values than have to be chosen",
        [
            row(
                {"type": 8, "custom_id": "m", "min_values": 2, "max_values": 3}
                | {"default_values": [{"type": "channel", "id": "1"}]}
            )
        ],
        "LENGTH",
    ),
    (
        "a menu from which more have to be chosen than can be",
        [row({"type": 8, "custom_id": "m", "min_values": 3, "max_values": 2})],
        "NUMBER_TYPE_MIN",
    ),
    (
        "a menu of roles that begins with a channel",
        [row({"type": 6, "custom_id": "m", "default_values": [{"type": "channel", "id": "1"}]})],
        "",
    ),
    (
        "a menu of 26",
        [row({"type": 3, "custom_id": "m", "options": [{"label": f"{n}", "value": f"{n}"} for n in range(26)]})],
        "LENGTH",
    ),
]


@pytest.mark.parametrize(("components", "code"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
async def test_rules_of_components(api: Api, channel: Channel, components: list[dict[str, Any]], code: str) -> None:
    """Each rule refuses with its place and code, and nothing is posted."""
    if code == "MAX_TOTAL":
        components = [*components, text()]
    refused = await api("POST", f"/channels/{channel.id}/messages", {"flags": V2, "components": components})
    assert (refused.status, refused.body["code"]) == (400, 50035)
    assert code in str(refused.body["errors"]["components"])
    assert not channel.messages


@pytest.mark.parametrize("emoji", ["🎲", "ℹ️", "ℹ", "1️⃣", "👍🏽", "🇩🇪", "🇩", "👩‍🚀"])
async def test_buttons_and_options_bear_emoji(api: Api, channel: Channel, emoji: str) -> None:
    """Every emoji on Unicode's list is accepted, with or without its variation selector."""
    menu = {"type": 3, "custom_id": "m", "options": [option(emoji={"name": emoji})]}
    components = [row(button(emoji={"name": emoji})), row(menu)]
    posted = await api("POST", f"/channels/{channel.id}/messages", {"flags": V2, "components": components})
    assert posted.status == 200
    assert posted.body["components"][0]["components"][0]["emoji"] == {"name": emoji}


@pytest.mark.parametrize("beside", [{"content": "x"}, {"embeds": [{"title": "x"}]}])
async def test_layouts_stand_alone(api: Api, channel: Channel, beside: dict[str, Any]) -> None:
    """Neither content nor embeds go beside components v2, on creation or later."""
    messages = f"/channels/{channel.id}/messages"
    assert (await api("POST", messages, {"flags": V2, "components": [text()]} | beside)).body["code"] == 50035
    posted = await api("POST", messages, {"flags": V2, "components": [text()]})
    assert (await api("PATCH", f"{messages}/{posted.body['id']}", beside)).body["code"] == 50035


async def test_a_layout_stays_a_layout(api: Api, channel: Channel) -> None:
    """An edit cannot take the flag away; and a plain message becomes a layout only without its content."""
    messages = f"/channels/{channel.id}/messages"
    layout = await api("POST", messages, {"flags": V2, "components": [text()]})
    edited = await api("PATCH", f"{messages}/{layout.body['id']}", {"flags": 0, "components": [text("new")]})
    assert edited.body["flags"] == V2
    plain = f"{messages}/{(await api('POST', messages, {'content': 'x'})).body['id']}"
    assert (await api("PATCH", plain, {"flags": V2, "components": [text()]})).body["code"] == 50035
    emptied = {"flags": V2, "content": None, "components": [text()]}
    assert (await api("PATCH", plain, emptied)).body["flags"] == V2


async def test_a_picture_can_be_swapped(api: Api, channel: Channel) -> None:
    """An edit shows the new file by its name; one that is thrown away cannot be shown any more."""
    messages = f"/channels/{channel.id}/messages"
    body = {"flags": V2, "components": [gallery("attachment://a.png")]}
    posted = await api("POST", messages, body, files={"a.png": png()})
    message = f"{messages}/{posted.body['id']}"
    swapped = {"components": [gallery("attachment://b.png")], "attachments": [{"id": 0}]}
    edited = await api("PATCH", message, swapped, files={"b.png": png(8, 8)})
    assert edited.body["components"][0]["items"][0]["media"]["width"] == 8
    gone = {"components": [gallery("attachment://a.png")]}
    assert "NOT_FOUND" in str((await api("PATCH", message, gone)).body["errors"])
    same = {"components": [gallery(edited.body["attachments"][0]["url"])]}
    assert (await api("PATCH", message, same)).body["components"][0]["items"][0]["media"]["width"] == 8
