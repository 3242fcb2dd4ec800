"""Commands as Discord knows them: in every language, and by the names that the operator gave them."""

from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Place

from bot.errors import StartupError
from bot.gateway.undocumented import command_json, translated_command_json
from bot.i18n.catalogue import Catalogue
from bot.i18n.command_names import group_of
from bot.i18n.languages import Languages

Json = dict[str, Any]

CHARACTERS_MAX: Final = 8000
"""Discord's bound for a command: its names, descriptions and values, each in its longest language."""
_SUBCOMMAND, _GROUP = 1, 2
_SLASH: Final = 1


class CommandTranslator(app_commands.Translator):
    """Looks up the texts of commands for discord.py."""

    def __init__(self, languages: Languages) -> None:
        self._languages = languages

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """Return a text in a locale, or None if it's the same as without one."""
        catalogue, english = self._languages.of(locale.value), self._languages.english
        if catalogue is english:
            return None
        shown, otherwise = (_text(string.message, context, each) for each in (catalogue, english))
        return None if shown == otherwise else shown


def _text(text: str, context: app_commands.TranslationContextTypes, catalogue: Catalogue) -> str:
    match context.location, context.data:
        case ((Place.command_name | Place.group_name), (app_commands.Command() | app_commands.Group()) as command):
            return catalogue.names.command(text, group_of(command.qualified_name))
        case ((Place.command_name | Place.group_name), _):
            return catalogue.names.command(text)
        case Place.parameter_name, _:
            return catalogue.names.option(text)
        case _:
            return catalogue.gettext(text)


class RegisteredCommands:
    """Spells a tree of commands for Discord, and Discord's interactions for the tree."""

    def __init__(self, tree: app_commands.CommandTree[Any], languages: Languages) -> None:
        self._tree = tree
        self._english = languages.english

    async def json(self) -> list[Json]:
        """Return all commands for registration; raise `StartupError` for one that's too long in some language."""
        found = [
            _named(await translated_command_json(command, self._tree), self._english)
            for command in self._tree.get_commands()
        ]
        for command in found:
            if command.get("type", _SLASH) == _SLASH and (count := characters(command)) > CHARACTERS_MAX:
                raise StartupError(
                    f"/{command['name']} has {count:,} characters in its longest language, and Discord takes "
                    f"{CHARACTERS_MAX:,}.",
                    "Shorten its descriptions in LOCALE_DIR.",
                )
        return found

    def as_in_code(self, event: Any) -> Any:  # noqa: ANN401  (JSON)
        """Return an interaction whose command and options have the names that the tree knows."""
        match event:
            case {"data": {"name": str(name)}} if self._english.names.renames:
                data = event["data"]
                kind = data.get("type", _SLASH)
                known = [each for each in self._commands if each.get("type", _SLASH) == kind]
                return {**event, "data": self._original(data, name, known)}
            case _:
                return event

    @cached_property
    def _commands(self) -> list[Json]:
        return [command_json(each, self._tree) for each in self._tree.get_commands()]

    def _original(
        self, part: Mapping[str, Any], name: str, known: Sequence[Json], group: str = "", *, is_option: bool = False
    ) -> Json:
        """Return a command of a group, or an option, and those inside, by the names of the `known` ones beside it."""
        names = self._english.names
        called = names.option if is_option else partial(names.command, group=group)
        declared = next((each for each in known if called(each["name"]) == name), None)
        if declared is None:
            return dict(part)
        inside, path = declared.get("options", []), f"{group} {declared['name']}".lstrip()
        options = [
            self._original(each, each["name"], inside, path, is_option=each["type"] not in (_SUBCOMMAND, _GROUP))
            for each in part.get("options", [])
        ]
        return {**part, "name": declared["name"]} | ({"options": options} if "options" in part else {})


def _named(part: Json, english: Catalogue, group: str = "", *, is_option: bool = False) -> Json:
    """Return a command of a group, or an option, with the operator's names and descriptions in place of ours."""
    names = english.names
    described = {"description": english.gettext(part["description"])} if part.get("description") else {}
    path = f"{group} {part['name']}".lstrip()
    options = [
        _named(each, english, path, is_option=each["type"] not in (_SUBCOMMAND, _GROUP))
        for each in part.get("options", [])
    ]
    choices = [{**each, "name": english.gettext(each["name"])} for each in part.get("choices", [])]
    name = names.option(part["name"]) if is_option else names.command(part["name"], group)
    inside = {key: value for key, value in (("options", options), ("choices", choices)) if key in part}
    return {**part, "name": name, **described, **inside}


def characters(part: Mapping[str, Any]) -> int:
    """Return how many characters of Discord's bound a command or a part of it takes."""
    own = sum(_longest(part, field) for field in ("name", "description")) + len(str(part.get("value", "")))
    return own + sum(characters(each) for key in ("options", "choices") for each in part.get(key, []))


def _longest(part: Mapping[str, Any], field: str) -> int:
    localized = part.get(f"{field}_localizations") or {}
    return max(len(str(text)) for text in (part.get(field, ""), *localized.values()))
