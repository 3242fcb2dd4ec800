"""Every message of the code and of the command tree, as the template that translators start from."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any, Final

from babel.messages.extract import extract_from_dir
from pydantic import SecretStr

from bot.app import open_bot
from bot.gateway.client import ImagineBot
from bot.gateway.undocumented import command_json
from bot.i18n.command_names import COMMAND, OPTION, command_context
from bot.i18n.template import MENU
from playground.app import open_far_ends
from tests.messages.files import Messages
from tests.messages.places import place_words, places_in

ROOT: Final = Path(__file__).parents[2]
KEYWORDS: Final[dict[str, tuple[int | tuple[int, str], ...] | None]] = {
    "_": None,
    "N_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "NP_": ((1, "c"), 2),
}
SUBCOMMAND: Final = (1, 2)
SLASH: Final = 1
NAME_MAX, DESCRIPTION_MAX, CHOICE_MAX = 32, 100, 100

Json = Mapping[str, Any]


async def of_code_and_commands() -> tuple[Messages, list[dict[str, Any]]]:
    """Return all messages without translations, and the JSON with which the commands are registered."""
    async with _bot() as bot:
        tree = [command_json(each, bot.tree) for each in bot.tree.get_commands()]
        await bot.setup_hook()
        registered = await bot.registered.json()
    found, places = Messages(fuzzy=False), places_in(ROOT / "cogs")
    for path, ids, context in _in_code():
        told = sorted(places.get((context, ids if isinstance(ids, str) else ids[0]), ()))
        found.add(ids, context=context, locations=[(path, 1)], auto_comments=told)
    for place, most, text, context in of_commands(tree):
        found.add(text, context=context, auto_comments=[place_words(place, most)])
    for message in found:
        message.locations = sorted(set(message.locations))
    return found, registered


def of_commands(tree: Iterable[Json]) -> Iterator[tuple[str, int, str, str | None]]:
    """Yield each text of commands with the place where it is read, its bound, and its context if it is a name."""
    for command in tree:
        if command.get("type", SLASH) == SLASH:
            yield from _of_command(command, f"/{command['name']}")
        else:
            yield MENU, NAME_MAX, command["name"], COMMAND


def _of_command(command: Json, path: str) -> Iterator[tuple[str, int, str, str | None]]:
    yield f"Command {path}", NAME_MAX, command["name"], command_context(path.removeprefix("/"))
    yield f"About {path}", DESCRIPTION_MAX, command["description"], None
    for option in command.get("options", []):
        if option["type"] in SUBCOMMAND:
            yield from _of_command(option, f"{path} {option['name']}")
        else:
            yield f"Option of {path}", NAME_MAX, option["name"], OPTION
            yield f"About {option['name']} of {path}", DESCRIPTION_MAX, option["description"], None
            for choice in option.get("choices", []):
                yield f"Choice for {option['name']} of {path}", CHOICE_MAX, choice["name"], None


def _in_code() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    with redirect_stderr(StringIO()):  # Babel warns of f-strings among the placeholders, which aren't messages
        for folder in ("bot", "cogs"):
            for path, _, ids, _, context in extract_from_dir(ROOT / folder, keywords=KEYWORDS):
                yield f"{folder}/{path}", ids, context


@asynccontextmanager
async def _bot() -> AsyncIterator[ImagineBot]:
    """Yield the real bot with all of its commands, which isn't logged in."""
    async with open_far_ends() as ends, open_bot(ends.settings(), SecretStr("")) as runner:
        yield runner.bot
