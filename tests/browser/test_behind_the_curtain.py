"""Faults of the control panel, and the bot's messages in the channel."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.visitor import Visitor
from tests.promises import ProcessFault


def test_a_fault_is_explained(visitor: Visitor) -> None:
    """A rejection by the model's filter is switched on, is reported in the channel with its cost, and is over then."""
    visitor.draws_the_curtain()
    visitor.lets_go_wrong("Apiframe", "Policy refusal")
    visitor.page.get_by_role("button", name="Close the panel").click()
    warning = visitor.page.get_by_role("main").get_by_text("1 fault on", exact=True)
    expect(warning).to_be_visible()
    visitor.imagines("a red boat")
    visitor.sees("The model refused this prompt")
    expect(warning).to_have_count(0)
    visitor.imagines("a red boat")
    visitor.sees_pictures(1)


def test_whoever_runs_the_bot_is_told_of_what_needs_them(visitor: Visitor) -> None:
    """The member reads that somebody got a message, and the operator finds the alert."""
    visitor.draws_the_curtain()
    visitor.lets_go_wrong("Apiframe", "Out of credits (402)")
    visitor.imagines("a red boat")
    visitor.sees("was notified")
    visitor.becomes("olivia")
    visitor.goes_to("@ Imagine")
    visitor.sees("credits")


@pytest.mark.promise(ProcessFault.PLAYGROUND_KILL)
def test_a_bot_that_is_killed_during_a_picture_goes_on_after_a_restart(visitor: Visitor) -> None:
    """The picture that was under way is posted once, and was asked for once."""
    visitor.draws_the_curtain()
    visitor.makes_pictures_take(4)
    visitor.imagines("a red boat")
    visitor.sees("Drawing")
    visitor.curtain.get_by_role("button", name="Kill the bot").click()
    expect(visitor.curtain).to_contain_text("killed")
    visitor.curtain.get_by_role("button", name="Start the bot").click()
    visitor.sees_pictures(1)
    assert visitor.unfolds("Apiframe").get_by_text(re.compile("^Job ")).count() == 1


def test_a_dead_bot_is_said_to_be_silent(visitor: Visitor) -> None:
    """Discord's own error message stands in the channel, and the text is still there to send again."""
    form = visitor.begins("imagine")
    visitor.fills(form, "prompt", "a red boat")
    visitor.draws_the_curtain()
    visitor.curtain.get_by_role("button", name="Kill the bot").click()
    expect(visitor.curtain.get_by_role("button", name="Start the bot")).to_be_visible()
    form.get_by_role("button", name="Send").click()
    expect(visitor.channel.get_by_text("The application did not respond")).to_be_visible()
    expect(form.get_by_label("prompt", exact=True)).to_have_value("a red boat")


@pytest.mark.slow
def test_from_the_clone_to_a_rerolled_limited_recovered_picture(visits: Opens) -> None:
    """A person who doesn't know the project gets there with clicks only; just the prompt is typed."""
    member, moderator = visits(), visits()
    moderator.becomes("max")
    member.imagines("a red boat")
    member.sees_pictures(1).get_by_role("button", name="Reroll").click()
    member.sees_pictures(2)

    moderator.types("limits everyone", images_per_hour="3")
    moderator.sees("3")
    member.draws_the_curtain()
    member.makes_pictures_take(4)
    member.pictures.last.get_by_role("button", name="Reroll").click()
    member.sees("Drawing")
    member.curtain.get_by_role("button", name="Kill the bot").click()
    member.curtain.get_by_role("button", name="Start the bot").click()
    member.sees_pictures(3).get_by_role("button", name="Reroll").click()
    expect(member.sees("Only you can see this")).to_contain_text(re.compile("3 (of|pictures)"))
    expect(member.pictures).to_have_count(3)
