"""Decoding in a process of its own, for a process that has no Pillow: `python -m bot.images.child`.

The child gets one call and writes one answer, both as JSON. It ends with its work, so its memory is free again, and it
can be killed at the deadline, unlike a thread.
"""

import json
import sys
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.child_process import ChildFailed, run_module
from bot.images.image_worker import Argument, ImageInfo, decode_by_name
from bot.images.still import NotDecodable, TooManyPixels
from bot.picture.formats import ImageFormat


class ChildDecoder:
    """Starts a child for each call."""

    async def run(self, name: str, *arguments: Argument) -> Any:  # noqa: ANN401  (as the function returns)
        """Return what the function returns; raise `NotDecodable`, also if the system killed the child."""
        call = json.dumps([name, *(str(each) if isinstance(each, Path) else each for each in arguments)])
        try:
            answer = await run_module("bot.images.child", call)
        except ChildFailed as cause:
            if cause.was_killed:
                raise NotDecodable(f"the decoder was ended: {cause}") from cause
            raise
        return _read(json.loads(answer))


def _read(answer: dict[str, Any]) -> ImageInfo | None:
    match answer:
        case {"too_many": [width, height, pixels_max]}:
            raise TooManyPixels(width, height, pixels_max)
        case {"not_decodable": words}:
            raise NotDecodable(words)
        case {"info": {"format": name, "width": width, "height": height, "size_bytes": size_bytes}}:
            return ImageInfo(ImageFormat(name), width, height, size_bytes)
        case _:
            return None


def _answer(name: str, *arguments: str | int) -> dict[str, Any]:
    try:
        info = decode_by_name(name, *(Path(each) if isinstance(each, str) else each for each in arguments))
    except TooManyPixels as cause:
        return {"too_many": [cause.width, cause.height, cause.pixels_max]}
    except NotDecodable as cause:
        return {"not_decodable": str(cause)}
    return {} if info is None else {"info": asdict(info)}


if __name__ == "__main__":
    with redirect_stdout(sys.stderr):  # for the log
        said = _answer(*json.loads(sys.argv[1]))
    json.dump(said, sys.stdout)
