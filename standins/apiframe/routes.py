"""The routes of the API, each answering as the OpenAPI file says."""

import json
from typing import Annotated, Literal
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, Field

from standins.apiframe.broken_responses import BrokenAnswer
from standins.apiframe.errors import (
    Refusal,
    images_disabled,
    insufficient_credits,
    invalid,
    key_in_progress,
    key_of_another_order,
    not_found,
)
from standins.apiframe.faults import Kind
from standins.apiframe.jobs import Job, strange_fields
from standins.apiframe.pricing import price, price_range
from standins.apiframe.uploads import LIFETIME_SECONDS, Upload, receive_file
from standins.apiframe.validation import Order, parse, read_order
from standins.apiframe.worker import Studio
from standins.apiframe.world import World

LONGEST_KEY = 255
Model = dict[str, object]


class JobQuery(BaseModel, frozen=True):
    """The query of `GET /v2/jobs`; `cursor` is the id of the last job of the page before."""

    status: Literal["QUEUED", "PROCESSING", "COMPLETED", "FAILED", "CANCELLED"] | None = None
    model: str | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: UUID | None = None
    scope: Literal["user", "team"] = "user"
    search: UUID | None = None
    include_models: Literal["true", "false"] = "false"

    def wants(self, job: Job) -> bool:
        """Return True if the job belongs in the list."""
        return (
            self.status in {None, job.status.value}
            and self.model in {None, job.order.model}
            and (self.search is None or str(self.search) == job.id)
        )


class ModelQuery(BaseModel, frozen=True):
    """The query of `GET /v2/models`."""

    modality: Literal["image", "video", "music"] | None = None


