"""Webhooks: the picture comes immediately, and once, even if webhooks fail."""

import asyncio
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Literal

import pytest
import structlog

from bot.runner import BotRunner
from playground.app import free_port
from standins.apiframe.faults import Fault, Kind
from standins.apiframe.jobs import Job, Pace
from standins.discord.model.interactions import Interaction
from standins.discord.model.messages import Message
from standins.exchange import Exchange
from tests.faults.ledgers import first_true
from tests.faults.machine import SLOW
from tests.promises import ApiframeFault
from tests.stage import BY_WEBHOOK, GENERATION, Stage, text_of
from tests.webhooks import told


def reachable_bot(stage: Stage, **generation: float) -> AbstractAsyncContextManager[BotRunner]:
    """Run the bot where Apiframe reaches it; unless told otherwise, it asks too seldom for a test to see it."""
    return stage.running(**stage.reachable(), generation={**BY_WEBHOOK, **generation})


async def is_being_drawn(stage: Stage, pace: Pace = SLOW) -> tuple[Interaction, Job]:
    """Make Alice request a picture, and return once the bot has seen that it isn't done yet."""
    stage.apiframe.pace = pace
    interaction = await stage.imagine()
    await stage.shows("Drawing")
    [job] = stage.jobs()
    return interaction, job


async def the_one_picture(stage: Stage, interaction: Interaction) -> Message:
    """Wait for the picture and for its price in the ledger; nothing else is in the channel, and it was paid once."""
    picture = await stage.picture(interaction)
    await stage.settled()
    assert stage.channel.messages_for(stage.alice) == [picture]
    [job] = stage.jobs()
    assert stage.apiframe.charged == job.cost
    return picture


@pytest.mark.parametrize("key_form", ["bytes", "hex"])
@pytest.mark.parametrize("prefix", ["sha256=", ""])
async def test_a_finished_picture_is_posted_at_once(
    stage: Stage, key_form: Literal["bytes", "hex"], prefix: str
) -> None:
    """A webhook is enough, in whichever way Apiframe signs it: the bot does not ask again by itself for a minute."""
    stage.apiframe.webhooks.key_form, stage.apiframe.webhooks.prefix = key_form, prefix
    async with reachable_bot(stage):
        interaction, job = await is_being_drawn(stage)
        stage.clock.wind(SLOW.drawing)
        await the_one_picture(stage, interaction)
        await stage.apiframe.until(lambda: job.webhook_status == "delivered")


async def test_a_refusal_is_explained_at_once(stage: Stage) -> None:
    """A picture that fails is announced as well, and the member reads why."""
    stage.apiframe.faults.arm(Fault(Kind.MODEL_FAILURE))
    async with reachable_bot(stage):
        await is_being_drawn(stage, Pace(queued=60, drawing=0))
        stage.clock.wind(60)
        assert "Nothing was charged." in text_of(await stage.shows("couldn't make this picture"))


@pytest.mark.promise(ApiframeFault.WEBHOOK_UNRELIABLE)
async def test_a_picture_whose_webhook_never_arrives_is_found_by_polling(stage: Stage) -> None:
    """If no webhook arrives, the bot polls as often as without webhooks, and posts exactly once."""
    stage.apiframe.faults.arm(Fault(Kind.LOST_WEBHOOK, times=None))
    async with reachable_bot(stage, poll_seconds=GENERATION["poll_seconds"]):
        interaction, _ = await is_being_drawn(stage)
        stage.clock.wind(SLOW.drawing)
        await the_one_picture(stage, interaction)


@pytest.mark.promise(ApiframeFault.LAST_WEBHOOK_LOST)
async def test_a_picture_whose_last_webhook_is_lost_is_found_by_the_safety_net(stage: Stage) -> None:
    """When webhooks came and then the one that counts does not, the slower asking finds the picture, exactly once."""
    async with reachable_bot(stage, poll_seconds=0.05, safety_poll_seconds=0.5):
        interaction, job = await is_being_drawn(stage)
        await stage.apiframe.until(lambda: job.webhook_status == "delivered")
        stage.apiframe.faults.arm(Fault(Kind.LOST_WEBHOOK, times=None))
        stage.clock.wind(SLOW.drawing)
        await the_one_picture(stage, interaction)


