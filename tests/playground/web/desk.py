"""A page to write on, without the bot: an app of the test replaces it, with prepared responses."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from playground.app import open_far_ends
from playground.bot_process import BotProcess
from playground.demo_server import Town
from playground.web.page import Backstage, open_page
from playground.web.pulse import Pulse
from standins.discord.answers import answer
from standins.discord.events import Event
from standins.discord.model.interactions import Interaction
from standins.discord.model.world import World
from standins.discord.payload import Payload

THINKING: Payload = {"type": 5}


@dataclass(frozen=True)
class Reply:
    """The response to a browser: the status, the HTML, and the event for the submitted form."""

    status: int
    html: str
    event: str

    @property
    def mark(self) -> Payload:
        """Return which field is marked, and why."""
        marked: Payload = json.loads(self.event)["marked"]
        return marked


@dataclass
class Desk:
    """A person's browser, and an app that responds to every interaction immediately, with the result of `answers`."""

    world: World
    town: Town
    browser: aiohttp.ClientSession
    address: str
    answers: Callable[[Interaction], Payload | None] = lambda _: THINKING
    heard: list[Interaction] = field(default_factory=list)

    def offers(self, name: str, *options: Payload, **more: object) -> None:
        """Make the app register a slash command."""
        self.world.commands.register({"name": name, "description": "Do it", "options": list(options)} | more, None)

    def hear(self, event: Event) -> None:
        """Be the app: take an interaction, and answer it unless told to be silent."""
        if not isinstance(event.subject, Interaction) or event.name != "INTERACTION_CREATE":
            return
        self.heard.append(event.subject)
        if body := self.answers(event.subject):
            answer(self.world, event.subject, body, {})

    async def gets(self, path: str, seat: str = "alice/in/pictures", **query: str) -> str:
        person, _, place = seat.partition("/in/")
        async with self.browser.get(f"{self.address}as/{person}/in/{place}/{path}", params=query) as response:
            return await response.text()

    async def posts(
        self, path: str, form: aiohttp.FormData | dict[str, str], seat: str = "alice/in/pictures", **query: str
    ) -> Reply:
        person, _, place = seat.partition("/in/")
        url = f"{self.address}as/{person}/in/{place}/{path}"
        async with self.browser.post(url, data=form, params=query) as response:
            return Reply(response.status, await response.text(), response.headers.get("HX-Trigger", ""))


def filled(*fields: tuple[str, str | bytes]) -> aiohttp.FormData:
    """Return a form as a browser sends it: of bytes, a picture's; names may come twice."""
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in fields:
        if isinstance(value, bytes):
            form.add_field(name, value, filename=f"{name}.png", content_type="image/png")
        else:
            form.add_field(name, value)
    return form


def untouched(form: aiohttp.FormData, name: str) -> aiohttp.FormData:
    """Add what a browser sends for a file input that was left alone."""
    form.add_field(name, b"", filename="", content_type="application/octet-stream")
    return form


@asynccontextmanager
async def open_desk() -> AsyncIterator[Desk]:
    """Serve the page, with a town behind it, until the block ends."""
    pulse = Pulse()
    async with open_far_ends() as ends, aiohttp.ClientSession() as browser:
        bot = BotProcess({}, Path(ends.folder), pulse.ring)
        async with open_page(Backstage(ends.discord, ends.apiframe, ends.town, bot, pulse), 0) as address:
            desk = Desk(ends.discord.world, ends.town, browser, address)
            with ends.discord.world.news.listening(desk.hear):
                yield desk
