"""Numbers, lists and texts of several parts, as a language writes them. English is written here, without any data."""

from collections.abc import Iterable, Sequence
from datetime import time

from bot.i18n.messages import _, current_formats


def number(value: float, spec: str = ",.12g") -> str:
    """Return a number such as `1,000,000` and `0.5`; `spec` is a format of Python's."""
    formats = current_formats()
    return format(value, spec) if formats is None else formats.number(value, spec)


def clock(at: time) -> str:
    """Return a time of the day without seconds, such as `08:00`."""
    formats = current_formats()
    return f"{at:%H:%M}" if formats is None else formats.clock(at)


def and_list(names: Sequence[str]) -> str:
    """Return names as a list that ends here; other languages than English put their word for `and` in it."""
    formats = current_formats()
    return ", ".join(names) if formats is None else formats.and_list(names)


def comma_list(names: Sequence[str]) -> str:
    """Return names as a list that goes on, or that isn't part of a sentence."""
    formats = current_formats()
    return ", ".join(names) if formats is None else formats.comma_list(names)


def sentences(texts: Iterable[str]) -> str:
    """Return whole sentences as one text: with spaces between them, unless the language writes none."""
    formats = current_formats()
    return (" " if formats is None else formats.between_sentences).join(texts)


def labelled(label: str, value: str) -> str:
    """Return a value behind its label, such as `Pictures per day: 5`."""
    return _("{label}: {value}", label=label, value=value)


def changed(before: str, after: str) -> str:
    """Return two values as `5 → 10`, whose arrow stays beside the second one where the line ends."""
    return _("{before} →\N{NO-BREAK SPACE}{after}", before=before, after=after)


def with_note(text: str, note: str) -> str:
    """Return a text with a few words about it, such as `paused (cleaning up)`."""
    return _("{text} ({note})", text=text, note=note)
