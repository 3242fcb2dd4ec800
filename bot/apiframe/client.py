"""The client of Apiframe's job API."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import aiohttp
import structlog
from pydantic import SecretStr
from yarl import URL

from bot.apiframe.breaker import Breaker
from bot.apiframe.errors import ApiframeError, BadRequest, Conflict, OrderInDoubt, as_apiframe_errors
from bot.apiframe.order import Order, OrderRecord, Submission
from bot.apiframe.responses import parse_response
from bot.apiframe.retry import OnWait, RetryPause, RetryPolicy
from bot.apiframe.wire import Job, JobAccepted, JobList, ListedJob, Me, Model, ModelCatalog, Upload, Wire
from bot.apiframe.wire_format import InputImage, WireFormat, blames_format
from bot.picture.params import FluxParams

log = structlog.get_logger(__name__)

W = TypeVar("W", bound=Wire)

GENERATE_PATH = "v2/images/generate"
RequestListener = Callable[[str, ApiframeError | None], None]
"""Is told the path of each request and how it ended, every single try: None for well."""

_ON_THE_WAY = timedelta(minutes=1)  # an order written in one spelling may be accepted after the change to the other
_JOBS_A_PAGE = 100
_PAGES_MAX = 50
UPLOAD_TIMEOUT = aiohttp.ClientTimeout(total=180.0, sock_connect=10.0)  # 25 MB over a slow line


class Apiframe:
    """Talk to Apiframe: each method is one request, tried again with `retries` where that may help.

    All of them raise `bot.apiframe.errors.ApiframeError`, and tell `on_wait` of every pause before another try. What
    belongs to an order goes through `orders`, which holds it back while Apiframe is down.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        key: SecretStr,
        retries: RetryPolicy,
        orders: Breaker,
        heard: RequestListener = lambda _, __: None,
    ) -> None:
        self._session = session
        self._base = URL(base_url)
        self._key = key
        self._retries = retries
        self._orders = orders
        self._heard = heard
        self._wire_format = WireFormat.DOCUMENTED
        self._wire_format_since = datetime.now(UTC)

    @property
    def takes_no_orders(self) -> bool:
        """Return True if Apiframe is down, so that orders are held back."""
        return self._orders.is_down

    def write_order(
        self, prompt: str, params: FluxParams, images: Sequence[InputImage] = (), webhook_url: str | None = None
    ) -> Order:
        """Write an order in the spelling that Apiframe took last."""
        return Order.write(prompt, params, images, wire_format=self._wire_format, webhook_url=webhook_url)

    async def submit(
        self,
        order: Order,
        *,
        idempotency_key: str,
        record: OrderRecord | None = None,
        on_wait: OnWait | None = None,
    ) -> JobAccepted:
        """Order one picture; the same `idempotency_key` (≤ 255 characters) and body get the same job for 24 hours.

        A 400 that blames the spelling made no job, so the other spelling is tried once. `record` keeps each body before
        it is sent. Raises `OrderInDoubt` where no job is known, and one of the tries may have made one.
        """
        submission = Submission(order, idempotency_key, record or OrderRecord())

        attempt = partial(self._generate, submission)

        def wait(waiting: RetryPause) -> None:
            if on_wait is not None:
                on_wait(replace(waiting, in_doubt=submission.in_doubt))

        try:
            return await self._retries.retry(lambda: self._orders.ask(attempt), wait)
        except ApiframeError as refusal:
            if submission.in_doubt and not isinstance(refusal, OrderInDoubt):
                raise OrderInDoubt(refusal) from refusal
            raise

    async def jobs_since(self, moment: datetime) -> Sequence[ListedJob]:
        """Return our jobs that were made since a moment, the newest first."""
        found: list[ListedJob] = []
        cursor: str | None = None
        for _ in range(_PAGES_MAX):
            page = await self._jobs_page(cursor)
            recent = [job for job in page.jobs if job.created_at is None or job.created_at >= moment]
            found += recent
            cursor = page.next_cursor
            if cursor is None or len(recent) < len(page.jobs):
                break
        return found

    def prefer_other_format(self, ordered_at: datetime) -> None:
        """Write the next order in the other spelling, because one accepted at `ordered_at` was misunderstood.

        An order that may have been written before the last change says nothing about the present spelling.
        """
        if ordered_at >= self._wire_format_since:
            self._change_format(self._wire_format.other)
            log.warning("other_wire_format_tried", wire_format=self._wire_format.value)

    async def job(self, job_id: str, *, on_wait: OnWait | None = None) -> Job:
        """Return where the job stands; images are worth asking for every 2 to 3 s."""
        return await self._retries.retry(lambda: self._ask("GET", f"v2/jobs/{quote(job_id, safe='')}", Job), on_wait)

    async def me(self) -> Me:
        """Return whose key it is, and what credits there are."""
        return await self._retries.retry(lambda: self._ask("GET", "v2/me", Me))

    async def models(self) -> tuple[Model, ...]:
        """Return the catalogue of models with their prices."""
        catalog = await self._retries.retry(lambda: self._ask("GET", "v2/models", ModelCatalog))
        return catalog.models

    async def upload(self, path: Path, content_type: str, *, on_wait: OnWait | None = None) -> Upload:
        """Hand over an image file (≤ 25 MB) under a neutral name, and return where Apiframe keeps it for an hour."""

        async def attempt() -> Upload:
            with await asyncio.to_thread(path.open, "rb") as file:
                form = aiohttp.FormData()
                form.add_field("file", file, filename=f"reference{path.suffix}", content_type=content_type)
                return await self._ask("POST", "v2/uploads", Upload, content=form, limits=UPLOAD_TIMEOUT)

        return await self._retries.retry(lambda: self._orders.ask(attempt), on_wait)

    async def _jobs_page(self, cursor: str | None) -> JobList:
        query = {"limit": str(_JOBS_A_PAGE)} | ({} if cursor is None else {"cursor": cursor})
        return await self._retries.retry(lambda: self._ask("GET", "v2/jobs", JobList, query=query))

    def _change_format(self, wire_format: WireFormat) -> None:
        self._wire_format = wire_format
        self._wire_format_since = datetime.now(UTC) + _ON_THE_WAY

    async def _generate(self, submission: Submission) -> JobAccepted:
        """Send the order, and again in the other format if a 400 blames that; note if a try may have been accepted."""
        headers = {"Idempotency-Key": submission.key, "Content-Type": "application/json"}
        first_format = submission.order.wire_format
        while True:
            await submission.record.keep(submission.order)
            try:
                accepted = await self._ask(
                    "POST", GENERATE_PATH, JobAccepted, content=submission.order.body.encode(), headers=headers
                )
            except BadRequest as refusal:
                submission.in_doubt = False  # no earlier try of this body was accepted either
                rewritten = submission.order.rewritten()
                if rewritten is None or rewritten.wire_format is first_format or not blames_format(refusal):
                    raise
                submission.order = rewritten
            except Conflict as refusal:  # the key has another body's job, or one that is being made: it must be found
                raise OrderInDoubt(refusal) from refusal
            except ApiframeError as refusal:
                submission.in_doubt = submission.in_doubt or refusal.may_have_happened
                if not submission.in_doubt:
                    await submission.record.drop()
                raise
            else:
                if submission.order.wire_format is not first_format:
                    self._change_format(submission.order.wire_format)
                    log.info("wire_format_switched", wire_format=self._wire_format.value)
                return accepted

    async def _ask(
        self,
        method: str,
        path: str,
        shape: type[W],
        *,
        query: Mapping[str, str] | None = None,
        content: bytes | aiohttp.FormData | None = None,
        headers: Mapping[str, str] | None = None,
        limits: aiohttp.ClientTimeout | None = None,
    ) -> W:
        key = self._key.get_secret_value()
        with self._being_heard(path):
            with as_apiframe_errors():
                async with self._session.request(
                    method,
                    self._base.joinpath(path, encoded=True),
                    params=query,
                    data=content,
                    headers={"X-API-Key": key, **(headers or {})},
                    timeout=limits or self._session.timeout,
                    allow_redirects=False,  # a redirect would carry the key to another host
                ) as answer:
                    body = await answer.read()
            # What a refusal says is quoted, and may itself quote the key.
            safe = body.replace(key.encode(), b"(key)") if key else body
            return parse_response(answer.status, answer.headers, safe, shape)

    @contextmanager
    def _being_heard(self, path: str) -> Iterator[None]:
        try:
            yield
        except ApiframeError as refusal:
            self._heard(path, refusal)
            raise
        self._heard(path, None)


@asynccontextmanager
async def open_apiframe(
    base_url: str,
    key: SecretStr,
    *,
    retries: RetryPolicy | None = None,
    orders: Breaker | None = None,
    request_timeout_seconds: float = 30.0,
    connect_timeout_seconds: float = 10.0,
    tracing: Sequence[aiohttp.TraceConfig] = (),
    heard: RequestListener = lambda _, __: None,
) -> AsyncIterator[Apiframe]:
    """Open the one session that all requests to Apiframe share, and close it at the end.

    `tracing` counts responses, and `heard` gets the outcome of each.
    """
    timeout = aiohttp.ClientTimeout(total=request_timeout_seconds, sock_connect=connect_timeout_seconds)
    headers = {"User-Agent": f"imagine-bot/{version('imagine-bot')}", "Accept": "application/json"}
    async with aiohttp.ClientSession(
        timeout=timeout, headers=headers, cookie_jar=aiohttp.DummyCookieJar(), trace_configs=list(tracing)
    ) as session:
        yield Apiframe(session, base_url, key, retries or RetryPolicy(), orders or Breaker(), heard)
