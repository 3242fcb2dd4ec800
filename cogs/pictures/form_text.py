"""Options as short text, for forms without room for a field each; the text can be parsed again."""

import re
from typing import Final

from bot.errors import InvalidRequest
from bot.picture.options import OptionType
from bot.picture.params import OPTIONS, SIZE_OPTIONS, FluxParams, Resolution, parse_aspect_ratio

AS_THE_MODEL_LIKES: Final = "any"  # a select menu's word for no choice
_SIZE = re.compile(r"\s*([0-9]{1,5})\s*[x×*]\s*([0-9]{1,5})\s*", re.IGNORECASE)
_ONLY_NUMBER = re.compile(r"(-?[0-9]{1,20})")  # is taken for a seed
OTHERS: Final = [each for name, each in OPTIONS.items() if name not in SIZE_OPTIONS]
EXAMPLE: Final = "seed 7, jpg, quality 80"

Chosen = dict[str, object]


def shape_words(params: FluxParams) -> str:
    """Return a ratio such as `16:9`, a size such as `1024x768`, or nothing."""
    return f"{params.width}x{params.height}" if params.is_custom_size else params.aspect_ratio or ""


def parse_shape(text: str) -> Chosen:
    """Return the options in a text of `shape_words`; raise `InvalidRequest` with the valid notation."""
    if not text.strip():
        return {}
    if size := _SIZE.fullmatch(text):
        return {"width": int(size[1]), "height": int(size[2])}
    return {"aspect_ratio": parse_aspect_ratio(text)}


def other_words(params: FluxParams) -> str:
    """Return the options that have no field of their own, such as `seed 7, jpg, quality 80`."""
    chosen = [(each, getattr(params, each.name)) for each in OTHERS]
    return ", ".join(each.words(value) for each, value in chosen if value is not None and value is not False)


def parse_others(text: str) -> Chosen:
    """Return the options in a text of `other_words`; raise `InvalidRequest` that names an unknown part."""
    chosen: Chosen = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        found = [(each.name, value) for each in OTHERS if (value := _value(each, part)) is not None]
        if not found:
            raise InvalidRequest(f"I do not understand “{part[:50]}”. Write it like this: `{EXAMPLE}`.")
        chosen |= found
    return chosen


def _value(option: OptionType, part: str) -> object:
    """Return the value that a part of the text gives to an option, or None if it is about another one."""
    word = option.option.word
    if option.type is bool:
        return True if part.lower() == (word or option.name) else None
    if option.choices:
        return next((value for value in option.choices if part.lower() == option.words(value)), None)
    number = re.fullmatch(rf"{word}\s*(-?[0-9]{{1,20}})", part, re.IGNORECASE)
    number = number or (_ONLY_NUMBER.fullmatch(part) if option.name == "seed" else None)
    return None if number is None else int(number[1])


def parse_resolution(value: str) -> Chosen:
    """Return the choice of a resolution menu."""
    return {} if value == AS_THE_MODEL_LIKES else {"resolution": Resolution(value)}
