"""Which buttons stand below what, and how they look."""

from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class ButtonSpec:
    """A button: the action that it stands for, and what people see."""

    action: str
    emoji: str | None = None
    label: str | None = None
    style: discord.ButtonStyle = discord.ButtonStyle.secondary


REROLL = ButtonSpec("reroll", "🎲", "Reroll")
REMIX = ButtonSpec("remix", "✏️", "Remix")
EDIT = ButtonSpec("edit", "🖼️", "Edit this")
LARGER = ButtonSpec("larger", "⬆️", "4 MP")
DETAILS = ButtonSpec("details", "ℹ️", "Details")
DELETE = ButtonSpec("delete", "🗑️", "Delete")
PUBLISH = ButtonSpec("publish", "📣", "Publish", discord.ButtonStyle.primary)
RETRY = ButtonSpec("retry", "🔄", "Try again")
CONFIRM_DELETE = ButtonSpec("deletenow", "🗑️", "Delete it", discord.ButtonStyle.danger)


def picture_looks(generation: Generation) -> list[list[ButtonSpec]]:
    """Return the rows of buttons below a picture; what cannot help is not there."""
    enlarged = generation.enlarged_size
    play = [REROLL, REMIX, EDIT] if enlarged is None else [REROLL, REMIX, EDIT, _larger(enlarged)]
    keep = [PUBLISH, DETAILS] if generation.request.private else [DETAILS, DELETE]
    return [play, keep]


def failure_looks(failure: Failure) -> list[ButtonSpec]:
    """Return the buttons below a failure: try again where that can help."""
    return [RETRY] if failure.kind in _TRYING_AGAIN_CAN_HELP else []


def _larger(size: Size) -> ButtonSpec:
    """Return the button that makes the same picture at 4 MP, or as near to it as the shape allows."""
    return replace(LARGER, label=LARGER.label if size.reaches(MEGAPIXELS_MAX) else str(size))
