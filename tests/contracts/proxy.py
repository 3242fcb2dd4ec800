"""A proxy in front of an API, which holds the bytes of both directions against the API's OpenAPI document."""

import email
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Self

import aiohttp
from aiohttp import web
from multidict import CIMultiDictProxy

from standins.exchange import Exchange
from tests.contracts.openapi import Contract

LIMITS = aiohttp.ClientTimeout(total=60)
OF_ONE_HOP = {"host", "connection", "content-length", "transfer-encoding", "content-encoding"}


class ContractProxy:
    """Passes requests on, at `url`. `violations` has a sentence for each breach; `operations` has the called ones."""

    def __init__(self, contract: Contract, target: str) -> None:
        self.url = ""
        self.violations: list[str] = []
        self.operations: set[str] = set()
        self._contract = contract
        self._target = target

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Self]:
        """Serve on a free port of 127.0.0.1 while the block runs."""
        async with aiohttp.ClientSession(timeout=LIMITS, auto_decompress=False) as session:
            runner = web.AppRunner(self._app(session), access_log=None, shutdown_timeout=0.5)
            await runner.setup()
            try:
                await web.TCPSite(runner, "127.0.0.1", 0).start()
                self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
                yield self
            finally:
                await runner.cleanup()

    def _app(self, session: aiohttp.ClientSession) -> web.Application:
        async def relay(request: web.Request) -> web.StreamResponse:
            return await self._relay(session, request)

        app = web.Application(client_max_size=64 * 1024**2)
        app.router.add_route("*", "/{path:.*}", relay)
        return app

    async def _relay(self, session: aiohttp.ClientSession, request: web.Request) -> web.StreamResponse:
        sent, headers = await request.read(), _passed_on(request.headers)
        try:
            async with session.request(
                request.method, self._target + request.raw_path, data=sent, headers=headers, allow_redirects=False
            ) as answer:
                received = await answer.read()
        except aiohttp.ClientError:  # a broken connection is passed on as one
            self._note(request, sent, None, b"")
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=502)
        self._note(request, sent, answer, received)
        return web.Response(body=received, status=answer.status, headers=_passed_on(answer.headers))

    def _note(self, request: web.Request, sent: bytes, answer: aiohttp.ClientResponse | None, received: bytes) -> None:
        """Check the request, and the answer if there is one."""
        exchange = _exchange(request, sent, answer, received)
        operation = self._contract.operations.find(exchange.method, exchange.path)
        self.operations.add(f"{exchange.method} {exchange.path if operation is None else operation.template}")
        self.violations += self._contract.request_violations(exchange)
        if answer is not None:
            self.violations += self._contract.answer_violations(exchange)
            self.violations += _unreadable(exchange, answer, received)


def _exchange(request: web.Request, sent: bytes, answer: aiohttp.ClientResponse | None, received: bytes) -> Exchange:
    return Exchange(
        method=request.method,
        path=request.path,
        query=dict(request.query),
        request_headers=dict(request.headers),
        request_body=_json(sent) if request.content_type == "application/json" else None,
        request_files=dict(_files(request, sent)),
        request_content_type=request.headers.get("Content-Type", ""),
        status=200 if answer is None else answer.status,
        response_headers={} if answer is None else dict(answer.headers),
        response_body=_json(received),
    )


def _unreadable(exchange: Exchange, answer: aiohttp.ClientResponse, received: bytes) -> Iterator[str]:
    """Yield a sentence if an answer is something else than the JSON that it has to be."""
    if answer.status < 500 and (answer.content_type != "application/json" or _json(received) is None):
        yield f"{exchange.method} {exchange.path}: answer {answer.status}: {answer.content_type} instead of JSON"


def _json(content: bytes) -> object:
    try:
        parsed: object = json.loads(content)
    except ValueError:
        return None
    return parsed


def _files(request: web.Request, sent: bytes) -> Iterator[tuple[str, str]]:
    """Yield the name of each part of a multipart body, with its file name."""
    if not request.content_type.startswith("multipart/"):
        return
    parsed = email.message_from_bytes(f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode() + sent)
    for part in parsed.walk():
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str):
            yield name, part.get_filename() or ""


def _passed_on(headers: CIMultiDictProxy[str]) -> Mapping[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in OF_ONE_HOP}
