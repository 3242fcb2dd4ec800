"""The page itself: quick, readable by everybody and everywhere, and closed to others."""

from typing import Any

import aiohttp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.visitor import Visitor

_SERIOUS = ("serious", "critical")
_LOADED = "() => performance.getEntriesByType('navigation')[0].loadEventEnd"


def faults(visitor: Visitor) -> list[str]:
    """Return the serious accessibility faults that axe finds on the page as it is."""
    found: list[dict[str, Any]] = Axe().run(visitor.page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found if each["impact"] in _SERIOUS]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_accessibility_fault(visits: Opens, scheme: str) -> None:
    """An empty channel, a picture, a command's form, a modal and the curtain can be used by everybody."""
    visitor = visits(color_scheme=scheme)
    assert faults(visitor) == []
    visitor.imagines("a red boat")
    visitor.sees_pictures(1).get_by_role("button", name="Remix").click()
    expect(visitor.dialog).to_be_visible()
    assert faults(visitor) == []
    visitor.page.keyboard.press("Escape")
    visitor.draws_the_curtain()
    for section in ("What goes wrong at Apiframe", "Discord's connection", "What goes wrong at Discord"):
        visitor.unfolds(section)
    visitor.begins("imagine")
    assert faults(visitor) == []


def test_the_page_is_there_within_a_second(visitor: Visitor) -> None:
    """Everything that it is made of is loaded, by the browser's own measure."""
    visitor.page.reload()
    assert visitor.page.evaluate(_LOADED) < 1000


def test_on_a_phone_nothing_is_cut_off(visits: Opens) -> None:
    """At a width of 360 pixels the page does not scroll sideways, with a picture and with a command's form."""
    visitor = visits(viewport={"width": 360, "height": 740})
    visitor.imagines("a red boat")
    visitor.sees_pictures(1)
    visitor.begins("imagine")
    assert visitor.page.evaluate("() => document.documentElement.scrollWidth") <= 360


def test_commands_are_for_those_who_may_use_them(visitor: Visitor) -> None:
    """A moderator is offered the command that sets limits, and a member is not."""
    box = visitor.page.get_by_role("textbox", name="Message")
    box.press_sequentially("/")
    expect(visitor.page.get_by_role("option").first).to_be_visible()
    assert visitor.page.get_by_role("option", name="/limits").count() == 0
    visitor.becomes("max")
    visitor.page.get_by_role("textbox", name="Message").press_sequentially("/")
    expect(visitor.page.get_by_role("option", name="/limits everyone")).to_be_visible()


async def test_other_sites_can_do_nothing_here(address: str) -> None:
    """A form on a foreign page, or a foreign name that leads here, is refused."""
    async with aiohttp.ClientSession() as browser:
        foreign = {"Sec-Fetch-Site": "cross-site"}
        async with browser.post(f"{address}curtain/bot/kill", headers=foreign) as answer:
            assert answer.status == 403
        async with browser.get(address, headers={"Host": "evil.example"}) as answer:
            assert answer.status == 403
