"""Actions on a finished picture: the values of `--then`, and their effects on a message."""

import argparse
import re
from collections.abc import Mapping
from dataclasses import dataclass

from standins.discord.client.client import UnusableError
from standins.discord.payload import Payload
from standins.discord.rules.component_rules import TEXT_INPUT
from standins.discord.rules.modal_rules import fields_of

_BUTTONS: Mapping[str, str] = {"reroll": "Reroll", "larger": "⬆️", "retry": "Try again", "reroll-all": "Reroll all"}
_FORMS: Mapping[str, str] = {"remix": "Remix", "edit": "Edit", "reference": "Use as reference"}
_OPENED: Mapping[str, tuple[str, ...]] = {"favourite": ("Favourite",), "compare": ("Details", "Compare")}
_REACT, _REPLY, _AGREE = "react", "reply", "agree"
EVERY_PLAY = ", ".join([*_BUTTONS, _REACT, *_OPENED, _AGREE, *(f"{word}:PROMPT" for word in _FORMS), f"{_REPLY}:WORDS"])
IN_EVERY_LANGUAGE = ", ".join([_REACT, _AGREE, f"{_REPLY}:WORDS"])
_NUMBERED = re.compile(r"(?P<name>[a-z-]+)(?: (?P<place>[1-9]))?")
_EDIT = re.compile(r"edit(\s+\d+)?:", re.IGNORECASE)
_UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Press:
    """Press the button with this label or emoji, and write `prompt` into the form that it opens, if it opens one.

    `place` says which picture is meant if several share a message.
    """

    button: str
    prompt: str | None = None
    place: int = 1


@dataclass(frozen=True, slots=True)
class React:
    """React with an emoji, or with the one that the bot put below its picture."""

    emoji: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """Reply to the message with these words."""

    words: str


@dataclass(frozen=True, slots=True)
class OpenPrivately:
    """Press buttons that lead to a private message, one after the other, and go on from the picture as before."""

    buttons: tuple[str, ...]
    place: int = 1


@dataclass(frozen=True, slots=True)
class Agree:
    """Press the first button of a question, such as the one before the choices of a prompt are drawn."""


Play = Press | React | Reply | OpenPrivately | Agree


def parse_play(word: str) -> Play:
    """Read a word of `--then`; raise what argparse tells the person, with all that there is."""
    before, colon, after = word.partition(":")
    prompt, matched = after.strip(), _NUMBERED.fullmatch(before)
    if matched is None or bool(prompt) != bool(colon):
        raise argparse.ArgumentTypeError(f"{word!r} isn't one of: {EVERY_PLAY}")
    plays = _with_words(prompt, matched["place"]) if prompt else _without_words(matched["place"])
    if matched["name"] not in plays:
        raise argparse.ArgumentTypeError(f"{word!r} isn't one of: {EVERY_PLAY}")
    return plays[matched["name"]]


def _with_words(prompt: str, place: str | None) -> Mapping[str, Play]:
    forms = {name: Press(button, prompt, int(place or 1)) for name, button in _FORMS.items()}
    return {**forms, _REPLY: Reply(_as_reply(prompt, f"edit {place}" if place else "edit"))}


def _without_words(place: str | None) -> Mapping[str, Play]:
    number = int(place or 1)
    presses = {name: Press(button, place=number) for name, button in _BUTTONS.items()}
    opened = {name: OpenPrivately(buttons, number) for name, buttons in _OPENED.items()}
    return {**presses, **opened, _REACT: React(f"{place}\ufe0f\u20e3" if place else None), _AGREE: Agree()}


def _as_reply(words: str, edit: str) -> str:
    """Return words as a member writes them to a picture: with `edit:` before them, unless they have it."""
    return words if words.casefold() == _UNDO or _EDIT.match(words) else f"{edit}: {words}"


@dataclass(frozen=True, slots=True)
class PromptField:
    """The field of a form that takes the prompt."""

    label: str
    custom_id: str


def prompt_field(modal: Payload) -> PromptField:
    """Return the first field for words of a form; raise `UnusableError` if it has none."""
    for component in modal["components"]:
        for field in fields_of([component]):
            if field["type"] == TEXT_INPUT:
                return PromptField(component.get("label") or field["label"], field["custom_id"])
    raise UnusableError(f"The form {modal['title']!r} has no field for words.")
