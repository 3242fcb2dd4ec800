"""Discord's rules for a command at registration."""

import re

from standins.discord.errors import FormErrors, Place
from standins.discord.payload import Payload
from standins.discord.rules.facts import (
    CHOICE,
    COMMAND,
    CONTEXTS,
    GROUP_OF_OPTIONS,
    INTEGRATION_TYPES,
    LOCALES,
    OPTION,
    OPTION_TYPES,
    STRING_OPTION_LENGTH,
)

NAME = re.compile(r"[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}")
SLASH, ON_USER, ON_MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
WITH_CHOICES = (STRING, INTEGER, NUMBER)
MOST_CHARACTERS = 8000
MOST_CHARACTERS_OF_A_VALUE = 100  # the schema has 6000, which the documentation does not


def check_command(body: Payload, place: Place = ()) -> None:
    """Raise 50035 with every complaint about a command's body."""
    errors = FormErrors()
    kind = body.get("type", SLASH)
    _check_localizations(errors, body, place)
    if kind not in (SLASH, ON_USER, ON_MESSAGE):
        errors.add((*place, "type"), "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3).")
    elif kind == SLASH:
        _check_slash(errors, body, place)
    else:
        errors.fields(place, body, COMMAND)
        if body.get("description"):
            errors.add(
                (*place, "description"), "APPLICATION_COMMAND_DESCRIPTION_NOT_ALLOWED", "Only slash commands have one"
            )
    _check_places(errors, body, place)
    errors.refuse_if_any()


def _check_slash(errors: FormErrors, body: Payload, place: Place) -> None:
    _check_name(errors, body.get("name"), (*place, "name"))
    errors.fields(place, body, GROUP_OF_OPTIONS)  # a command has what a group of options has
    _check_options(errors, body.get("options") or [], (*place, "options"))
    if _characters(body) > MOST_CHARACTERS:
        words = f"Command exceeds maximum size ({MOST_CHARACTERS})"
        errors.add(place, "APPLICATION_COMMAND_TOO_LARGE", words)


def _check_localizations(errors: FormErrors, part: Payload, place: Place) -> None:
    """Note complaints about the names and descriptions of a command or option in other languages."""
    for field in ("name", "description"):
        key = f"{field}_localizations"
        for locale, text in (part.get(key) or {}).items():
            if locale not in LOCALES:
                errors.choice((*place, key), locale, LOCALES)
            elif field == "name" and part.get("type", SLASH) not in (ON_USER, ON_MESSAGE):
                _check_name(errors, text, (*place, key, locale))
            else:
                limits = COMMAND["name"] if field == "name" else OPTION["description"]
                errors.length((*place, key, locale), text, limits.least, limits.most)


def _check_name(errors: FormErrors, name: object, place: Place) -> None:
    if not isinstance(name, str):
        errors.required(place)
    elif not NAME.fullmatch(name) or name != name.lower():
        words = "Command name is invalid"
        errors.add(place, "APPLICATION_COMMAND_INVALID_NAME", words)


def _check_places(errors: FormErrors, body: Payload, place: Place) -> None:
    for key, known in (("contexts", CONTEXTS), ("integration_types", INTEGRATION_TYPES)):
        listed = body.get(key)
        if listed is not None and (not set(listed) <= set(known) or len(set(listed)) < len(listed)):
            errors.add((*place, key), "BASE_TYPE_CHOICES", f"Values must differ and be among {known}.")
    permissions = body.get("default_member_permissions")
    if permissions is not None and not str(permissions).isdigit():
        errors.add((*place, "default_member_permissions"), "NUMBER_TYPE_COERCE", "Value is not a permission bit set.")


