"""Actions on a finished picture: the values of `--then`, and their effects on a message."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass

from standins.discord.client.client import UnusableError
from standins.discord.payload import Payload
from standins.discord.rules.component_rules import TEXT_INPUT
from standins.discord.rules.modal_rules import fields_of

_BUTTONS: Mapping[str, str] = {"reroll": "Reroll", "larger": "⬆️", "retry": "Try again", "reroll-all": "Reroll all"}
_FORMS: Mapping[str, str] = {"remix": "Remix", "edit": "Edit", "reference": "Use as reference"}
_REACT, _KEEP, _COMPARE, _REPLY, _AGREE = "react", "favourite", "compare", "reply", "agree"
_WORDS = (_REACT, _KEEP, _COMPARE, _AGREE)
EVERY_PLAY = ", ".join([*_BUTTONS, *_WORDS, *(f"{word}:PROMPT" for word in _FORMS), f"{_REPLY}:WORDS"])
_EDIT = "edit:"
_UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Press:
    """Press the button with this label or emoji, and write `prompt` into the form that it opens, if it opens one."""

    button: str
    prompt: str | None = None


@dataclass(frozen=True, slots=True)
class React:
    """Press the emoji that the bot put below its picture."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Reply to the message with these words."""

    words: str


@dataclass(frozen=True, slots=True)
class OpenPrivately:
    """Press buttons that lead to a private message, one after the other, and go on from the picture as before."""

    buttons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agree:
    """Press the first button of a question, such as the one before the choices of a prompt are drawn."""


Play = Press | React | Reply | OpenPrivately | Agree


def parse_play(word: str) -> Play:
    """Read a word of `--then`; raise what argparse tells the person, with all that there is."""
    name, colon, prompt = word.partition(":")
    if name == _REACT and not colon:
        return React()
    if name == _KEEP and not colon:
        return OpenPrivately(("Favourite",))
    if name == _AGREE and not colon:
        return Agree()
    if name == _COMPARE and not colon:
        return OpenPrivately(("Details", "Compare"))
    if name == _REPLY and prompt.strip():
        return Reply(_as_reply(prompt.strip()))
    if name in _BUTTONS and not colon:
        return Press(_BUTTONS[name])
    if name in _FORMS and prompt.strip():
        return Press(_FORMS[name], prompt.strip())
    raise argparse.ArgumentTypeError(f"{word!r} isn't one of: {EVERY_PLAY}")


def _as_reply(words: str) -> str:
    """Return words as a member writes them to a picture: with `edit:` before them, unless they have it."""
    folded = words.casefold()
    return words if folded == _UNDO or folded.startswith(_EDIT) else f"{_EDIT} {words}"


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
