"""The languages that the bot speaks, loaded once, by Discord's names for them."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final, Self

from bot.i18n.catalogue import Catalogue, CompiledMessages
from bot.i18n.cldr import formats_of
from bot.i18n.locale_dir import plural_form_of, read_locale_dir
from bot.i18n.locales import FORMATS, LOCALES
from bot.i18n.name_checks import check_names
from bot.i18n.template import Template

FOLDER: Final = Path(__file__).parents[1] / "locale"
DOMAIN: Final = "messages"
TEMPLATE: Final = FOLDER / f"{DOMAIN}.pot"


class Languages:
    """A catalogue for each locale of Discord's; English for those that have none."""

    def __init__(self, catalogues: Mapping[str, Catalogue]) -> None:
        self.english = catalogues["en"]
        self._catalogues = catalogues
        self._by_code = {code: catalogues[name] for code, name in LOCALES.items() if name in catalogues}
        for code in FORMATS.keys() & self._by_code.keys():
            self._by_code[code] = self._by_code[code].written_as(formats_of(FORMATS[code]))

    @classmethod
    def load(cls, locale_dir: Path | None = None) -> Self:
        """Read the catalogues that ship with the bot, and the operator's over them. Blocks.

        Raises `StartupError` for a mistake in a file of the operator's.
        """
        compiled = {name: _compiled(name) for name in shipped()}
        template = Template.read(TEMPLATE) if locale_dir else None
        own = read_locale_dir(locale_dir, template, _plural_forms(compiled)) if locale_dir and template else {}
        english = Catalogue(own["en"].messages if "en" in own else {})
        catalogues = {"en": english}
        for name in sorted({*compiled, *own} - {"en"}):
            ours = compiled.get(name)
            messages = (dict(ours.messages) if ours else {}) | (own[name].messages if name in own else {})
            form = ours.plural if ours else plural_form_of(name)
            catalogues[name] = Catalogue(messages, form, formats_of(name), english)
        if template:
            check_names(catalogues, own, template)
        return cls(catalogues)

    def of(self, locale: str | None) -> Catalogue:
        """Return the catalogue for one of Discord's locales, such as `es-419`; English for an unknown one."""
        return self.english if locale is None else self._by_code.get(locale, self.english)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Return one of Discord's locales for each catalogue, English first."""
        first = {name: code for code, name in reversed(list(LOCALES.items())) if name in self._catalogues}
        return tuple(first[name] for name in sorted(first, key=lambda name: (name != "en", name)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the languages with a catalogue, such as `pt_BR`."""
        return tuple(sorted(self._catalogues))


def shipped() -> Iterator[str]:
    """Yield the languages whose files are there."""
    yield from sorted(path.parents[1].name for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))


def _compiled(name: str) -> CompiledMessages:
    with (FOLDER / name / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        return CompiledMessages(file)


def _plural_forms(compiled: Mapping[str, CompiledMessages]) -> dict[str, Callable[[int], int]]:
    return {name: messages.plural for name, messages in compiled.items()}
