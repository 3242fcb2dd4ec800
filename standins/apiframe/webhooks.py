"""Telling the caller's own address what happened to a job: signed, and as unreliable as a test asks for."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Literal

import aiohttp

from standins.apiframe.faults import Faults, Kind
from standins.apiframe.jobs import Job, iso
from standins.apiframe.validation import Event
from standins.clock import Clock

_LAST: tuple[Event, ...] = ("completed", "failed")


@dataclass(slots=True)
class WebhookHabits:
    """How webhooks are signed and when they come; a test sets these as it likes.

    The documents leave open whether the secret is the 32 bytes of the API key's SHA-256 or their 64 hex characters,
    and whether the signature has a prefix. `delay` is in seconds of the clock.
    """

    key_form: Literal["bytes", "hex"] = "bytes"
    prefix: str = "sha256="
    double: bool = False
    delay: float = 0.0


class Webhooks:
    """Posts the events of jobs to the address that each job named."""

    def __init__(
        self, session: aiohttp.ClientSession, clock: Clock, faults: Faults, habits: WebhookHabits, api_key: str
    ) -> None:
        self._session = session
        self._clock = clock
        self._faults = faults
        self._habits = habits
        self._key_digest = hashlib.sha256(api_key.encode())

    async def tell(self, job: Job, event: Event) -> None:
        """Post what the job is now, as `event`, if its caller asked for such events; note how that went."""
        url = job.order.webhook_url
        if url is None or event not in job.order.webhook_events:
            return
        body = json.dumps(_document(job, event)).encode()
        await self._clock.sleep(self._habits.delay)
        if self._faults.take(Kind.LOST_WEBHOOK) or (event in _LAST and self._faults.take(Kind.LOST_LAST_WEBHOOK)):
            job.webhook_status = "failed"
            return
        for _ in range(2 if self._habits.double else 1):
            job.webhook_status = "delivered" if await self._post(url, event, body) else "failed"

    async def _post(self, url: str, event: Event, body: bytes) -> bool:
        """Return True if the receiver accepted it."""
        headers = {
            "Content-Type": "application/json",
            "X-Webhook-Event": event,
            "X-Webhook-Signature": self._signature(body),
        }
        try:
            async with self._session.post(url, data=body, headers=headers) as response:
                return response.ok
        except (aiohttp.ClientError, TimeoutError):
            return False

    def _signature(self, body: bytes) -> str:
        digest = self._key_digest
        secret = digest.digest() if self._habits.key_form == "bytes" else digest.hexdigest().encode()
        return self._habits.prefix + hmac.new(secret, body, hashlib.sha256).hexdigest()


def _document(job: Job, event: Event) -> dict[str, object]:
    """Return the body of a webhook; `error` is there only when something went wrong."""
    document: dict[str, object] = {
        "event": event,
        "jobId": job.id,
        "status": job.status.value,
        "progress": job.progress,
        "result": job.result(),
        "model": job.order.model,
        "creditCost": job.cost,
        "completedAt": None if job.finished_at is None else iso(job.finished_at),
    }
    return document | ({"error": job.error} if job.error else {})
