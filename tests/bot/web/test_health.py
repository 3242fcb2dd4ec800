"""Health checks report whether the process runs, and separately whether members are served."""

import sqlite3

import pytest

from bot.runner import BotRunner
from tests.promises import MonitoringFault
from tests.stage import Stage


async def readiness(stage: Stage, bot: BotRunner) -> tuple[int, str | None]:
    """Return the status of `/readyz` and its reason; `/healthz` says that the process lives all the while."""
    async with stage.browser.get(f"{bot.web_address}/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"alive": True})
    async with stage.browser.get(f"{bot.web_address}/readyz") as answer:
        said = await answer.json()
        assert said["ready"] is (said["reason"] is None)
        return answer.status, said["reason"]


@pytest.mark.promise(MonitoringFault.NOT_READY)
async def test_health_and_readiness_are_told_apart(stage: Stage) -> None:
    """A lost gateway isn't a reason to kill the process, but a reason to investigate."""
    async with stage.running() as bot:
        assert await readiness(stage, bot) == (200, None)
        await stage.discord.gateway.close(4000)
        assert await readiness(stage, bot) == (503, "the gateway is not connected (shard 0)")


@pytest.mark.promise(MonitoringFault.NOT_READY)
async def test_a_lost_shard_is_named(stage: Stage) -> None:
    """A process that serves some shards of many says which of them is gone."""
    async with stage.running(shard_count=2, shard_ids=[1]) as bot:
        assert await readiness(stage, bot) == (200, None)
        await stage.discord.gateway.close(4000)
        assert await readiness(stage, bot) == (503, "the gateway is not connected (shard 1)")


@pytest.mark.promise(MonitoringFault.NOT_READY)
async def test_a_process_that_leaves_is_not_ready(stage: Stage) -> None:
    """From the moment at which it takes no more requests, a process says so."""
    async with stage.running() as bot:
        await bot.close()
        status, _ = await readiness(stage, bot)
    assert status == 503


@pytest.mark.promise(MonitoringFault.NOT_READY)
async def test_a_database_that_does_not_answer_makes_a_process_not_ready(stage: Stage) -> None:
    """The reason gives the type of the fault, and nothing from the database."""
    async with stage.running() as bot:
        with sqlite3.connect(stage.folder / "imagine.db") as database:
            database.execute("ALTER TABLE generations RENAME TO elsewhere")
        database.close()
        assert await readiness(stage, bot) == (503, "the database does not answer (OperationalError)")
        async with stage.browser.get(f"{bot.web_address}/metrics") as answer:
            metrics = await answer.text()
        assert "imagine_queue_pictures{" not in metrics
        assert "imagine_pictures_total{" in metrics
