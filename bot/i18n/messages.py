"""The functions that look a message up in the current language and fill in its placeholders."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from gettext import NullTranslations

from bot.i18n.catalogue import Catalogue, Formats
from bot.i18n.direction import isolated_in, turns

_current: ContextVar[NullTranslations] = ContextVar("language", default=NullTranslations())  # noqa: B039  (no state)


@dataclass(frozen=True, slots=True)
class Meaning:
    """A message in a constant that means something else elsewhere, with the context that says which one it is."""

    context: str
    message: str


def _(message: str | Meaning, **values: object) -> str:
    """Return a message in the current language, with `values` in its named placeholders."""
    if isinstance(message, Meaning):
        return pgettext(message.context, message.message, **values)
    return _filled(_current.get().gettext(message), values)


def ngettext(singular: str, plural: str, count: int, **values: object) -> str:
    """Return the plural form for `count` in the current language; `{count}` is filled in too."""
    return _filled(_current.get().ngettext(singular, plural, count), {"count": count, **values})


def pgettext(context: str, message: str, **values: object) -> str:
    """Return a message that means something else elsewhere; `context` tells translators which one this is."""
    return _filled(_current.get().pgettext(context, message), values)


def N_(message: str) -> str:  # noqa: N802  (gettext's own name for it)
    """Mark a constant for extraction and return it unchanged."""
    return message


def NP_(context: str, message: str) -> Meaning:  # noqa: N802  (likewise)
    """Mark a constant that means something else elsewhere; `context` tells translators which one this is."""
    return Meaning(context, message)


@contextmanager
def language(catalogue: NullTranslations) -> Iterator[None]:
    """Show texts from a catalogue within the block, in this task and in the tasks that it starts."""
    token = _current.set(catalogue)
    try:
        yield
    finally:
        _current.reset(token)


def speak(catalogue: NullTranslations) -> None:
    """Show texts from a catalogue from now on, in this task and in the tasks that it starts."""
    _current.set(catalogue)


def current_formats() -> Formats | None:
    """Return how the current language writes numbers and lists; None for English, which the code writes itself."""
    current = _current.get()
    return current.formats if isinstance(current, Catalogue) else None


def current_locale() -> str | None:
    """Return the current language, such as `pt_BR`; None for English."""
    formats = current_formats()
    return None if formats is None else formats.name


def command_shown(command: str) -> str:
    """Return a command such as `limits show` as clients in the current language show it."""
    current = _current.get()
    return current.names.path(command) if isinstance(current, Catalogue) else command


def option_shown(name: str) -> str:
    """Return an option of a command as clients in the current language show it."""
    current = _current.get()
    return current.names.option(name) if isinstance(current, Catalogue) else name


def command_registered(command: str) -> str:
    """Return a command by the name that is the same in all languages, which links need."""
    current = _current.get()
    return current.registered.path(command) if isinstance(current, Catalogue) else command


def _filled(message: str, values: Mapping[str, object]) -> str:
    if not values:
        return message
    direction = turns(message)
    if turning := [name for name, value in values.items() if isinstance(value, str) and turns(value) != direction]:
        message = isolated_in(message, turning)
    formats = current_formats()
    return message.format_map(values if formats is None else formats.presented(values))
