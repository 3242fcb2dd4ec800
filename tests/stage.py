"""The stage of journeys: a server with a channel and a member, the two stand-ins, and the real bot between them."""

import asyncio
import json
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import aiohttp
import psycopg

from bot.runner import BotRunner
from playground.app import free_port, running_bot, settings_for
from standins.apiframe.jobs import Job, Pace
from standins.apiframe.server import ApiframeStandIn
from standins.clock import Clock
from standins.discord.client.options import OptionValue
from standins.discord.client.person import Person
from standins.discord.model.attachments import StoredFile
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from standins.discord.model.interactions import Interaction
from standins.discord.model.messages import Draft, Message
from standins.discord.model.roles import Role
from standins.discord.model.users import User
from standins.discord.server import DiscordStandIn

TIMEOUT_SECONDS = 60  # ends a test that can't pass any more; it isn't a measurement, since machines differ
QUICK = Pace(queued=0.0, drawing=0.05)
_REFERENCES = 'SELECT id, "references" FROM generations'
GENERATION = {"poll_seconds": 0.05, "progress_seconds": 0.1}
REQUESTS_A_MINUTE = 20 * 500  # the bot asks 20 times as often here as by default, so its account allows as much
BY_WEBHOOK = {**GENERATION, "poll_seconds": 600, "safety_poll_seconds": 600}  # asking would come too late for a test


