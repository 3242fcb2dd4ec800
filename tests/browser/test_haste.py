"""People in a hurry, or without a pointer: nothing is sent that they did not mean, and no word of theirs is lost."""

import re

from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import Opens
from tests.browser.visitor import Visitor


def box_of(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("textbox", name="Message")


def jobs_of(visitor: Visitor) -> Locator:
    visitor.draws_the_curtain()
    return visitor.unfolds("Apiframe").get_by_text(re.compile("^Job "))


def test_a_double_click_is_one_press(visitor: Visitor) -> None:
    """However quickly the bot answers the first of the two clicks, the second asks for no other picture."""
    visitor.imagines("a red boat")
    reroll = visitor.sees_pictures(1).get_by_role("button", name="Reroll")
    mouse = visitor.page.mouse
    with visitor.page.expect_response(re.compile("/press$")):
        reroll.click()
    reroll.hover()
    mouse.down(click_count=2)
    mouse.up(click_count=2)
    visitor.sees_pictures(2)
    expect(jobs_of(visitor)).to_have_count(2)


def test_whoever_presses_again_while_the_bot_is_asked_asks_once(visitor: Visitor) -> None:
    """Until there is an answer to a press, its button sends no second one."""
    held = list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    visitor.imagines("a red boat")
    reroll = visitor.sees_pictures(1).get_by_role("button", name="Reroll")
    visitor.page.route(re.compile("/press$"), hold)
    with visitor.page.expect_request(re.compile("/press$")):
        reroll.click()
    reroll.click()
    held.pop().continue_()
    visitor.sees_pictures(2)
    expect(jobs_of(visitor)).to_have_count(2)
    assert not held


def test_a_command_is_not_sent_as_a_message_by_its_button(visitor: Visitor) -> None:
    """Send means what Enter means: the command that is about to be chosen."""
    box_of(visitor).press_sequentially("/ima")
    expect(visitor.page.get_by_role("option", name="/imagine")).to_be_visible()
    visitor.page.get_by_role("button", name="Send").click()
    expect(visitor.page.get_by_role("form", name="/imagine")).to_be_visible()
    expect(visitor.messages).to_have_count(0)


def test_whoever_types_faster_than_the_page_loses_no_word(visitor: Visitor) -> None:
    """Enter before the list appears still chooses from it; further typing goes into the command's form."""
    page, held = visitor.page, list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/(suggestions|command)\?"), hold)
    box_of(visitor).focus()
    with page.expect_request(re.compile("text=%2Fima$")):
        page.keyboard.type("/ima")
    page.keyboard.press("Enter")
    with page.expect_request(re.compile("spelling=")):
        held.pop().continue_()
    page.keyboard.type("a red boat")
    held.pop().continue_()
    expect(page.get_by_label("prompt", exact=True)).to_have_value("a red boat")
    expect(visitor.messages).to_have_count(0)


def test_a_menu_in_a_message_is_chosen_from_by_keyboard(visitor: Visitor) -> None:
    """Arrows on a closed menu choose nothing; in an open one, Enter takes the focused item."""
    visitor.imagines("a red boat")
    visitor.sees_pictures(1)
    visitor.types("history")
    menu = visitor.sees("Only you can see this").get_by_role("button", name="Choose a picture")
    menu.press("ArrowDown")
    menu.press("Enter")
    expect(visitor.page.get_by_role("dialog", name="Choose a picture")).to_be_visible()
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    expect(visitor.channel.get_by_role("link", name="Open", exact=True)).to_be_visible()
    expect(jobs_of(visitor)).to_have_count(1)


def test_a_link_leads_to_its_message(visitor: Visitor) -> None:
    """A link to a message above pictures, which take their space when they load, scrolls to that message."""
    for count in range(1, 4):
        visitor.imagines(f"boat number {count}")
        visitor.sees_pictures(count)
    first = visitor.pictures.first
    address = f"{visitor.page.url}#{first.get_attribute('id')}"
    visitor.goes_to("lounge")
    visitor.page.goto(address)
    expect(first).to_be_in_viewport()


def test_what_is_wrong_is_seen_on_a_phone(visits: Opens) -> None:
    """The sentence at a field far down in a form is brought into view."""
    visitor = visits(viewport={"width": 360, "height": 640})
    form = visitor.begins("imagine")
    for name, value in {"prompt": "a red boat", "aspect_ratio": "3:2", "seed": "1", "output_quality": "300"}.items():
        visitor.fills(form, name, value)
    form.get_by_role("button", name="Send").click()
    wrong = form.get_by_text("less than or equal to 100")
    expect(wrong).to_be_in_viewport(ratio=1)


def test_whoever_goes_on_while_the_bot_is_asked_is_not_interrupted(visitor: Visitor) -> None:
    """The response to a command doesn't steal the focus from another field."""
    visitor.draws_the_curtain()
    visitor.lets_go_wrong("Discord", "Latency")
    form = visitor.begins("quota")
    form.get_by_role("button", name="Send").click()
    credits_now = visitor.curtain.get_by_label("Credits", exact=True)
    credits_now.focus()
    visitor.sees("Only you can see this")
    expect(form).to_have_count(0)
    expect(credits_now).to_be_focused()
