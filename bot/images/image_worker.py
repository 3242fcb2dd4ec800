"""Looking at image bytes and making them smaller: off the loop, a few at a time, with a deadline, never on trust."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol

from bot.images.heap import keep_freed_memory
from bot.images.still import NotDecodable
from bot.picture.formats import ImageFormat

_DECODING: Final = "bot.images.decoding"  # by name: Pillow is loaded where the first image is decoded

Argument = Path | int


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """The properties of an image file; `width` and `height` are pixels, as the image is shown."""

    format: ImageFormat
    width: int
    height: int
    size_bytes: int


class Decoder(Protocol):
    """Does the work of the functions in `bot.images.decoding`, each by its name."""

    async def run(self, name: str, *arguments: Argument) -> Any:  # noqa: ANN401  (as each of them returns)
        """Return what the function returns; raise what it raises, and `TimeoutError` after its deadline."""


class ImageWorker:
    """Decodes and encodes images, `at_once` at the same time, since each takes tens of megabytes."""

    def __init__(self, at_once: int = 2, deadline_seconds: float = 30.0, decoder: Decoder | None = None) -> None:
        self._deadline_seconds = deadline_seconds
        self._room = asyncio.Semaphore(at_once)
        self._decoder = decoder or _Threads(at_once)

    async def inspect(self, file: Path) -> ImageInfo:
        """Look whether a file is a whole image and return what it is; raise `NotDecodable`."""
        info: ImageInfo = await self._run("inspect", file)
        return info

    async def refit(self, file: Path, to: Path, limit_bytes: int) -> ImageInfo:
        """Write the image into `to` in at most `limit_bytes`: quality goes first, then size, never the aspect."""
        info: ImageInfo = await self._run("refit", file, to, limit_bytes)
        return info

    async def prepare(self, file: Path, copy: Path, pixels_max: int) -> tuple[Path, ImageInfo]:
        """Return the file unchanged if it has at most this many pixels, or a smaller upright `copy`, and its info.

        A file that lacks its end is copied too, for decoders that are stricter than ours. Raises `NotDecodable`.
        """
        info: ImageInfo | None = await self._run("shrunk", file, copy, pixels_max)
        return (file, await self.inspect(file)) if info is None else (copy, info)

    async def shrink(self, file: Path, to: Path, pixels: int) -> None:
        """Write a JPEG of the image into `to`, its longer side at most `pixels`; raise `NotDecodable`."""
        await self._run("shrink", file, to, pixels)

    async def _run(self, name: str, *arguments: Argument) -> Any:  # noqa: ANN401
        """Return what a function returns; the deadline counts from when its turn comes."""
        async with self._room:
            try:
                async with asyncio.timeout(self._deadline_seconds):
                    return await self._decoder.run(name, *arguments)
            except TimeoutError:
                raise NotDecodable(f"not done after {self._deadline_seconds} s") from None


class _Threads:
    """Decodes in this process. A thread can't be ended: one that is too slow is left to itself, and replaced."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._threads = self._new_threads()

    def _new_threads(self) -> ThreadPoolExecutor:
        # Threads of its own: each thread that decodes keeps tens of megabytes, and the loop has 32 of them.
        return ThreadPoolExecutor(self._at_once, "darkroom", initializer=keep_freed_memory)

    async def run(self, name: str, *arguments: Argument) -> Any:  # noqa: ANN401
        threads = self._threads
        try:
            return await asyncio.get_running_loop().run_in_executor(threads, decode_by_name, name, *arguments)
        except asyncio.CancelledError:  # by the deadline, or because nobody waits any more
            threads.shutdown(wait=False)
            if threads is self._threads:
                self._threads = self._new_threads()
            raise


def decode_by_name(name: str, *arguments: Argument) -> Any:  # noqa: ANN401
    """Call a function of `bot.images.decoding`; blocks."""
    return getattr(import_module(_DECODING), name)(*arguments)
