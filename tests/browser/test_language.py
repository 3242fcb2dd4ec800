"""The language of each person's client."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.visitor import Visitor
from tests.journeys.languages import said


def test_languages_have_the_names_that_discord_shows(visitor: Visitor) -> None:
    """People look for their language by its own name, and not by a code."""
    visitor.speaks("pt-BR")
    expect(visitor.page.get_by_role("combobox", name="Language of").locator("option:checked")).to_have_text(
        "Português do Brasil"
    )


def test_each_person_keeps_the_language_that_they_chose(visitor: Visitor) -> None:
    """Alice's card is in Japanese and Rosa still has English; back as Alice, it's Japanese again."""
    visitor.speaks("ja")
    visitor.page.get_by_role("button", name="Draw a red boat at dawn").click()
    expect(visitor.sees_pictures(1)).to_contain_text(said("ja", "Reroll"))
    visitor.becomes("rosa")
    expect(visitor.page.get_by_role("combobox", name="Language of rosa")).to_have_value("en-US")
    visitor.becomes("alice")
    expect(visitor.page.get_by_role("combobox", name="Language of alice")).to_have_value("ja")


def test_moments_are_in_the_language_that_the_person_chose(visits: Opens) -> None:
    """As in Discord's client, whatever the browser speaks; only the panel stays English, as all of its words."""
    visitor = visits(locale="fr-FR", timezone_id="Europe/Berlin")
    box = visitor.page.get_by_role("textbox", name="Message")
    box.fill("from <t:1767222000:F> on, <t:0:R>")
    box.press("Enter")
    visitor.sees(re.compile(r"from Thursday, January 1, 2026 at 12:00\sAM on, \d\d years ago"))
    visitor.speaks("de")
    visitor.sees(re.compile(r"from Donnerstag, 1. Januar 2026 um 00:00 on, vor \d\d Jahren"))
    visitor.imagines("a red boat at dawn")
    visitor.sees_pictures(1)
    visitor.draws_the_curtain()
    expect(visitor.curtain).to_contain_text(re.compile(r"ordered (now|\d+ (second|minute)s? ago)"))
    visitor.becomes("rosa")
    visitor.sees("from Thursday, January 1, 2026")