@dataclass
class Stage:
    """The stand-ins with people; `running()` starts the bot between them, as often as a journey needs."""

    discord: DiscordStandIn
    apiframe: ApiframeStandIn
    folder: Path
    guild: Guild
    channel: Channel
    alice: Person
    browser: aiohttp.ClientSession
    settings: Mapping[str, object] = field(default_factory=dict)
    database_url: str = ""  # of the bot that ran last; without it, the file in the folder

    @property
    def clock(self) -> Clock:
        return self.discord.world.clock

    @asynccontextmanager
    async def running(self, **settings: object) -> AsyncIterator[BotRunner]:
        """Run the bot on this stage until the block ends."""
        changes = {"generation": GENERATION, **self.settings, **settings}
        self.database_url = str(changes.get("database_url", ""))
        async with running_bot(settings_for(self.discord, self.apiframe, self.folder, **changes)) as bot:
            yield bot

    def reachable(self) -> dict[str, object]:
        """Return settings with which Apiframe can reach the bot."""
        port = free_port()
        return {"http_port": port, "public_url": f"http://127.0.0.1:{port}"}

    async def imagine(self, prompt: str = "a red boat at dawn", /, **options: OptionValue) -> Interaction:
        """Make Alice type `/imagine`, and return once she has a response."""
        return await self.imagine_as(self.alice, prompt, **options)

    async def imagine_as(self, member: Person, prompt: str, /, **options: OptionValue) -> Interaction:
        interaction = await member.types("/imagine", self.channel, prompt=prompt, **options)
        await interaction.answered()
        return interaction

    def joins(self, who: str | User, *, roles: Iterable[Role] = ()) -> Person:
        """Make a person join the server, and return the member with their client."""
        return self.discord.person(self.guild.add_member(who, roles=roles))

    def strips(self, person: Person) -> None:
        """Take all roles in the server from somebody."""
        member = self.guild.members[person.id]
        member.loses(*member.roles)

    async def picture(self, interaction: Interaction, timeout: float = TIMEOUT_SECONDS) -> Message:
        """Wait until the answer to an interaction shows a picture, and return its message."""
        await self._until(lambda: has_picture(interaction.original), timeout)
        assert interaction.original is not None
        return interaction.original

    async def shows(self, words: str, timeout: float = TIMEOUT_SECONDS) -> Message:
        """Wait until some message in the channel that Alice sees says `words`, and return it."""

        def found() -> Message | None:
            return next((m for m in reversed(self.channel.messages_for(self.alice)) if words in text_of(m)), None)

        await self._until(found, timeout)
        message = found()
        assert message is not None
        return message

    async def settled(self) -> None:
        """Wait until no generation in the database is unfinished."""
        unfinished = "SELECT count(*) FROM generations WHERE state NOT IN ('delivered', 'failed')"
        with self._database() as database:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                while database.execute(unfinished).fetchone() != (0,):  # noqa: ASYNC110  (it tells nobody)
                    await asyncio.sleep(0.02)

    def rows(self, query: LiteralString) -> list[tuple[Any, ...]]:
        """Return what a query finds in the bot's database."""
        with self._database() as database:
            return database.execute(query).fetchall()

    def change(self, statement: LiteralString) -> None:
        """Change the bot's database, such as the time that something happens."""
        with self._database() as database:
            database.execute(statement)
            database.commit()

    def _database(self) -> closing[sqlite3.Connection] | closing[psycopg.Connection]:
        if self.database_url.startswith("postgres"):
            return closing(psycopg.connect(self.database_url, autocommit=True))
        return closing(sqlite3.connect(self.folder / "imagine.db"))

    def let_links_die(self) -> None:
        """Make two days pass between two runs of the bot, so that every link that Discord signed has expired."""
        with sqlite3.connect(self.folder / "imagine.db") as database:
            kept = [(key, json.loads(references)) for key, references in database.execute(_REFERENCES)]
            for key, references in kept:
                old = [{**each, "url": re.sub(r"ex=[0-9a-f]+", "ex=1", each["url"])} for each in references]
                database.execute('UPDATE generations SET "references" = ? WHERE id = ?', (json.dumps(old), key))
        database.close()

    def attached(self, interaction: Interaction) -> list[StoredFile]:
        """Return the files that came with a command, as Discord's CDN has them."""
        links = interaction.data.get("resolved", {}).get("attachments", {}).values()
        return [self.discord.world.cdn.at(attachment["url"]) for attachment in links]

    async def show_pictures(self, count: int, timeout: float = TIMEOUT_SECONDS) -> list[Message]:
        """Wait until as many pictures stand in the channel, and return them."""
        await self._until(lambda: len(self.pictures()) == count, timeout)
        return self.pictures()

    async def _until(self, predicate: Callable[[], object], timeout: float) -> None:
        """Wait for a condition; if it doesn't come true, the error shows the messages that people saw instead."""
        try:
            await self.discord.world.until(predicate, timeout)
        except TimeoutError as late:
            late.add_note(self._as_seen())
            raise

    def _as_seen(self) -> str:
        interactions = [
            f"{each.type.name} {each.data.get('name') or each.data.get('custom_id')}: {_first_answer_of(each)}"
            for each in self.discord.world.interactions.values()
        ]
        messages = [text_of(each) for each in self.channel.messages_for(self.alice)]
        return "\n- ".join(["What was asked, and what stands in the channel:", *interactions, *messages])

    def pictures(self) -> list[Message]:
        """Return the bot's messages with a picture that stand in the channel."""
        return [each for each in self.channel.messages_for(self.alice) if each.author.bot and has_picture(each)]

    def orders(self) -> list[dict[str, Any]]:
        """Return what Apiframe was asked for, oldest first."""
        return [dict(job.received) for job in self.jobs()]

    def jobs(self) -> list[Job]:
        return sorted(self.apiframe.jobs.values(), key=lambda job: job.accepted_at)


def _first_answer_of(interaction: Interaction) -> str:
    if interaction.callback is None:
        return "no answer"
    words = _texts(interaction.callback.data.get("components", []))
    return f"{interaction.callback.type.name} after {interaction.callback.seconds:.1f} s {' '.join(words)}".rstrip()


def has_picture(message: Message | None) -> bool:
    return message is not None and bool(message.payload()["attachments"])


def pictures_posted(message: Message) -> int:
    """Return how often a picture was put into a message."""
    return sum(bool(revision.draft.attachments) for revision in message.history)


def text_of(message: Message) -> str:
    """Return everything that a message says: its content and all text in its components."""
    return _text(message.draft)


def first_text_of(message: Message) -> str:
    """Return what a message said before it was edited."""
    return _text(message.history[0].draft)


def _text(draft: Draft) -> str:
    return "\n".join([draft.content, *_texts(draft.components)])


def _texts(components: Iterable[Mapping[str, Any]]) -> list[str]:
    texts: list[str] = []
    for component in components:
        texts += [component["content"]] if "content" in component else []
        texts += _texts(component.get("components", []))
    return texts


def is_private(message: Message) -> bool:
    """Return True if only the person who sent the request sees the message."""
    return bool(message.payload()["flags"] & 64)
