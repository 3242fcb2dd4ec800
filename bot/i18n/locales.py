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
LOCALES: Final[Mapping[str, str]] = {code: code for code in (*_SAME, *_OTHERS)} | {
    "en-US": "en",
    "en-GB": "en",
    "es-ES": "es",
    "es-419": "es",
    "pt-BR": "pt_BR",
    "sv-SE": "sv",
    "zh-CN": "zh_CN",
    "zh-TW": "zh_TW",
}
"""All locales that a Discord client can have, each with the name of its catalogue."""
