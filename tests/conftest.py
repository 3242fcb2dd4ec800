"""The far ends for every test, with each exchange held against the published contracts."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest

from playground.apiframe.server import ApiframeStandIn
from playground.clock import Clock
from playground.discord.server import DiscordStandIn
from playground.exchange import Observer
from tests.contracts.published import published_contract
from tests.stage import QUICK, Stage


def contract_keeper(platform: Literal["apiframe", "discord"], violations: list[str]) -> list[Observer]:
    """Return what notes each breach of a platform's contract, or nothing where the contract is not at hand."""
    contract = published_contract(platform)
    if contract is None:
        return []
    return [lambda exchange: violations.extend(contract.violations(exchange))]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A server named Harbour with one channel and Alice; at the end, no exchange may have broken a contract."""
    clock, violations = Clock(), list[str]()
    async with DiscordStandIn(clock).serving() as discord, ApiframeStandIn(clock).serving() as apiframe:
        discord.observers += contract_keeper("discord", violations)
        apiframe.observers += contract_keeper("apiframe", violations)
        apiframe.pace = QUICK
        guild = discord.world.add_guild("Harbour")
        channel = guild.add_channel("pictures")
        yield Stage(discord, apiframe, tmp_path, guild, channel, guild.add_member("alice"))
    assert violations == []