@pytest.mark.promise(ApiframeFault.RATE_LIMITED_POLLS)
async def test_a_webhook_ends_a_long_pause(stage: Stage) -> None:
    """During a requested pause of a quarter of an hour, the bot doesn't poll, until a webhook says that it's done."""
    looks = looks_of(stage)
    stage.apiframe.pace = SLOW
    stage.apiframe.faults.arm(Fault(Kind.RATE_LIMITED, route="job", seconds=900))
    async with reachable_bot(stage, poll_seconds=GENERATION["poll_seconds"]):
        interaction = await stage.imagine()
        await first_true(partial(seen, looks), within=10)
        stage.clock.wind(SLOW.drawing)
        await the_one_picture(stage, interaction)
    assert len(looks) == 2


@pytest.mark.promise(ApiframeFault.WEBHOOK_UNRELIABLE)
async def test_doubled_webhooks_make_one_picture(stage: Stage) -> None:
    """Each event told twice is as good as told once."""
    stage.apiframe.webhooks.double = True
    async with reachable_bot(stage):
        interaction, job = await is_being_drawn(stage)
        stage.clock.wind(SLOW.drawing)
        await the_one_picture(stage, interaction)
        await stage.apiframe.until(lambda: job.webhook_status == "delivered")


@pytest.mark.promise(ApiframeFault.WEBHOOK_UNRELIABLE)
async def test_a_late_webhook_changes_nothing(stage: Stage) -> None:
    """A webhook after the post is accepted, so that it isn't sent again, and has no effect."""
    stage.apiframe.webhooks.delay = 3600
    async with reachable_bot(stage, poll_seconds=GENERATION["poll_seconds"]):
        interaction, job = await is_being_drawn(stage)
        stage.clock.wind(SLOW.drawing)
        await the_one_picture(stage, interaction)
        assert job.webhook_status is None
        stage.clock.wind(3600)
        await stage.apiframe.until(lambda: job.webhook_status == "delivered")
        await the_one_picture(stage, interaction)


@pytest.mark.promise(ApiframeFault.WEBHOOK_UNRELIABLE)
async def test_a_webhook_that_lies_delivers_nothing(stage: Stage) -> None:
    """A body that says COMPLETED, with the right signature and a picture of its own, only has the bot look itself."""
    async with reachable_bot(stage) as bot:
        interaction, job = await is_being_drawn(stage)
        looks = looks_of(stage)
        lie = {
            "event": "completed",
            "jobId": job.id,
            "status": "COMPLETED",
            "result": {"images": ["https://evil.test"]},
        }
        async with told(stage, bot, lie) as answer:
            assert answer.status == 200
        await first_true(partial(seen, looks), within=10)
        assert stage.pictures() == []
        stage.clock.wind(SLOW.drawing)
        await the_one_picture(stage, interaction)


async def test_an_end_that_is_told_before_it_can_be_seen_is_soon_seen(stage: Stage) -> None:
    """After the last webhook there is none to wait for: if the job is not done then, the bot asks often again."""
    async with reachable_bot(stage, poll_seconds=GENERATION["poll_seconds"]) as bot:
        interaction, job = await is_being_drawn(stage)
        await stage.apiframe.until(lambda: job.webhook_status == "delivered")
        stage.apiframe.faults.arm(Fault(Kind.LOST_WEBHOOK, times=None))
        looks = looks_of(stage)
        async with told(stage, bot, {"event": "completed", "jobId": job.id}) as answer:
            assert answer.status == 200
        await first_true(partial(seen, looks), within=10)
        stage.clock.wind(SLOW.drawing)
        await the_one_picture(stage, interaction)


