"""Names of commands and options that the operator chose, next to the names beside them."""

from collections.abc import Collection, Mapping

from bot.i18n.catalogue import Catalogue
from bot.i18n.command_names import OPTION, CommandNames
from bot.i18n.locale_dir import OwnMessages
from bot.i18n.locales import WITHOUT_CLIENT
from bot.i18n.po import wrong
from bot.i18n.template import Template, is_name


def check_names(catalogues: Mapping[str, Catalogue], own: Mapping[str, OwnMessages], template: Template) -> None:
    """Raise `StartupError` for a name of the operator's that is taken beside it, or that no client would show."""
    for language in WITHOUT_CLIENT & own.keys():
        file = own[language]
        if named := [line for key, line in file.lines.items() if is_name(template.messages[key])]:
            problem = "Discord's clients don't have this language, so commands and options keep their names"
            raise wrong(file.path, named[0], problem, "Leave this msgstr empty")
    for language, catalogue in catalogues.items():
        files = [own[name] for name in (language, "en") if name in own]
        for shown, place, keys in twice(catalogue.names, template):
            blamed = next(((file, key) for file in files for key in sorted(keys) if key in file.lines), None)
            if blamed:
                file, key = blamed
                raise wrong(file.path, file.lines[key], f"there are two “{shown}” in {place}", "Choose another name")


def twice(names: CommandNames, template: Template) -> Collection[tuple[str, str, frozenset[str]]]:
    """Return the names that two commands or options of the same place share, with the place and their keys."""
    found: dict[tuple[str, str], set[str]] = {}
    for place, keys in template.siblings.items():
        for key in keys:
            found.setdefault((_shown(key, place, names, template), place), set()).add(key)
    return [(shown, place, frozenset(keys)) for (shown, place), keys in found.items() if len(keys) > 1]


def _shown(key: str, place: str, names: CommandNames, template: Template) -> str:
    entry = template.messages[key]
    return names.option(entry.id) if entry.context == OPTION else names.command(entry.id, place.removeprefix("/"))
