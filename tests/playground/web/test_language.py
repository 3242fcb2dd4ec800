"""The languages that a person's client can have."""

from playground.web.language import LANGUAGE_NAMES
from standins.discord.rules.facts import LOCALES


def test_each_of_discords_languages_has_a_name() -> None:
    assert set(LANGUAGE_NAMES) == set(LOCALES)
