"""Which buttons stand below what, and how they look."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import discord

from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Generation
from bot.picture.size import MEGAPIXELS_MAX, Size

_TRYING_AGAIN_CAN_HELP: Final = frozenset(
    {
        FailureKind.OUT_OF_CREDITS,
        FailureKind.BUSY,
        FailureKind.UNREACHABLE,
        FailureKind.REFERENCE_LOST,
        FailureKind.MODEL_FAILED,
        FailureKind.EXPIRED,
        FailureKind.PICTURE_BROKEN,
        FailureKind.TOOK_TOO_LONG,
        FailureKind.LOST_TRACK,
        FailureKind.UNDELIVERABLE,
        FailureKind.INTERRUPTED,
        FailureKind.BROKEN,
    }
)


class Action(StrEnum):
    """The action of a button on a picture; the value is part of its custom id, so it outlives releases."""

    REROLL = "reroll"
    REMIX = "remix"
    EDIT = "edit"
    LARGER = "larger"
    DETAILS = "details"
    DELETE = "delete"
    CONFIRM_DELETE = "deletenow"
    PUBLISH = "publish"
    RETRY = "retry"


@dataclass(frozen=True, slots=True)
class ButtonSpec:
    """A button as people see it."""

    action: Action
    emoji: str
    label: str
    style: discord.ButtonStyle = discord.ButtonStyle.secondary


def button_of(action: Action) -> ButtonSpec:
    """Return the button of an action."""
    match action:
        case Action.REROLL:
            return ButtonSpec(action, "🎲", "Reroll")
        case Action.REMIX:
            return ButtonSpec(action, "✏️", "Remix")
        case Action.EDIT:
            return ButtonSpec(action, "🖼️", "Edit this")
        case Action.LARGER:
            return ButtonSpec(action, "⬆️", "4 MP")
        case Action.DETAILS:
            return ButtonSpec(action, "ℹ️", "Details")
        case Action.DELETE:
            return ButtonSpec(action, "🗑️", "Delete")
        case Action.CONFIRM_DELETE:
            return ButtonSpec(action, "🗑️", "Delete it", discord.ButtonStyle.danger)
        case Action.PUBLISH:
            return ButtonSpec(action, "📣", "Publish", discord.ButtonStyle.primary)
        case Action.RETRY:
            return ButtonSpec(action, "🔄", "Try again")


def picture_buttons(generation: Generation) -> list[list[ButtonSpec]]:
    """Return the rows of buttons below a picture; buttons that can't help are left out."""
    enlarged = generation.enlarged_size
    play = [button_of(each) for each in (Action.REROLL, Action.REMIX, Action.EDIT)]
    if enlarged is not None:
        play.append(_larger(enlarged))
    keep = (Action.PUBLISH, Action.DETAILS) if generation.request.private else (Action.DETAILS, Action.DELETE)
    return [play, [button_of(each) for each in keep]]


def failure_buttons(failure: Failure) -> list[ButtonSpec]:
    """Return the buttons below a failure: try again where that can help."""
    return [button_of(Action.RETRY)] if failure.kind in _TRYING_AGAIN_CAN_HELP else []


def _larger(size: Size) -> ButtonSpec:
    """Return the button that makes the same picture at 4 MP, or as near to it as the shape allows."""
    button = button_of(Action.LARGER)
    return button if size.reaches(MEGAPIXELS_MAX) else replace(button, label=str(size))
