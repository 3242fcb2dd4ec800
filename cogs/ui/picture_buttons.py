"""The buttons below pictures and failures, and how they look."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import discord

from bot.i18n import N_, _
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Derivation, Generation
from bot.picture.size import Size

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
        FailureKind.NOT_REVIEWED,
        FailureKind.BROKEN,
    }
)
_COMPARABLE: Final = frozenset({Derivation.EDIT, Derivation.REMIX, Derivation.LARGER})


class Action(StrEnum):
    """The action of a button on a picture; the value is part of its custom id, so it outlives releases."""

    REROLL = "reroll"
    REMIX = "remix"
    EDIT = "edit"
    EDIT_PROMPT = "editprompt"
    LARGER = "larger"
    MORE = "more"
    USE_AS_REFERENCE = "reference"
    COPY_COMMAND = "command"
    DETAILS = "details"
    COMPARE = "compare"
    DELETE = "delete"
    CONFIRM_DELETE = "deletenow"
    PUBLISH = "publish"
    FAVOURITE = "favourite"
    UNFAVOURITE = "unfavourite"
    RETRY = "retry"
    CANCEL = "cancel"
    CANCEL_ALL = "cancelall"
    REROLL_ALL = "rerollall"
    CHOOSE = "choose"
    POST = "post"
    SAVE_AS_STYLE = "savestyle"


@dataclass(frozen=True, slots=True)
class ButtonSpec:
    """A button as people see it."""

    action: Action
    emoji: str | None
    label: str
    style: discord.ButtonStyle = discord.ButtonStyle.secondary


_SPECS: Final = (
    ButtonSpec(Action.REROLL, "🎲", N_("Reroll")),
    ButtonSpec(Action.REMIX, "✏️", N_("Remix")),
    ButtonSpec(Action.EDIT, "🖼️", N_("Edit")),
    ButtonSpec(Action.EDIT_PROMPT, "✏️", N_("Edit the prompt")),
    ButtonSpec(Action.LARGER, "⬆️", N_("Larger")),
    ButtonSpec(Action.MORE, None, N_("⋯ More")),
    ButtonSpec(Action.DETAILS, "ℹ️", N_("Details")),
    ButtonSpec(Action.COMPARE, "↔️", N_("Compare")),
    ButtonSpec(Action.USE_AS_REFERENCE, "🖼️", N_("Use as reference")),
    ButtonSpec(Action.COPY_COMMAND, "📋", N_("Copy command")),
    ButtonSpec(Action.DELETE, "🗑️", N_("Delete")),
    ButtonSpec(Action.CONFIRM_DELETE, "🗑️", N_("Delete"), discord.ButtonStyle.danger),
    ButtonSpec(Action.PUBLISH, "📣", N_("Publish"), discord.ButtonStyle.primary),
    ButtonSpec(Action.FAVOURITE, "⭐", N_("Favourite")),
    ButtonSpec(Action.UNFAVOURITE, "✖️", N_("Remove from favourites")),
    ButtonSpec(Action.RETRY, "🔄", N_("Try again")),
    ButtonSpec(Action.CANCEL, "❌", N_("Cancel")),
    ButtonSpec(Action.CANCEL_ALL, "❌", N_("Cancel")),
    ButtonSpec(Action.REROLL_ALL, "🎲", N_("Reroll all")),
    ButtonSpec(Action.CHOOSE, "🖼️", N_("Choose a picture")),
    ButtonSpec(Action.POST, "📤", N_("Post separately")),
    ButtonSpec(Action.SAVE_AS_STYLE, "🎨", N_("Save as style")),
)
_BUTTONS: Final = {spec.action: spec for spec in _SPECS}


def button_of(action: Action) -> ButtonSpec:
    """Return the button of an action, in the language of the moment."""
    spec = _BUTTONS[action]
    return replace(spec, label=_(spec.label))


def picture_buttons(generation: Generation) -> list[ButtonSpec]:
    """Return the row of buttons below a picture; actions that can't help are left out.

    A private picture has its Publish button there, because its card gives way to a link once it is published; Larger
    is behind More then, since a row takes five.
    """
    play = [button_of(each) for each in (Action.REROLL, Action.REMIX, Action.EDIT)]
    fourth = [button_of(Action.PUBLISH)] if generation.request.private else larger_button(generation)
    return [*play, *fourth, button_of(Action.MORE)]


def more_buttons(generation: Generation, *, may_delete: bool) -> list[ButtonSpec]:
    """Return the buttons behind More."""
    shown = [button_of(each) for each in (Action.DETAILS, Action.USE_AS_REFERENCE, Action.COPY_COMMAND)]
    larger = larger_button(generation) if generation.request.private else []
    kept = [button_of(each) for each in (Action.SAVE_AS_STYLE, Action.FAVOURITE)]
    return [*shown, *larger, *delete_button(may_delete=may_delete), *kept]


def chosen_buttons(generation: Generation, *, may_delete: bool) -> list[ButtonSpec]:
    """Return the buttons of a picture that was chosen among several: those below a picture, and those behind More."""
    below = [each for each in picture_buttons(generation) if each.action is not Action.MORE]
    separately = [] if generation.request.private else [button_of(Action.POST)]
    return [*below, *separately, *more_buttons(generation, may_delete=may_delete)]


def details_buttons(generation: Generation) -> list[ButtonSpec]:
    """Return the buttons below the details of a picture."""
    parent = generation.parent
    return [button_of(Action.COMPARE)] if parent is not None and parent.derivation in _COMPARABLE else []


def history_buttons(generation: Generation, *, may_delete: bool) -> list[ButtonSpec]:
    """Return the buttons below a picture that was chosen from the history."""
    play = [button_of(each) for each in (Action.REROLL, Action.REMIX)]
    return [*play, *larger_button(generation), *delete_button(may_delete=may_delete), button_of(Action.FAVOURITE)]


def failure_buttons(failure: Failure) -> list[ButtonSpec]:
    """Return the buttons below a failure: the one that can help."""
    if failure.kind in {FailureKind.REFUSED_BY_MODEL, FailureKind.REJECTED}:
        return [button_of(Action.EDIT_PROMPT)]
    return [button_of(Action.RETRY)] if failure.kind in _TRYING_AGAIN_CAN_HELP else []


def larger_button(generation: Generation) -> list[ButtonSpec]:
    """Return the button that makes the picture again with more pixels; none if it's the largest.

    Its price stands above it: a label with both would take two lines of its own on a phone.
    """
    size = generation.enlarged_size
    if size is None:
        return []
    return [replace(button_of(Action.LARGER), label=_("Larger · {size}", size=_compact(size)))]


def delete_button(*, may_delete: bool) -> list[ButtonSpec]:
    """Return the button that deletes, for a member who may."""
    return [button_of(Action.DELETE)] if may_delete else []


def _compact(size: Size) -> str:
    return f"{size.width}×{size.height}"
