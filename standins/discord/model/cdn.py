"""Discord's CDN: files on disk behind signed links that expire."""

import asyncio
import hashlib
import hmac
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from standins.clock import Clock
from standins.discord.model.attachments import EPHEMERAL, LASTING, StoredFile, Upload, cleaned, declared_type
from standins.discord.model.snowflake import Snowflakes
from standins.discord.model.stickers import Sticker

LINK_LIVES_SECONDS = 24 * 3600
CHUNK_BYTES = 256 * 1024
GONE = "This content is no longer available."


class Cdn:
    """Keeps files in a temporary folder, signs links to them, and serves them."""

    def __init__(self, clock: Clock, snowflakes: Snowflakes) -> None:
        self._clock = clock
        self._snowflakes = snowflakes
        self._key = secrets.token_bytes(32)
        self._files: dict[str, StoredFile] = {}
        self._stickers: dict[str, bytes] = {}
        self._proxied: dict[str, bytes] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="discord-cdn-", ignore_cleanup_errors=True)
        self.address = ""

    def close(self) -> None:
        """Remove every file from the disk."""
        self._folder.cleanup()

    def spare_path(self) -> Path:
        """Return a path where a file may be written before it is kept."""
        return Path(self._folder.name) / secrets.token_hex(16)

    def keep(
        self, on_disk: Path, filename: str, owner_id: int, *, content_type: str | None = None, ephemeral: bool = False
    ) -> StoredFile:
        """Serve the file at `on_disk` from now on, as belonging to a channel (or, if ephemeral, to the application)."""
        name = cleaned(filename)
        file = StoredFile(
            id=self._snowflakes.next(),
            folder=EPHEMERAL if ephemeral else LASTING,
            owner_id=owner_id,
            filename=name,
            content_type=declared_type(name, content_type),
            size=on_disk.stat().st_size,
            on_disk=on_disk,
        )
        self._files[file.path] = file
        return file

    def keep_upload(self, upload: Upload, owner_id: int, *, ephemeral: bool = False) -> StoredFile:
        """Store a person's upload and serve it."""
        path = self.spare_path()
        path.write_bytes(upload.content)
        file = self.keep(path, upload.filename, owner_id, content_type=upload.content_type, ephemeral=ephemeral)
        file.drip_bytes_per_second = upload.drip_bytes_per_second
        return file

    def keep_sticker(self, sticker: Sticker, content: bytes) -> None:
        """Serve a sticker from now on, unsigned and for ever."""
        self._stickers[sticker.filename] = content

    def keep_elsewhere(self, url: str, content: bytes) -> str:
        """Add an image on a host that is not Discord's, which its proxy serves; return the `proxy_url`."""
        address = self.proxied(url)
        self._proxied[address.removeprefix(self.address)] = content
        return address

    def proxied(self, url: str) -> str:
        """Return the address by which Discord's proxy shows what lies on another host, good in this spelling only."""
        scheme, _, rest = url.partition("://")
        signature = hmac.new(self._key, url.encode(), hashlib.sha256).hexdigest()
        return f"{self.address}/external/{signature}/%3Fformat%3Dpng/{scheme}/{rest}"

    def sticker(self, sticker: Sticker) -> bytes:
        """Return what a sticker looks like."""
        return self._stickers[sticker.filename]

    def at(self, link: str) -> StoredFile:
        """Return the file behind a link, as to let it be `gone` or drip."""
        return self._files[urlsplit(link).path]

    def link(self, file: StoredFile) -> str:
        """Return a link to the file that is good for a day from now."""
        issued, expires = int(self._clock.now()), int(self._clock.now()) + LINK_LIVES_SECONDS
        return f"{self.address}{self._signed(file.path, f'{expires:x}', f'{issued:x}')}"

    def _signed(self, path: str, expires: str, issued: str) -> str:
        signature = hmac.new(self._key, f"{path}|{expires}|{issued}".encode(), hashlib.sha256).hexdigest()
        return f"{path}?ex={expires}&is={issued}&hm={signature}&"

    def _find(self, request: web.Request) -> StoredFile | None:
        query = request.query
        expires, issued = query.get("ex", ""), query.get("is", "")
        if request.raw_path != self._signed(request.path, expires, issued):
            return None
        if int(expires, 16) < self._clock.now():
            return None
        file = self._files.get(request.path)
        return None if file is None or file.gone else file

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer a GET with the file's bytes, as fast as its drip allows; 404 for a dead, expired or forged link.

        A link that is spelled differently from the signed one counts as forged.
        """
        file = self._find(request)
        if file is None:
            return web.Response(status=404, text=GONE)
        response = web.StreamResponse(headers={"Content-Type": file.content_type, "Content-Length": str(file.size)})
        with suppress(ConnectionResetError):  # the client may hang up
            await response.prepare(request)
            async for chunk in self._chunks(file):
                await response.write(chunk)
            await response.write_eof()
        return response

    async def serve_sticker(self, request: web.Request) -> web.Response:
        """Answer a GET with a sticker's bytes."""
        name = request.match_info["name"]
        if name not in self._stickers:
            return web.Response(status=404, text=GONE)
        return web.Response(body=self._stickers[name], content_type=declared_type(name))

    async def serve_proxied(self, request: web.Request) -> web.Response:
        """Answer a GET with the bytes of an embed's picture."""
        content = self._proxied.get(request.raw_path)
        return web.Response(status=403, text=GONE) if content is None else web.Response(body=content)

    async def _chunks(self, file: StoredFile) -> AsyncIterator[bytes]:
        drip = file.drip_bytes_per_second
        size = CHUNK_BYTES if drip is None else max(1, int(drip / 20))
        for start in range(0, file.size, size):
            yield await asyncio.to_thread(_read, file.on_disk, start, size)
            if drip is not None:
                await self._clock.sleep(size / drip)


def _read(path: Path, start: int, size: int) -> bytes:
    with path.open("rb") as stream:
        stream.seek(start)
        return stream.read(size)
