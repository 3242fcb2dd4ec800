"""The catalogues are complete, match the code, and keep to Discord's rules: `make messages` would change nothing."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bot.gateway.registered_commands import CHARACTERS_MAX, characters
from bot.i18n.languages import Languages
from bot.i18n.locales import LOCALES
from bot.i18n.name_checks import twice
from bot.i18n.template import Template
from standins.discord.rules.command_rules import check_command
from tests.messages.checks import forms_of, mistakes_in
from tests.messages.extraction import of_code_and_commands
from tests.messages.files import LANGUAGES, TEMPLATE, Messages, as_mo, as_po, po_of, read, updated

STALE = "run `make messages`"
CODES = {name: code for code, name in LOCALES.items()}

Json = Mapping[str, Any]


@pytest.fixture(scope="module")
def found() -> tuple[Messages, list[dict[str, Any]]]:
    """Return the messages of the code and of the commands, and the commands as they are registered."""
    return asyncio.run(of_code_and_commands())


@pytest.fixture(scope="module")
def source(found: tuple[Messages, list[dict[str, Any]]]) -> Messages:
    return found[0]


@pytest.fixture(scope="module")
def commands(found: tuple[Messages, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return found[1]


def test_the_template_has_every_message(source: Messages) -> None:
    """Translators start from the messages that the code has today."""
    assert TEMPLATE.read_bytes() == as_po(source), STALE


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_up_to_date(source: Messages, language: str) -> None:
    """No message is missing, obsolete or fuzzy, and the compiled file has the same ones."""
    path = po_of(language)
    messages = updated(source, read(path, language), language)
    assert [message.id for message in messages if message.id and not all(forms_of(message))] == []
    assert path.read_bytes() == as_po(messages), STALE
    assert path.with_suffix(".mo").read_bytes() == as_mo(messages), STALE


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_placeholders_markdown_and_commands(language: str) -> None:
    """Translations differ from their source in words only, and fit into their places."""
    messages = [message for message in read(po_of(language), language) if message.id]
    assert [mistake for message in messages for mistake in mistakes_in(message)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_names_of_a_place_are_the_same(language: str) -> None:
    """Discord refuses a command with two options of one name."""
    names = Languages.load().of(CODES[language]).names
    assert twice(names, Template.read(TEMPLATE)) == []


@pytest.mark.parametrize(("code", "names"), [("de", ("teilen", "anteil")), ("fr", ("partager", "part"))])
def test_clients_show_the_verb_and_the_noun_of_share(
    commands: list[dict[str, Any]], code: str, names: tuple[str, str]
) -> None:
    """`/style share` shares a style, and `/limits share` sets each member's share of the credits."""
    shown = {each["name"]: {inner["name"]: inner for inner in each.get("options", [])} for each in commands}
    found = [shown[group]["share"]["name_localizations"][code] for group in ("style", "limits")]
    assert found == list(names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_mention_commands_by_the_names_that_clients_show(language: str) -> None:
    """Also if only a part of a command has a name of its own in the language."""
    catalogue = Languages.load().of(CODES[language])
    mentions = [
        (message.id, path)
        for message in read(TEMPLATE)
        if isinstance(message.id, str)
        for path in re.findall(r"`/([a-z-]+(?: [a-z-]+)*)(?=`)", message.id)
    ]
    assert len(mentions) > 20
    for source, path in mentions:
        assert f"`/{catalogue.names.path(path)}`" in catalogue.gettext(source)


def test_discord_takes_the_commands_in_every_language(commands: list[dict[str, Any]]) -> None:
    """Its stand-in knows the rules for names and lengths; the longest language counts."""
    for command in commands:
        check_command(command)
        assert characters(command) <= CHARACTERS_MAX, command["name"]
        for options in option_lists(command):
            for locale in LOCALES:
                names = Counter(each.get("name_localizations", {}).get(locale, each["name"]) for each in options)
                assert [name for name, count in names.items() if count > 1] == [], (command["name"], locale)


def test_every_text_of_a_command_is_translated(commands: list[dict[str, Any]]) -> None:
    """Everything that Discord shows of a command has a description in each language."""
    languages = {CODES[language] for language in LANGUAGES}
    for command in commands:
        for part in parts_of(command):
            if "description" in part:
                assert languages <= part["description_localizations"].keys(), part["description"]


def option_lists(command: Json) -> Iterator[list[Json]]:
    """Yield the options of a command, and those of each subcommand."""
    yield command.get("options", [])
    for option in command.get("options", []):
        yield from option_lists(option)


def parts_of(command: Json) -> Iterator[Json]:
    """Yield a command, its subcommands and its options."""
    yield command
    for option in command.get("options", []):
        yield from parts_of(option)
