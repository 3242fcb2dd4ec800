"""Promises, held against the real bot over real HTTP and a real websocket."""

import os
import sys
from pathlib import Path


def _keep_bytecode() -> None:
    """Cache compiled code in `.pytest_cache`, also where the environment asks for none beside the sources.

    Every worker and every process that a test starts would otherwise compile all of it again, for several seconds.
    """
    if sys.dont_write_bytecode and sys.pycache_prefix is None:
        sys.pycache_prefix = str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")
        sys.dont_write_bytecode = False
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


_keep_bytecode()
