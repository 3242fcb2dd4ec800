"""Which of Discord's shards a process serves."""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

GATEWAY: Final = "gateway"
WORKER: Final = "worker"
_NAME_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class Shards:
    """Some of `count` shards; without a count all that there are, however many Discord advises; of 0, none.

    A process without shards is a worker.
    """

    count: int | None = None
    ids: tuple[int, ...] = ()

    @classmethod
    def chosen(cls, count: int | None, ids: Collection[int] | None) -> Self:
        """Return the shards of some settings: in order, each once, and all of them without ids."""
        distinct = tuple(sorted(set(ids or ())))
        return cls() if not distinct or distinct == tuple(range(count or 0)) else cls(count, distinct)

    @property
    def executor_id(self) -> str:
        """Return the name under which a process that does everything for these shards owns running work."""
        return self._named("shards")

    @property
    def gateway_id(self) -> str:
        """Return the name under which a gateway process with these shards owns what it has not handed over."""
        return self._named(GATEWAY)

    def _named(self, kind: str) -> str:
        name = f"{kind}-" + ("-".join(map(str, self.ids)) or "all")
        return name if len(name) <= _NAME_MAX else f"{name[:48]}-{sha256(name.encode()).hexdigest()[:12]}"

    def are_served_by(self, others: Collection["Shards"]) -> bool:
        """Return True if each of these shards is served by one of the others, however those count."""
        if any(other.count is None for other in others):
            return True
        served = {(other.count, shard) for other in others for shard in other.ids}
        counts = {other.count for other in others if other.count}
        if any(all((count, shard) in served for shard in range(count)) for count in counts):
            return True
        return self.count is not None and all((self.count, shard) in served for shard in self.ids)


NO_SHARDS: Final = Shards(0)
