"""The languages that Discord's clients and servers can have, by Discord's codes, with their own names."""

from collections.abc import Collection, Mapping
from typing import Final

LOCALE_NAMES: Final[Mapping[str, str]] = {
    "ar": "العربية",
    "bg": "български",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en-GB": "English, UK",
    "en-US": "English, US",
    "es-419": "Español, LATAM",
    "es-ES": "Español",
    "fi": "Suomi",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "hr": "Hrvatski",
    "hu": "Magyar",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "lt": "Lietuviškai",
    "nl": "Nederlands",
    "no": "Norsk",
    "pl": "Polski",
    "pt-BR": "Português do Brasil",
    "ro": "Română",
    "ru": "Русский",
    "sv-SE": "Svenska",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "Українська",
    "vi": "Tiếng Việt",
    "zh-CN": "中文",
    "zh-TW": "繁體中文",
}


def locale_named(typed: str, known: Collection[str]) -> str | None:
    """Return which of some codes somebody means by a code or a language's own name, or None for neither."""
    wanted = typed.strip().casefold()
    return next((code for code in known if wanted in (code.casefold(), name_of(code).casefold())), None)


def name_of(locale: str) -> str:
    """Return a language's own name, or the code of one that Discord didn't have when this was written."""
    return LOCALE_NAMES.get(locale, locale)
