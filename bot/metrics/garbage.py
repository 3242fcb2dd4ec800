"""Garbage collection: seldom, never over what a start made, and with its pauses measured."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from prometheus_client import CollectorRegistry, Histogram

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25)
_GENERATIONS: Final = ("0", "1", "2")
# With Python's 700, ten pictures under way mean several collections a second; these take a few milliseconds each.
_THRESHOLDS: Final = (5_000, 5, 20)


@contextmanager
def garbage_measured(registry: CollectorRegistry) -> Iterator[None]:
    """Measure, until the end of the block, how long each collection of garbage stops the process."""
    pauses = Histogram(
        "imagine_garbage_collection_seconds",
        "How long collections of garbage stopped the process, by their generation; 2 looks at everything.",
        ["generation"],
        buckets=_BUCKETS,
        registry=registry,
    )
    by_generation = [pauses.labels(each) for each in _GENERATIONS]
    began = 0.0

    def watch(phase: str, info: dict[str, int]) -> None:
        nonlocal began
        if phase == "start":
            began = time.perf_counter()
        else:
            by_generation[info["generation"]].observe(time.perf_counter() - began)

    gc.callbacks.append(watch)
    try:
        yield
    finally:
        gc.callbacks.remove(watch)


def collect_from_now_on() -> None:
    """Leave all imported modules out of every collection, and collect later garbage."""
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    gc.enable()


def collect_once_for_all() -> None:
    """Collect what the start left over, and leave what stays out of every later collection; takes a moment."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
