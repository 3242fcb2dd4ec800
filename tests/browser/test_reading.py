"""Reading: messages out of view, other channels, commands that don't exist, and buttons that everybody can hit."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opens
from tests.browser.visitor import Visitor

PHONE, DESK = {"width": 390, "height": 640}, {"width": 1280, "height": 640}
BOTH = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
# Links in a sentence may be smaller (WCAG 2.5.8); of a checkbox, its whole label is clicked.
SMALL_TARGETS = """() => {
    const small = [];
    for (const one of document.querySelectorAll("button, summary, select, textarea, input, [role=option], a[href]")) {
        if (!one.checkVisibility({ visibilityProperty: true }) || one.closest(".words, .skip")) continue;
        const { width, height } = (one.closest("label") ?? one).getBoundingClientRect();
        if (Math.min(width, height) < 24) small.push(`${one.outerHTML.slice(0, 90)} ${width}x${height}`);
    }
    return small;
}"""


def says(visitor: Visitor, words: str) -> None:
    box = visitor.page.get_by_role("textbox", name="Message")
    box.fill(words)
    box.press("Enter")
    visitor.sees(words)


def scroll_up(visitor: Visitor) -> None:
    visitor.channel.hover()
    visitor.page.mouse.wheel(0, -9000)
    expect(visitor.page.get_by_role("region", name="Welcome to the playground")).to_be_in_viewport()


def channel(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("navigation", name="Channels").get_by_role("link", name=name)


@pytest.mark.matrix
@BOTH
def test_a_button_leads_to_a_new_picture_out_of_view(visits: Opens, viewport: dict[str, int]) -> None:
    """It appears while somebody reads further up, leads to the picture, and goes when the picture is in view."""
    reader, writer = visits(viewport=viewport), visits()
    writer.becomes("rosa")
    writer.imagines("a red boat")
    reader.sees_pictures(1)
    scroll_up(reader)
    says(writer, "look at this")
    reader.page.get_by_role("button", name="New message ↓").click()
    expect(reader.messages.last).to_be_in_viewport()
    expect(reader.page.get_by_role("button", name="New message")).to_have_count(0)
    scroll_up(reader)
    writer.imagines("a lighthouse")
    reader.sees_pictures(2)
    button = reader.page.get_by_role("button", name="New picture ↓")
    expect(button).to_be_in_viewport(ratio=1)
    button.click()
    expect(reader.pictures.last.get_by_role("img").first).to_be_in_viewport(ratio=0.5)
    expect(button).to_have_count(0)


def test_a_reader_at_the_newest_message_gets_no_button(visitor: Visitor) -> None:
    """A picture that comes into view by itself needs none."""
    visitor.imagines("a red boat")
    visitor.sees_pictures(1)
    expect(visitor.page.get_by_role("button", name="New ")).to_have_count(0)


@BOTH
def test_a_channel_with_new_messages_is_marked_until_it_is_read(visits: Opens, viewport: dict[str, int]) -> None:
    """The mark has words for screen readers, and each person has their own marks."""
    reader, writer = visits(viewport=viewport), visits()
    writer.becomes("rosa")
    writer.goes_to("lounge")
    expect(channel(reader, "unread")).to_have_count(0)
    says(writer, "anybody here?")
    expect(channel(reader, "lounge (unread)")).to_be_in_viewport()
    expect(channel(writer, "unread")).to_have_count(0)
    reader.goes_to("lounge")
    reader.sees("anybody here?")
    expect(channel(reader, "unread")).to_have_count(0)
    reader.goes_to("pictures")
    reader.page.wait_for_url("**/in/pictures")
    expect(channel(reader, "unread")).to_have_count(0)


@BOTH
def test_a_command_that_does_not_exist_is_said_not_to(visits: Opens, viewport: dict[str, int]) -> None:
    """The list says that no command matches, and nothing in it can be chosen."""
    visitor = visits(viewport=viewport)
    visitor.page.get_by_role("textbox", name="Message").press_sequentially("/paint")
    nothing = visitor.page.get_by_role("option", name="No command matches /paint")
    expect(nothing).to_be_in_viewport(ratio=1)
    expect(nothing).to_be_disabled()


@BOTH
def test_a_short_button_label_stays_on_one_line(visits: Opens, viewport: dict[str, int]) -> None:
    """The text beside Undo takes the lines that it needs, and the button keeps its word whole."""
    visitor = visits(viewport=viewport)
    visitor.becomes("max")
    visitor.types("limits everyone", images_per_hour="3", images_per_day="20", credits_per_month="500")
    visitor.sees("Only you can see this")
    visitor.types("limits history")
    undo = visitor.messages.last.get_by_role("button", name="Undo").first
    expect(undo).to_be_visible()
    lines = (
        "each => { const range = new Range(); range.selectNodeContents(each); return range.getClientRects().length }"
    )
    assert undo.evaluate(lines) == 1
    assert undo.evaluate("each => each.scrollWidth <= each.clientWidth")


@pytest.mark.matrix
@BOTH
def test_every_target_is_large_enough(visits: Opens, viewport: dict[str, int]) -> None:
    """All that can be pressed is at least 24 by 24 pixels, in the chat, in a form, a menu, a dialog and the panel."""
    visitor = visits(viewport=viewport)
    page = visitor.page
    assert page.evaluate(SMALL_TARGETS) == []
    visitor.imagines("a red boat")
    picture = visitor.sees_pictures(1)
    picture.hover()
    picture.get_by_role("button", name="More for this message").click()
    assert page.evaluate(SMALL_TARGETS) == []
    picture.get_by_role("button", name="Reply").click()
    says(visitor, "nice")
    visitor.types("history")
    visitor.sees("Only you can see this")
    page.get_by_role("textbox", name="Message").press_sequentially("/")
    expect(page.get_by_role("listbox", name="Suggestions").get_by_role("option").first).to_be_visible()
    assert page.evaluate(SMALL_TARGETS) == []
    page.keyboard.press("Escape")
    visitor.pictures.first.get_by_role("button", name="Remix").click()
    expect(visitor.dialog).to_be_visible()
    assert page.evaluate(SMALL_TARGETS) == []
    page.keyboard.press("Escape")
    visitor.draws_the_curtain()
    for section in ("Faults at Apiframe", "Discord's connection", "Faults at Discord"):
        visitor.unfolds(section)
    page.get_by_role("textbox", name="Message").fill("")
    visitor.begins("imagine")
    assert page.evaluate(SMALL_TARGETS) == []
