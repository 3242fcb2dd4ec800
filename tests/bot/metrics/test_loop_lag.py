"""The operator who wonders whether the process keeps up."""

import asyncio
import time

import pytest
from prometheus_client import CollectorRegistry

from bot.metrics.loop_lag import loop_lag_measured
from tests.promises import MonitoringFault


@pytest.mark.promise(MonitoringFault.LOOP_BLOCKED)
async def test_what_blocks_the_loop_shows_up() -> None:
    """Blocking the event loop for a tenth of a second shows up as a lag of that length."""
    registry = CollectorRegistry()
    async with loop_lag_measured(registry, every_seconds=0.01):
        await asyncio.sleep(0)
        time.sleep(0.1)  # noqa: ASYNC251  (the test measures blocking)
        await asyncio.sleep(0.01)
        lag = registry.get_sample_value("imagine_event_loop_lag_seconds_sum")
    assert lag is not None
    assert lag > 0.08
