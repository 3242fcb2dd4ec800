"""A moderator tries the bot's settings on the page."""

from playwright.sync_api import expect

from tests.browser.visitor import Visitor


def test_setup_is_done_on_the_page(visitor: Visitor) -> None:
    """Each menu of the card opens, keeps its choice, and Apply applies all of them as one change."""
    visitor.becomes("max")
    visitor.types("setup")
    card = visitor.sees("Set me up in a minute.")
    for menu, choice in (("All channels", "pictures"), ("Everyone", "painters")):
        card.get_by_role("button", name=menu).click()
        opened = visitor.page.get_by_role("dialog", name=menu)
        opened.get_by_label(choice).check()
        opened.get_by_role("button", name="Choose").click()
        expect(card.get_by_role("button", name=choice)).to_be_visible()
    card.get_by_role("button", name="Keep the current limits").click()
    visitor.page.get_by_role("dialog").get_by_role("button", name="Community").click()
    expect(card).to_contain_text("not set → 20")
    card.get_by_role("button", name="Apply").click()
    done = visitor.sees("Saved. Applies from the next picture.")
    expect(done).to_contain_text("can draw")
    done.get_by_role("button", name="Undo").click()
    visitor.sees("undone")


def test_the_review_is_set_on_the_page(visitor: Visitor) -> None:
    """The form has the options, and the answer their values."""
    visitor.becomes("max")
    visitor.types("review on", channel="#lounge", until="10")
    expect(visitor.sees("Saved. Applies from the next picture.")).to_contain_text("with 10 approved pictures")
