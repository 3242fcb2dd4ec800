"""The aspect ratios that the list offers, with plain names."""

from discord.app_commands import Choice

from bot.errors import InvalidRequest
from bot.picture.params import CUSTOM, MATCH_INPUT_IMAGE, parse_aspect_ratio

_CHOICES_MAX = 25  # Discord's bound
_USUAL = {
    "1:1": "square",
    "16:9": "widescreen",
    "9:16": "phone, story",
    "4:3": "classic screen",
    "3:4": "classic portrait",
    "3:2": "photo",
    "2:3": "photo portrait",
    "5:4": "large-format photo",
    "4:5": "social portrait",
    "21:9": "cinema",
    "9:21": "tall banner",
    "2:1": "panorama",
    "1:2": "tall",
    "3:1": "banner",
    "1:3": "bookmark",
    MATCH_INPUT_IMAGE: "as the first reference image",
    CUSTOM: "with width and height",
}


def ratio_choices(typed: str) -> list[Choice[str]]:
    """Return what fits the text typed so far, and that text itself where it is a ratio that the list lacks."""
    wanted = typed.strip().lower()
    fitting = [ratio for ratio, name in _USUAL.items() if wanted in f"{ratio} {name}"]
    try:
        own = parse_aspect_ratio(wanted)
    except InvalidRequest:
        own = None
    ratios = [own, *fitting] if own is not None and own not in fitting else fitting
    return [Choice(name=_label(ratio), value=ratio) for ratio in ratios[:_CHOICES_MAX]]


def _label(ratio: str) -> str:
    return f"{ratio} {_USUAL[ratio]}" if ratio in _USUAL else ratio
