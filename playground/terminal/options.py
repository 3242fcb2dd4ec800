"""A registered slash command as options of the command line, so that every command of the bot can be typed."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from playground.terminal.plays import EVERY_PLAY, IN_EVERY_LANGUAGE, OpenPrivately, Play, Press, parse_play
from standins.discord.client.options import OptionValue
from standins.discord.model.attachments import Upload
from standins.discord.payload import Payload
from standins.discord.rules.command_rules import ATTACHMENT, INTEGER, NUMBER, STRING
from standins.discord.rules.facts import LOCALES

_IMAGE = "--image"
_LOCALE = "--locale"
_ENGLISH = ("en-US", "en-GB")
_THEN_HELP = (
    f"what to do with the latest picture; can be repeated: {EVERY_PLAY}. "
    "If several share a card, a number chooses one, as in `favourite 2` or `edit 2:PROMPT`"
)
_NUMBERS: Mapping[int, tuple[Callable[[str], float], str]] = {
    INTEGER: (int, "a whole number"),
    NUMBER: (float, "a number"),
}


class UsageError(Exception):
    """An error message for invalid input: the problem, and the valid choices."""


@dataclass(frozen=True, slots=True)
class TypedCommand:
    """A command as typed: values by the registered options' names, the actions after it, and a folder for pictures.

    `locale` is the language of the member's client.
    """

    options: dict[str, OptionValue]
    out: Path
    then: tuple[Play, ...] = ()
    locale: str = "en-US"


def parse(registered: Payload, words: Sequence[str]) -> TypedCommand:
    """Read `words` as the options of a registered command; raise `UsageError`, or print the help and exit with 0."""
    parser = _parser(registered)
    chosen, unknown = parser.parse_known_args(words)
    _refuse(unknown, parser.flags)
    if chosen.locale not in _ENGLISH and any(isinstance(each, Press | OpenPrivately) for each in chosen.then or ()):
        raise UsageError(
            "--then: buttons are pressed by their English names, which needs --locale en-US. "
            f"In every language: {IN_EVERY_LANGUAGE}"
        )
    typed = {option["name"]: getattr(chosen, option["name"], None) for option in registered["options"]}
    images = _named(chosen.images or [], [o["name"] for o in registered["options"] if o["type"] == ATTACHMENT])
    options = {name: value for name, value in typed.items() if value is not None} | images
    return TypedCommand(options, chosen.out, tuple(chosen.then or ()), chosen.locale)


class _Parser(argparse.ArgumentParser):
    flags: list[str]

    def error(self, message: str) -> NoReturn:
        raise UsageError(message.removeprefix("argument "))


def _parser(registered: Payload) -> _Parser:
    name = registered["name"]
    parser = _Parser(
        prog=f"playground {name}",
        usage=f"playground {name} PROMPT [options]",
        description=registered["description"],
        allow_abbrev=False,
    )
    spelt = [option for option in registered["options"] if option["type"] in {STRING, *_NUMBERS}]
    for option in spelt:
        _add(parser, option)
    parser.add_argument(
        _IMAGE, dest="images", action="append", type=_upload, metavar="FILE", help=_image_help(registered)
    )
    parser.add_argument("--then", action="append", type=parse_play, metavar="WHAT", help=_THEN_HELP)
    parser.add_argument(
        "--out", type=Path, default=Path("pictures"), metavar="FOLDER", help="where to save (pictures/)"
    )
    parser.add_argument(
        _LOCALE,
        default="en-US",
        choices=LOCALES,
        metavar="LANGUAGE",
        help=f"the language of the member's client (en-US): {', '.join(LOCALES)}",
    )
    others = [_IMAGE, "--then", "--out", _LOCALE]
    parser.flags = [_flag(option) for option in spelt if not option.get("required")] + others
    return parser


def _add(parser: argparse.ArgumentParser, option: Payload) -> None:
    shared: dict[str, Any] = {"type": partial(_value, option), "help": _help(option).replace("%", "%%")}
    if option.get("required"):
        parser.add_argument(option["name"], **shared)
    else:
        metavar = option["name"].rpartition("_")[2].upper()
        parser.add_argument(_flag(option), dest=option["name"], metavar=metavar, **shared)


def _flag(option: Payload) -> str:
    return "--" + str(option["name"]).replace("_", "-")


def _help(option: Payload) -> str:
    choices = option.get("choices")
    return f"{option['description']}: {_listed(choices)}" if choices else str(option["description"])


def _image_help(registered: Payload) -> str:
    most = sum(option["type"] == ATTACHMENT for option in registered["options"])
    return f"a reference image; repeat it for up to {most}, in their order"


def _listed(choices: Sequence[Payload]) -> str:
    return ", ".join(choice["name"] for choice in choices)


def _value(option: Payload, word: str) -> str | int | float:
    if choices := option.get("choices"):
        return _chosen(choices, word)
    if option["type"] == STRING:
        return word
    number, described = _NUMBERS[option["type"]]
    try:
        return number(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{word!r} isn't {described}") from None


def _chosen(choices: Sequence[Payload], word: str) -> str | int | float:
    """Return the value of the choice whose label or value is `word`, ignoring case and spaces."""
    for choice in choices:
        if _squeezed(word) in {_squeezed(choice["name"]), _squeezed(str(choice["value"]))}:
            value: str | int | float = choice["value"]
            return value
    raise argparse.ArgumentTypeError(f"{word!r} isn't one of: {_listed(choices)}")


def _squeezed(words: str) -> str:
    return "".join(words.split()).casefold()


def _upload(word: str) -> Upload:
    path = Path(word)
    try:
        return Upload(path.name, path.read_bytes())
    except OSError as cause:
        raise argparse.ArgumentTypeError(f"{word} can't be read: {cause.strerror}") from None


def _named(images: Sequence[Upload], names: Sequence[str]) -> dict[str, OptionValue]:
    if len(images) > len(names):
        raise UsageError(f"{_IMAGE}: at most {len(names)} images, not {len(images)}")
    return dict(zip(names, images, strict=False))


def _refuse(unknown: Sequence[str], flags: Sequence[str]) -> None:
    if not unknown:
        return
    strange = next((word for word in unknown if word.startswith("-")), None)
    if strange is None:
        raise UsageError(f"Put the whole prompt in quotation marks, including {' '.join(unknown)!r}.")
    raise UsageError(f"There is no option {strange}. Use one of: {', '.join(flags)}")
