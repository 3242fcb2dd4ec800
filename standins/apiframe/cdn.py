"""The CDN of results and uploads: streamed as by a real CDN, or damaged by a fault."""

from contextlib import suppress

from aiohttp import web

from standins.apiframe.broken_responses import hang_up
from standins.apiframe.errors import bad_signature, not_found
from standins.apiframe.faults import Kind
from standins.apiframe.jobs import Image, Job
from standins.apiframe.signing import raw_path
from standins.apiframe.world import World

CHUNK_BYTES = 64 * 1024
DRIP_SECONDS = 0.05
HTML = b"<!doctype html><title>Just a moment...</title><p>Checking your browser before you go on."


class Cdn:
    """Serves the files of jobs and uploads for as long as they live."""

    def __init__(self, world: World) -> None:
        self._world = world

    def table(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/cdn/results/{id}/{name}", self.result, name="cdn"),
            web.get("/cdn/uploads/{id}~", self.upload),
        ]

    async def result(self, request: web.Request) -> web.StreamResponse:
        """Send a finished picture; 404 once it has expired."""
        job, image = self._image(request)
        faults = self._world.faults
        if faults.take(Kind.MISSING):
            raise not_found("File")
        if faults.take(Kind.WRONG_CONTENT):
            return await _send(request, HTML, "text/html")
        if faults.take(Kind.CUT_OFF):
            return await _send(request, image.content, image.content_type, sent_bytes=len(image.content) // 2)
        if dripping := job.faults.get(Kind.DRIPPING):
            return await self._drip(request, image, dripping.seconds)
        return await _send(request, image.content, image.content_type)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Send an uploaded file; 404 once it has expired."""
        upload = self._world.uploads.get(request.match_info["id"])
        if upload is None or self._world.clock.now() >= upload.expires_at:
            raise not_found("File")
        if request.raw_path != raw_path(upload.url):
            raise bad_signature()
        return await _send(request, upload.content, upload.content_type)

    async def _drip(self, request: web.Request, image: Image, seconds: float) -> web.StreamResponse:
        """Send a picture evenly over this many seconds of the clock."""
        response = web.StreamResponse(headers={"Content-Type": image.content_type})
        response.content_length = len(image.content)
        began, sent = self._world.clock.now(), 0
        with suppress(ConnectionResetError):  # the client may hang up
            await response.prepare(request)
            while sent < len(image.content):
                await self._world.clock.sleep(DRIP_SECONDS)
                due = int(len(image.content) * (self._world.clock.now() - began) / seconds)
                await response.write(image.content[sent:due])
                sent = due
        return response

    def _image(self, request: web.Request) -> tuple[Job, Image]:
        """Find the picture that the address names, with its job, and count the fetch; 403 for another spelling."""
        job = self._world.jobs.get(request.match_info["id"])
        if job is None or job.expired(self._world.clock.now()):
            raise not_found("File")
        job.downloads += 1
        signed = (image for image in job.images if raw_path(image.url) == request.raw_path)
        if (image := next(signed, None)) is None:
            raise bad_signature()
        return job, image


async def _send(
    request: web.Request, content: bytes, content_type: str, sent_bytes: int | None = None
) -> web.StreamResponse:
    """Stream `content`; with `sent_bytes`, promise all of it and lose the connection after that many bytes."""
    response = web.StreamResponse(headers={"Content-Type": content_type})
    response.content_length = len(content)
    sent = memoryview(content)[:sent_bytes]
    with suppress(ConnectionResetError):  # the client may hang up
        await response.prepare(request)
        for start in range(0, len(sent), CHUNK_BYTES):
            await response.write(sent[start : start + CHUNK_BYTES])
    if sent_bytes is not None:
        hang_up(request)
    return response
