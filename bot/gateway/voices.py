"""The languages of Discord's events: interactions bring their person's and their server's, other events do not."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Final

import discord

from bot.i18n.speech import ServerLocale, Speech, Voices

_COMMUNITY: Final = "COMMUNITY"  # Discord's feature of servers whose moderators have chosen a language
_REMEMBERED: Final = 10_000  # people
_LOCALE_MAX: Final = 16  # characters; the longest of Discord's has 6

GuildOf = Callable[[int], discord.Guild | None]


class EventVoices:
    """Finds the languages of an event; it remembers the language of people who used a command or a button lately.

    What Discord says about servers is noted for processes without its gateway. `guild_of` returns a server that the
    gateway has told of.
    """

    def __init__(self, speech: Speech, guild_of: GuildOf) -> None:
        self._speech = speech
        self._guild_of = guild_of
        self._own: OrderedDict[str, str] = OrderedDict()

    def of(self, name: str, event: object) -> Voices:
        """Return the languages of an event by its name and JSON; unknown ones for an event without people."""
        if not isinstance(event, Mapping):
            return Voices()
        match name:
            case "INTERACTION_CREATE":
                return self._of_interaction(event)
            case "MESSAGE_CREATE" | "MESSAGE_REACTION_ADD" | "MESSAGE_REACTION_REMOVE":
                own = self._own.get(_person_in(event))
                public = self._public(event, own)
                return Voices(public, public, own is None and not self._is_chosen(event))  # nothing of it is private
            case "GUILD_CREATE" | "GUILD_UPDATE":
                return self._of_server(event)
            case "GUILD_DELETE" if not event.get("unavailable"):  # the bot has left
                self._speech.note_server(int(event["id"]), ServerLocale())
                return Voices()
            case _:
                return Voices()

    def _of_server(self, event: Mapping[str, Any]) -> Voices:
        guild_id, known = int(event["id"]), _locale_in(event, "preferred_locale")
        if known.preferred is not None:  # an outage says nothing about it
            self._speech.note_server(guild_id, known)
        public = self._speech.of_server(guild_id, known)
        return Voices(public, public)

    def _of_interaction(self, fields: Mapping[str, Any]) -> Voices:
        own = _text(fields.get("locale"))
        if own is not None:
            self._remember(_person_in(fields), own)
        return Voices(own, self._public(fields, own))

    def _public(self, fields: Mapping[str, Any], own: str | None) -> str | None:
        """Return the language of public messages; outside servers, it's the person's own."""
        guild_id = fields.get("guild_id")
        if guild_id is None:
            return own
        described = fields.get("guild")
        if isinstance(described, Mapping):
            known = _locale_in({**described, "guild_locale": fields.get("guild_locale")}, "guild_locale")
        else:
            known = locale_of(self._guild_of(int(guild_id)))
        return self._speech.of_server(int(guild_id), known, own)

    def _is_chosen(self, fields: Mapping[str, Any]) -> bool:
        guild_id = fields.get("guild_id")
        if guild_id is None:
            return False
        return self._speech.is_chosen_for(int(guild_id), locale_of(self._guild_of(int(guild_id))))

    def _remember(self, user_id: str, locale: str) -> None:
        self._own[user_id] = locale
        self._own.move_to_end(user_id)
        if len(self._own) > _REMEMBERED:
            self._own.popitem(last=False)


def locale_of(guild: discord.Guild | None) -> ServerLocale:
    """Return the language of a server, as far as Discord tells."""
    if guild is None or guild.unavailable:
        return ServerLocale()
    return ServerLocale(guild.preferred_locale.value, _COMMUNITY in guild.features)


def _locale_in(fields: Mapping[str, Any], name: str) -> ServerLocale:
    return ServerLocale(_text(fields.get(name)), _COMMUNITY in (fields.get("features") or ()))


def _person_in(fields: Mapping[str, Any]) -> str:
    """Return the id of the person who caused an event, as far as it says."""
    match fields:
        case {"user_id": str(user_id)}:
            return user_id
        case {"author": {"id": str(user_id)}} | {"member": {"user": {"id": str(user_id)}}}:
            return user_id
        case {"user": {"id": str(user_id)}}:
            return user_id
        case _:
            return ""


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) <= _LOCALE_MAX else None
