"""Files: people's uploads, and the files that Discord stores and links to."""

import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from standins.discord.payload import Payload

MIB = 1024 * 1024
EPHEMERAL = "ephemeral-attachments"
MEGABYTE = 2**20  # as Discord counts its limits
LASTING = "attachments"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody picks it: its name, its bytes, and the type that it claims to be, true or not.

    `drip_bytes_per_second` lets every download of it be that slow.
    """

    filename: str
    content: bytes
    content_type: str | None = None
    description: str | None = None
    drip_bytes_per_second: float | None = None


@dataclass(eq=False, slots=True)
class StoredFile:
    """A file on the CDN's disk, with the path under which it is served."""

    id: int
    folder: str
    owner_id: int
    filename: str
    content_type: str
    size: int
    on_disk: Path
    gone: bool = False
    drip_bytes_per_second: float | None = None

    @property
    def path(self) -> str:
        """Return where the CDN serves it, without the signature."""
        return f"/{self.folder}/{self.owner_id}/{self.id}/{self.filename}"


@dataclass(eq=False, slots=True)
class Attachment:
    """A file as part of a message or of a command's options."""

    file: StoredFile
    description: str | None = None
    width: int | None = None
    height: int | None = None
    ephemeral: bool = False
    title: str | None = None

    @property
    def id(self) -> int:
        """Return the snowflake of the attachment, which is its file's."""
        return self.file.id

    @property
    def filename(self) -> str:
        """Return the name that Discord made of the uploaded one."""
        return self.file.filename

    def read(self) -> bytes:
        """Return the bytes, as somebody would see them who downloads the file."""
        return self.file.on_disk.read_bytes()

    def payload(self, link: str) -> Payload:
        """Return Discord's JSON, with `link` as the signed address."""
        body: Payload = {
            "id": str(self.id),
            "filename": self.filename,
            "size": self.file.size,
            "url": link,
            "proxy_url": link,
            "content_type": self.file.content_type,
        }
        if self.width and self.height:
            body |= {"width": self.width, "height": self.height}
        if self.description:
            body["description"] = self.description
        body |= {"title": self.title} if self.title else {}
        return body | ({"ephemeral": True} if self.ephemeral else {})


def attachment_of(
    file: StoredFile, description: str | None = None, *, ephemeral: bool = False, title: str | None = None
) -> Attachment:
    """Make the attachment of a stored file; a file that really is an image gets its size in pixels."""
    width, height = pixels(file.on_disk)
    return Attachment(file, description, width, height, ephemeral, title)


def pixels(path: Path) -> tuple[int | None, int | None]:
    """Return width and height of the image at `path`, or None twice if it isn't an image."""
    try:
        with Image.open(path) as image:
            return image.size
    except Exception:  # noqa: BLE001  (Pillow doesn't document which errors its decoders raise)
        return None, None


def cleaned(filename: str) -> str:
    """Return the name that Discord keeps: letters, digits, dots, dashes and underscores."""
    return re.sub(r"[^\w.-]", "", filename.replace(" ", "_"), flags=re.ASCII).lstrip(".") or "unknown"


def title_of(filename: str) -> str | None:
    """Return the name, without its suffix, of a file whose name Discord does not keep; None where it keeps it."""
    return None if cleaned(filename) == filename.replace(" ", "_") else Path(filename).stem


def declared_type(filename: str, content_type: str | None = None) -> str:
    """Return the type that a file claims: the uploader's word, else what its name says."""
    if content_type and content_type != "application/octet-stream":
        return content_type
    return mimetypes.guess_type(filename)[0] or "application/octet-stream"
