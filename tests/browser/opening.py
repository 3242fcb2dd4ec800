"""A playground and a browser to look at it, for the tests and for the pictures in the documents."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

# First the one without a window to draw, which takes half the processor time.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
# Without them, a browser as root in a container does not start, and looks for its maker's servers.
_SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def found_chromium() -> str | None:
    """Return the path of a Chromium on this machine, if there is one."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def open_playground(folder: Path, port: int = 0) -> Iterator[str]:
    """Open a playground as a process of its own with its files in `folder`, and yield the address that it prints."""
    environment = {**os.environ, "TMPDIR": str(folder)}
    command = [sys.executable, "-m", "playground", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  (ours)
        assert process.stdout is not None
        try:
            yield re.findall(r"http://\S+", process.stdout.readline())[0]
        finally:
            process.send_signal(signal.SIGTERM)


@contextmanager
def open_browser(chromium: str) -> Iterator[Browser]:
    """Start a browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(_SWITCHES))
        yield browser
        browser.close()
