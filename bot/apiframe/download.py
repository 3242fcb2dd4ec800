"""Downloads: streamed to disk, capped, timed, from allowed hosts, and images by their first bytes."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import BinaryIO

import aiohttp
from aiohttp.abc import AbstractResolver

from bot.apiframe.errors import (
    DeadlinePassed,
    DownloadError,
    DownloadRefused,
    Gone,
    Interrupted,
    NotAnImage,
    TooLarge,
    as_download_errors,
)
from bot.apiframe.hosts import AllowedHosts, GuardedResolver
from bot.apiframe.responses import retry_after_seconds
from bot.picture.formats import SNIFF_BYTES, sniff

CHUNK_BYTES = 64 * 1024  # larger costs memory (200 downloads at a time: 90 MB), smaller costs processor time
WRITE_BYTES = 4 * CHUNK_BYTES  # likewise: a change of thread costs more than the write itself
REDIRECTS_MAX = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Downloader:
    """Fetch images over one shared session, whose connector must guard addresses: see `open_downloader`."""

    def __init__(self, session: aiohttp.ClientSession, hosts: AllowedHosts) -> None:
        self._session = session
        self._hosts = hosts

    async def download(self, url: str, to: Path, *, max_bytes: int, deadline_seconds: float) -> None:
        """Fetch the image at `url` into the file `to`, which appears only when it is complete.

        Makes one try: give it to `Patience.retry` for more. Raises `DownloadError`.
        """
        try:
            async with asyncio.timeout(deadline_seconds):
                await self._fetch(url, to, max_bytes)
        except TimeoutError:
            raise DeadlinePassed(f"The download took longer than {deadline_seconds} s") from None

    async def is_there(self, url: str, *, deadline_seconds: float) -> bool:
        """Return True if the server would send the file now; its body isn't downloaded."""
        try:
            async with asyncio.timeout(deadline_seconds):
                with as_download_errors():
                    async with self._answer(url) as answer:
                        return answer.status == 200
        except (DownloadError, TimeoutError):
            return False

    async def _fetch(self, url: str, to: Path, max_bytes: int) -> None:
        with as_download_errors():
            async with self._answer(url) as answer:
                _check_head(answer, max_bytes)
                first_bytes = await _first_bytes(answer.content)
                if sniff(first_bytes) is None:
                    raise NotAnImage("The file does not begin like a PNG, JPEG, WebP or GIF")
                with _whole_or_nothing(to) as file:
                    await _save(first_bytes, answer.content, file, max_bytes)

    @asynccontextmanager
    async def _answer(self, url: str) -> AsyncIterator[aiohttp.ClientResponse]:
        """Follow a few redirects by hand, each checked like the first address."""
        target = self._hosts.check(url)
        for _ in range(REDIRECTS_MAX + 1):
            async with self._session.get(target, allow_redirects=False) as answer:
                if answer.status not in REDIRECTS:
                    yield answer
                    return
                target = self._hosts.check(answer.headers.get("Location", ""), relative_to=target)
        raise DownloadRefused(f"{target.raw_host} redirects in circles")


@asynccontextmanager
async def open_downloader(
    hosts: AllowedHosts, resolver: AbstractResolver | None = None, *, tracing: Sequence[aiohttp.TraceConfig] = ()
) -> AsyncIterator[Downloader]:
    """Open the session for downloads from `hosts`; the caller decides how many run concurrently."""
    guard = GuardedResolver(hosts, resolver)
    try:
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=guard, limit=0),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=10.0, sock_read=30.0),
            headers={"Accept": "image/*", "Accept-Encoding": "identity"},
            cookie_jar=aiohttp.DummyCookieJar(),
            read_bufsize=CHUNK_BYTES,
            trace_configs=list(tracing),
        ) as session:
            yield Downloader(session, hosts)
    finally:
        await guard.close()


def _check_head(answer: aiohttp.ClientResponse, max_bytes: int) -> None:
    """Refuse by status and declared length, before a byte of the body is read; what it is, its bytes tell."""
    if answer.status in {408, 429} or answer.status >= 500:
        raise Interrupted(
            f"The far end cannot send the file now ({answer.status})", retry_after_seconds(answer.headers)
        )
    if answer.status != 200:
        raise Gone(f"The far end does not hand the file out ({answer.status})")
    if (answer.content_length or 0) > max_bytes:
        raise TooLarge(max_bytes)


async def _first_bytes(content: aiohttp.StreamReader) -> bytes:
    try:
        return await content.readexactly(SNIFF_BYTES)
    except asyncio.IncompleteReadError as short:
        return short.partial


@contextmanager
def _whole_or_nothing(to: Path) -> Iterator[BinaryIO]:
    """Open a file beside `to` that takes its place at the end, or vanishes if there is an error."""
    part = to.with_name(f"{to.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)


async def _save(first_bytes: bytes, content: aiohttp.StreamReader, file: BinaryIO, max_bytes: int) -> None:
    """Write all that comes, off the loop; raise `TooLarge` at the cap."""
    waiting, size = bytearray(first_bytes), len(first_bytes)
    async for chunk in content.iter_chunked(CHUNK_BYTES):
        size += len(chunk)
        if size > max_bytes:
            raise TooLarge(max_bytes)
        waiting += chunk
        if len(waiting) >= WRITE_BYTES:
            await asyncio.to_thread(file.write, waiting)
            waiting.clear()
    await asyncio.to_thread(file.write, waiting)
