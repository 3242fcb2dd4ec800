"""The language of each person's Discord client, which the bot gets with everything that they do."""

from collections.abc import Mapping, Sequence
from typing import Final

from aiohttp import web

from playground.web.viewer import PREFIX, Seats
from standins.discord.rules.facts import LOCALES

LANGUAGE_NAMES: Final[Mapping[str, str]] = {
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
"""What Discord's clients call their languages, by its reference's page on locales."""


class ClientLanguage:
    """Sets the language of the person at a seat; it stays theirs until the playground closes."""

    def __init__(self, seats: Seats) -> None:
        self._seats = seats

    def routes(self) -> Sequence[web.RouteDef]:
        """Return where the form leads."""
        return [web.post(f"{PREFIX}/language", self._choose)]

    async def _choose(self, request: web.Request) -> web.Response:
        seat, chosen = self._seats.of(request), (await request.post()).get("locale")
        if chosen not in LOCALES:
            raise web.HTTPBadRequest(text="Discord has no such language.")
        seat.user.locale = str(chosen)
        raise web.HTTPSeeOther(seat.path)
