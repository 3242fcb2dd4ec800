"""The operator of several processes gets each alert once."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.storage.alerts import AlertNews, AlertStore
from bot.storage.engine import Database
from tests.promises import MonitoringFault


def began(credits_left: int | None = None) -> AlertNews:
    return AlertNews("credits_low", resolved=False, since=datetime.now(UTC), credits_left=credits_left)


def ended() -> AlertNews:
    return AlertNews("credits_low", resolved=True, since=datetime.now(UTC), credits_left=900)


async def claimed_by_one(processes: list[AlertStore], seconds: float = 60) -> list[AlertNews]:
    """Make all processes claim alerts at the same time, and return all of their claims."""
    return [news for found in await asyncio.gather(*(each.claim(seconds) for each in processes)) for news in found]


@pytest.mark.promise(MonitoringFault.SEVERAL_PROCESSES)
async def test_of_many_processes_one_tells_each_piece_of_news(database: Database) -> None:
    """All of them notice that a trouble begins and that it is over; one is to tell the one, and one the other."""
    processes = [AlertStore(database) for _ in range(5)]
    news = began(300)
    await asyncio.gather(*(each.begin(news) for each in processes))
    assert await claimed_by_one(processes) == [news]
    await processes[0].told(news)
    assert await processes[0].present() == {"credits_low"}
    await processes[1].begin(began())
    assert await claimed_by_one(processes) == []
    resolved = ended()
    await asyncio.gather(*(each.end(resolved) for each in processes))
    assert await processes[0].present() == set()
    assert await claimed_by_one(processes) == [resolved]
    await processes[0].told(resolved)
    await processes[1].end(ended())
    assert await claimed_by_one(processes) == []


@pytest.mark.promise(MonitoringFault.ALERT_UNDELIVERED)
async def test_news_of_a_process_that_died_are_told_by_another(database: Database) -> None:
    """If a process claims an alert and neither sends nor releases it, another one takes it after a timeout."""
    dead, living = AlertStore(database), AlertStore(database)
    news = began()
    await dead.begin(news)
    assert await dead.claim(0) == [news]
    assert await living.claim(60) == [news]
    assert await dead.claim(60) == []


async def test_news_that_discord_did_not_take_come_again(database: Database) -> None:
    """A released alert is sent later, and not before."""
    store, news = AlertStore(database), began()
    await store.begin(news)
    await store.claim(60)
    await store.postpone(news, 60)
    assert await store.claim(60) == []
    await store.postpone(news, 0)
    assert await store.claim(60) == [news]


@pytest.mark.promise(MonitoringFault.ALERT_UNDELIVERED)
async def test_what_is_over_before_it_was_told_is_not_told(database: Database) -> None:
    """Nobody gets the end of a problem whose beginning wasn't reported."""
    store = AlertStore(database)
    await store.begin(began())
    await store.end(ended())
    assert await store.claim(60) == []
    assert await store.present() == set()


async def test_what_comes_back_before_its_end_was_told_is_not_told_again(database: Database) -> None:
    """If a problem returns before its end was reported, the operator needs no new alert."""
    store, news = AlertStore(database), began()
    await store.begin(news)
    await store.told(news)
    await store.end(ended())
    await store.begin(began())
    assert await store.claim(60) == []
    assert await store.present() == {"credits_low"}
