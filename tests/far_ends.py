"""Both stand-ins, serving, with each exchange held against the published contracts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from standins.apiframe.server import ApiframeStandIn
from standins.clock import Clock
from standins.discord.server import DiscordStandIn
from standins.exchange import Exchange
from tests.contracts.published import UNCHECKED, published_contract
from tests.pseudo_run import IS_PSEUDO, Reader, pseudo_folder
from tests.stage import QUICK, REQUESTS_A_MINUTE, Stage


@dataclass(frozen=True)
class FarEnds:
    """The stand-ins, and a list that fills with every breach of a published contract."""

    discord: DiscordStandIn
    apiframe: ApiframeStandIn
    browser: aiohttp.ClientSession
    violations: list[str]

    def stage(self, folder: Path) -> Stage:
        """Return a stage with a server named Harbour, one channel and Alice."""
        guild = self.discord.world.add_guild("Harbour")
        channel = guild.add_channel("pictures")
        alice = self.discord.person(guild.add_member("alice"))
        settings = {"locale_dir": pseudo_folder()} if IS_PSEUDO else {}
        return Stage(self.discord, self.apiframe, folder, guild, channel, alice, self.browser, settings)


@asynccontextmanager
async def open_far_ends() -> AsyncIterator[FarEnds]:
    """Serve both stand-ins; at the end, no exchange may have broken a contract."""
    clock = Clock()
    async with (
        DiscordStandIn(clock).serving() as discord,
        ApiframeStandIn(clock).serving() as apiframe,
        aiohttp.ClientSession() as browser,
    ):
        ends = FarEnds(discord, apiframe, browser, keep_contracts(discord, apiframe))
        if IS_PSEUDO:
            reader = Reader(discord.world, ends.violations)
            discord.world.platform.reads = reader
            apiframe.observers.append(reader.hear)
        apiframe.pace, apiframe.smooth_pictures = QUICK, False
        apiframe.account.requests_a_minute = REQUESTS_A_MINUTE
        yield ends
    assert ends.violations == [], "\n".join(["A published contract was broken:", *ends.violations])


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[Stage]:
    """Yield a stage with its files in `folder`."""
    async with open_far_ends() as ends:
        yield ends.stage(folder)


def keep_contracts(discord: DiscordStandIn, apiframe: ApiframeStandIn) -> list[str]:
    """Return a list that fills with every breach of a published contract; empty where none is at hand."""
    violations: list[str] = []
    if discords := published_contract("discord"):
        discord.observers.append(lambda exchange: violations.extend(discords.violations(exchange)))
    else:
        discord.observers.append(UNCHECKED.note)
    if apiframes := published_contract("apiframe"):

        def keep(exchange: Exchange) -> None:
            documented = apiframe.wire_format == "documented"  # the other spelling breaks the document by its nature
            check = apiframes.violations if documented else apiframes.answer_violations
            violations.extend(check(exchange))

        apiframe.observers.append(keep)
    else:
        apiframe.observers.append(UNCHECKED.note)
    return violations
