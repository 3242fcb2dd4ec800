"""The words of a chart, translated before it is drawn by a process that has no catalogues."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Self

from bot.i18n import N_, _, ngettext
from bot.i18n.cldr import CldrFormats, formats_of
from bot.i18n.messages import current_locale

_MESSAGES: Final[Mapping[str, str]] = {
    "pictures": N_("Pictures a day"),
    "credits": N_("Credits a day"),
    "refusals": N_("Refusals a day"),
    "total": N_("{count:,} in all"),
    "days": N_("days in UTC"),
    "days_before": N_("days in UTC; grey is the week before"),
    "members": N_("By member"),
    "members_unit": N_("pictures"),
    "member": N_("member {digits}"),
    "sums": N_("{credits} credits"),
    "sums_refused": N_("{credits} credits · {refusals} refused"),
}
_MONTHS: Final = tuple(date(2000, month, 1) for month in range(1, 13))
_SPEC: Final = ",.12g"


@dataclass(frozen=True, slots=True)
class ChartWords:
    """The texts of a chart in the language of `locale`, such as `pt_BR`; None is English."""

    locale: str | None = None
    texts: Mapping[str, str] = field(default_factory=lambda: {**_MESSAGES, "others": "{count:,} more"})

    @classmethod
    def current(cls, others: int = 0) -> Self:
        """Return the words in the current language, with the plural form for this many `others` in one line."""
        texts = {name: _(text) for name, text in _MESSAGES.items()}
        return cls(current_locale(), {**texts, "others": ngettext("{count:,} more", "{count:,} more", others)})

    @property
    def letters(self) -> set[str]:
        """Return all letters that the words may need."""
        return {letter for text in (*self.texts.values(), *map(self.day, _MONTHS)) for letter in text}

    def drawable(self, glyphs: Collection[int]) -> "ChartWords":
        """Return these words, or English ones if the fonts lack a letter of them."""
        return self if all(ord(letter) in glyphs for letter in self.letters) else ChartWords()

    def say(self, name: str, **values: object) -> str:
        """Return a text with its numbers as its language writes them."""
        formats = self._formats
        return self.texts[name].format_map(values if formats is None else formats.presented(values))

    def day(self, day: date) -> str:
        """Return a day without its year, such as `3 Nov`."""
        formats = self._formats
        return f"{day.day} {day:%b}" if formats is None else formats.day(day)

    def figure(self, value: float) -> str:
        """Return a figure as short as the chart needs it, such as 950, 9,500, 95.1k and 9.5M."""
        if value >= 1_000_000:
            return f"{self._number(round(value / 1_000_000, 1))}M"
        if value >= 10_000:
            return f"{self._number(round(value / 1_000, 1))}k"
        return self._number(round(value))

    def _number(self, value: float) -> str:
        formats = self._formats
        return format(value, _SPEC) if formats is None else formats.number(value, _SPEC)

    @property
    def _formats(self) -> CldrFormats | None:
        return None if self.locale is None else formats_of(self.locale)
