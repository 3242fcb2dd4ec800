"""Small images for tests to attach, and things that only look like some."""

import io

from PIL import Image

from standins.discord.model.attachments import Upload

COLOURS = ("red", "orange", "yellow", "green", "teal", "blue", "purple", "black")


def image_bytes(colour: str = "red", size: tuple[int, int] = (64, 48), kind: str = "PNG", **options: object) -> bytes:
    """Return an encoded image of one colour."""
    encoded = io.BytesIO()
    Image.new("RGB", size, colour).save(encoded, kind, **options)
    return encoded.getvalue()


def photo(name: str = "photo.png", colour: str = "red", size: tuple[int, int] = (64, 48)) -> Upload:
    """Return a whole PNG."""
    return Upload(name, image_bytes(colour, size), "image/png")


def text_called_image() -> Upload:
    """Return a text that claims to be a PNG."""
    return Upload("notes.png", b"Dear diary, this is no picture at all.", "image/png")


def torn_photo() -> Upload:
    """Return a PNG whose second half is missing."""
    whole = image_bytes(size=(400, 300))
    return Upload("torn.png", whole[: len(whole) // 2], "image/png")


def bulky_photo() -> Upload:
    """Return a PNG of more bytes than the 25 MB that Apiframe takes."""
    return Upload("bulky.png", image_bytes() + bytes(25_000_001), "image/png")
