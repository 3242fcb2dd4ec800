"""Members at the page: a first picture, references, rerolls, remixes, and refusals that only they see."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.visitor import OF_PICTURES_MS, Visitor, png


def test_a_first_picture(visitor: Visitor) -> None:
    """A visitor who types /imagine sees progress, then the picture with alt text and buttons, and can enlarge it."""
    visitor.imagines("a red boat at dawn", resolution="1 MP")
    expect(visitor.messages.last).to_contain_text(re.compile("In queue|Drawing|Starting"))
    picture = visitor.sees_pictures(1)
    expect(picture).to_contain_text("a red boat at dawn")
    expect(picture.get_by_role("button", name="Reroll")).to_be_enabled()
    picture.get_by_role("link").filter(has=visitor.page.get_by_role("img")).click()
    expect(visitor.dialog.get_by_role("img", name=re.compile("a red boat at dawn"))).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(visitor.dialog).to_have_count(0)


def test_dropped_images_become_references(visitor: Visitor) -> None:
    """Images that are dropped on a command's option, and on a message to the bot, both reach Apiframe."""
    form = visitor.begins("imagine")
    visitor.fills(form, "prompt", "a boat like this one")
    form.get_by_role("button", name="+ image1").click()
    visitor.drops(form.get_by_label("image1", exact=True), [png("boat.png", "red")])
    expect(form.get_by_role("list", name="Chosen for image1")).to_contain_text("boat.png")
    form.get_by_role("button", name="Send").click()
    visitor.sees_pictures(1)

    visitor.drops(visitor.channel, [png("one.png", "teal"), png("two.png", "blue")])
    box = visitor.page.get_by_role("textbox", name="Message")
    box.fill("@Imagine both of these")
    box.press("Enter")
    visitor.sees_pictures(2)
    visitor.draws_the_curtain()
    expect(visitor.unfolds("Apiframe").get_by_role("img", name=re.compile("^Reference"))).to_have_count(3)


def test_arrows_lead_from_one_picture_to_the_next(visitor: Visitor) -> None:
    """In the enlarged view of several pictures, arrows lead to the others, and round to the first."""
    visitor.drops(visitor.channel, [png("one.png", "teal"), png("two.png", "blue")])
    visitor.page.get_by_role("textbox", name="Message").press("Enter")
    visitor.pictures.get_by_role("link").first.click()
    expect(visitor.dialog.get_by_role("img", name="one.png")).to_be_visible()
    visitor.page.keyboard.press("ArrowRight")
    expect(visitor.dialog.get_by_role("img", name="two.png")).to_be_visible()
    visitor.dialog.get_by_role("button", name="Next picture").click()
    expect(visitor.dialog.get_by_role("img", name="one.png")).to_be_visible()
    visitor.page.keyboard.press("ArrowLeft")
    expect(visitor.dialog.get_by_role("img", name="two.png")).to_be_visible()


def test_several_pictures_on_one_card(visitor: Visitor) -> None:
    """A visitor fills in `count`, sees all in one message, and opens the buttons of the second by the menu."""
    visitor.imagines("a red boat", count="2")
    card = visitor.sees_pictures(1)
    expect(card).to_contain_text("2 of 2", timeout=OF_PICTURES_MS)
    expect(card.get_by_role("link").get_by_role("img")).to_have_count(2)
    card.get_by_role("button", name="Choose a picture").click()
    visitor.page.get_by_role("dialog", name="Choose a picture").get_by_text("Picture 2").click()
    chosen = visitor.sees("Only you can see this")
    expect(chosen.get_by_role("button", name="Post separately")).to_be_enabled()


def test_a_reroll_by_reaction_and_by_button(visitor: Visitor) -> None:
    """Each gives another picture from the same words, with a seed of its own."""
    visitor.imagines("a red boat")
    visitor.sees_pictures(1).get_by_role("button", name="🎲 1").click()
    visitor.sees_pictures(2).get_by_role("button", name="Reroll").click()
    visitor.sees_pictures(3)
    visitor.draws_the_curtain()
    seeds = re.findall(r'"seed": (-?\d+)', visitor.unfolds("Apiframe").text_content() or "")
    assert len(set(seeds)) == 3


def test_a_remix_through_the_form(visitor: Visitor) -> None:
    """The form has the picture's options, and changed options make another picture."""
    visitor.imagines("a red boat")
    visitor.sees_pictures(1).get_by_role("button", name="Remix").click()
    words = visitor.dialog.get_by_label("What to draw")
    expect(words).to_have_value("a red boat")
    words.fill("a red boat at night")
    visitor.dialog.get_by_role("button", name="Submit").click()
    expect(visitor.sees_pictures(2)).to_contain_text("a red boat at night")
    expect(visitor.dialog).to_have_count(0)


def test_a_refusal_is_seen_by_the_one_person_alone(visits: Opens) -> None:
    """A private message is marked as private, is hidden from others, and can be dismissed."""
    alice, rosa = visits(), visits()
    rosa.becomes("rosa")
    alice.imagines("a red boat", aspect_ratio="0:5")
    refusal = alice.sees("aspect_ratio is width to height")
    expect(refusal).to_contain_text("Only you can see this")
    expect(rosa.messages).to_have_count(0)
    refusal.get_by_role("button", name="Dismiss").click()
    expect(alice.messages).to_have_count(0)


def test_two_browsers_see_the_same_channel(visits: Opens) -> None:
    """A picture, its progress and a reaction show up in front of somebody else, who has done nothing."""
    alice, rosa = visits(), visits()
    rosa.becomes("rosa")
    alice.imagines("a red boat")
    rosa.sees("alice")
    picture = rosa.sees_pictures(1)
    rosa.reacts(picture, "⛵")
    expect(alice.pictures.last.get_by_role("button", name="⛵ 1")).to_be_visible()


def test_everything_can_be_done_by_keyboard(visitor: Visitor) -> None:
    """Without a pointer: the command from the list, its words, and a button on the picture."""
    visitor.page.get_by_role("textbox", name="Message").focus()
    visitor.page.keyboard.type("/imag")
    expect(visitor.page.get_by_role("option", name="/imagine")).to_be_visible()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_label("prompt", exact=True)).to_be_focused()
    visitor.page.keyboard.type("a red boat")
    visitor.page.keyboard.press("Enter")
    visitor.sees_pictures(1).get_by_role("button", name="Reroll").focus()
    visitor.page.keyboard.press("Enter")
    visitor.sees_pictures(2)


def test_a_stranger_to_the_server_has_direct_messages(visitor: Visitor) -> None:
    """They only write to the bot, and get their picture there."""
    visitor.becomes("sam")
    visitor.imagines("a red boat")
    visitor.sees_pictures(1)
