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
from playground.app import open_far_ends
from tests.messages.files import Messages

ROOT: Final = Path(__file__).parents[2]
KEYWORDS: Final[dict[str, tuple[int | tuple[int, str], ...] | None]] = {
    "_": None,
    "N_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
SUBCOMMAND: Final = (1, 2)
SLASH: Final = 1

Json = Mapping[str, Any]


async def template() -> Messages:
    """Return all messages, without translations."""
    found = Messages()
    for path, ids, context in _in_code():
        found.add(ids, context=context, locations=[(path, 1)])
    for place, text, context in of_commands(await command_tree()):
        found.add(text, context=context, auto_comments=[place])
    for message in found:
        message.locations = sorted(set(message.locations))
    return found


async def command_tree() -> list[dict[str, Any]]:
    """Return the JSON of every command in English, by which it is registered."""
    async with _bot() as bot:
        return [command_json(each, bot.tree) for each in bot.tree.get_commands()]


def of_commands(tree: Iterable[Json]) -> Iterator[tuple[str, str, str | None]]:
    """Yield each text of commands with the place where it is read, and its context if it is a name."""
    for command in tree:
        if command.get("type", SLASH) == SLASH:
            yield from _of_command(command, f"/{command['name']}")
        else:
            yield "menu of messages and members", command["name"], "command"


def _of_command(command: Json, path: str) -> Iterator[tuple[str, str, str | None]]:
    yield path, command["name"], "command"
    yield path, command["description"], None
    for option in command.get("options", []):
        if option["type"] in SUBCOMMAND:
            yield from _of_command(option, f"{path} {option['name']}")
        else:
            yield "an option", option["name"], "option"
            yield f"{path} {option['name']}", option["description"], None
            for choice in option.get("choices", []):
                yield f"choice of {option['name']}", choice["name"], None


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
