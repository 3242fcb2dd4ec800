"""How far one `/imagine` goes through our code: `python -m benchmarks.call_path`.

It counts the files of `bot` and `cogs` in which some function was called for the picture, and which of our frames stand
on the stack when the order and the picture are sent. A context variable separates work for a picture from other work:
the gateway's event and the workflow mark theirs, and every task and thread that they start inherits the mark.
"""

import asyncio
import sys
import tempfile
import threading
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Final

from aiohttp import FormData

import bot
from playground.app import running_bot, settings_for
from standins.apiframe.jobs import Pace
from standins.apiframe.server import ApiframeStandIn
from standins.clock import Clock
from standins.discord.server import DiscordStandIn

ROOT: Final = str(Path(bot.__file__).parent.parent)
OURS: Final = (f"{ROOT}/bot/", f"{ROOT}/cogs/")
BEGINNINGS: Final = {("event_guard.py", "let_in"), ("durable_queue.py", "make_picture")}
THREADS: Final = ("database-", "darkroom")  # they belong to no task, and nothing but the picture is under way
SETTLED_SECONDS: Final = 0.5  # after the picture: settling is done by then

for_picture: ContextVar[bool] = ContextVar("for_picture", default=False)


@dataclass
class CallPath:
    """Files in the order in which a call came to them, and the frames of the two calls that matter."""

    files: dict[str, None] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    files_to_order: int = 0
    post: list[str] = field(default_factory=list)
    files_to_post: int = 0

    def watch(self, frame: FrameType, event: str, _: object) -> None:
        """Take note of a call; Python's profiler calls this at each."""
        if event != "call":
            return
        file, name = frame.f_code.co_filename, frame.f_code.co_name
        if file.startswith(OURS):
            if (Path(file).name, name) in BEGINNINGS:
                for_picture.set(True)
            if for_picture.get() or threading.current_thread().name.startswith(THREADS):
                self.files.setdefault(file.removeprefix(f"{ROOT}/"))
        elif name == "_request" and file.endswith("aiohttp/client.py") and for_picture.get():
            self._requested(frame)

    def _requested(self, frame: FrameType) -> None:
        request: dict[str, Any] = frame.f_locals
        method, address = request["method"], str(request["str_or_url"])
        if method == "POST" and address.endswith("/images/generate"):
            self.order, self.files_to_order = _frames(frame), len(self.files)
        elif method == "PATCH" and isinstance(request["data"], FormData):  # with a file
            self.post, self.files_to_post = _frames(frame), len(self.files)


def _frames(frame: FrameType | None) -> list[str]:
    """Return our frames above a call, the outermost first."""
    found: list[str] = []
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(OURS):
            found.append(f"{code.co_filename.removeprefix(f'{ROOT}/')}:{frame.f_lineno} {code.co_qualname}")
        frame = frame.f_back
    return found[::-1]


async def measured() -> CallPath:
    """Make one picture with the real bot between the stand-ins, and return its path through the code."""
    path = CallPath()
    apiframe = ApiframeStandIn(Clock())
    apiframe.pace = Pace(queued=0.0, drawing=0.05)
    with tempfile.TemporaryDirectory(prefix="call-path-") as folder:
        async with DiscordStandIn(Clock()).serving() as discord, apiframe.serving():
            guild = discord.world.add_guild("Server")
            channel, alice = guild.add_channel("pictures"), discord.person(guild.add_member("Alice"))
            threading.setprofile(path.watch)
            async with running_bot(settings_for(discord, apiframe, Path(folder))):
                path.files.clear()
                sys.setprofile(path.watch)
                await alice.types("/imagine", channel, prompt="a red boat at dawn")
                await discord.world.until(lambda: any(each.attachments for each in channel.messages.values()), 60)
                await asyncio.sleep(SETTLED_SECONDS)
                sys.setprofile(None)
                threading.setprofile(None)
    return path


def main() -> None:
    """Measure, and print both stacks and the counts."""
    path = asyncio.run(measured())
    for what, frames in (("order", path.order), ("post", path.post)):
        print(f"our frames at the {what}: {len(frames)}", *frames, sep="\n  ")
    print(f"files to the order: {path.files_to_order}, to the post: {path.files_to_post}, in all: {len(path.files)}")
    print(*sorted(path.files), sep="\n  ")


if __name__ == "__main__":
    main()