class Routes:
    """Answers the callers of the API."""

    def __init__(self, world: World, studio: Studio) -> None:
        self._world = world
        self._studio = studio

    def table(self) -> list[web.RouteDef]:
        """Return the routes; their names are those that faults go by."""
        return [
            web.post("/v2/images/generate", self.generate, name="generate"),
            web.get("/v2/jobs", self.jobs, name="jobs"),
            web.get("/v2/jobs/{id}", self.job, name="job"),
            web.get("/v2/me", self.me, name="me"),
            web.get("/v2/models", self.models, name="models"),
            web.post("/v2/uploads", self.upload, name="uploads"),
        ]

    async def generate(self, request: web.Request) -> web.Response:
        """Accept a job; the same Idempotency-Key within 24 hours finds the first one.

        It is 409 with another body, even by a single space, and as long as the first request is being handled.
        """
        body, received = await request.read(), await _json(request)
        order = read_order(received, self._world.wire_format)
        key = _idempotency_key(request)
        if not self._world.account.may_make_images:
            raise images_disabled()
        if key in self._world.book.in_progress:
            raise key_in_progress()
        job = self._world.book.with_key(key, self._world.clock.now())
        if job is not None and (job.body != body or self._world.faults.take(Kind.KEY_CONFLICT)):
            raise key_of_another_order()
        if job is None:
            await self._handle_slowly(key)
            job = self._accept(order, body, received, key)
        return web.json_response({"jobId": job.id, "status": job.status.value}, status=202)

    async def job(self, request: web.Request) -> web.Response:
        """Show one job, disfigured where a fault says so."""
        job = self._world.jobs.get(_uuid(request.match_info["id"]))
        if job is None or self._world.faults.take(Kind.UNKNOWN_JOB):
            raise not_found("Job")
        document = job.document(self._world.clock.now())
        if self._world.faults.take(Kind.EXTRA_FIELDS):
            document |= {"moderation": {"score": 0.01}, "queuePosition": None}
        if self._world.faults.take(Kind.NO_INPUT):
            del document["input"]
        broken: dict[str, object] = {}
        if self._world.faults.take(Kind.UNKNOWN_STATUS):
            broken = {"status": "REVIEWING"}
        if self._world.faults.take(Kind.STRANGE_FIELDS):
            broken |= strange_fields(job)
        if broken:
            return BrokenAnswer(text=json.dumps(document | broken), content_type="application/json")
        return web.json_response(document)

    async def jobs(self, request: web.Request) -> web.Response:
        """List the jobs, the newest first, page by page."""
        query = parse(JobQuery, dict(request.query))
        wanted = [job for job in self._after(query.cursor) if query.wants(job)]
        page, more = wanted[: query.limit], len(wanted) > query.limit
        now = self._world.clock.now()
        body: dict[str, object] = {
            "jobs": [job.entry(now) for job in page],
            "nextCursor": page[-1].id if more else None,
            "hasMore": more,
        }
        if query.include_models == "true":
            body["models"] = sorted({job.order.model for job in self._world.jobs.values()})
        return web.json_response(body)

    async def me(self, _: web.Request) -> web.Response:
        """Show the caller, their team and its credits."""
        return web.json_response(self._world.account.document())

    async def models(self, request: web.Request) -> web.Response:
        """List the models with their prices."""
        modality = parse(ModelQuery, dict(request.query)).modality
        return web.json_response({"models": [entry for entry in _catalog() if modality in {None, entry["modality"]}]})

    async def upload(self, request: web.Request) -> web.Response:
        """Keep a file for an hour."""
        file_name, content, content_type = await receive_file(request)
        self._world.files_of_request.get()["file"] = file_name
        expires_at = self._world.clock.now() + LIFETIME_SECONDS
        upload = Upload(self._world.base_url, file_name, content, content_type, expires_at)
        self._world.uploads[upload.id] = upload
        return web.json_response(upload.document(), status=201)

    async def _handle_slowly(self, key: str | None) -> None:
        """Take time before an order is accepted, where a fault says so."""
        world = self._world
        slow = world.faults.take(Kind.SLOW_ORDER)
        if slow is None or key is None:
            return
        world.book.in_progress.add(key)
        world.changes.ring()
        try:
            await world.clock.sleep(slow.seconds)
        finally:
            world.book.in_progress.discard(key)

    def _accept(self, order: Order, body: bytes, received: dict[str, object], idempotency_key: str | None) -> Job:
        """Charge for a new job and begin with it."""
        world, cost = self._world, price(order.flux_params)
        if world.faults.take(Kind.OUT_OF_CREDITS):
            raise insufficient_credits(cost, min(world.credits, cost - 1))
        world.account.charge(cost)
        faults = world.faults.take_for_job()
        job = Job(order, body, received, idempotency_key, cost, world.pace, faults, accepted_at=world.clock.now())
        world.book.add(job)
        self._studio.take(job)
        return job

    def _after(self, cursor: UUID | None) -> list[Job]:
        """Return the jobs older than the one that the cursor names, the newest first."""
        jobs = self._world.book.newest_first()
        ids = [job.id for job in jobs]
        if cursor is not None and str(cursor) not in ids:
            raise invalid({"cursor": ["Invalid cursor"]})
        return jobs if cursor is None else jobs[ids.index(str(cursor)) + 1 :]


def _catalog() -> list[Model]:
    """Return a few models, ours among them."""
    least, most = price_range()
    return [
        {"id": "flux-2-max", "label": "Flux 2 Max", "modality": "image", "pricingMode": "per-output"}
        | {"description": "The most faithful of the Flux family.", "costMin": least, "costMax": most},
        {"id": "flux-2-pro", "label": "Flux 2 Pro", "modality": "image", "costMin": 4, "costMax": 12},
        {"id": "kling-3", "label": "Kling 3", "modality": "video", "pricingMode": "per-second", "costMin": 40},
    ]


async def _json(request: web.Request) -> dict[str, object]:
    """Return the body as a JSON object, or raise 400."""
    try:
        received = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise Refusal(400, "Invalid JSON body") from None
    if not isinstance(received, dict):
        raise invalid({"": ["Expected an object"]})
    return received


def _idempotency_key(request: web.Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and len(key) > LONGEST_KEY:
        raise invalid({"Idempotency-Key": [f"Must be at most {LONGEST_KEY} characters"]})
    return key


def _uuid(text: str) -> str:
    """Return a UUID in its usual form, or raise 400."""
    try:
        return str(UUID(text))
    except ValueError:
        raise Refusal(400, "Invalid job id") from None
