"""The page itself: quick, readable by everybody and everywhere, and closed to others."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Opens
from tests.browser.opening import open_playground
from tests.browser.visitor import Visitor

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_LOADED = "() => performance.getEntriesByType('navigation')[0].loadEventEnd"


def faults(visitor: Visitor) -> list[str]:
    """Return the accessibility faults that axe finds on the page as it is, best practices included."""
    options = {"runOnly": {"type": "tag", "values": _RULES}}
    found: list[dict[str, Any]] = Axe().run(visitor.page, options=options).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]


@pytest.mark.matrix
@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("dark", 390)])
def test_no_accessibility_fault(visits: Opens, scheme: str, width: int) -> None:
    """The welcome card, a picture, a command's form, a modal, a dead bot and the panel can be used by everybody."""
    visitor = visits(color_scheme=scheme, viewport={"width": width, "height": 800})
    assert faults(visitor) == []
    visitor.imagines("a red boat")
    visitor.sees_pictures(1).get_by_role("button", name="Remix").click()
    expect(visitor.dialog).to_be_visible()
    assert faults(visitor) == []
    visitor.page.keyboard.press("Escape")
    visitor.draws_the_curtain()
    for section in ("Faults at Apiframe", "Discord's connection", "Faults at Discord"):
        visitor.unfolds(section)
    visitor.begins("imagine")
    assert faults(visitor) == []
    visitor.curtain.get_by_role("button", name="Kill the bot").click()
    expect(visitor.page.get_by_role("button", name="Start it")).to_be_visible()
    visitor.page.get_by_role("form", name="/imagine").get_by_role("button", name="Leave the command").click()
    visitor.types("quota")
    visitor.sees("The application did not respond")
    assert faults(visitor) == []


def _load(visitor: Visitor) -> float:
    """Load the page once more, and return the milliseconds that it took."""
    visitor.page.reload()
    took: float = visitor.page.evaluate(_LOADED)
    return took


def test_the_page_is_there_within_a_second(visitor: Visitor) -> None:
    """Everything that it is made of is loaded, by the browser's own measure, unless others keep the machine busy."""
    assert min(_load(visitor) for _ in range(5)) < 1000


def test_on_a_phone_nothing_is_cut_off(visits: Opens) -> None:
    """At a width of 360 pixels the page does not scroll sideways, with a picture and with a command's form."""
    visitor = visits(viewport={"width": 360, "height": 740})
    visitor.imagines("a red boat")
    visitor.sees_pictures(1)
    visitor.begins("imagine")
    assert visitor.page.evaluate("() => document.documentElement.scrollWidth") <= 360


def test_on_a_phone_the_newest_answer_is_in_view(visits: Opens) -> None:
    """After a message in a channel full of pictures, the response is visible without scrolling."""
    visitor = visits(viewport={"width": 360, "height": 740})
    for count in (1, 2):
        visitor.imagines("a red boat")
        visitor.sees_pictures(count)
    visitor.types("quota")
    expect(visitor.sees("Only you can see this")).to_be_in_viewport()
    expect(visitor.messages.last.get_by_text("Only you can see this")).to_be_in_viewport()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_curtain_is_drawn_and_shut_by_keyboard(visits: Opens, width: int) -> None:
    """Opening moves the focus into it, and Escape back; the chat beside it, or above it, can be used."""
    visitor = visits(viewport={"width": width, "height": 740})
    draw = visitor.page.get_by_role("button", name="Behind the scenes: log, jobs, faults", exact=True)
    draw.press("Enter")
    shut = visitor.curtain.get_by_role("button", name="Close the panel")
    expect(shut).to_be_focused()
    shut.press("Shift+Tab")
    expect(visitor.page.get_by_role("main").locator(":focus")).to_have_count(1)
    shut.press("Escape")
    expect(visitor.curtain).to_be_hidden()
    expect(draw).to_be_focused()


@pytest.mark.slow
def test_a_page_whose_playground_is_gone_says_so(browser: Browser, tmp_path: Path) -> None:
    """After the playground is closed, the page says what to do; once it's open again, the page continues."""
    with open_playground(tmp_path) as address:
        page = browser.new_page()
        page.goto(address)
    gone = page.get_by_role("status").get_by_text("The playground isn't responding")
    expect(gone).to_be_visible()
    with open_playground(tmp_path, urlsplit(address).port or 0):
        expect(gone).to_be_hidden()
        Visitor(page).imagines("a red boat")
        Visitor(page).sees_pictures(1)


@pytest.mark.parametrize("failure", ["unreachable", "unavailable"])
def test_a_page_that_was_never_connected_says_so(browser: Browser, page_address: str, failure: str) -> None:
    """A playground that is closed while the page loads looks like one that is closed later, and the page continues."""
    page = browser.new_page()
    page.route("**/live", lambda route: route.abort() if failure == "unreachable" else route.fulfill(status=503))
    page.goto(page_address)
    gone = page.get_by_role("status").get_by_text("The playground isn't responding")
    expect(gone).to_be_visible()
    page.unroute("**/live")
    expect(gone).to_be_hidden()
    Visitor(page).imagines("a red boat")
    Visitor(page).sees_pictures(1)


def test_commands_are_for_those_who_may_use_them(visitor: Visitor) -> None:
    """A moderator is offered the command that sets limits, and a member is not."""
    box = visitor.page.get_by_role("textbox", name="Message")
    box.press_sequentially("/")
    expect(visitor.page.get_by_role("listbox", name="Suggestions").get_by_role("option").first).to_be_visible()
    assert visitor.page.get_by_role("option", name="/limits").count() == 0
    visitor.becomes("max")
    visitor.page.get_by_role("textbox", name="Message").press_sequentially("/")
    expect(visitor.page.get_by_role("option", name="/limits everyone")).to_be_visible()


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [("POST", "curtain/bot/kill", {"Sec-Fetch-Site": "cross-site"}), ("GET", "", {"Host": "evil.example"})],
    ids=["a form on a foreign page", "a foreign name that leads here"],
)
def test_other_sites_can_do_nothing_here(page_address: str, method: str, path: str, headers: Mapping[str, str]) -> None:
    """A form on a foreign page, or a foreign name that leads here, is refused."""
    request = Request(f"{page_address}{path}", method=method, headers=dict(headers))  # noqa: S310  (our own address)
    with pytest.raises(HTTPError, match="403"):
        urlopen(request)  # noqa: S310
