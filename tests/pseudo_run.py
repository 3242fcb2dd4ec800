"""Journeys in the pseudo-language, with `PSEUDO=1`: the bot speaks it, and people read it back to English.

The operator's English in `LOCALE_DIR` is the pseudo-language then. Everybody has English, so a text that no catalogue
was asked for, or for which no language was entered, is plain English and fails the test.
"""

import asyncio
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final
from unicodedata import normalize

from babel.messages.catalog import Message

from bot.i18n.command_names import is_context_of_names
from bot.i18n.locale_names import LOCALE_NAMES
from standins.discord.model.world import World
from standins.discord.payload import Payload
from standins.exchange import Exchange
from tests.pseudo import accented, plain_words, pseudo, read_back

IS_PSEUDO: Final = "PSEUDO" in os.environ
_BOUND: Final = re.compile(r"(.+): at most (\d+) characters")
_CUT: Final = 20  # characters of a word that is too long for its place
_FILE: Final = re.compile(r"[\w-]+\.\w{2,4}")
_OF_COMMANDS: Final = ("About ", "Choice ", "Command ", "Option ", "Menu of ")
# Words that are the same in every language: file formats, units, and names of products.
_SAME: Final = {
    *(
        "image",
        "imagine",
        "jpg",
        "jpeg",
        "png",
        "webp",
        "gif",
        "apiframe",
        "discord",
        "flux",
        "custom",
        "count",
        "guessed",
    ),
}
_OWN_NAMES: Final = {word.casefold() for name in LOCALE_NAMES.values() for word in plain_words(name)}


@cache
def pseudo_folder() -> Path:
    """Return a folder for `LOCALE_DIR` in which English is the pseudo-language."""
    from tests.messages.extraction import of_code_and_commands  # noqa: PLC0415  (it needs the whole bot)
    from tests.messages.files import as_po  # noqa: PLC0415

    found, _ = asyncio.run(of_code_and_commands())
    for message in [each for each in found if is_context_of_names(each.context)]:
        found.delete(message.id, message.context)
    for message in found:
        if message.id:
            message.string = _translated(message)
    folder = Path(mkdtemp(prefix="pseudo-"))
    (folder / "en.po").write_bytes(as_po(found))
    return folder


def _translated(message: Message) -> str | tuple[str, ...]:
    """Return a message in the pseudo-language; texts of commands don't get longer, as all of them share a bound."""
    places = [place for comment in message.auto_comments if (place := _BOUND.fullmatch(comment))]
    if any(place[1].startswith(_OF_COMMANDS) for place in places):
        return accented(str(message.id))
    most = min((int(place[2]) for place in places), default=None)
    if isinstance(message.id, str):
        return pseudo(message.id, most)
    return tuple(pseudo(form, most) for form in message.id)


class Reader:
    """People who read the pseudo-language; a text in another one becomes an entry in `violations`."""

    def __init__(self, world: World, violations: list[str]) -> None:
        self._world = world
        self._violations = violations
        self._of_apiframe: set[str] = set()

    def hear(self, exchange: Exchange) -> None:
        """Take note of Apiframe's own words, which the bot quotes."""
        self._of_apiframe |= _words_in(_strings(exchange.response_body))

    def __call__(self, text: str) -> str:
        """Return a text as English, and note words in it that are neither translated nor anybody's own."""
        if _FILE.fullmatch(text):
            return text
        plain = {word for word in plain_words(text) if word.casefold() not in _SAME | _OWN_NAMES}
        known = self._own_words() if plain else set()
        if left := {word for word in plain if not _is_known(word.casefold(), known, is_cut=f"{word}…" in text)}:
            self._violations.append(f"not in the pseudo-language: {sorted(left)} in {text!r}")
        return read_back(text)

    def _own_words(self) -> set[str]:
        """Return all words that somebody in the world has written, and the names of everything in it."""
        return self._of_apiframe | _words_in(self._own_texts())

    def _own_texts(self) -> Iterable[str]:
        world = self._world
        for user in world.users.values():
            yield user.name
        for guild in world.guilds.values():
            yield from (guild.name, *(role.name for role in guild.roles.values()))
        for channel in world.channels.values():
            yield channel.name
            for message in channel.messages.values():
                if message.author is not world.bot:
                    yield from (message.content, *(file.filename for file in message.attachments))
        for interaction in world.interactions.values():
            yield from _strings(interaction.data)
        for command in world.commands.all():
            yield from _names_in(command.registered)


def _is_known(word: str, known: set[str], *, is_cut: bool) -> bool:
    """Return True for one of some words, and for the beginning of one that was cut."""
    return word in known or ((is_cut or len(word) >= _CUT) and any(each.startswith(word) for each in known))


def _words_in(texts: Iterable[str]) -> set[str]:
    shown = ("".join(each for each in text if each.isprintable() or each.isspace()) for text in texts)
    return {word.casefold() for text in shown for word in re.findall(r"[^\W\d_]+", normalize("NFKC", text))}


def _names_in(command: Payload) -> Iterator[str]:
    yield str(command["name"])
    for option in command.get("options", []):
        yield from _names_in(option)


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401  (JSON)
    match value:
        case str():
            yield value
        case Mapping():
            for each in value.values():
                yield from _strings(each)
        case [*items]:
            for each in items:
                yield from _strings(each)
