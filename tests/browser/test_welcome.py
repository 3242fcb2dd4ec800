"""The first view: a card that says where the visitor is, and three things to press."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opens
from tests.browser.visitor import Visitor


def card_of(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("region", name="Welcome to the playground")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_first_view_offers_three_things_to_press(visits: Opens, width: int) -> None:
    """All three are in view without scrolling, at a desk and on a phone."""
    visitor = visits(viewport={"width": width, "height": 740})
    expect(visitor.page).to_have_title(re.compile("Playground · server Harbour"))
    card = card_of(visitor)
    for name in ("Draw a red boat at dawn", "Be the moderator", "Make something go wrong"):
        expect(card.get_by_text(name, exact=True)).to_be_in_viewport(ratio=1)


def test_the_card_draws_a_picture(visitor: Visitor) -> None:
    """One click makes the member's bot draw, and the card stays above the picture."""
    card_of(visitor).get_by_role("button", name="Draw a red boat at dawn").click()
    expect(visitor.sees_pictures(1)).to_contain_text("a red boat at dawn")
    expect(card_of(visitor)).to_have_count(1)


def test_the_card_makes_the_visitor_a_moderator(visitor: Visitor) -> None:
    """They are Max then, and the card opens the commands that only moderators have."""
    card_of(visitor).get_by_role("link", name="Be the moderator").click()
    visitor.page.wait_for_url("**/as/max/in/pictures")
    card_of(visitor).get_by_role("button", name="Set a limit").click()
    visitor.page.get_by_role("option", name="/limits everyone").click()
    expect(visitor.page.get_by_role("form", name="/limits everyone")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_card_makes_something_go_wrong(visits: Opens, width: int) -> None:
    """A picture fails once, the panel shows which fault it was, and another try succeeds."""
    visitor = visits(viewport={"width": width, "height": 740})
    card_of(visitor).get_by_role("button", name="Make something go wrong").click()
    expect(visitor.curtain).to_be_visible()
    fault = visitor.curtain.get_by_role("group", name="Model failure", exact=True)
    expect(fault).to_be_in_viewport()
    visitor.messages.get_by_role("button", name="Try again").click()
    visitor.sees_pictures(1)
