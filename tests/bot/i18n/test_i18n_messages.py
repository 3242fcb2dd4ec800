"""Texts are looked up when they are shown, and their placeholders have names."""

from gettext import NullTranslations

from bot.i18n import N_, NP_, _, language, ngettext, pgettext


class Swedish(NullTranslations):
    """A catalogue of four messages, one of them with its placeholders in another order."""

    def gettext(self, message: str) -> str:
        return {"{who} made {what}": "{what} gjordes av {who}", "Saved.": "Sparat."}.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return {"{count} picture": "{count} bild", "{count} pictures": "{count} bilder"}[msgid1 if n == 1 else msgid2]

    def pgettext(self, context: str, message: str) -> str:
        return f"{context}: {message}"


def test_english_is_the_message_itself() -> None:
    assert _("Saved.") == "Saved."
    assert ngettext("{count} picture", "{count} pictures", 1) == "1 picture"
    assert ngettext("{count} picture of {all}", "{count} pictures of {all}", 2, all=9) == "2 pictures of 9"
    assert pgettext("verb", "Draw {what}", what="it") == "Draw it"


def test_a_translation_may_order_its_placeholders_differently() -> None:
    with language(Swedish()):
        assert _("{who} made {what}", who="Bo", what="en båt") == "en båt gjordes av Bo"
        assert ngettext("{count} picture", "{count} pictures", 5) == "5 bilder"
        assert pgettext("verb", "Draw") == "verb: Draw"


def test_the_language_ends_with_its_block() -> None:
    with language(Swedish()):
        assert _("Saved.") == "Sparat."
    assert _("Saved.") == "Saved."


def test_a_constant_is_translated_where_it_is_shown() -> None:
    constant = N_("Saved.")
    with language(Swedish()):
        assert _(constant) == "Sparat."


def test_a_word_of_several_meanings_has_a_translation_for_each() -> None:
    constants = [NP_("audit log", "off"), NP_("showcase", "off {when}")]
    with language(Swedish()):
        assert [_(each, when="now") for each in constants] == ["audit log: off", "showcase: off now"]
    assert [_(each, when="now") for each in constants] == ["off", "off now"]


def test_braces_of_a_person_are_never_placeholders() -> None:
    assert _("You wrote {text}.", text="{who}") == "You wrote {who}."
    assert _("No placeholders in {this} one") == "No placeholders in {this} one"
