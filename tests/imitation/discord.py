"""A call of each operation that the stand-in for Discord imitates, in a world with something of each kind."""

import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from standins.discord import DiscordStandIn, Permission, Person, Sticker, Upload
from standins.discord.model.channel_types import ChannelType
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from standins.discord.model.interactions import Interaction
from tests.images import image_bytes

DIE = {"id": "1234567890123456789", "name": "die", "animated": True}
CUSTOM = f"{DIE['name']}:{DIE['id']}"
ROW = {
    "type": 1,
    "components": [
        {"type": 2, "style": 1, "label": "Again", "custom_id": "again", "emoji": DIE},
        {"type": 2, "style": 5, "label": "Help", "url": "https://boats.example"},
    ],
}
GERMAN = {"name_localizations": {"de": "form"}}
SHAPE = {
    "type": 3,
    "name": "shape",
    "description": "Its shape",
    "required": True,
    "choices": [{"name": "Square", "value": "1:1", **GERMAN}],
    "description_localizations": {"de": "Die Form"},
    **GERMAN,
}
STYLE = {"type": 3, "name": "style", "description": "Its style", "autocomplete": True, "min_length": 1, "max_length": 9}
SLASH = {"name": "draw", "description": "Draw", "options": [SHAPE, STYLE]}
ON_MESSAGE, ON_USER = {"name": "Draw this", "type": 3}, {"name": "Draw them", "type": 2}
EMBED = {
    "title": "Boat",
    "description": "Red",
    "url": "https://boats.example",
    "color": 255,
    "timestamp": "2026-07-18T10:00:00+00:00",
    "footer": {"text": "Flux"},
    "author": {"name": "alice"},
    "image": {"url": "attachment://boat.png"},
    "thumbnail": {"url": "attachment://boat.png"},
    "fields": [{"name": "Seed", "value": "7", "inline": True}],
}
V2, EPHEMERAL, CHANNELS = 1 << 15, 1 << 6, 8


@dataclass(frozen=True)
class Harbour:
    """A server with a channel and Alice, and a bot that knows nothing but HTTP."""

    discord: DiscordStandIn
    session: aiohttp.ClientSession
    guild: Guild
    channel: Channel
    alice: Person

    async def call(self, method: str, path: str, body: object = None, *, image: bool = False) -> Any:  # noqa: ANN401
        """Return the answer to a request, which has to succeed."""
        form = None
        if image:
            form = aiohttp.FormData({"payload_json": json.dumps(body)})
            form.add_field("files[0]", image_bytes("teal"), filename="boat.png", content_type="image/png")
        url, sent = self.discord.api_url + path, None if image else body
        async with self.session.request(method, url, data=form, json=sent) as response:
            text = await response.text()
            assert response.status < 300, f"{method} {path}: {response.status} {text}"
            return json.loads(text) if text else None


