"""Webhooks: signed as the documents allow, and lost, doubled or late where a test says so."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from typing import Literal

import pytest
from aiohttp import web

from standins.apiframe.faults import Fault, Kind
from standins.apiframe.server import ApiframeStandIn
from standins.apiframe.worker import MAGIC_WORD
from tests.standins.apiframe.conftest import Caller

ALL_EVENTS = ["progress", "completed", "failed"]


class Receiver:
    """The address that a caller wants its webhooks at."""

    def __init__(self) -> None:
        self.url = ""
        self.got: list[tuple[str, str, bytes]] = []
        self.status = 200

    @property
    def events(self) -> list[str]:
        return [event for event, _, _ in self.got]

    async def take(self, request: web.Request) -> web.Response:
        headers = request.headers
        self.got.append((headers["X-Webhook-Event"], headers["X-Webhook-Signature"], await request.read()))
        return web.Response(status=self.status)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Open an address that takes webhooks."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def ask(caller: Caller, receiver: Receiver, prompt: str = "a boat", events: list[str] | None = None) -> str:
    """Order a small picture with a webhook, and return the job's id."""
    size = {"width": 256, "height": 256}
    body: dict[str, object] = {"prompt": prompt, "model": "flux-2-max", "webhookUrl": receiver.url, "fluxParams": size}
    answer = await caller.post("/v2/images/generate", json=body | ({"webhookEvents": events} if events else {}))
    return str(answer.body["jobId"])


@pytest.mark.parametrize("key_form", ["bytes", "hex"])
@pytest.mark.parametrize("prefix", ["sha256=", ""])
async def test_webhook_is_signed(
    apiframe: ApiframeStandIn, caller: Caller, receiver: Receiver, key_form: Literal["bytes", "hex"], prefix: str
) -> None:
    """The signature is the HMAC of the raw body by the digest of the key, in each form that is allowed."""
    apiframe.webhooks.key_form, apiframe.webhooks.prefix = key_form, prefix
    job = apiframe.jobs[await ask(caller, receiver)]
    await apiframe.until(lambda: job.webhook_status == "delivered")
    [(event, signature, body)] = receiver.got
    digest = hashlib.sha256(apiframe.api_key.encode())
    key = digest.digest() if key_form == "bytes" else digest.hexdigest().encode()
    assert signature == prefix + hmac.new(key, body, hashlib.sha256).hexdigest()
    assert (event, json.loads(body)["jobId"], json.loads(body)["result"]) == ("completed", job.id, job.result())


async def test_only_the_chosen_events_are_told(apiframe: ApiframeStandIn, caller: Caller, receiver: Receiver) -> None:
    """Progress comes only to those who ask for it; a failure says why."""
    job = apiframe.jobs[await ask(caller, receiver, events=ALL_EVENTS)]
    await apiframe.until(lambda: job.finished and "completed" in receiver.events)
    assert receiver.events == ["progress", "completed"]
    failed = apiframe.jobs[await ask(caller, receiver, MAGIC_WORD, events=["failed"])]
    await apiframe.until(lambda: failed.webhook_status)
    assert json.loads(receiver.got[-1][2])["error"] == failed.error


async def test_webhooks_can_be_lost_doubled_or_late(
    apiframe: ApiframeStandIn, caller: Caller, receiver: Receiver
) -> None:
    """A test can have webhooks that never come, come twice, or come when the clock says."""
    apiframe.webhooks.delay, apiframe.webhooks.double = 60, True
    job = apiframe.jobs[await ask(caller, receiver)]
    await apiframe.until(lambda: job.finished)
    await asyncio.sleep(0.02)
    assert receiver.events == []
    apiframe.clock.wind(61)
    await apiframe.until(lambda: receiver.events == ["completed", "completed"])
    apiframe.webhooks.delay = 0
    apiframe.faults.arm(Fault(Kind.LOST_WEBHOOK))
    lost = apiframe.jobs[await ask(caller, receiver)]
    await apiframe.until(lambda: lost.finished and not apiframe.faults.armed)
    assert (len(receiver.got), lost.webhook_status) == (2, "failed")


async def test_the_last_webhook_alone_can_be_lost(
    apiframe: ApiframeStandIn, caller: Caller, receiver: Receiver
) -> None:
    """A test can lose the final webhook after those about the progress."""
    apiframe.faults.arm(Fault(Kind.LOST_LAST_WEBHOOK))
    job = apiframe.jobs[await ask(caller, receiver, events=ALL_EVENTS)]
    await apiframe.until(lambda: job.finished and not apiframe.faults.armed)
    await apiframe.until(lambda: receiver.events)
    assert set(receiver.events) == {"progress"}


async def test_refused_webhook_is_marked(apiframe: ApiframeStandIn, caller: Caller, receiver: Receiver) -> None:
    """The job shows that its webhook was not taken."""
    receiver.status = 500
    job = apiframe.jobs[await ask(caller, receiver)]
    await apiframe.until(lambda: job.webhook_status)
    assert (await caller.get(f"/v2/jobs/{job.id}")).body["webhookStatus"] == "failed"
