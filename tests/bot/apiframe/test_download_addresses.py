"""Downloads that lead astray: redirects, and names at forbidden addresses."""

import socket
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.apiframe.download import open_downloader
from bot.apiframe.errors import DownloadRefused
from bot.apiframe.hosts import AllowedHosts
from tests.bot.apiframe.far_end import FarEnd, image
from tests.bot.apiframe.fetch import CAP_BYTES, Fetch
from tests.promises import ApiframeFault, Attack


async def test_redirect_is_followed(fetch: Fetch) -> None:
    """A redirect to an allowed host is followed, relative ones too."""

    async def moved(request: web.Request) -> web.StreamResponse:
        if request.path == "/a.png":
            return web.Response(status=302, headers={"Location": "/moved/b.png"})
        return await image(request)

    fetch.far_end.answer = moved
    await fetch()
    assert [request.path for request in fetch.far_end.requests] == ["/a.png", "/moved/b.png"]


@pytest.mark.promise(Attack.PRIVATE_ADDRESS)
@pytest.mark.parametrize(
    "location",
    ["http://evil.example/a.png", "http://10.0.0.1/a.png", "http://169.254.169.254/latest", "file:///etc/passwd", "http://["],
)  # fmt: skip
async def test_redirect_elsewhere(fetch: Fetch, location: str) -> None:
    """A redirect that leaves the allowed hosts is refused like an address of its own."""

    async def moved(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": location})

    fetch.far_end.answer = moved
    await fetch.fails(DownloadRefused)


async def test_redirect_in_circles(fetch: Fetch) -> None:
    """A redirect to itself ends after a few rounds."""

    async def moved(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": request.path})

    fetch.far_end.answer = moved
    await fetch.fails(DownloadRefused)
    assert len(fetch.far_end.requests) == 4


SIGNED = "/a%2Fb%3Ac%27d%7Ee.png?name=%27x%27&signature=a%2Fb%3A%7E%2Bc&="


@pytest.mark.promise(ApiframeFault.ESCAPED_LINK)
async def test_an_address_is_asked_for_as_it_is_spelled(fetch: Fetch) -> None:
    """A signature may cover the spelling, so an address goes out byte for byte as it came."""
    url = fetch.far_end.base_url + SIGNED
    await fetch.downloader.download(url, fetch.to, max_bytes=CAP_BYTES, deadline_seconds=5)
    assert await fetch.downloader.is_there(url, deadline_seconds=5)
    assert [request.raw_path for request in fetch.far_end.requests] == [SIGNED, SIGNED]


@pytest.mark.promise(ApiframeFault.ESCAPED_LINK)
@pytest.mark.parametrize("absolute", [True, False])
async def test_a_redirect_is_followed_as_it_is_spelled(fetch: Fetch, absolute: bool) -> None:
    """The target of a redirect is as opaque as the first address, absolute or not."""
    location = fetch.far_end.base_url + SIGNED if absolute else SIGNED

    async def moved(request: web.Request) -> web.StreamResponse:
        if request.path == "/a.png":
            return web.Response(status=302, headers={"Location": location})
        return await image(request)

    fetch.far_end.answer = moved
    await fetch()
    assert fetch.far_end.requests[1].raw_path == SIGNED


async def test_an_address_that_no_request_can_carry_is_quoted(fetch: Fetch) -> None:
    """Spaces, line breaks and letters beyond ASCII cannot break out of the request, and the rest stays."""
    url = f"{fetch.far_end.base_url}/ein Löwe%2F.png?a=1\r\nX: y"
    await fetch.downloader.download(url, fetch.to, max_bytes=CAP_BYTES, deadline_seconds=5)
    [request] = fetch.far_end.requests
    assert request.raw_path == "/ein%20L%C3%B6we%2F.png?a=1%0D%0AX:%20y"


class Rebinding(AbstractResolver):
    """A name server in the attacker's hand: a public address first, a private one beside it."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        addresses = ["104.16.0.1", "127.0.0.1"]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in addresses
        ]

    async def close(self) -> None:
        return


@pytest.mark.promise(Attack.PRIVATE_ADDRESS)
async def test_allowed_name_at_a_private_address(far_end: FarEnd, tmp_path: Path) -> None:
    """An allowed name that turns out to be this machine is refused before anything is sent."""
    hosts = AllowedHosts(["*.apiframe.ai"], "https://api.apiframe.ai")
    url = f"https://cdn.apiframe.ai:{far_end.server.port}/a.png"
    async with open_downloader(hosts, Rebinding()) as downloader:
        with pytest.raises(DownloadRefused):
            await downloader.download(url, tmp_path / "picture", max_bytes=CAP_BYTES, deadline_seconds=5)
    assert far_end.requests == []


async def test_base_by_name(far_end: FarEnd, tmp_path: Path) -> None:
    """A base that is a name may lead into a private network, since the operator wrote it."""
    base_url = far_end.base_url.replace("127.0.0.1", "localhost")
    async with open_downloader(AllowedHosts([], base_url)) as downloader:
        await downloader.download(f"{base_url}/a.png", tmp_path / "picture", max_bytes=CAP_BYTES, deadline_seconds=5)
    assert len(far_end.requests) == 1
