"""Reading request bodies: JSON, a form, or multipart with `payload_json` and `files[n]`, streamed to the disk."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from standins.discord.errors import Refusal, too_large
from standins.discord.model.attachments import MIB
from standins.discord.model.cdn import Cdn
from standins.discord.rules.message_rules import Uploaded
from standins.multipart import UNREADABLE

LARGEST_REQUEST = 25 * MIB
CHUNK_BYTES = 64 * 1024
NO_STRINGS = {"type", "flags", "tts"}
FILE_PART = re.compile(r"files\[(\d+)]")


@dataclass(frozen=True, slots=True)
class Body:
    """A request's JSON, and its files by their number in `files[n]`; or the refusal of a body that cannot be read."""

    json: object = None
    uploads: Mapping[int, Uploaded] = field(default_factory=dict)
    refusal: Refusal | None = None


class Bodies:
    """Reads bodies of at most 25 MiB; files lie on the CDN's disk until a message keeps them."""

    def __init__(self, cdn: Cdn) -> None:
        self._cdn = cdn

    async def read(self, request: web.Request) -> Body:
        """Return the body, or raise 40005 if it's too large, and 50109 if it isn't JSON."""
        try:
            return await self._read(request)
        except Refusal as refusal:
            return Body(refusal=refusal)

    async def _read(self, request: web.Request) -> Body:
        if (request.content_length or 0) > LARGEST_REQUEST:
            raise too_large()
        if request.content_type == "multipart/form-data":
            try:
                return await self._multipart(request)
            except UNREADABLE:
                raise Refusal(400, 50035, "Invalid Form Body") from None
        text = await request.content.read()
        if not text:
            return Body()
        if request.content_type == "application/x-www-form-urlencoded":
            return Body(_form(text))
        if request.content_type != "application/json":
            raise Refusal(400, 50035, "Invalid Form Body", _wrong_type(request.content_type))
        return Body(_parsed(text))

    async def _multipart(self, request: web.Request) -> Body:
        parsed: object = None
        uploads: dict[int, Uploaded] = {}
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if not isinstance(part, BodyPartReader):
                raise Refusal(400, 50035, "Invalid Form Body")
            if part.name == "payload_json":
                parsed = _parsed(await part.read(decode=False))
            elif numbered := FILE_PART.fullmatch(part.name or ""):
                uploads[int(numbered[1])] = await self._upload(part)
            if sum(uploaded.size for uploaded in uploads.values()) > LARGEST_REQUEST:
                self.discard(Body(None, uploads))
                raise too_large()
        return Body(parsed, uploads)

    async def _upload(self, part: BodyPartReader) -> Uploaded:
        path = self._cdn.spare_path()
        size = 0
        with path.open("wb") as stream:
            while chunk := await part.read_chunk(CHUNK_BYTES):
                size += stream.write(chunk)
        return Uploaded(path, part.filename or "unknown", part.headers.get("Content-Type"), size)

    def discard(self, body: Body) -> None:
        """Throw away the files of a request that was refused."""
        for uploaded in body.uploads.values():
            uploaded.on_disk.unlink(missing_ok=True)


def _parsed(text: bytes | bytearray) -> object:
    try:
        parsed: object = json.loads(text)
    except ValueError:
        raise Refusal(400, 50109, "The request body contains invalid JSON.") from None
    return parsed


def _form(text: bytes) -> object:
    """Return the JSON in a form's `payload_json`, or its fields; numbers and booleans are spelt as in JSON there."""
    try:
        fields = dict(parse_qsl(text.decode(), keep_blank_values=True, strict_parsing=True))
        if "payload_json" not in fields:
            return {name: json.loads(value) if name in NO_STRINGS else value for name, value in fields.items()}
    except ValueError:
        raise Refusal(400, 50035, "Invalid Form Body") from None
    return _parsed(fields["payload_json"].encode())


def _wrong_type(content_type: str) -> dict[str, object]:
    words = f"Expected \"Content-Type\" header to be one of {{'application/json'}}, not {content_type!r}."
    return {"_errors": [{"code": "CONTENT_TYPE_INVALID", "message": words}]}
