"""The operator who watches figures, in Prometheus and in Grafana."""

import json
import re
import time
from pathlib import Path

import pytest

from standins.apiframe.faults import Fault, Kind
from standins.apiframe.jobs import Pace
from tests.bot.web.scrape import counted, scrape, scrape_until
from tests.promises import MonitoringFault
from tests.stage import GENERATION, Stage

DASHBOARD = Path(__file__).parents[3] / "docs" / "grafana-dashboard.json"
STAGES = ("queue", "submit", "wait", "fetch", "deliver", "settle")
EVERY_METRIC = re.compile(r"\b(?:imagine|process)_\w+")
OF_THE_JOB = re.compile(EVERY_METRIC.pattern + r'(?=\{job=~"\$job")')
ONE_AN_HOUR = {"member": {"images_per_hour": 1}}


async def test_pictures_stages_and_credits_are_counted(stage: Stage) -> None:
    """One picture and one failure show up with their outcome, the duration of each stage, and the credits."""
    async with stage.running() as bot:
        await stage.picture(await stage.imagine())
        stage.apiframe.faults.arm(Fault(Kind.POLICY))
        await stage.imagine()
        await stage.shows("refused this prompt")
        metrics = await counted(stage, bot, 2)
    assert metrics.of("imagine_pictures_total", outcome="delivered") == 1
    assert metrics.of("imagine_pictures_total", outcome="refused_by_model") == 1
    assert metrics.of("imagine_picture_duration_seconds_count") == 1
    assert metrics.of("imagine_credits_spent_total") == stage.apiframe.charged
    assert [metrics.of("imagine_stage_duration_seconds_count", stage=each) for each in STAGES] == [2, 2, 2, 1, 1, 1]
    assert metrics.of("imagine_stage_duration_seconds_sum", stage="wait") > 0.05


async def test_the_queue_is_read_when_asked_for(stage: Stage) -> None:
    """A scrape has the current number of queued and unfinished pictures, and their age."""
    stage.apiframe.pace = Pace(queued=0.0, drawing=600.0)
    async with stage.running(generation={**GENERATION, "concurrency": 1}) as bot:
        began_at = time.monotonic()
        for _ in range(3):
            await stage.imagine()
        await stage.apiframe.until(lambda: stage.apiframe.jobs)
        metrics = await scrape_until(stage, bot, lambda each: each.of("imagine_queue_pictures", state="submitted") == 1)
    assert metrics.of("imagine_queue_pictures", state="queued") == 2
    assert metrics.of("imagine_queue_pictures", state="submitted") == 1
    assert 0 < metrics.of("imagine_queue_oldest_age_seconds", state="queued") <= time.monotonic() - began_at


async def test_refusals_are_counted_by_limit(stage: Stage) -> None:
    """The limit that members run into has its own line."""
    async with stage.running(limits=ONE_AN_HOUR) as bot:
        for _ in range(3):
            await stage.imagine()
        metrics = await scrape(stage, bot)
    assert metrics.of("imagine_refusals_total", limit="images_per_hour") == 2
    assert metrics.of("imagine_refusals_total") == 2


@pytest.mark.promise(MonitoringFault.DISCORD_BAN)
async def test_answers_of_both_far_ends_are_counted_by_status(stage: Stage) -> None:
    """Responses of Discord and Apiframe, and missing ones, are separate; an impending ban is visible."""
    stage.apiframe.faults.arm(Fault(Kind.SERVER_ERROR, route="generate", status=503))
    stage.apiframe.faults.arm(Fault(Kind.LOST_REQUEST, route="generate"))
    async with stage.running() as bot:
        stage.discord.faults.next("PUT", "/channels/*/reactions/*", status=403, code=50013)
        await stage.picture(await stage.imagine())
        metrics = await counted(stage, bot, 1)
        assert metrics.of("imagine_http_responses_total", service="apiframe", status="503") == 1
        assert metrics.of("imagine_http_responses_total", service="apiframe", status="202") == 1
        assert metrics.of("imagine_http_responses_total", service="apiframe", status="none") == 1
        assert metrics.of("imagine_http_responses_total", service="discord", status="403") == 1
        assert metrics.of("imagine_http_responses_total", service="discord", status="200") > 1
        assert metrics.of("imagine_discord_invalid_requests") == 1


@pytest.mark.promise(MonitoringFault.LOG_LEAK)
async def test_no_label_names_anybody(stage: Stage) -> None:
    """Labels depend on the bot's features, and not on members, servers or pictures, and don't reveal them."""
    async with stage.running(limits=ONE_AN_HOUR) as bot:
        await stage.picture(await stage.imagine("a private thought"))
        before = {(each.name, *each.labels.items()) for each in (await counted(stage, bot, 1)).samples}
        other = stage.joins("bob")
        await stage.picture(await stage.imagine_as(other, "another thought"))
        after = {(each.name, *each.labels.items()) for each in (await counted(stage, bot, 2)).samples}
    assert after == before
    values = {value for _, *labels in after for name, value in labels if name != "le"}
    assert all(re.fullmatch(r"[a-z_]+|[1-5]\d\d|[0-2]", value) for value in values), values


async def test_the_dashboard_shows_what_there_is(stage: Stage) -> None:
    """Every metric that a panel asks for is served, and every one of ours has a panel; all keep to the chosen jobs."""
    async with stage.running() as bot:
        served = (await scrape(stage, bot)).names
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    targets = [target for panel in panels for target in panel["targets"]]
    asked = {name for target in targets for name in EVERY_METRIC.findall(target["expr"])}
    assert asked <= served
    assert all(EVERY_METRIC.findall(each["expr"]) == OF_THE_JOB.findall(each["expr"]) for each in targets)
    assert {name for name in served - asked if name.startswith("imagine_")} == set()