@pytest.mark.promise(ApiframeFault.WEBHOOK_UNRELIABLE)
async def test_webhooks_out_of_order_make_one_picture(stage: Stage) -> None:
    """Progress after the end, and an end before the progress, don't delay the picture."""
    async with reachable_bot(stage) as bot:
        interaction, job = await is_being_drawn(stage)
        for event in ("completed", "failed", "progress", "progress"):
            async with told(stage, bot, {"event": event, "jobId": job.id}) as answer:
                assert answer.status == 200
        stage.clock.wind(SLOW.drawing)
        await the_one_picture(stage, interaction)
        async with told(stage, bot, {"event": "progress", "jobId": job.id}) as answer:
            assert answer.status == 204
        await the_one_picture(stage, interaction)


async def test_a_webhook_that_comes_before_the_order_is_written_down_is_not_missed(stage: Stage) -> None:
    """The answer to the order is lost, and the job done before the bot learns of it: its first look finds the end."""
    stage.apiframe.faults.arm(Fault(Kind.LOST_ANSWER, route="generate"))
    async with reachable_bot(stage):
        interaction = await stage.imagine()
        await the_one_picture(stage, interaction)
    assert [job.webhook_status for job in stage.jobs()] == ["delivered"]


async def test_progress_is_shown_as_it_is_told_and_hardly_asked_for(stage: Stage) -> None:
    """The card follows the webhooks; between them the bot does not ask, though without them it would every 20 ms."""
    async with reachable_bot(stage, poll_seconds=0.02, safety_poll_seconds=600):
        interaction, job = await is_being_drawn(stage)
        await stage.apiframe.until(lambda: job.webhook_status == "delivered")
        for percent in (20, 40, 60):
            stage.clock.wind(SLOW.drawing / 5)
            await stage.apiframe.until(partial(has_come_to, job, percent))
            await stage.shows(f"Drawing {job.progress}%")
        looks = looks_of(stage)
        await asyncio.sleep(0.1)
        assert len(looks) <= 1
        stage.clock.wind(SLOW.drawing)
        await the_one_picture(stage, interaction)


@pytest.mark.promise(ApiframeFault.PUBLIC_URL_WRONG)
async def test_an_address_that_leads_nowhere_costs_no_picture(stage: Stage) -> None:
    """With a wrong PUBLIC_URL, pictures come as without one; after some of them the operator gets one alert."""
    nowhere = f"http://127.0.0.1:{free_port()}"
    stage.apiframe.pace = Pace(queued=0, drawing=0.3)
    with structlog.testing.capture_logs() as log:
        async with stage.running(public_url=nowhere):
            for count in range(1, 8):
                await stage.imagine()
                await stage.show_pictures(count)
    alerts = [line["alert"] for line in log if line["event"] == "alert_raised"]
    assert alerts == ["webhooks_silent"]


async def test_without_an_address_nothing_is_asked_for(stage: Stage) -> None:
    """An empty PUBLIC_URL means polling only: Apiframe gets no address, and the bot accepts no webhooks."""
    async with stage.running(public_url="") as bot:
        interaction = await stage.imagine()
        await the_one_picture(stage, interaction)
        async with told(stage, bot, {"event": "completed", "jobId": stage.jobs()[0].id}) as answer:
            assert answer.status == 404
    [order] = stage.orders()
    assert "webhookUrl" not in order


def looks_of(stage: Stage) -> list[str]:
    """Return a list that grows with every look that the bot takes at a job."""
    looks: list[str] = []

    def note(exchange: Exchange) -> None:
        if exchange.path.startswith("/v2/jobs/"):
            looks.append(exchange.path)

    stage.apiframe.observers.append(note)
    return looks


async def seen(looks: list[str]) -> bool:
    return bool(looks)


def has_come_to(job: Job, percent: int) -> bool:
    return (job.progress or 0) >= percent
