"""A playground as `playground` opens it, and a real browser in front of it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, expect

from tests.browser.opening import found_chromium, open_browser, open_playground
from tests.browser.visitor import Visitor

expect.set_options(timeout=60_000)  # for a busy machine: a result that is there isn't waited for any longer

Opens = Callable[..., Visitor]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of a Chromium, or skip."""
    found = found_chromium()
    if found is None:
        pytest.skip("There is no Chromium on this machine: install it (Debian: apt install chromium) to test the page.")
    return found


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Return the address of a playground that has just been opened, in which a picture takes a second."""
    with open_playground(tmp_path) as address:
        urlopen(f"{address}curtain/pace", data=b"seconds=1").close()  # noqa: S310  (the address is our own)
        yield address


@pytest.fixture
def browser(chromium: str) -> Iterator[Browser]:
    """Return a browser without a window."""
    with open_browser(chromium) as browser:
        yield browser


@pytest.fixture
def visits(browser: Browser, address: str) -> Iterator[Opens]:
    """Return a function that opens another window on the playground; any console error fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.text} ({message.location})")

    def visit(**context: object) -> Visitor:
        contexts.append(browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **context}))  # type: ignore[arg-type]  # Playwright's own options
        page = contexts[-1].new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        return Visitor(page)

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def visitor(visits: Opens) -> Visitor:
    """Return somebody who has just opened the page."""
    return visits()
