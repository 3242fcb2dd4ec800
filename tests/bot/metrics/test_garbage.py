"""The operator who wonders what stops the process for a moment."""

import gc

from prometheus_client import CollectorRegistry

from bot.metrics.garbage import garbage_measured


def test_each_collection_shows_up_by_its_generation() -> None:
    """A full collection is counted as one, with its time, and none after the end."""
    registry = CollectorRegistry()
    with garbage_measured(registry):
        gc.collect(2)
    gc.collect(2)
    labels = {"generation": "2"}
    assert registry.get_sample_value("imagine_garbage_collection_seconds_count", labels) == 1
    seconds = registry.get_sample_value("imagine_garbage_collection_seconds_sum", labels)
    assert seconds is not None
    assert seconds > 0
