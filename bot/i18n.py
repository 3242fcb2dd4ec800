"""Texts that people read in Discord, looked up in gettext catalogues at the moment when they are shown.

English stays in the code as the message id. Placeholders have names, and translators may reorder them:

    _("In queue: #{position}", position=3)
    ngettext("{count} credit", "{count} credits", 7)

A text in a constant is marked with `N_` and translated where it is shown, since a constant is made only once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations

_catalogue: ContextVar[NullTranslations] = ContextVar("catalogue", default=NullTranslations())  # noqa: B039  (has no state)


def _(message: str, **values: object) -> str:
    """Return a message in the current language, with `values` in its named placeholders."""
    return _filled(_catalogue.get().gettext(message), values)


def ngettext(singular: str, plural: str, count: int, **values: object) -> str:
    """Return the plural form for `count` in the current language; `{count}` is filled in too."""
    return _filled(_catalogue.get().ngettext(singular, plural, count), {"count": count, **values})


def pgettext(context: str, message: str, **values: object) -> str:
    """Return a message that means something else elsewhere; `context` tells translators which one this is."""
    return _filled(_catalogue.get().pgettext(context, message), values)


def N_(message: str) -> str:  # noqa: N802  (gettext's own name for it)
    """Mark a constant for extraction and return it unchanged."""
    return message


@contextmanager
def language(catalogue: NullTranslations) -> Iterator[None]:
    """Show texts from a catalogue within the block, in this task and in the tasks that it starts."""
    token = _catalogue.set(catalogue)
    try:
        yield
    finally:
        _catalogue.reset(token)


def _filled(message: str, values: dict[str, object]) -> str:
    return message.format_map(values) if values else message
