"""Every figure that `/metrics` shows, in one registry of its own; labels come from short lists, never from ids."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from bot.picture.failure import FailureKind
from bot.picture.generation import UNFINISHED, Generation, State
from bot.picture.review import ReviewOf

# Pictures take 10 to 60 s, and may wait for 20 minutes; an answer of Discord's takes a tenth of a second.
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 60, 90, 120, 300, 600, 1200)


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """The pictures in one state: how many, and for how many seconds the oldest has been asked for."""

    count: int
    oldest_seconds: float


class Metrics:
    """Counts the events of pictures; passed to the code that sees them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._ended = Counter("imagine_pictures", "Pictures by how they ended.", ["outcome"], registry=self.registry)
        for outcome in (State.DELIVERED, *FailureKind):
            self._ended.labels(outcome)  # otherwise a rate over a new label would miss its first increment
        self._seconds = Histogram(
            "imagine_picture_duration_seconds",
            "From the request to the picture in the channel, without those that moderators review.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._stages = Histogram(
            "imagine_stage_duration_seconds",
            "What a picture's stages took, each entry of a stage for itself.",
            ["stage"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._credits = Counter("imagine_credits_spent", "Credits that Apiframe charged.", registry=self.registry)
        self._refused = Counter(
            "imagine_refusals", "Requests that a rule refused, by the rule.", ["limit"], registry=self.registry
        )
        self._depth = Gauge(
            "imagine_queue_pictures",
            "Unfinished pictures in the database, of all processes, by state.",
            ["state"],
            registry=self.registry,
        )
        self._oldest = Gauge(
            "imagine_queue_oldest_age_seconds",
            "How long ago the oldest of them was asked for.",
            ["state"],
            registry=self.registry,
        )

        self._gone = Gauge(
            "imagine_dead_process",
            "1 for each process that has died and whose shards nobody serves, by its executor id.",
            ["process"],
            registry=self.registry,
        )

    def ended(self, generation: Generation) -> None:
        """Count a picture that has come to its end, and what it cost."""
        self._ended.labels(generation.failure.kind if generation.failure else State.DELIVERED).inc()
        self._credits.inc(generation.credits or 0)
        if generation.state is State.DELIVERED and generation.seconds_taken is not None and generation.review is None:
            self._seconds.observe(max(generation.seconds_taken, 0.0))  # a clock that was set back

    def charged_late(self, credits_charged: int) -> None:
        """Count what a picture cost whose end was counted before its price was known."""
        self._credits.inc(credits_charged)

    def made(self, generation: Generation, began_at: datetime) -> None:
        """Count a picture whose turn came at `began_at`, which may have been its second after a restart."""
        is_first = generation.submitted_at is None or generation.submitted_at >= began_at
        if is_first and not generation.awaits_review(ReviewOf.PROMPT):
            asked_at = generation.approved_at or generation.created_at
            self._took("queue", (began_at - asked_at).total_seconds())
        self.ended(generation)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure the block as one stage, however it ends, unless it is cut off to go on after a restart."""
        began = perf_counter()
        try:
            yield
        except Exception:
            self._took(name, perf_counter() - began)
            raise
        self._took(name, perf_counter() - began)

    def refused(self, limit: str) -> None:
        """Count a request that a rule refused; `limit` is the word for it in the record."""
        self._refused.labels(limit).inc()

    def queue(self, depths: Mapping[State, QueueDepth] | None) -> None:
        """Show how many pictures are unfinished; nothing at all, rather than something old, where that is unknown."""
        self._depth.clear()
        self._oldest.clear()
        if depths is None:
            return
        for state in UNFINISHED:
            depth = depths.get(state, QueueDepth(0, 0.0))
            self._depth.labels(state).set(depth.count)
            self._oldest.labels(state).set(depth.oldest_seconds)

    def processes_gone(self, names: Iterable[str]) -> None:
        """Show which processes have died and whose shards nobody serves."""
        self._gone.clear()
        for name in names:
            self._gone.labels(name).set(1)

    def _took(self, stage: str, seconds: float) -> None:
        self._stages.labels(stage).observe(max(seconds, 0.0))
