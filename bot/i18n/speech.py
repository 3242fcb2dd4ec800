"""Which language is spoken where: a person's own in private, and the server's where everybody reads.

An event of Discord's enters both, for all tasks that it starts: texts are in the person's own language, unless the code
that composes a public message says so with `in_public`. A picture has its language with it (`bot.picture.origin`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from gettext import NullTranslations
from typing import Final, Protocol

from bot.i18n.languages import Languages
from bot.i18n.messages import language


@dataclass(frozen=True, slots=True)
class Voices:
    """The person's own language and that of public messages, by Discord's codes; None is unknown, and English.

    They are a guess where nobody chose the server's language, and the person's isn't known.
    """

    own: str | None = None
    public: str | None = None
    is_guess: bool = False


@dataclass(frozen=True, slots=True)
class _Entered:
    voices: Voices
    public: NullTranslations
    speech: "Speech | None" = None


_UNKNOWN: Final = _Entered(Voices(), NullTranslations())
_entered: ContextVar[_Entered] = ContextVar("voices", default=_UNKNOWN)


@dataclass(frozen=True, slots=True)
class ServerLocale:
    """The language that Discord has for a server; somebody has chosen it only for a community."""

    preferred: str | None = None
    is_community: bool = False


class RememberedLocales(Protocol):
    """The languages that Discord last named for servers, for processes and moments that can't ask the gateway."""

    def of(self, guild_id: int) -> ServerLocale:
        """Return it, or an unknown language."""

    def note(self, guild_id: int, known: ServerLocale) -> None:
        """Keep it, also for other processes."""


class Speech:
    """The languages of the bot, and which of them is a server's; `chosen_for` is a server's own choice, by its id."""

    def __init__(
        self, languages: Languages, chosen_for: Callable[[int], str | None], remembered: RememberedLocales | None = None
    ) -> None:
        self.languages = languages
        self._chosen_for = chosen_for
        self._remembered = remembered

    def note_server(self, guild_id: int, known: ServerLocale) -> None:
        """Keep what Discord says about a server."""
        if self._remembered is not None:
            self._remembered.note(guild_id, known)

    def of_server(self, guild_id: int, known: ServerLocale, asker: str | None = None) -> str | None:
        """Return the language of public messages: a community's, the chosen one, the asker's, or Discord's guess.

        What Discord said earlier counts where it isn't known now, as in a worker.
        """
        known = self._known(guild_id, known)
        return self._chosen_by(guild_id, known) or asker or known.preferred

    def is_chosen_for(self, guild_id: int, known: ServerLocale) -> bool:
        """Return True if somebody chose the language of a server's public messages."""
        return self._chosen_by(guild_id, self._known(guild_id, known)) is not None

    def _known(self, guild_id: int, known: ServerLocale) -> ServerLocale:
        if known.preferred is None and self._remembered is not None:
            return self._remembered.of(guild_id)
        return known

    def _chosen_by(self, guild_id: int, known: ServerLocale) -> str | None:
        if known.is_community and known.preferred is not None:
            return known.preferred
        return self._chosen_for(guild_id)

    @contextmanager
    def entered(self, voices: Voices) -> Iterator[None]:
        """Speak the languages of an event within the block, and in the tasks that it starts."""
        token = _entered.set(_Entered(voices, self.languages.of(voices.public), self))
        try:
            with language(self.languages.of(voices.own)):
                yield
        finally:
            _entered.reset(token)

    @contextmanager
    def spoken(self, locale: str | None) -> Iterator[None]:
        """Speak one language within the block."""
        with language(self.languages.of(locale)):
            yield


def voices() -> Voices:
    """Return the languages of the event that is being handled."""
    return _entered.get().voices


@contextmanager
def answering_about(locale: str | None) -> Iterator[None]:
    """Speak a picture's language within the block if that of the event about it is only a guess."""
    entered = _entered.get()
    if locale is None or entered.speech is None or not entered.voices.is_guess:
        yield
        return
    with entered.speech.entered(Voices(locale, locale)):
        yield


@contextmanager
def in_public() -> Iterator[None]:
    """Compose a public message within the block."""
    with language(_entered.get().public):
        yield
