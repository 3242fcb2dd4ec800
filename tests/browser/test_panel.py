"""The panel behind the scenes and the bot's state, at a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opens
from tests.browser.visitor import Visitor

PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 900}
SILENCE = "The application did not respond"


def kill_the_bot(visitor: Visitor) -> None:
    visitor.draws_the_curtain()
    visitor.curtain.get_by_role("button", name="Kill the bot").click()
    expect(visitor.curtain.get_by_role("button", name="Start the bot")).to_be_visible()
    visitor.curtain.get_by_role("button", name="Close the panel").click()


def top_of(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["y"]


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_panel_is_closed_from_its_last_line(visits: Opens, viewport: dict[str, int]) -> None:
    """The button that closes it stays in view, however far the visitor scrolled."""
    visitor = visits(viewport=viewport)
    visitor.draws_the_curtain()
    for section in ("Faults at Apiframe", "Faults at Discord"):
        visitor.unfolds(section)
    visitor.curtain.get_by_role("group", name="Latency").scroll_into_view_if_needed()
    close = visitor.curtain.get_by_role("button", name="Close the panel")
    expect(close).to_be_in_viewport(ratio=1)
    close.click()
    expect(visitor.curtain).to_be_hidden()


def test_on_a_phone_the_panel_leaves_the_chat_usable(visits: Opens) -> None:
    """The newest message and the message box stay in view above the panel, and a command can be sent."""
    visitor = visits(viewport=PHONE)
    visitor.draws_the_curtain()
    visitor.types("quota")
    expect(visitor.sees("Only you can see this").get_by_role("button", name="Dismiss")).to_be_in_viewport(ratio=1)
    box = visitor.page.get_by_role("textbox", name="Message")
    expect(box).to_be_in_viewport(ratio=1)
    assert top_of(box) < top_of(visitor.curtain)
    assert visitor.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.matrix
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_killed_bot_is_started_from_the_chat(visits: Opens, viewport: dict[str, int]) -> None:
    """The chat's head says that it was killed, and one click there brings it back."""
    visitor = visits(viewport=viewport)
    head = visitor.page.get_by_role("main").locator("header").first
    expect(head.get_by_role("button", name="Start it")).to_have_count(0)
    kill_the_bot(visitor)
    expect(head.get_by_text("Bot killed", exact=True)).to_be_in_viewport(ratio=1)
    start = head.get_by_role("button", name="Start it")
    expect(start).to_be_in_viewport(ratio=1)
    start.click()
    expect(start).to_have_count(0)
    expect(head.get_by_text(re.compile("^Bot "))).to_have_count(0)
    visitor.imagines("a red boat")
    visitor.sees_pictures(1)


@pytest.mark.matrix
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_command_without_an_answer_says_so_until_dismissed(visits: Opens, viewport: dict[str, int]) -> None:
    """The sentence is in the channel below the command, only its person sees it, and no notice is left over."""
    visitor, other = visits(viewport=viewport), visits()
    other.becomes("rosa")
    kill_the_bot(visitor)
    visitor.types("imagine", prompt="a red boat")
    entry = visitor.channel.get_by_text(SILENCE)
    expect(entry).to_be_in_viewport()
    said = visitor.sees(SILENCE)
    expect(said).to_contain_text(re.compile(r"alice used /imagine"))
    assert top_of(said.get_by_text("/imagine")) < top_of(said.get_by_text(SILENCE))
    expect(visitor.page.get_by_text(SILENCE)).to_have_count(1)
    expect(other.channel.get_by_text(SILENCE)).to_have_count(0)
    said.get_by_role("button", name="Dismiss").click()
    expect(visitor.page.get_by_text(SILENCE)).to_have_count(0)
    visitor.page.reload()
    expect(visitor.page.get_by_role("region", name="Welcome to the playground")).to_be_visible()
    expect(visitor.page.get_by_text(SILENCE)).to_have_count(0)


def test_a_press_without_an_answer_says_so_below_the_button(visitor: Visitor) -> None:
    """The sentence stands in the message with the button, and goes when it is dismissed."""
    visitor.imagines("a red boat")
    picture = visitor.sees_pictures(1)
    kill_the_bot(visitor)
    picture.get_by_role("button", name="Reroll").click()
    expect(picture.get_by_text("This interaction failed")).to_be_visible()
    picture.get_by_role("button", name="Dismiss").click()
    expect(visitor.page.get_by_text("This interaction failed")).to_have_count(0)
