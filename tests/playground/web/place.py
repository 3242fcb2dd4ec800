"""A channel on the page, without the bot: an app of the test posts there, and records events."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from playground.app import FarEnds, open_far_ends
from playground.bot_process import BotProcess
from playground.web.page import Backstage, open_page
from playground.web.pulse import Pulse
from standins.discord.client.options import OptionValue
from standins.discord.client.person import Person
from standins.discord.model.attachments import Upload
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from standins.discord.model.messages import Message
from standins.discord.model.stickers import Sticker
from standins.discord.model.users import User
from standins.discord.payload import Payload
from tests.standins.discord.conftest import Api

V2, PRIVATE = 1 << 15, 1 << 6
OPTIONS = [{"label": f"Picture {n}", "value": f"p{n}", "description": f"made {n} days ago"} for n in (1, 2, 3)]


@dataclass
class Place:
    """The channel `pictures` as browsers see it; the app speaks by Discord's own API."""

    ends: FarEnds
    api: Api
    page: str
    session: aiohttp.ClientSession

    @property
    def guild(self) -> Guild:
        return self.ends.town.guild

    @property
    def channel(self) -> Channel:
        return self.ends.town.channels["pictures"]

    def user(self, name: str) -> User:
        return self.ends.town.residents[name].person.user

    def person(self, name: str) -> Person:
        return self.ends.town.residents[name].person

    async def says(
        self,
        name: str,
        text: str = "",
        *,
        attachments: Sequence[Upload] = (),
        reply_to: Message | None = None,
        embeds: Sequence[Payload] = (),
        stickers: Sequence[Sticker] = (),
    ) -> Message:
        return await self.person(name).sends(
            self.channel, text, attachments=attachments, reply_to=reply_to, embeds=embeds, stickers=stickers
        )

    async def posts(self, *components: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> Message:
        """Make the app post components."""
        body = {"flags": V2, "components": components}
        answer = await self.api("POST", f"/channels/{self.channel.id}/messages", body, files=files)
        assert answer.status == 200, answer.body
        return self.channel.messages[int(answer.body["id"])]

    async def asks(self, name: str, command: str, **options: OptionValue) -> Message:
        """Make a person type a command that the app answers in private."""
        asked = await self.person(name).types(command, self.channel, **options)
        await self.answers(asked.payload(), flags=PRIVATE)
        assert asked.original is not None
        return asked.original

    async def answers(self, interaction: Mapping[str, Any], *, flags: int = 0) -> None:
        body = {"type": 4, "data": {"content": "Here you are.", "flags": flags}}
        await self.api("POST", f"/interactions/{interaction['id']}/{interaction['token']}/callback", body)

    async def registers(self, *commands: Mapping[str, Any]) -> None:
        await self.api("PUT", f"/applications/{self.ends.discord.application_id}/commands", list(commands))

    async def seen_by(self, name: str, message: Message | None = None, place: str = "pictures") -> str:
        """Return the HTML of all messages, or of one, as somebody's browser gets it."""
        async with self.session.get(f"{self.page}as/{name}/in/{place}") as response:
            whole = await response.text()
        found = re.search(r'<div id="messages".*?<section id="composer"', whole, re.DOTALL)
        assert found is not None
        if message is None:
            return found[0]
        one = re.search(rf'<article [^>]*id="message-{message.id}".*?</article>', found[0], re.DOTALL)
        return one[0] if one else ""

    async def does(self, name: str, message: Message, gesture: str, **form: str | Sequence[str]) -> tuple[int, str]:
        """Make a person's browser send a form about a message; return the status and the notice."""
        fields = [(key, one) for key, value in form.items() for one in ([value] if isinstance(value, str) else value)]
        address = f"{self.page}as/{name}/in/pictures/messages/{message.id}/{gesture}"
        async with self.session.post(address, data=aiohttp.FormData(fields)) as response:
            return response.status, await response.text()

    async def heard(self, name: str, message: Message, gesture: str, **form: str | Sequence[str]) -> dict[str, Any]:
        """Make a person do something that the app gets an event for; return the event."""
        with self.ends.discord.world.subscribe() as events:
            doing = asyncio.create_task(self.does(name, message, gesture, **form))
            async for event in events:
                if event.name == "INTERACTION_CREATE":
                    await self.answers(event.payload)
                    assert (await doing)[0] == 204
                    data: dict[str, Any] = event.payload["data"]
                    return data
        raise AssertionError("unreachable")

    async def fetches(self, name: str, address: str) -> tuple[int, Mapping[str, str], bytes]:
        async with self.session.get(
            f"{self.page.rstrip('/')}{address.replace('/as/alice/', f'/as/{name}/')}"
        ) as response:
            return response.status, response.headers, await response.read()


@asynccontextmanager
async def open_place() -> AsyncIterator[Place]:
    """Open a playground with its page, and nobody in it but its people."""
    async with open_far_ends() as ends, aiohttp.ClientSession() as session:
        pulse = Pulse()
        bot = BotProcess(ends.environment(), ends.folder, pulse.ring)
        async with open_page(Backstage(ends.discord, ends.apiframe, ends.town, bot, pulse), 0) as page:
            yield Place(ends, Api(session, ends.discord), page, session)


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


def row(*inside: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": inside}


def button(**more: object) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": "Again", "custom_id": "again"} | more


def menu(kind: int, **more: object) -> dict[str, Any]:
    return {"type": kind, "custom_id": "menu", "placeholder": "Choose"} | more


def picture(name: str, **more: object) -> dict[str, Any]:
    return {"media": {"url": f"attachment://{name}"}} | more


def addresses(html: str, attribute: str = "src") -> list[str]:
    return re.findall(rf' {attribute}="([^"]*)"', html)
