"""How often the bot may still identify at the gateway: after 1,000 times in a day, Discord resets its token."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class StartLimit:
    """How many identifies are left, one for each shard, and in how many seconds there are all again."""

    remaining: int
    reset_seconds: float

    @classmethod
    def from_discord(cls, limit: Mapping[str, Any]) -> Self:
        """Read `session_start_limit` of `GET /gateway/bot`."""
        return cls(int(limit["remaining"]), limit["reset_after"] / 1000)

    async def wait_before_start(self, shards: int) -> None:
        """Wait until there are enough identifies for a start with this many shards."""
        if self.remaining < shards:
            await _wait(self.reset_seconds, "too few identifies are left for today")

    async def wait_before_exit(self, shards: int, reason: str) -> None:
        """Wait after a failed start, so that restarts at this pace never use up the remaining identifies.

        The supervisor of the process restarts it immediately, and forever.
        """
        await _wait(self.pause_after_start(shards), reason)

    def pause_after_start(self, shards: int) -> float:
        """Return the seconds until this many shards may start again, if all of them have just been started."""
        left = self.remaining - shards
        spread = self.reset_seconds * shards / left if left > 0 else self.reset_seconds
        return min(self.reset_seconds, spread)


async def _wait(seconds: float, reason: str) -> None:
    until = datetime.now(UTC) + timedelta(seconds=seconds)
    log.error("waiting_to_identify", reason=reason, until=until.isoformat(timespec="seconds"))
    await asyncio.sleep(seconds)
