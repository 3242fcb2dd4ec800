"""How late the event loop is: what blocks it, everybody waits for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import CollectorRegistry, Histogram

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


@asynccontextmanager
async def loop_lag_measured(registry: CollectorRegistry, every_seconds: float = 0.5) -> AsyncIterator[None]:
    """Measure, until the end of the block, how much later than asked for the loop wakes a sleeper."""
    lag = Histogram(
        "imagine_event_loop_lag_seconds",
        "How late the event loop woke a sleeper.",
        buckets=_BUCKETS,
        registry=registry,
    )
    loop = asyncio.get_running_loop()

    async def measure() -> None:
        while True:
            began = loop.time()
            await asyncio.sleep(every_seconds)
            lag.observe(max(loop.time() - began - every_seconds, 0.0))

    measuring = asyncio.create_task(measure(), name="loop lag")
    try:
        yield
    finally:
        measuring.cancel()
