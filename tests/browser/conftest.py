"""A playground as `playground` opens it, and a real browser in front of it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, expect

from tests.browser.opening import found_chromium, open_browser
from tests.browser.visitor import Visitor
from tests.shared.marks import has_failed
from tests.shared.playground import SharedPlayground, open_shared_playground

expect.set_options(timeout=60_000)  # for a busy machine: a result that is there isn't waited for any longer

Opens = Callable[..., Visitor]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of a Chromium, or skip."""
    found = found_chromium()
    if found is None:
        pytest.skip("The page is tested in Chromium, which is not here (Debian: apt install chromium-headless-shell).")
    return found


@pytest.fixture(scope="package")
def playground() -> Iterator[SharedPlayground]:
    """The playground of all tests of the page, opened by the first."""
    with open_shared_playground() as playground:
        yield playground


@pytest.fixture
def page_address(playground: SharedPlayground, request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the address of a page in a town that nobody has been in; a picture takes a second there."""
    with playground.opened() as page:
        yield page.address
        page.is_unharmed = not has_failed(request.node)


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """Return a browser without a window, which keeps nothing from one test to the next."""
    with open_browser(chromium) as browser:
        yield browser


@pytest.fixture
def visits(browser: Browser, page_address: str) -> Iterator[Opens]:
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
        page.goto(page_address)
        return Visitor(page)

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def visitor(visits: Opens) -> Visitor:
    """Return somebody who has just opened the page."""
    return visits()
