"""Names and descriptions of commands as a client in some language shows them; both spellings can be typed."""

from collections.abc import Mapping
from typing import Final

from standins.discord.payload import Payload

# Discord's own fallbacks, where a command has no words in a person's language.
_FALLBACKS: Final[Mapping[str, str]] = {"en-US": "en-GB", "en-GB": "en-US", "es-419": "es-ES"}


def shown(part: Payload, field: str, locale: str) -> str:
    """Return the name or the description of a command, an option or a choice in a language."""
    localized = part.get(f"{field}_localizations") or {}
    fallback = localized.get(_FALLBACKS.get(locale, ""))
    return str(localized.get(locale) or fallback or part[field])


def is_called(part: Payload, name: object, locale: str) -> bool:
    """Return True if somebody with a language means this command, option or choice by a name."""
    return name in (part["name"], shown(part, "name", locale))
