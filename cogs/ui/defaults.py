"""The card with the defaults of a member or a server, and their values in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from discord import ui

from bot.i18n import N_, _, labelled, pgettext
from bot.picture.layers import Choices, OwnDefaults
from bot.picture.options import shown
from bot.picture.params import MATCH_INPUT_IMAGE
from cogs.ui.ratios import ratio_label
from cogs.ui.text import plain


class DefaultsPart(StrEnum):
    """The defaults that share a form, which has five fields at most."""

    PICTURE = "picture"
    REQUEST = "request"


PARTS: Final[Mapping[DefaultsPart, Sequence[str]]] = {
    DefaultsPart.PICTURE: ("aspect_ratio", "resolution", "output_format", "output_quality"),
    DefaultsPart.REQUEST: ("count", "private", "spoiler"),
}
"""The options in each form, in the order of the card."""

LABELS: Final[Mapping[str, str]] = {
    "aspect_ratio": N_("Shape"),
    "resolution": N_("Resolution"),
    "output_format": N_("File format"),
    "output_quality": N_("Quality"),
    "count": N_("Pictures"),
    "private": N_("Private"),
    "spoiler": N_("Spoiler"),
}


def own_defaults_card(
    own: OwnDefaults, of_server: Choices, rows: Sequence[ui.ActionRow[ui.LayoutView]], *, style_is_usable: bool
) -> ui.LayoutView:
    """Return a member's defaults, with those of the server where they have none, and `rows` of buttons below."""
    about = _("These apply to your new pictures wherever you don't choose something else.")
    small = _(
        "Rerolls, remixes, edits and larger versions keep their picture's choices. **Private** doesn't apply when you "
        "mention me, because everyone sees your message."
    )
    lines = [*_lines(own, of_server), _style_line(own.style, is_usable=style_is_usable)]
    return _card([_("**Your defaults**"), about], lines, small, rows)


def server_defaults_card(defaults: Choices, rows: Sequence[ui.ActionRow[ui.LayoutView]]) -> ui.LayoutView:
    """Return a server's defaults, with `rows` of buttons below."""
    about = _(
        "These apply to new pictures where members choose nothing else and have no default of their own. Members set "
        "theirs with `/defaults`."
    )
    return _card([_("**Defaults on this server**"), about], _lines(defaults, Choices()), "", rows)


def part_label(part: DefaultsPart) -> str:
    """Return the label of the button that opens a form."""
    match part:
        case DefaultsPart.PICTURE:
            return _("Change shape and file")
        case DefaultsPart.REQUEST:
            return _("Change number and visibility")


def value_words(name: str, value: object) -> str:
    """Return a default as cards, menus and the audit log show it; None is not set."""
    match value:
        case None:
            return pgettext("a default", "not set")
        case True:
            return _("yes")
        case False:
            return _("no")
        case str() if name == "aspect_ratio":
            return ratio_label(value)
        case str() if value == MATCH_INPUT_IMAGE:
            return _("Same as the first reference image")
        case _:
            return shown(value)


def defaults_words(defaults: Choices) -> str:
    """Return the defaults that are set, in one line; empty if none is."""
    values = {name: getattr(defaults, name) for name in LABELS}
    return " · ".join(
        labelled(_(LABELS[name]), value_words(name, value)) for name, value in values.items() if value is not None
    )


def _lines(defaults: Choices, below: Choices) -> Iterator[str]:
    for name, label in LABELS.items():
        value, next_value = getattr(defaults, name), getattr(below, name)
        words = value_words(name, value) if value is None else f"**{value_words(name, value)}**"
        line = labelled(_(label), words)
        if value is None and next_value is not None:
            line = _("{default} (the server's: {value})", default=line, value=value_words(name, next_value))
        yield line


def _style_line(name: str | None, *, is_usable: bool) -> str:
    if name is None:
        return _("Style: not set")
    if not is_usable:
        return _("Style: **{style}** (there is none of this name here, so it doesn't apply)", style=plain(name))
    return _("Style: **{style}**", style=plain(name))


def _card(
    head: Sequence[str], lines: Iterable[str], small: str, rows: Sequence[ui.ActionRow[ui.LayoutView]]
) -> ui.LayoutView:
    texts = ["\n".join(head), "\n".join(lines), *([f"-# {small}"] if small else [])]
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*map(ui.TextDisplay, texts), *rows))
    return view
