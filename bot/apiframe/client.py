"""The client of Apiframe's job API."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import aiohttp
import structlog
from pydantic import SecretStr
from yarl import URL

from bot.apiframe.answers import understand
from bot.apiframe.breaker import Breaker
from bot.apiframe.errors import ApiframeError, BadRequest, as_apiframe_errors
from bot.apiframe.patience import OnWait, Patience
from bot.apiframe.spelling import InputImage, Spelling, blames_spelling, spell
from bot.apiframe.wire import Job, JobAccepted, Me, Model, ModelCatalog, Upload, Wire
from bot.picture.params import FluxParams

log = structlog.get_logger(__name__)

W = TypeVar("W", bound=Wire)

MODEL = "flux-2-max"
WEBHOOK_EVENTS = ("progress", "completed", "failed")
ORDERS = "v2/images/generate"
Heard = Callable[[str, ApiframeError | None], None]
"""Is told the path of each request and how it ended, every single try: None for well."""

_ON_THE_WAY = timedelta(minutes=1)  # an order written in one spelling may be accepted after the change to the other
UPLOAD_TIMEOUT = aiohttp.ClientTimeout(total=180.0, sock_connect=10.0)  # 25 MB over a slow line


class Apiframe:
    """Talk to Apiframe: each method is one request, tried again with `patience` where that may help.

    All of them raise `bot.apiframe.errors.ApiframeError`, and tell `on_wait` of every pause before another try. What
    belongs to an order goes through `orders`, which holds it back while Apiframe is down.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        key: SecretStr,
        patience: Patience,
        orders: Breaker,
        heard: Heard = lambda _, __: None,
    ) -> None:
        self._session = session
        self._base = URL(base_url)
        self._key = key
        self._patience = patience
        self._orders = orders
        self._heard = heard
        self._spelling = Spelling.DOCUMENTED
        self._spelled_since = datetime.now(UTC)

    @property
    def takes_no_orders(self) -> bool:
        """Say whether Apiframe is down, so that orders are held back."""
        return self._orders.is_down

    async def submit(
        self,
        prompt: str,
        params: FluxParams,
        images: Sequence[InputImage] = (),
        *,
        idempotency_key: str,
        webhook_url: str | None = None,
        on_wait: OnWait | None = None,
    ) -> JobAccepted:
        """Order one picture; the same `idempotency_key` (≤ 255 characters) gets the same job for 24 hours.

        A 400 that blames the spelling made no job, so the other spelling is tried once, and kept if it is taken.
        """
        request: dict[str, object] = {"prompt": prompt, "model": MODEL}
        if webhook_url is not None:
            request |= {"webhookUrl": webhook_url, "webhookEvents": WEBHOOK_EVENTS}

        async def attempt() -> JobAccepted:
            return await self._submit_in_either_spelling(request, params, images, idempotency_key)

        return await self._patience.retry(lambda: self._orders.ask(attempt), on_wait)

    def prefer_other_spelling(self, ordered_at: datetime) -> None:
        """Write the next order in the other spelling, because one accepted at `ordered_at` was misunderstood.

        An order that may have been written before the last change says nothing about the present spelling.
        """
        if ordered_at >= self._spelled_since:
            self._respell(self._spelling.other)
            log.warning("apiframe_other_spelling_tried", spelling=self._spelling.value)

    async def job(self, job_id: str, *, on_wait: OnWait | None = None) -> Job:
        """Return where the job stands; images are worth asking for every 2 to 3 s."""
        return await self._patience.retry(lambda: self._ask("GET", f"v2/jobs/{quote(job_id, safe='')}", Job), on_wait)

    async def me(self) -> Me:
        """Return whose key it is, and what credits there are."""
        return await self._patience.retry(lambda: self._ask("GET", "v2/me", Me))

    async def models(self) -> tuple[Model, ...]:
        """Return the catalogue of models with their prices."""
        catalog = await self._patience.retry(lambda: self._ask("GET", "v2/models", ModelCatalog))
        return catalog.models

    async def upload(self, path: Path, content_type: str, *, on_wait: OnWait | None = None) -> Upload:
        """Hand over an image file (≤ 25 MB) under a neutral name, and return where Apiframe keeps it for an hour."""

        async def attempt() -> Upload:
            with await asyncio.to_thread(path.open, "rb") as file:
                form = aiohttp.FormData()
                form.add_field("file", file, filename=f"reference{path.suffix}", content_type=content_type)
                return await self._ask("POST", "v2/uploads", Upload, form=form, limits=UPLOAD_TIMEOUT)

        return await self._patience.retry(lambda: self._orders.ask(attempt), on_wait)

    async def _submit_in_either_spelling(
        self, request: dict[str, object], params: FluxParams, images: Sequence[InputImage], key: str
    ) -> JobAccepted:
        spelling = self._spelling
        flux_params, respelled = (spell(params, images, each) for each in (spelling, spelling.other))
        try:
            return await self._generate(request, flux_params, key)
        except BadRequest as refusal:
            if respelled == flux_params or not blames_spelling(refusal):
                raise
        accepted = await self._generate(request, respelled, key)
        self._respell(spelling.other)
        log.info("apiframe_takes_the_other_spelling", spelling=self._spelling.value)
        return accepted

    def _respell(self, spelling: Spelling) -> None:
        self._spelling = spelling
        self._spelled_since = datetime.now(UTC) + _ON_THE_WAY

    async def _generate(self, request: dict[str, object], flux_params: dict[str, object], key: str) -> JobAccepted:
        body = request | ({"fluxParams": flux_params} if flux_params else {})
        return await self._ask("POST", ORDERS, JobAccepted, json=body, headers={"Idempotency-Key": key})

    async def _ask(
        self,
        method: str,
        path: str,
        shape: type[W],
        *,
        json: object = None,
        form: aiohttp.FormData | None = None,
        headers: dict[str, str] | None = None,
        limits: aiohttp.ClientTimeout | None = None,
    ) -> W:
        with self._being_heard(path):
            with as_apiframe_errors():
                async with self._session.request(
                    method,
                    self._base.joinpath(path, encoded=True),
                    json=json,
                    data=form,
                    headers={"X-API-Key": self._key.get_secret_value()} | (headers or {}),
                    timeout=limits or self._session.timeout,
                    allow_redirects=False,  # a redirect would carry the key to another host
                ) as answer:
                    content = await answer.read()
            return understand(answer.status, answer.headers, content, shape)

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
    patience: Patience | None = None,
    orders: Breaker | None = None,
    request_timeout_seconds: float = 30.0,
    connect_timeout_seconds: float = 10.0,
    tracing: Sequence[aiohttp.TraceConfig] = (),
    heard: Heard = lambda _, __: None,
) -> AsyncIterator[Apiframe]:
    """Open the one session that all requests to Apiframe share, and close it at the end.

    `tracing` counts answers, and `heard` is told what each of them means.
    """
    timeout = aiohttp.ClientTimeout(total=request_timeout_seconds, sock_connect=connect_timeout_seconds)
    headers = {"User-Agent": f"imagine-bot/{version('imagine-bot')}", "Accept": "application/json"}
    async with aiohttp.ClientSession(
        timeout=timeout, headers=headers, cookie_jar=aiohttp.DummyCookieJar(), trace_configs=list(tracing)
    ) as session:
        yield Apiframe(session, base_url, key, patience or Patience(), orders or Breaker(), heard)