def _check_options(errors: FormErrors, options: list[Payload], place: Place) -> None:
    names = [option.get("name") for option in options]
    if len(set(names)) < len(names):
        errors.add(place, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names must be unique")
    optional_seen = False
    for index, option in enumerate(options):
        required = bool(option.get("required"))
        if required and optional_seen:
            words = "Required options must be placed before non-required options"
            errors.add((*place, index), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words)
        optional_seen = optional_seen or not required
        _check_option(errors, option, (*place, index))


def _check_option(errors: FormErrors, option: Payload, place: Place) -> None:
    kind = option.get("type")
    if kind not in OPTION_TYPES:
        errors.choice((*place, "type"), kind, OPTION_TYPES)
        return
    _check_name(errors, option.get("name"), (*place, "name"))
    _check_localizations(errors, option | {"type": SLASH}, place)
    if kind in (SUBCOMMAND, GROUP):
        errors.fields(place, option, GROUP_OF_OPTIONS)
        _check_options(errors, option.get("options") or [], (*place, "options"))
        return
    errors.fields(place, option, OPTION)
    _check_choices(errors, option, place)
    _check_bounds(errors, option, place)


def _check_choices(errors: FormErrors, option: Payload, place: Place) -> None:
    choices = option.get("choices") or []
    if (choices or option.get("autocomplete")) and option["type"] not in WITH_CHOICES:
        errors.add(place, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "This type of option has no choices")
    if choices and option.get("autocomplete"):
        words = "An option with autocomplete has no choices"
        errors.add((*place, "autocomplete"), "APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES", words)
    _check_each_choice(errors, choices, option["type"], (*place, "choices"))


def check_choices(errors: FormErrors, choices: list[Payload], kind: int, place: Place) -> None:
    """Note complaints about choices: at most 25, names of 1 to 100 characters, values of the option's type."""
    errors.length(place, choices, OPTION["choices"].least, OPTION["choices"].most)
    _check_each_choice(errors, choices, kind, place)


def _check_each_choice(errors: FormErrors, choices: list[Payload], kind: int, place: Place) -> None:
    for index, choice in enumerate(choices):
        errors.fields((*place, index), choice, CHOICE)
        for locale, text in (choice.get("name_localizations") or {}).items():
            if locale not in LOCALES:
                errors.choice((*place, index, "name_localizations"), locale, LOCALES)
            errors.length(
                (*place, index, "name_localizations", locale), text, CHOICE["name"].least, CHOICE["name"].most
            )
        value = choice.get("value")
        if kind == STRING:
            errors.length((*place, index, "value"), value, 1, MOST_CHARACTERS_OF_A_VALUE)
        elif isinstance(value, bool | str) or not isinstance(value, int if kind == INTEGER else int | float):
            errors.add((*place, index, "value"), "NUMBER_TYPE_COERCE", f'Value "{value}" is not a number.')
        elif abs(value) > 2**53:
            errors.add((*place, index, "value"), "NUMBER_TYPE_MAX", "Value must be within ±2^53.")


def _check_bounds(errors: FormErrors, option: Payload, place: Place) -> None:
    bounds = ("min_length", "max_length") if option["type"] == STRING else ("min_value", "max_value")
    limits = STRING_OPTION_LENGTH if option["type"] == STRING else (-(2**53), 2**53)
    for key in bounds:
        value = option.get(key)
        if value is not None and not limits[0] <= value <= limits[1]:
            errors.add((*place, key), "NUMBER_TYPE_MAX", f"Value must be between {limits[0]} and {limits[1]}.")


def _characters(part: Payload) -> int:
    """Count names, descriptions and values; of a text in several languages, the longest counts."""
    texts = [_longest(part, "name") + _longest(part, "description")]
    texts += [_longest(choice, "name") + len(str(choice.get("value", ""))) for choice in part.get("choices") or []]
    return sum(texts) + sum(_characters(option) for option in part.get("options") or [])


def _longest(part: Payload, field: str) -> int:
    localized = part.get(f"{field}_localizations") or {}
    return max(len(str(text or "")) for text in (part.get(field), *localized.values()))
