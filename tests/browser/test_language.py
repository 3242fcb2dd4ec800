"""The language of each person's client."""

from playwright.sync_api import expect

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
