"""Choices as short text, for forms that have no room for a field each; what is written can be read back."""

import re
from typing import Final

from bot.errors import InvalidRequest
from bot.picture.params import FluxParams, OutputFormat, Resolution, parse_aspect_ratio

AS_THE_MODEL_LIKES: Final = "any"  # a select menu's word for no choice
_SIZE = re.compile(r"\s*([0-9]{1,5})\s*[x×*]\s*([0-9]{1,5})\s*", re.IGNORECASE)
_SEED = re.compile(r"(?:seed\s*)?(-?[0-9]{1,20})", re.IGNORECASE)
_QUALITY = re.compile(r"quality\s*([0-9]{1,4})", re.IGNORECASE)

Chosen = dict[str, object]


def shape_words(params: FluxParams) -> str:
    """Return a ratio such as `16:9`, a size such as `1024x768`, or nothing."""
    return f"{params.width}x{params.height}" if params.is_custom_size else params.aspect_ratio or ""


def parse_shape(text: str) -> Chosen:
    """Return the choices in what `shape_words` writes; raise `InvalidRequest` with what to write instead."""
    if not text.strip():
        return {}
    if size := _SIZE.fullmatch(text):
        return {"width": int(size[1]), "height": int(size[2])}
    return {"aspect_ratio": parse_aspect_ratio(text)}


def file_words(params: FluxParams, *, with_seed: bool) -> str:
    """Return the seed, the format and the quality, such as `seed 7, jpg, quality 80`."""
    words = [f"seed {params.seed}"] if with_seed and params.seed is not None else []
    words += [params.output_format.value] if params.output_format else []
    words += [f"quality {params.output_quality}"] if params.output_quality is not None else []
    return ", ".join(words)


def parse_file(text: str) -> Chosen:
    """Return the choices in what `file_words` writes; raise `InvalidRequest` that names the word it does not know."""
    chosen: Chosen = {}
    for word in filter(None, (part.strip() for part in text.split(","))):
        if quality := _QUALITY.fullmatch(word):
            chosen["output_quality"] = int(quality[1])
        elif seed := _SEED.fullmatch(word):
            chosen["seed"] = int(seed[1])
        elif word.lower() in set(OutputFormat):
            chosen["output_format"] = word.lower()
        else:
            raise InvalidRequest(f"I do not understand “{word[:50]}”. Write it like this: `seed 7, jpg, quality 80`.")
    return chosen


def parse_resolution(value: str) -> Chosen:
    """Return the choice of a resolution menu."""
    return {} if value == AS_THE_MODEL_LIKES else {"resolution": Resolution(value)}
