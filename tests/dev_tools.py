"""Install the development tools before a test needs them: pytest imports this file first (`-p` in pyproject.toml).

The bot and the playground run without these tools, so `uv run` doesn't install them by default. `uv run pytest` finds
pytest itself, and this file starts it again with the group `dev`.
"""

import os
import sys


def install() -> None:
    """Replace this process with the same pytest run in an environment that has the group `dev`."""
    uv = os.environ.get("UV")  # set by `uv run`; a pytest that somebody started directly keeps its environment
    if uv and "UV_DEV" not in os.environ:
        os.environ["UV_DEV"] = "1"
        os.execv(uv, [uv, "run", "pytest", *sys.argv[1:]])  # noqa: S606


install()
