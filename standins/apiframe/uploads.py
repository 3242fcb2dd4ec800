"""Uploaded images: short-lived files that a job may use as its references."""

from dataclasses import dataclass, field
from uuid import uuid4

from aiohttp import BodyPartReader, MultipartReader, web

from standins.apiframe.errors import Refusal, invalid
from standins.apiframe.jobs import iso
from standins.apiframe.signing import sign
from standins.multipart import UNREADABLE

LARGEST_BYTES = 25 * 1024 * 1024
LIFETIME_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded image; it can be fetched at `url` until `expires_at`, in Unix seconds of the clock."""

    base_url: str
    file_name: str
    content: bytes
    content_type: str
    expires_at: float
    id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def url(self) -> str:
        """The download address."""
        return sign(f"{self.base_url}/cdn/uploads/{self.id}")

    def document(self) -> dict[str, object]:
        """Return the `Upload` object that the upload is answered with."""
        return {
            "id": self.id,
            "url": self.url,
            "kind": "image",
            "contentType": self.content_type,
            "byteSize": len(self.content),
            "expiresAt": iso(self.expires_at),
        }


def sniffed_type(content: bytes) -> str | None:
    """Return the content type that the first bytes show, or None if the API doesn't accept it."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return "image/gif" if content.startswith((b"GIF87a", b"GIF89a")) else None


async def receive_file(request: web.Request) -> tuple[str, bytes, str]:
    """Return name, bytes and sniffed type of the multipart field `file`; 400 if there is none that we take."""
    if not request.content_type.startswith("multipart/"):
        raise invalid({"file": ["Expected multipart/form-data"]})
    try:
        return await _file_part(await request.multipart())
    except UNREADABLE:
        raise Refusal(400, "Malformed multipart body") from None


async def _file_part(parts: MultipartReader) -> tuple[str, bytes, str]:
    async for part in parts:
        if isinstance(part, BodyPartReader) and part.name == "file":
            content = await _read(part)
            content_type = sniffed_type(content)
            if content_type is None:
                raise invalid({"file": ["Unsupported file type"]})
            return part.filename or "", content, content_type
    raise invalid({"file": ["Required"]})


async def _read(part: BodyPartReader) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(64 * 1024):
        content += chunk
        if len(content) > LARGEST_BYTES:
            raise invalid({"file": ["Larger than 25 MB"]})
    return bytes(content)
