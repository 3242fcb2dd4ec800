"""The stand-in on an address of its own, and a caller who knows nothing but HTTP."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, TypedDict, Unpack

import aiohttp
import pytest
from PIL import Image
from yarl import URL

from standins.apiframe.jobs import Job, Pace
from standins.apiframe.server import ApiframeStandIn
from standins.clock import Clock
from standins.exchange import Exchange
from tests.contracts.published import published_contract


@dataclass(frozen=True)
class Answer:
    """A status, the body (parsed where it is JSON), and the headers."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


class FluxParams(TypedDict, total=False):
    """A caller's parameters, right or wrong."""

    aspect_ratio: str
    resolution: str
    width: int
    height: int
    seed: float | None
    output_format: str
    output_quality: int
    input_images: Sequence[str]
    steps: int


class Caller:
    """Calls the stand-in as anybody might."""

    def __init__(self, apiframe: ApiframeStandIn, session: aiohttp.ClientSession) -> None:
        self.apiframe = apiframe
        self.session = session

    async def get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        retries: float = 5,
    ) -> Answer:
        sent = {"X-API-Key": self.apiframe.api_key} | dict(headers or {})
        limit = aiohttp.ClientTimeout(total=retries)
        async with self.session.get(self._at(path), params=params, headers=sent, timeout=limit) as response:
            return await _answer(response)

    async def post(
        self,
        path: str,
        json: object = None,
        data: bytes | aiohttp.FormData | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        sent = {"X-API-Key": self.apiframe.api_key} | dict(headers or {})
        async with self.session.post(self._at(path), json=json, data=data, headers=sent) as response:
            return await _answer(response)

    async def upload(self, content: bytes, field_name: str = "file") -> Answer:
        form = aiohttp.FormData()
        form.add_field(field_name, content, filename="photo.txt", content_type="text/plain")
        return await self.post("/v2/uploads", data=form)

    async def generate(
        self, prompt: str = "a red boat at dawn", key: str | None = None, **flux: Unpack[FluxParams]
    ) -> Answer:
        body = {"prompt": prompt, "model": "flux-2-max", "fluxParams": flux}
        headers = {"Idempotency-Key": key} if key is not None else {}
        return await self.post("/v2/images/generate", json=body, headers=headers)

    async def finished(self, prompt: str = "a red boat at dawn", **flux: Unpack[FluxParams]) -> Job:
        """Ask for a picture, let the time pass, and return the finished job."""
        accepted = await self.generate(prompt, **flux)
        assert accepted.status == 202, accepted.body
        job = self.apiframe.jobs[accepted.body["jobId"]]
        await self.apiframe.until(lambda: job.finished)
        return job

    async def fetch(self, url: str) -> Answer:
        """Fetch a file by its link as it is spelled; the body are its bytes."""
        async with self.session.get(URL(url, encoded=True)) as response:
            return Answer(response.status, await response.read(), dict(response.headers))

    def _at(self, path: str) -> str:
        return self.apiframe.base_url + path


async def _answer(response: aiohttp.ClientResponse) -> Answer:
    body = await response.json() if response.content_type == "application/json" else await response.text()
    return Answer(response.status, body, dict(response.headers))


@pytest.fixture
async def apiframe() -> AsyncIterator[ApiframeStandIn]:
    """Apiframe in no hurry to be slow; every answer it gives is held against the published document."""
    stand_in = ApiframeStandIn(Clock())
    stand_in.pace = Pace(queued=0, drawing=0)
    seen: list[Exchange] = []
    stand_in.observers.append(seen.append)
    async with stand_in.serving():
        yield stand_in
    contract = published_contract("apiframe")
    assert contract is None or [wrong for exchange in seen for wrong in contract.answer_violations(exchange)] == []


@pytest.fixture
async def caller(apiframe: ApiframeStandIn) -> AsyncIterator[Caller]:
    """Somebody with the right key."""
    async with aiohttp.ClientSession() as session:
        yield Caller(apiframe, session)


def image_bytes(colour: str = "red", size: tuple[int, int] = (320, 160), image_format: str = "PNG") -> bytes:
    """Return a small image of one colour."""
    buffer = BytesIO()
    Image.new("RGB", size, colour).save(buffer, image_format)
    return buffer.getvalue()


def decoded(content: bytes) -> Image.Image:
    """Return the image that the bytes are, wholly read."""
    image = Image.open(BytesIO(content))
    image.load()
    return image
