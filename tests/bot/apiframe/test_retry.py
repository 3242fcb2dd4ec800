"""How long retries continue, and which callers are notified; time is advanced, never slept."""

import pytest

from bot.apiframe.errors import BadRequest, Interrupted, RateLimited, Unavailable
from bot.apiframe.retry import RetryPause, RetryPolicy, RetryReason


class Hours:
    """Time that passes only in pauses."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


class FarEnd:
    """Fails as told, call by call, and then works."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return "picture"


@pytest.fixture
def hours() -> Hours:
    return Hours()


def retries(hours: Hours, total_seconds: float = 60.0) -> RetryPolicy:
    return RetryPolicy(total_seconds, sleep=hours.sleep, clock=hours.clock)


async def test_outage_passes(hours: Hours) -> None:
    """An outage that ends while there is patience left costs a few pauses and nothing else."""
    far_end = FarEnd(Unavailable("down"), Interrupted("cut"))
    assert await retries(hours).retry(far_end) == "picture"
    assert far_end.calls == 3
    assert len(hours.pauses) == 2


async def test_pauses_grow_and_jitter(hours: Hours) -> None:
    """Pauses double up to the longest one, and no crowd of waiters comes back in step."""
    await retries(hours, 1000).retry(FarEnd(*[Unavailable("down")] * 10))
    for pause, whole in zip(hours.pauses, [0.5, 1, 2, 4, 8, 15, 15, 15, 15, 15], strict=True):
        assert whole / 2 <= pause <= whole
    assert len({round(pause / 15, 6) for pause in hours.pauses[5:]}) > 1


async def test_total_patience_is_bounded(hours: Hours) -> None:
    """Retries of a service that stays down end within the total, with its last error."""
    far_end = FarEnd(*[Unavailable(f"down {n}") for n in range(100)])
    with pytest.raises(Unavailable, match=r"down \d+"):
        await retries(hours, 60).retry(far_end)
    assert 30 < hours.now <= 60
    assert far_end.calls == len(hours.pauses) + 1


async def test_named_pause_is_honoured(hours: Hours) -> None:
    """A service that requests a pause isn't called a moment earlier."""
    await retries(hours).retry(FarEnd(RateLimited("later", 17.0), Unavailable("later", 9.0)))
    assert hours.pauses == [17.0, 9.0]


async def test_pause_beyond_patience_ends_it(hours: Hours) -> None:
    """If the requested pause exceeds the time left, retrying ends immediately, without a useless wait."""
    with pytest.raises(RateLimited):
        await retries(hours, 60).retry(FarEnd(RateLimited("tomorrow", 86400.0)))
    assert hours.now == 0


async def test_refusals_are_final(hours: Hours) -> None:
    """An error that no retry can fix is reported after one attempt."""
    far_end = FarEnd(BadRequest("no", {}))
    with pytest.raises(BadRequest):
        await retries(hours).retry(far_end)
    assert far_end.calls == 1


async def test_whoever_waits_hears_why(hours: Hours) -> None:
    """Each pause is announced before it begins, with its reason and when trying ends."""
    heard: list[RetryPause] = []
    await retries(hours, 60).retry(FarEnd(RateLimited("later", 20.0), Unavailable("down", 10.0)), heard.append)
    assert heard == [RetryPause(RetryReason.RATE_LIMITED, 60.0), RetryPause(RetryReason.UNAVAILABLE, 40.0)]
