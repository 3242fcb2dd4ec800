"""A server of a few lines, for cases that the stand-in doesn't cover."""

import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 1000
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FarEnd:
    """Answers every request as `answer` says; `url` is a signed address of a picture there."""

    def __init__(self, answer: Handler) -> None:
        self.answer = answer
        self.requests: list[web.Request] = []
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        self.server = TestServer(app)
        self.base_url = ""

    @property
    def url(self) -> str:
        return f"{self.base_url}/a.png?signature=s3cret"

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        return await self.answer(request)


@asynccontextmanager
async def far_end_that(answer: Handler) -> AsyncIterator[FarEnd]:
    """Serve until the context ends."""
    end = FarEnd(answer)
    async with end.server:
        end.base_url = str(end.server.make_url("")).rstrip("/")
        yield end


async def image(_: web.Request) -> web.StreamResponse:
    """Answer with a picture."""
    return web.Response(body=PNG, content_type="image/png")


async def babble(request: web.Request) -> web.StreamResponse:
    """Answer with something that is not HTTP."""
    assert request.transport is not None
    request.transport.write(b"220 mail.example ESMTP\r\n\r\n")
    request.transport.close()
    return web.Response()


def told(error: BaseException) -> str:
    """Return all that a log may show of an error: its traceback, and how it and its cause look in code."""
    return "".join(traceback.format_exception(error)) + f"{error!r} {error.__cause__!r}"
