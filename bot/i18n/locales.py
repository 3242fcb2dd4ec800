"""Discord's locales, and the names of the languages in which the bot answers them."""

from collections.abc import Mapping
from typing import Final

_SAME = (
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "fi",
    "fr",
    "hi",
    "hr",
    "hu",
    "id",
    "it",
    "ja",
    "ko",
    "lt",
    "nl",
    "no",
    "pl",
    "ro",
)
_OTHERS = ("ru", "th", "tr", "uk", "vi")
WITHOUT_CLIENT: Final = frozenset({"ar", "he"})
"""Languages that Discord's API takes, and its clients and discord.py lack: only servers can choose them."""
LOCALES: Final[Mapping[str, str]] = {code: code for code in (*_SAME, *_OTHERS, *sorted(WITHOUT_CLIENT))} | {
    "en-US": "en",
    "en-GB": "en",
    "es-ES": "es",
    "es-419": "es",
    "pt-BR": "pt_BR",
    "sv-SE": "sv",
    "zh-CN": "zh_CN",
    "zh-TW": "zh_TW",
}
"""All locales of Discord's API, each with the name of its catalogue."""
FORMATS: Final[Mapping[str, str]] = {"es-419": "es_419"}
"""Locales that share the words of a catalogue, and write numbers as CLDR has it for another one."""
