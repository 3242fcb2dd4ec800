"""The stand-ins as they were opened: what one test set, armed and asked for is undone for the next."""

import time
from collections.abc import Mapping
from copy import copy
from typing import Final

from standins.apiframe.jobs import Pace
from standins.apiframe.server import ApiframeStandIn
from standins.discord.server import DiscordStandIn
from standins.exchange import Exchange

_QUIET_SECONDS: Final = 0.05  # without an exchange
_BEHIND_THE_BREAKER: Final = {"generate", "uploads"}  # which stays open for a while after an outage
_Setting = bool | int | float | str | Pace | None


class AsOpened:
    """Remembers what both stand-ins were like before the first test."""

    def __init__(self, discord: DiscordStandIn, apiframe: ApiframeStandIn) -> None:
        self._discord, self._apiframe = discord, apiframe
        self._last_exchange = time.monotonic()
        self._observed = (discord.observers, apiframe.observers)
        for observers in self._observed:
            observers.append(self._note)
        self._observers = [len(observers) for observers in self._observed]
        world = discord.world
        self._set = [
            apiframe,
            apiframe.account,
            discord,
            world,
            world.platform,
            world.commands,
            discord.gateway,
            discord.limits,
        ]
        self._settings = [_settings_of(each) for each in self._set]
        self._habits, self._limits = copy(apiframe.webhooks), dict(discord.limits._limits)
        self._developer = discord.world.developer

    def _note(self, _: Exchange) -> None:
        self._last_exchange = time.monotonic()

    @property
    def is_quiet(self) -> bool:
        """Return True if nothing was asked of the stand-ins for a moment."""
        return time.monotonic() - self._last_exchange >= _QUIET_SECONDS

    @property
    def can_be_restored(self) -> bool:
        """Return False if a bot may have noticed a change that cannot be undone without telling it."""
        return (
            self._discord.world.clock.now() - time.time() < 1
            and self._apiframe.webhooks == self._habits
            and self._apiframe.wire_format == "documented"
            and self._discord.limits._limits == self._limits
            and self._discord.world.developer is self._developer
            and self._discord.world.team is None
            and self._apiframe.faults.struck.isdisjoint(_BEHIND_THE_BREAKER)
        )

    def restore(self) -> None:
        """Forget what a test armed, set and asked for, and throw the bot out of its servers."""
        discord, apiframe = self._discord, self._apiframe
        for guild in list(discord.world.guilds.values()):
            if guild.has_bot:
                guild.throw_out_bot()
            del discord.world.guilds[guild.id]
        discord.world.interactions.clear()
        discord.faults.clear()
        discord.limits._buckets.clear()
        discord.limits._invalid.clear()
        apiframe.faults.disarm()
        apiframe.jobs.clear()
        apiframe.book.in_progress.clear()
        apiframe.book._latest_of_key.clear()
        apiframe.uploads.clear()
        for observers, count in zip(self._observed, self._observers, strict=True):
            del observers[count:]
        for thing, settings in zip(self._set, self._settings, strict=True):
            for name, value in settings.items():
                if getattr(thing, name) != value:
                    setattr(thing, name, value)


def _settings_of(thing: object) -> Mapping[str, _Setting]:
    return {name: value for name, value in vars(thing).items() if isinstance(value, _Setting)}
