"""Modules that run in a process of their own, with their memory, and end with their work."""

import asyncio
import sys
from contextlib import suppress
from typing import Final

_ERROR_MAX: Final = 500  # characters of a traceback, from its end


class ChildFailed(Exception):
    """Say that a child wrote no answer; `was_killed` if the system or somebody else ended it."""

    def __init__(self, code: int, error: str) -> None:
        super().__init__(f"exit code {code}: {error[-_ERROR_MAX:]}")
        self.was_killed = code < 0


async def run_module(module: str, *arguments: str, given: bytes = b"") -> bytes:
    """Pass `given` to `python -m module` on its standard input, and return its output; raise `ChildFailed`.

    `-P` keeps Python from importing a folder `bot` of the working directory. A child whose call is cancelled is killed.
    """
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", module, *arguments), stdin=pipe, stdout=pipe, stderr=pipe
    )
    try:
        answer, error = await child.communicate(given)
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
    if child.returncode:
        raise ChildFailed(child.returncode, error.decode(errors="replace"))
    return answer
