"""The aspect ratios that lists and menus offer, with plain names."""

from typing import Final

from discord.app_commands import Choice

from bot.errors import InvalidRequest
from bot.i18n import N_, _
from bot.i18n.typed import half_width
from bot.picture.params import CUSTOM, MATCH_INPUT_IMAGE, parse_aspect_ratio

_CHOICES_MAX = 25  # Discord's bound
_USUAL: Final = {
    "1:1": N_("square"),
    "16:9": N_("widescreen"),
    "9:16": N_("phone, story"),
    "4:3": N_("classic screen"),
    "3:4": N_("classic portrait"),
    "3:2": N_("photo"),
    "2:3": N_("photo portrait"),
    "5:4": N_("large-format photo"),
    "4:5": N_("social portrait"),
    "21:9": N_("cinema"),
    "9:21": N_("tall banner"),
    "2:1": N_("panorama"),
    "1:2": N_("tall"),
    "3:1": N_("banner"),
    "1:3": N_("bookmark"),
}
USUAL_RATIOS: Final = tuple(_USUAL)


def ratio_choices(typed: str) -> list[Choice[str]]:
    """Return the ratios that match the text typed so far, and that text itself if it is a ratio without a name."""
    wanted = half_width(typed).strip().lower()
    named = [*USUAL_RATIOS, MATCH_INPUT_IMAGE, CUSTOM]
    fitting = [ratio for ratio in named if wanted in ratio or wanted in ratio_label(ratio).lower()]
    try:
        own = parse_aspect_ratio(wanted)
    except InvalidRequest:
        own = None
    ratios = [own, *fitting] if own is not None and own not in fitting else fitting
    return [Choice(name=ratio_label(ratio), value=ratio) for ratio in ratios[:_CHOICES_MAX]]


def ratio_label(ratio: str) -> str:
    """Return a ratio as lists and menus show it, such as `16:9 widescreen`."""
    if ratio == MATCH_INPUT_IMAGE:
        return _("Same as the first reference image")
    if ratio == CUSTOM:
        return _("Custom: set width and height")
    return _("{ratio} {name}", ratio=ratio, name=_(_USUAL[ratio])) if ratio in _USUAL else ratio
