"""Image formats, detected by their first bytes and never by a declared type."""

from enum import StrEnum

SNIFF_BYTES = 12  # as many first bytes as `sniff` needs


class ImageFormat(StrEnum):
    """The image formats that both platforms take."""

    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    GIF = "gif"

    @property
    def media_type(self) -> str:
        """Return the MIME type, such as `image/png`."""
        return f"image/{self}"

    @property
    def suffix(self) -> str:
        """Return the usual file suffix without a dot, such as `jpg`."""
        return "jpg" if self is ImageFormat.JPEG else str(self)


def sniff(first_bytes: bytes) -> ImageFormat | None:
    """Return the format that the first `SNIFF_BYTES` bytes announce, or None if it isn't supported."""
    if first_bytes.startswith(b"\x89PNG\r\n\x1a\n"):
        return ImageFormat.PNG
    if first_bytes.startswith(b"\xff\xd8\xff"):
        return ImageFormat.JPEG
    if first_bytes[:4] == b"RIFF" and first_bytes[8:12] == b"WEBP":
        return ImageFormat.WEBP
    if first_bytes.startswith((b"GIF87a", b"GIF89a")):
        return ImageFormat.GIF
    return None
