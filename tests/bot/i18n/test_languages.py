"""Each of Discord's locales has its language; what a language lacks is shown in English."""

import pytest
from discord import Locale

from bot.i18n import _, language, ngettext, number, pgettext
from bot.i18n.catalogue import Catalogue, Key
from bot.i18n.cldr import formats_of
from bot.i18n.languages import Languages
from bot.i18n.locales import LOCALES, WITHOUT_CLIENT
from standins.discord.rules import facts


def test_every_locale_of_discord_is_known() -> None:
    """Those of its API; discord.py knows the ones that clients have."""
    assert set(LOCALES) == set(facts.LOCALES)
    assert set(LOCALES) - WITHOUT_CLIENT == {locale.value for locale in Locale}


def test_an_unknown_locale_reads_english() -> None:
    languages = Languages.load()
    for code in ("xx", "", "en-US", "en-GB", None, "it"):
        assert languages.of(code) is languages.english


@pytest.mark.parametrize(("code", "shown"), [("es-ES", "12.345,5"), ("es-419", "12,345.5")])
def test_both_kinds_of_spanish_share_a_catalogue_and_write_numbers_as_their_countries_do(code: str, shown: str) -> None:
    spanish = Catalogue({"Saved.": "Guardado."}, int, formats_of("es"))
    languages = Languages({"en": Catalogue({}, int), "es": spanish})
    with language(languages.of(code)):
        assert (_("Saved."), number(12345.5)) == ("Guardado.", shown)


def test_missing_messages_are_english_one_by_one() -> None:
    """Singular, plural and in a context, each for itself."""
    known: dict[Key, str] = {"Saved.": "Gespeichert."}
    known |= {("{count} picture", 0): "{count} Bild", ("{count} picture", 1): "{count} Bilder"}
    with language(Catalogue(known, lambda count: int(count != 1))):
        assert [_("Saved."), _("Deleted.")] == ["Gespeichert.", "Deleted."]
        assert ngettext("{count} picture", "{count} pictures", 3) == "3 Bilder"
        assert ngettext("{count} credit", "{count} credits", 3) == "3 credits"
        assert pgettext("verb", "Draw") == "Draw"
