"""Reading `/metrics` as Prometheus does."""

import asyncio
from collections.abc import Callable

from prometheus_client.parser import text_string_to_metric_families

from bot.runner import BotRunner
from tests.stage import TIMEOUT_SECONDS, Stage

_SUFFIX = {"counter": "_total", "histogram": "_bucket"}


class Scraped:
    """The result of one scrape."""

    def __init__(self, text: str) -> None:
        families = list(text_string_to_metric_families(text))
        self.samples = [sample for family in families for sample in family.samples]
        self.names = {
            family.name + _SUFFIX.get(family.type, "") for family in families if not family.name.endswith("_created")
        }

    def of(self, name: str, **labels: str) -> float:
        """Return the sum of a metric's samples that have these labels, 0 where there is none."""
        return sum(
            sample.value for sample in self.samples if sample.name == name and labels.items() <= sample.labels.items()
        )


async def scrape(stage: Stage, bot: BotRunner) -> Scraped:
    async with stage.browser.get(f"{bot.web_address}/metrics") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        return Scraped(await answer.text())


async def scrape_until(stage: Stage, bot: BotRunner, true: Callable[[Scraped], bool]) -> Scraped:
    """Return the first scrape that satisfies a condition: results are counted a moment after people see them."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not true(metrics := await scrape(stage, bot)):  # noqa: ASYNC110  (nobody tells)
            await asyncio.sleep(0.02)
    return metrics


async def counted(stage: Stage, bot: BotRunner, pictures: int) -> Scraped:
    """Return the metrics once this many pictures have been counted."""
    return await scrape_until(stage, bot, lambda metrics: metrics.of("imagine_pictures_total") >= pictures)
