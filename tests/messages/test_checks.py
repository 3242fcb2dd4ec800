"""The checks of translations find what they are for."""

import pytest
from babel.messages.catalog import Message

from bot.i18n.command_names import COMMAND
from bot.i18n.template import MENU
from tests.messages.checks import mistakes_in
from tests.messages.places import place_words

PLURAL = ("**{count:,}** picture of {member}", "**{count:,}** pictures of {member}")


@pytest.mark.parametrize(
    ("source", "translation", "mistake"),
    [
        ("In queue: #{position}", "In der Schlange: #{platz}", "placeholders"),
        ("{count:,} left", "{count} übrig", "placeholders"),
        ("{names} and {count} more", "{names} und mehr", "placeholders"),
        ("In {channel}", "In {channel", "placeholders"),
        ("**Saved.** Done", "Gespeichert. Fertig", "bold"),
        ("-# See there", "Siehe dort", "small print"),
        ("Saved.\nDone.", "Gespeichert. Fertig.", "line break"),
        ("[this]({link})", "dies ({link})", "link"),
        ("Choose a smaller `count`.", "Wähl ein kleineres `anzahl`.", "code"),
        ("Choose a smaller `count`.", "Wähl ein kleineres count.", "code"),
        ("Empty = until /resume", "Leer = bis /fortsetzen", "commands"),
        ("⭐ Added", "Hinzugefügt", "symbols"),
        ("Saved", "Gespeichert ", "a space"),
        (PLURAL, ("**{count:,}** Bild von {member}", "**{count:,}** Bilder"), "placeholders"),
    ],
)
def test_a_difference_is_found(source: str | tuple[str, str], translation: str | tuple[str, str], mistake: str) -> None:
    found = list(mistakes_in(Message(source, translation)))
    assert found
    assert found[0].startswith(mistake)


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("{who} made {what}", "{what} von {who}"),
        (PLURAL, ("**Ein** Bild von {member}", "**{count:,}** Bilder von {member}")),
        ("See `/limits show`.", "Siehe `/limits show`."),
        ("⭐ **Added** <@1>\n-# x", "⭐ **Neu** <@1>\n-# y"),
        ("Saved.", ""),
    ],
)
def test_a_faithful_translation_passes(source: str | tuple[str, str], translation: str | tuple[str, str]) -> None:
    assert list(mistakes_in(Message(source, translation))) == []


def test_a_text_that_is_too_long_for_its_place_is_found() -> None:
    """Placeholders don't count, because their values do."""
    button = place_words("Button", 10)
    assert list(mistakes_in(Message("Undo", "Rückgängig", auto_comments=[button]))) == []
    assert list(mistakes_in(Message("Undo {number}", "Zurück {number}", auto_comments=[button]))) == []
    [found] = mistakes_in(Message("Undo", "Rückgängig machen", auto_comments=[button]))
    assert found.startswith("17 characters, at most 10")


@pytest.mark.parametrize(
    ("name", "is_valid"), [("limits", True), ("ліміти", True), ("Limits", False), ("li mits", False)]
)
def test_a_name_that_discord_refuses_is_found(name: str, *, is_valid: bool) -> None:
    """Names in menus may be written like a title."""
    assert (list(mistakes_in(Message("limits", name, context=COMMAND))) == []) is is_valid
    menu = place_words(MENU, 32)
    assert list(mistakes_in(Message("Save as", "Als Stil speichern", context=COMMAND, auto_comments=[menu]))) == []
