"""How a language writes numbers, days and lists, from Unicode's CLDR, which Babel brings."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from typing import Any, Final

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol, get_minus_sign_symbol

_WITHOUT_SPACES: Final = frozenset({"ja", "zh"})
"""Languages that put no space between sentences, since their full stop brings its own; CLDR doesn't say which."""
_UNGROUPED_THOUSANDS: Final = frozenset({"bg", "es", "hu", "it", "lv", "pl", "pt_PT"})
"""Languages that write `1234` and `12.345`: CLDR's `minimumGroupingDigits` is 2 for them, and Babel leaves it out."""
_THOUSANDS: Final = range(1_000, 10_000)


class CldrFormats:
    """The formats of one locale, whose data Babel reads once."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale
        self.name = str(locale)
        self.between_sentences = "" if locale.language in _WITHOUT_SPACES else " "
        self._decimal = get_decimal_symbol(locale)
        self.number_signs = (get_group_symbol(locale), self._decimal)
        self._ungrouped = _THOUSANDS if self.name in _UNGROUPED_THOUSANDS else ()
        self._minus = get_minus_sign_symbol(locale)
        self._middle: str = locale.list_patterns["standard"]["middle"]

    def presented(self, values: Mapping[str, object]) -> Mapping[str, object]:
        """Return the values of placeholders; numbers among them take a format and write themselves."""
        return {name: self._presented(value) for name, value in values.items()}

    def number(self, value: float, spec: str) -> str:
        """Return a number as Python's format does, with the language's own signs in it."""
        sign = self._minus if value < 0 else ""
        whole, point, decimals = format(abs(value), spec.replace(",", "")).partition(".")
        if "," in spec and whole.isdigit() and int(whole) not in self._ungrouped:
            whole = format_decimal(int(whole), locale=self.locale)
        return f"{sign}{whole}{self._decimal if point else ''}{decimals}"

    def clock(self, at: time) -> str:
        """Return a time of the day without seconds, such as `8:00`."""
        return format_time(at, "short", locale=self.locale)

    def and_list(self, names: Sequence[str]) -> str:
        """Return names as a list that ends here, such as `a, b und c`."""
        return format_list(names, locale=self.locale)

    def comma_list(self, names: Sequence[str]) -> str:
        """Return names as a list that goes on, such as `a, b, c`."""
        return self._middle.replace("{0}", "").replace("{1}", "").join(names)

    def day(self, day: date) -> str:
        """Return a day without its year, such as `3. Nov.`."""
        return format_skeleton("MMMd", day, locale=self.locale)

    def _presented(self, value: object) -> object:
        match value:
            case bool() | datetime():
                return value
            case int() | float():
                return _Number(value, self)
            case date():
                return format_date(value, locale=self.locale)
            case _:
                return value


@cache
def formats_of(name: str) -> CldrFormats:
    """Return the formats of a language such as `pt_BR`."""
    return CldrFormats(Locale.parse(name))


class _Number:
    """A number in a placeholder, which may have a format such as `:,`."""

    def __init__(self, value: float, formats: CldrFormats) -> None:
        self._value = value
        self._formats = formats

    def __format__(self, spec: str) -> str:
        return self._formats.number(self._value, spec)

    def __str__(self) -> str:
        return self._formats.number(self._value, "")

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (a placeholder may name an attribute)
        return getattr(self._value, name)