async def tour(discord: DiscordStandIn) -> None:
    """Call each operation at least once."""
    headers = {"Authorization": f"Bot {discord.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        harbour = founded(discord, session)
        await look_around(harbour)
        await register_commands(harbour)
        await exchange_messages(harbour)
        await put_reactions(harbour)
        await answer_interactions(harbour)


def founded(discord: DiscordStandIn, session: aiohttp.ClientSession) -> Harbour:
    """Return a server with a role, a thread and a channel of each kind."""
    guild = discord.world.add_guild("Harbour", boost=2)
    painters = guild.add_role("painters", mentionable=True)
    alice = discord.person(guild.add_member("alice", roles=[painters]))
    channel = guild.add_channel("pictures")
    for kind in ChannelType:
        if kind in {ChannelType.VOICE, ChannelType.STAGE, ChannelType.FORUM, ChannelType.NEWS}:
            guild.add_channel(kind.name.lower(), kind)
    channel.add_thread("details")
    guild.bot_role.permissions |= Permission.MANAGE_MESSAGES
    return Harbour(discord, session, guild, channel, alice)


async def look_around(harbour: Harbour) -> None:
    """Ask for everything that can only be read."""
    direct = await harbour.call("POST", "/users/@me/channels", {"recipient_id": str(harbour.alice.id)})
    for path in ("/gateway", "/gateway/bot", "/soundboard-default-sounds", "/sticker-packs"):
        await harbour.call("GET", path)
    for path in ("/users/@me", "/applications/@me", "/oauth2/applications/@me", f"/users/{harbour.alice.id}"):
        await harbour.call("GET", path)
    for below in ("", "/channels", "/roles", f"/members/{harbour.alice.id}"):
        await harbour.call("GET", f"/guilds/{harbour.guild.id}{below}")
    for channel_id in (*harbour.guild.channels, direct["id"]):
        await harbour.call("GET", f"/channels/{channel_id}")


async def register_commands(harbour: Harbour) -> None:
    """Register, show, change and remove commands, for all servers and for one."""
    everywhere = f"/applications/{harbour.discord.application_id}/commands"
    here = f"/applications/{harbour.discord.application_id}/guilds/{harbour.guild.id}/commands"
    for commands in (here, everywhere):
        made = await harbour.call("POST", commands, SLASH)
        await harbour.call("GET", commands)
        await harbour.call("GET", f"{commands}/{made['id']}")
        await harbour.call("PATCH", f"{commands}/{made['id']}", {"description": "Draw a picture"})
        await harbour.call("DELETE", f"{commands}/{made['id']}")
        await harbour.call("PUT", commands, [SLASH, ON_MESSAGE, ON_USER])
    [command, *_] = await harbour.call("GET", everywhere)
    await harbour.call("PUT", here, [])
    harbour.guild.restrict_command("draw", {harbour.alice: True, harbour.channel: True})
    await harbour.call("GET", f"{here}/permissions")
    await harbour.call("GET", f"{here}/{command['id']}/permissions")


async def exchange_messages(harbour: Harbour) -> None:
    """Write, read, change and delete messages of each kind."""
    messages = f"/channels/{harbour.channel.id}/messages"
    sticker: Sticker = harbour.discord.world.add_sticker("boat", image_bytes("teal"))
    asked = await harbour.alice.sends(
        harbour.channel, f"<@{harbour.discord.application_id}>", attachments=[Upload("a.png", image_bytes("red"))]
    )
    await harbour.alice.forwards(asked, harbour.channel)
    await harbour.alice.sends(harbour.channel, stickers=[sticker])
    reply = {"content": "hello", "embeds": [EMBED], "components": [ROW], "nonce": "7", "enforce_nonce": True}
    answer = {"message_reference": {"message_id": str(asked.id)}, "attachments": [{"id": 0, "description": "A boat"}]}
    posted = await harbour.call("POST", messages, reply | answer, image=True)
    await harbour.call("POST", messages, v2_message(), image=True)
    await harbour.call("POST", f"/channels/{harbour.channel.id}/typing")
    await harbour.call("PATCH", f"{messages}/{posted['id']}", {"content": "hello again"})
    await harbour.call("GET", messages)
    await harbour.call("GET", f"{messages}/{posted['id']}")
    await harbour.call("DELETE", f"{messages}/{posted['id']}")


def v2_message() -> dict[str, object]:
    """Return a message of components in a container."""
    return {"flags": V2, "components": [{"type": 17, "components": v2_parts()}]}


def v2_parts() -> list[dict[str, object]]:
    """Return a component of each kind that a container takes."""
    text = {"type": 10, "content": "A boat"}
    media = {"media": {"url": "attachment://boat.png"}, "description": "A boat"}
    square = {"label": "Square", "value": "1:1", "description": "As wide as high", "default": True, "emoji": DIE}
    menu = {"type": 3, "custom_id": "shape", "placeholder": "Shape", "options": [square]}
    return [
        {"type": 9, "components": [text], "accessory": {"type": 11, **media}},
        {"type": 12, "items": [media]},
        {"type": 14},
        {"type": 13, "file": {"url": "attachment://boat.png"}},
        {"type": 1, "components": [menu]},
        *({"type": 1, "components": [chooser(kind)]} for kind in (5, 6, 7, 8)),
        ROW,
    ]


def chooser(kind: int) -> dict[str, object]:
    """Return a menu of users, roles, both, or channels."""
    menu: dict[str, object] = {"type": kind, "custom_id": f"chosen {kind}", "placeholder": "Choose"}
    return menu | ({"channel_types": [0]} if kind == CHANNELS else {})


async def put_reactions(harbour: Harbour) -> None:
    """Put reactions below a message, list them and take them away."""
    message = await harbour.alice.sends(harbour.channel, "a boat")
    reactions = f"/channels/{harbour.channel.id}/messages/{message.id}/reactions"
    for path in (f"/{CUSTOM}/@me", f"/{CUSTOM}", f"/{CUSTOM}/{harbour.alice.id}", ""):
        await harbour.alice.reacts(message, CUSTOM)
        await harbour.call("PUT", f"{reactions}/{CUSTOM}/@me")
        await harbour.call("GET", f"{reactions}/{CUSTOM}")
        await harbour.call("GET", f"/channels/{harbour.channel.id}/messages/{message.id}")
        await harbour.call("DELETE", f"{reactions}{path}")


async def answer_interactions(harbour: Harbour) -> None:
    """Answer a command in each way, and change and delete the answers."""
    typed = await harbour.alice.types("/draw", harbour.channel, shape="1:1")
    await answer(harbour, typed, {"type": 5})
    await harbour.call(
        "PATCH", f"{webhook(harbour, typed)}/messages/@original", {"content": "A boat", "components": [ROW]}
    )
    assert typed.original is not None
    pressed = await harbour.alice.presses(typed.original, "Again")
    await answer(harbour, pressed, {"type": 6})
    for chosen in (
        await harbour.alice.uses(typed.original, "Draw this"),
        await harbour.alice.uses(harbour.alice, "Draw them", harbour.channel),
    ):
        await answer(harbour, chosen, {"type": 4, "data": {"content": "A boat", "flags": EPHEMERAL}})
    typed = await harbour.alice.types("/draw", harbour.channel, shape="1:1")
    await answer(harbour, typed, {"type": 4, "data": {"content": "A boat"}})
    followed = await harbour.call("POST", f"{webhook(harbour, typed)}?wait=true", {"content": "Another"})
    for name in ("@original", followed["id"]):
        message = f"{webhook(harbour, typed)}/messages/{name}"
        await harbour.call("GET", message)
        await harbour.call("PATCH", message, {"content": "A red boat"})
        await harbour.call("DELETE", message)


async def answer(harbour: Harbour, interaction: Interaction, body: object) -> None:
    """Send the first answer to an interaction."""
    path = f"/interactions/{interaction.id}/{interaction.token}/callback?with_response=true"
    await harbour.call("POST", path, body)


def webhook(harbour: Harbour, interaction: Interaction) -> str:
    """Return the address of an interaction's messages."""
    return f"/webhooks/{harbour.discord.application_id}/{interaction.token}"
