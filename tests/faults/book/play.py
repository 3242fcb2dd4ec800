"""A round of people and the bot: what they can do, how the bot dies, and when everything has settled."""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto

from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from standins.exchange import Exchange
from tests.faults.book.book import Book
from tests.faults.book.records import Records
from tests.faults.machine import BotProcess, Machine
from tests.journeys.answers import private_answer
from tests.stage import TIMEOUT_SECONDS

ENOUGH = 10_000
READY = "Ready as"  # in the log
LIMITS = {
    "LIMITS__MEMBER__IMAGES_PER_HOUR": str(ENOUGH),
    "LIMITS__MEMBER__IMAGES_PER_DAY": str(ENOUGH),
    "LIMITS__MEMBER__CREDITS_PER_MONTH": str(ENOUGH),
    "LIMITS__MEMBER__CONCURRENT": str(ENOUGH),
}
QUIET_SECONDS = 0.15
QUIET_IN_DOUBT_SECONDS = 1.5  # if either nothing or a picture may come
HOPELESS_SECONDS = 40.0  # without an exchange: nothing comes any more, not even what another process had begun
_GLANCE_SECONDS = 0.02
_MOMENT_SECONDS = 1.0
_PICTURES = re.compile(r"(\d+) pictures? · page")
_USED = re.compile(r"([\d,]+) of 10,000")


class Restart(Enum):
    """How the bot's process ends before it starts again."""

    NONE = auto()
    STOPPED = auto()
    KILLED = auto()


class Exchanges:
    """Waits for requests to the stand-ins, and knows for how long there were none."""

    def __init__(self, machine: Machine) -> None:
        self._awaited, self._came = 0, asyncio.Event()
        self._latest = time.monotonic()
        machine.stage.discord.observers.append(self._note)
        machine.stage.apiframe.observers.append(self._note)

    def _note(self, _: Exchange) -> None:
        self._latest = time.monotonic()
        self._awaited -= 1
        if self._awaited == 0:
            self._came.set()

    async def come(self, count: int) -> None:
        """Return after `count` more, or when a moment has passed, since there may be fewer."""
        self._awaited, self._came = count, asyncio.Event()
        with suppress(TimeoutError):
            async with asyncio.timeout(_MOMENT_SECONDS if count else 0):
                await self._came.wait()

    @property
    def quiet_seconds(self) -> float:
        return time.monotonic() - self._latest


class Bot:
    """The bot on its machine, which lives on from round to round."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.exchanges = Exchanges(machine)
        self._process: BotProcess | None = None

    async def starts(self) -> None:
        """Start a process, and return once it is ready."""
        ready = self.machine.log.count(READY) + 1
        self._process = await self.machine.starts(**LIMITS)
        await self.machine.until(lambda: self.machine.log.count(READY) == ready)

    async def restarts(self, how: Restart) -> None:
        """End the process in some way, and start it again."""
        if how is Restart.NONE or self._process is None:
            return
        if how is Restart.KILLED:
            self._process.kill()
            await self._process.ended()
        else:
            assert await self._process.stops(within=20) == 0
        await self.starts()


@dataclass
class Play:
    """One round on a server of its own: two members and a moderator of messages."""

    bot: Bot
    guild: Guild
    channel: Channel
    showcase: Channel
    reviews: Channel
    people: Sequence[Person]
    jobs_before: frozenset[str]
    charged_before: int
    told: list[str] = field(default_factory=list)  # the actions, for readers of a failed test

    @classmethod
    def begins(cls, bot: Bot) -> "Play":
        stage = bot.machine.stage
        guild = stage.discord.world.add_guild("Harbour")
        moderators = guild.add_role("moderators", Permission.MANAGE_MESSAGES | Permission.MANAGE_GUILD)
        people = [stage.discord.person(guild.add_member(name)) for name in ("alice", "bob")]
        people.append(stage.discord.person(guild.add_member("mo", roles=[moderators])))
        jobs = frozenset(stage.apiframe.jobs)
        channel, showcase, reviews = (guild.add_channel(name) for name in ("pictures", "showcase", "reviews"))
        return cls(bot, guild, channel, showcase, reviews, people, jobs, stage.apiframe.charged)

    def records(self) -> Records:
        """Return what the stand-ins have of this round."""
        stage = self.bot.machine.stage
        jobs = [job for job in stage.jobs() if job.id not in self.jobs_before]
        places = [self.channel, *(person.opens_direct_messages() for person in self.people)]
        bot = stage.discord.world.bot
        messages, shown = (
            [each for place in where for each in place.messages.values() if each.author is bot and not each.deleted_at]
            for where in (places, [self.showcase])
        )
        return Records(jobs, messages, shown, stage.apiframe.charged - self.charged_before, bot)

    async def settles(self, *books: Book) -> Book:
        """Return the book that the records agree with once nothing moves any more, completed from them."""
        quiet = QUIET_SECONDS if len(books) == 1 else QUIET_IN_DOUBT_SECONDS
        began = time.monotonic()
        while True:
            records = self.records()
            agreeing = [book for book in books if not records.differences(book)]
            quiet_seconds = self.bot.exchanges.quiet_seconds
            if agreeing and quiet_seconds >= quiet:
                return records.learnt(agreeing[0])
            waited_seconds = time.monotonic() - began
            if min(quiet_seconds, waited_seconds) > HOPELESS_SECONDS or waited_seconds > TIMEOUT_SECONDS:
                raise AssertionError("\n".join(self._report(books, records)))
            await asyncio.sleep(_GLANCE_SECONDS)

    def _report(self, books: Sequence[Book], records: Records) -> list[str]:
        lines = ["The records differ from the book after:", *self.told]
        for number, book in enumerate(books, start=1):
            lines += [f"from possibility {number} of {len(books)}:", *records.differences(book)]
        asked = list(self.bot.machine.stage.discord.world.interactions.values())[-3:]
        lines += [
            f"{each.data.get('name') or each.data.get('custom_id')}: {each.callback and each.callback.type.name}"
            for each in asked
        ]
        return [*lines, "The latest answers:", *(each.text for each in records.messages[-5:])]

    def message(self, message_id: int | None) -> Message:
        """Return a message of the channel."""
        assert message_id is not None
        return self.channel.messages[message_id]

    async def answer(self, member: Person, message: Message, button: str) -> Message:
        """Press a button, and return the private message that it opens."""
        return await private_answer(self.bot.machine.stage, await member.presses(message, button))

    async def until(self, true: Callable[[], object]) -> None:
        await self.bot.machine.stage.discord.world.until(true)

    async def kept(self, member: Person) -> int:
        """Return how many favourites a member has, as the bot tells them."""
        asked = await member.types("/history", self.channel, favourites=True)
        answer = await private_answer(self.bot.machine.stage, asked)
        found = _PICTURES.search(answer.text)
        return int(found[1]) if found else 0

    async def spent(self, member: Person) -> tuple[int, int]:
        """Return the pictures and the credits that a member has used, as the bot tells them."""
        answer = await private_answer(self.bot.machine.stage, await member.types("/quota", self.channel))
        pictures, spent = (
            ENOUGH - int(found[1].replace(",", ""))
            for words in ("day", "month")
            for line in answer.text.splitlines()
            if words in line.lower() and (found := _USED.search(line))
        )
        return pictures, spent
