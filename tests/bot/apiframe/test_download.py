"""Downloads from a server of a few lines, which does what the test says."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

from bot.apiframe.errors import DeadlinePassed, Gone, Interrupted, NotAnImage, TooLarge, Transient
from bot.apiframe.retry import RetryPolicy
from tests.bot.apiframe.far_end import PNG, babble, image
from tests.bot.apiframe.fetch import CAP_BYTES, Fetch
from tests.promises import ApiframeFault


async def test_picture_arrives_whole(fetch: Fetch) -> None:
    """A picture lands on disk byte by byte as it was sent, and nothing beside it."""
    await fetch()
    assert fetch.to.read_bytes() == PNG
    assert [path.name for path in fetch.to.parent.iterdir()] == ["picture"]


async def test_length_unknown(fetch: Fetch) -> None:
    """A picture that is sent in pieces of unannounced length arrives as well."""

    async def pieces(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "image/webp"})
        await answer.prepare(request)
        for start in range(0, len(PNG), 5):
            await answer.write(PNG[start : start + 5])
            if start > 50:
                await answer.write(PNG[start + 5 :])
                break
        return answer

    fetch.far_end.answer = pieces
    await fetch()
    assert fetch.to.read_bytes() == PNG


async def test_declared_too_large(fetch: Fetch) -> None:
    """A file that announces more than the cap is refused before a byte of it has come."""

    async def announce(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "image/png", "Content-Length": str(CAP_BYTES + 1)})
        await answer.prepare(request)
        await asyncio.sleep(5)
        return answer

    fetch.far_end.answer = announce
    assert str(CAP_BYTES) in str(await fetch.fails(TooLarge, deadline_seconds=1))


async def test_endless_file(fetch: Fetch) -> None:
    """A file that never ends, and never said how long it is, is cut at the cap."""

    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "image/png"})
        await answer.prepare(request)
        while True:
            await answer.write(PNG)

    fetch.far_end.answer = endless
    await fetch.fails(TooLarge)


async def test_exactly_the_cap(fetch: Fetch) -> None:
    """A file of exactly the cap is fine."""
    await fetch(max_bytes=len(PNG))
    assert fetch.to.read_bytes() == PNG


async def test_cut_off(fetch: Fetch) -> None:
    """A picture that ends before its announced length is an error, and may be retried."""

    async def cut_off(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "image/png", "Content-Length": str(len(PNG))})
        await answer.prepare(request)
        await answer.write(PNG[:1000])
        assert request.transport is not None
        request.transport.close()
        return answer

    fetch.far_end.answer = cut_off
    assert isinstance(await fetch.fails(Interrupted), Transient)


async def test_second_try(fetch: Fetch) -> None:
    """With retries around it, a service that fails once costs one more request."""
    answers = [web.Response(status=503, headers={"Retry-After": "0"}), web.Response(body=PNG, content_type="image/png")]

    async def stumble(_: web.Request) -> web.StreamResponse:
        return answers.pop(0)

    fetch.far_end.answer = stumble
    await RetryPolicy(5, first_pause_seconds=0.01).retry(fetch)
    assert len(fetch.far_end.requests) == 2


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_expired(fetch: Fetch, status: int) -> None:
    """A file that is not handed out any more is reported as gone."""

    async def gone(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status)

    fetch.far_end.answer = gone
    await fetch.fails(Gone)


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        (b"<html>not found</html>", "image/png"),
        (b"GIF", "image/gif"),
        (b"", "image/png"),
    ],
)
async def test_no_image(fetch: Fetch, body: bytes, declared: str) -> None:
    """A web page that claims to be an image is not taken for one."""

    async def impostor(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type=declared)

    fetch.far_end.answer = impostor
    await fetch.fails(NotAnImage)


@pytest.mark.promise(ApiframeFault.CONTENT_TYPE)
@pytest.mark.parametrize(
    "declared", ["application/octet-stream", "text/plain", "text/html", "IMAGE/PNG", "image", ";", "", None]
)
async def test_a_picture_is_what_its_bytes_are(fetch: Fetch, declared: str | None) -> None:
    """A picture is accepted whatever its `Content-Type` says, even if it's missing."""
    headers = "" if declared is None else f"Content-Type: {declared}\r\n"

    async def mistyped(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(PNG)}\r\nConnection: close\r\n{headers}\r\n"
        request.transport.write(head.encode() + PNG)
        request.transport.close()
        return web.Response()

    fetch.far_end.answer = mistyped
    await fetch()
    assert fetch.to.read_bytes() == PNG


async def test_deadline(fetch: Fetch) -> None:
    """A server that trickles is given up at the deadline, however lively it is."""

    async def trickle(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "image/png", "Content-Length": str(len(PNG))})
        await answer.prepare(request)
        for byte in PNG:
            await answer.write(bytes([byte]))
            await asyncio.sleep(0.01)
        return answer

    fetch.far_end.answer = trickle
    await fetch.fails(DeadlinePassed, deadline_seconds=0.1)


async def test_stopped_halfway(fetch: Fetch) -> None:
    """A download that is cancelled leaves nothing on disk."""
    sent = asyncio.Event()

    async def stall(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "image/png", "Content-Length": str(len(PNG))})
        await answer.prepare(request)
        await answer.write(PNG[:100_000])
        sent.set()
        await asyncio.sleep(5)
        return answer

    fetch.far_end.answer = stall
    running = asyncio.create_task(fetch())
    await sent.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert list(fetch.to.parent.iterdir()) == []


async def test_nobody_there(fetch: Fetch) -> None:
    """A refused connection may be retried later."""
    await fetch.far_end.server.close()
    await fetch.fails(Interrupted)


async def test_many_at_once(fetch: Fetch, tmp_path: Path) -> None:
    """Two hundred downloads at a time all arrive: none waits for a connection until its deadline passes."""
    inside = 0
    everybody = asyncio.Event()

    async def together(request: web.Request) -> web.StreamResponse:
        nonlocal inside
        inside += 1
        if inside == 200:
            everybody.set()
        await everybody.wait()
        return await image(request)

    fetch.far_end.answer = together
    folder = tmp_path / "many"
    folder.mkdir()
    async with asyncio.TaskGroup() as group:
        for number in range(200):
            group.create_task(
                fetch.downloader.download(
                    fetch.far_end.url, folder / str(number), max_bytes=CAP_BYTES, deadline_seconds=10
                )
            )
    assert {path.stat().st_size for path in folder.iterdir()} == {len(PNG)}


async def test_nonsense_instead_of_http(fetch: Fetch) -> None:
    """A server that doesn't even speak HTTP is an interruption like others, and the error shows no signed address."""
    fetch.far_end.answer = babble
    await fetch.fails(Interrupted)
