"""Ids as Discord makes them: milliseconds since 2015 in the upper bits, a counter in the lower 22."""

from standins.clock import Clock

DISCORD_EPOCH_MS = 1_420_070_400_000
THIRTY_DAYS_MS = 30 * 24 * 3600 * 1000


class Snowflakes:
    """Ids that grow, each with its moment of birth in it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0
        self._guilds = 0

    def next(self) -> int:
        """Return an id born now, larger than every one before it."""
        born = (int(self._clock.now() * 1000) - DISCORD_EPOCH_MS) << 22
        self._last = max(born, self._last + 1)
        return self._last

    def next_guild(self) -> int:
        """Return an id from a month ago, a millisecond after the last one: milliseconds determine the shard."""
        self._guilds += 1
        return (int(self._clock.now() * 1000) - DISCORD_EPOCH_MS - THIRTY_DAYS_MS + self._guilds) << 22


def shard_of(guild_id: int, shards: int) -> int:
    """Return the shard, out of this many, that gets events of this guild."""
    return (guild_id >> 22) % shards
