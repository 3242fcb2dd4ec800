"""Numbers and lists for people, as their language writes them. English is written here, without any data."""

from collections.abc import Sequence

from bot.i18n.messages import current_formats


def number(value: float, spec: str = ",.12g") -> str:
    """Return a number such as `1,000,000` and `0.5`; `spec` is a format of Python's."""
    formats = current_formats()
    return format(value, spec) if formats is None else formats.number(value, spec)


def and_list(names: Sequence[str]) -> str:
    """Return names as a list that ends here; other languages than English put their word for `and` in it."""
    formats = current_formats()
    return ", ".join(names) if formats is None else formats.and_list(names)


def comma_list(names: Sequence[str]) -> str:
    """Return names as a list that goes on, or that isn't part of a sentence."""
    formats = current_formats()
    return ", ".join(names) if formats is None else formats.comma_list(names)
