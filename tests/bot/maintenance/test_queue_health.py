"""Whether the queue moves: a waiting picture isn't a fault, unless it waits although there is room."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.maintenance.queue_health import queue_depths, stuck_for
from bot.picture.generation import State
from bot.settings import GenerationSettings
from bot.storage.queue_stats import QueueGroup
from tests.promises import MonitoringFault

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=1)
TWO_PLACES = GenerationSettings(concurrency=4, concurrency_per_server=2)
WAITING = QueueGroup("guild:1", State.QUEUED, 3, NOW - timedelta(minutes=5), None)


def made(count: int, *, server: str = "guild:1", ordered_at: datetime = LONG_AGO) -> QueueGroup:
    return QueueGroup(server, State.SUBMITTED, count, LONG_AGO, ordered_at)


def stuck(groups: Sequence[QueueGroup], last_start: datetime = LONG_AGO) -> timedelta | None:
    return stuck_for(groups, TWO_PLACES, last_start, NOW)


@pytest.mark.promise(MonitoringFault.QUEUE_STUCK)
@pytest.mark.parametrize(
    "groups",
    [
        [WAITING],
        [WAITING, made(1)],
        [WAITING, made(3, server="guild:2")],
        [WAITING, replace(WAITING, server_key="guild:2"), made(2)],
    ],
    ids=["nothing is made", "half of its places", "others are made", "another server has places"],
)
def test_waiting_beside_free_places_is_a_fault(groups: Sequence[QueueGroup]) -> None:
    """Nobody began for minutes what could have been begun."""
    assert stuck(groups) == timedelta(minutes=5)


@pytest.mark.promise(MonitoringFault.QUEUE_STUCK)
@pytest.mark.parametrize(
    "groups",
    [
        [],
        [made(2)],
        [replace(WAITING, oldest_at=NOW - timedelta(seconds=60))],
        [replace(WAITING, state=State.RESERVED)],
        [WAITING, made(2)],
        [WAITING, made(2, server="guild:2"), made(2, server="guild:3")],
        [WAITING, made(1, server="guild:2", ordered_at=NOW - timedelta(seconds=30))],
    ],
    ids=["empty", "nobody waits", "not for long", "not handed over", "its server is full", "all is full", "it moves"],
)
def test_waiting_for_a_reason_is_none(groups: Sequence[QueueGroup]) -> None:
    """A queue that is full, or rationed, or empty, moves as it should."""
    assert stuck(groups) is None


def test_a_start_of_this_process_gives_it_time() -> None:
    """Pictures that waited while the process was down don't count as stuck right after its start."""
    assert stuck([WAITING], last_start=NOW - timedelta(seconds=80)) is None
    assert stuck([WAITING], last_start=NOW - timedelta(seconds=100)) == timedelta(seconds=100)


def test_servers_are_put_together() -> None:
    """Figures are of all servers: how many in each state, and the oldest of them."""
    other = replace(WAITING, server_key="guild:2", count=2, oldest_at=NOW - timedelta(minutes=7))
    depths = queue_depths([WAITING, other, made(1)], NOW)
    assert {state: (depth.count, depth.oldest_seconds) for state, depth in depths.items()} == {
        State.QUEUED: (5, 420.0),
        State.SUBMITTED: (1, 3600.0),
    }
