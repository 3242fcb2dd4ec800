"""The languages that the bot speaks, loaded once, by Discord's names for them."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final, Self

from babel import Locale

from bot.i18n.catalogue import Catalogue, CompiledMessages
from bot.i18n.cldr import CldrFormats
from bot.i18n.locales import LOCALES

FOLDER: Final = Path(__file__).parents[1] / "locale"
DOMAIN: Final = "messages"


class Languages:
    """A catalogue for each locale of Discord's; English for those that have none."""

    def __init__(self, catalogues: Mapping[str, Catalogue]) -> None:
        self.english = catalogues["en"]
        self._catalogues = catalogues
        self._by_code = {code: catalogues[name] for code, name in LOCALES.items() if name in catalogues}

    @classmethod
    def load(cls) -> Self:
        """Read the catalogues that ship with the bot. Blocks."""
        english = Catalogue({})
        others = {name: _catalogue(name, english) for name in shipped()}
        return cls({"en": english, **others})

    def of(self, locale: str | None) -> Catalogue:
        """Return the catalogue for one of Discord's locales, such as `es-419`; English for an unknown one."""
        return self.english if locale is None else self._by_code.get(locale, self.english)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the languages with a catalogue, such as `pt_BR`."""
        return tuple(self._catalogues)


def shipped() -> Iterator[str]:
    """Yield the languages whose files are there."""
    yield from sorted(path.parents[1].name for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))


def _catalogue(name: str, english: Catalogue) -> Catalogue:
    with (FOLDER / name / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        compiled = CompiledMessages(file)
    return Catalogue(compiled.messages, compiled.plural, CldrFormats(Locale.parse(name)), english)
