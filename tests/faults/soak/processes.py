"""The bot's processes, one a shard: started again when they end, killed by plan, and taken over while one is away."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from playground.app import free_port
from tests.faults.ledgers import first_true
from tests.faults.machine import BotProcess, Machine
from tests.faults.soak.chronicle import Chronicle, Finding
from tests.faults.soak.plan import SHARDS, Ending, Life

TIMEOUT_SECONDS = 90.0  # for a takeover that is promised within 30
_BUSY_WITHIN_SECONDS = 10.0
_LOOK_SECONDS = 0.1
_RIVALS_AT_MOST = 10
_PAUSE_SECONDS = 2.0  # so that all tries outlast an outage of the bucket
_SENTENCE = "Another process already serves SHARD_IDS={}"
_RIVALS_ADDRESS = "http://127.0.0.1:9/rival"  # in the webhooks of all of its orders


class ShardProcess:
    """Keeps a process with one shard running, as a supervisor does, until it is left away."""

    def __init__(self, machine: Machine, number: int, settings: Mapping[str, str], chronicle: Chronicle) -> None:
        port = free_port()  # the same for every life, so that webhooks find it
        self._machine = machine
        self._chronicle = chronicle
        self._doom: tuple[str, ...] = ()  # of the life that there is
        self._bot: BotProcess | None = None
        self._sessions_before: set[str] = set()
        self.number = number
        self.next_doom: tuple[str, ...] = ()
        self.left_away = False
        self.settings = {
            **settings,
            "SHARD_COUNT": str(SHARDS),
            "SHARD_IDS": str(number),
            "HTTP_PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
        }

    @property
    def executor(self) -> str:
        return f"shards-{self.number}"

    async def starts(self) -> None:
        """Start a life without doom, and return once Discord can reach it."""
        self._bot, self._doom = await self._machine.starts(**self.settings), ()

    async def keeps_running(self) -> None:
        """Start another life whenever one has ended, until cancelled."""
        while True:
            if self._bot is not None and not self._bot.alive:
                await self._note_end()
            if self._bot is None and not self.left_away:
                self._doom, self.next_doom = self.next_doom, ()
                self._sessions_before = set(self._machine.stage.discord.gateway.sessions)
                self._bot = self._machine.launches(crash_at=self._doom, **self.settings)
            await asyncio.sleep(_LOOK_SECONDS)

    async def dies(self) -> None:
        """Kill what lives, and wait for its end."""
        if self._bot is not None:
            self._bot.kill()
            await self._note_end()

    async def _note_end(self) -> None:
        bot, self._bot = self._bot, None
        if bot is not None:
            self._chronicle.ends[await bot.ended()] += 1

    async def is_well(self) -> None:
        """Return once a life without doom has been in touch with Discord, and so works."""
        if self._doom or self.next_doom:
            self.next_doom = ()
            await self.dies()
        await self._machine.until(self._has_been_in_touch, TIMEOUT_SECONDS)

    def _has_been_in_touch(self) -> bool:
        """Return True also while the gateway is silent, which a process notices late."""
        sessions = self._machine.stage.discord.gateway.sessions
        is_new = any(each.shard == self.number for key, each in sessions.items() if key not in self._sessions_before)
        return self._bot is not None and self._bot.alive and is_new


@dataclass
class Fates:
    """Has the lives of a plan end, one after the other."""

    machine: Machine
    shards: Sequence[ShardProcess]
    chronicle: Chronicle

    async def play(self, lives: Sequence[Life]) -> None:
        for life in lives:
            shard, others = self.shards[life.shard], [each for each in self.shards if each.number != life.shard]
            if life.ending is Ending.AWAY:
                await self._stays_away(shard, others)
            elif life.ending is Ending.RIVAL:
                await self._has_rival(shard)
            else:
                await asyncio.sleep(life.seconds)
                shard.next_doom = life.doom
                await asyncio.gather(*(each.dies() for each in [shard, *others] if _dies(each, life)))

    async def _stays_away(self, shard: ShardProcess, others: Sequence[ShardProcess]) -> None:
        """Kill a process at work, and start it again only once another one has all of its work."""
        for each in [shard, *others]:
            await each.is_well()
        await self._is_busy(shard)
        shard.left_away = True
        await shard.dies()
        began, left = time.monotonic(), await self._left_by(shard)
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                while await self._left_by(shard):  # noqa: ASYNC110  (the database tells nobody)
                    await asyncio.sleep(_LOOK_SECONDS)
        except TimeoutError:
            self.chronicle.findings.append(Finding("never taken over", shard.executor, f"{left} pictures"))
        else:
            if left:
                self.chronicle.taken_over(shard.executor, left, time.monotonic() - began)
        shard.left_away = False

    async def _is_busy(self, shard: ShardProcess) -> None:
        """Wait some seconds for work, without which there is nothing to take over."""
        with suppress(TimeoutError):
            await first_true(partial(self._left_by, shard), _BUSY_WITHIN_SECONDS, _LOOK_SECONDS)

    async def _left_by(self, shard: ShardProcess) -> int:
        return len((await self.machine.books.at_work()).get(shard.executor, ()))

    async def _has_rival(self, shard: ShardProcess) -> None:
        """Start a second process with the same shard: it has to end with its sentence, and orders nothing."""
        await shard.is_well()
        for _ in range(_RIVALS_AT_MOST):
            code, said = await self._rival_of(shard)
            if code != 1 or said:
                break
            await asyncio.sleep(_PAUSE_SECONDS)  # it ended for another reason, such as a bucket that is away
        self.chronicle.rivals += 1
        if code != 1 or not said:
            self.chronicle.findings.append(Finding("rival", shard.executor, f"exit code {code}, sentence said: {said}"))

    async def _rival_of(self, shard: ShardProcess) -> tuple[int | None, bool]:
        """Return with which exit code a second process ended, and whether it said why."""
        sentence = _SENTENCE.format(shard.number)
        before = self.machine.log.count(sentence)
        own = {"HTTP_PORT": str(free_port()), "PUBLIC_URL": _RIVALS_ADDRESS}
        rival = self.machine.launches(**{**shard.settings, **own})
        code = await rival.ended(within=TIMEOUT_SECONDS)
        rival.kill()
        return code, self.machine.log.count(sentence) > before

    def rivals_orders(self) -> Sequence[Finding]:
        """Return the orders that a second process placed."""
        return [
            Finding("rival's order", job.idempotency_key or "", f"job {job.id}")
            for job in self.machine.stage.jobs()
            if str(job.received.get("webhookUrl", "")).startswith(_RIVALS_ADDRESS)
        ]


def _dies(shard: ShardProcess, life: Life) -> bool:
    return shard.number == life.shard or life.ending is Ending.ALL_KILLED
