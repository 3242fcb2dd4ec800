"""The reference images of a job, fetched from wherever their links point."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import aiohttp
from PIL import Image, ImageOps
from yarl import URL

from standins.apiframe.essentials import essentials

LARGEST_BYTES = 25 * 1024 * 1024


class Unfulfillable(Exception):
    """Why a job fails, in the words that its `error` will have."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference image as it arrived; `size` is width and height in pixels, upright."""

    url: str
    content: bytes
    size: tuple[int, int]

    def picture(self) -> Image.Image:
        """Return it decoded, upright, as RGB."""
        return upright(self.content)


def upright(content: bytes) -> Image.Image:
    """Decode an image (the first frame of an animated one), turned as its EXIF says, as RGB."""
    with Image.open(BytesIO(essentials(content)), formats=["PNG", "JPEG", "WEBP", "GIF"]) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def not_fetched(number: int, status: int) -> Unfulfillable:
    """Say that the link of the input image with this number, counted from 1, was answered with an error."""
    return Unfulfillable(f"Input image {number} could not be fetched: HTTP {status}")


async def fetch_references(session: aiohttp.ClientSession, urls: Sequence[str]) -> list[Reference]:
    """Fetch the images behind `urls`, in this order; Unfulfillable names the first that fails."""
    return [await _fetch(session, url, number) for number, url in enumerate(urls, start=1)]


async def _fetch(session: aiohttp.ClientSession, url: str, number: int) -> Reference:
    content = await _download(session, url, number)
    try:
        picture = await asyncio.to_thread(upright, content)
    except Exception as cause:  # Pillow doesn't document which errors its decoders raise
        raise Unfulfillable(f"Input image {number} is not a readable image") from cause
    return Reference(url, content, picture.size)


async def _download(session: aiohttp.ClientSession, url: str, number: int) -> bytes:
    """Return the bytes behind a link, 25 MB at most."""
    content = bytearray()
    try:
        async with session.get(URL(url, encoded=True), raise_for_status=True) as response:  # as it is spelled
            async for chunk in response.content.iter_chunked(64 * 1024):
                content += chunk
                if len(content) > LARGEST_BYTES:
                    raise Unfulfillable(f"Input image {number} is larger than 25 MB")
    except aiohttp.ClientResponseError as cause:
        raise not_fetched(number, cause.status) from cause
    except (aiohttp.ClientError, TimeoutError) as cause:
        raise Unfulfillable(f"Input image {number} could not be fetched") from cause
    return bytes(content)
