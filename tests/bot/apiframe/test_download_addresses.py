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


async def test_redirect_is_followed(fetch: Fetch) -> None:
    """A redirect to an allowed host is followed, relative ones too."""

    async def moved(request: web.Request) -> web.StreamResponse:
        if request.path == "/a.png":
            return web.Response(status=302, headers={"Location": "/moved/b.png"})
        return await image(request)

    fetch.far_end.answer = moved
    await fetch()
    assert [request.path for request in fetch.far_end.requests] == ["/a.png", "/moved/b.png"]


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
