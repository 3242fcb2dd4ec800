"""Texts that people read in Discord, looked up in gettext catalogues at the moment when they are shown.

English stays in the code as the message id. Placeholders have names, and translators may reorder them:

    _("In queue: #{position}", position=3)
    ngettext("{count} credit", "{count} credits", 7)

A text in a constant is marked with `N_` and translated where it is shown, since a constant is made only once. A word
that means several things has a context, in `pgettext` and `NP_`, so that each of them has a translation of its own.
`bot.i18n.languages` loads the catalogues; `docs/translating.md` is for translators.
"""

from bot.i18n.formats import and_list, changed, clock, comma_list, labelled, number, sentences, with_note
from bot.i18n.messages import (
    N_,
    NP_,
    Meaning,
    _,
    command_registered,
    command_shown,
    language,
    ngettext,
    option_shown,
    pgettext,
    speak,
)

__all__ = [
    "NP_",
    "N_",
    "Meaning",
    "_",
    "and_list",
    "changed",
    "clock",
    "comma_list",
    "command_registered",
    "command_shown",
    "labelled",
    "language",
    "ngettext",
    "number",
    "option_shown",
    "pgettext",
    "sentences",
    "speak",
    "with_note",
]
