"""The wire format of `FluxParams`: two formats of one API are in use."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bot.apiframe.errors import BadRequest
from bot.picture.params import (
    CUSTOM,
    MATCH_INPUT_IMAGE,
    MODEL_RATIOS,
    SIZE_OPTIONS,
    FluxParams,
    Resolution,
    parsed_ratio,
    reduced_ratio,
)
from bot.picture.size import Size, size_of


@dataclass(frozen=True, slots=True)
class InputImage:
    """A reference image for Apiframe: its link, and its size in pixels."""

    url: str
    width: int
    height: int

    @property
    def size(self) -> Size:
        """Return its size in pixels."""
        return Size(self.width, self.height)


class WireFormat(Enum):
    """Which of the two spellings a server takes.

    docs/api.md shows both. DOCUMENTED is the one of Apiframe's OpenAPI file: `1MP`, and a custom size is only `width`
    and `height`. TABLE is the one of the product's parameter table: `1 MP`, and a custom size comes with `aspect_ratio:
    custom`. DOCUMENTED doesn't have the ratio `match_input_image`: there, the first image's own ratio is written out. A
    ratio that the model doesn't list is a custom size in both.
    """

    DOCUMENTED = "documented"
    TABLE = "table"

    @property
    def other(self) -> "WireFormat":
        """Return the spelling that this one is not."""
        return WireFormat.TABLE if self is WireFormat.DOCUMENTED else WireFormat.DOCUMENTED


def encode_params(params: FluxParams, images: Sequence[InputImage], wire_format: WireFormat) -> dict[str, object]:
    """Return the `fluxParams` object: what the person chose, references in their order, and nothing else."""
    size = _shape(params, images[0].size if images else None, wire_format)
    written = {name: value for name, value in size.items() if value is not None} | params.others()
    return written | ({"input_images": [image.url for image in images]} if images else {})


def blames_format(refusal: BadRequest) -> bool:
    """Return True if a 400 only names fields that the two formats write differently."""
    blamed = {path.rpartition(".")[2] for path in refusal.details}
    return bool(blamed) and blamed <= SIZE_OPTIONS


def differs_by_format(params: FluxParams, images: Sequence[InputImage]) -> bool:
    """Return True if an order would be written differently in the other spelling."""
    documented, table = (encode_params(params, images, wire_format) for wire_format in WireFormat)
    return documented != table


def _shape(params: FluxParams, first: Size | None, wire_format: WireFormat) -> dict[str, object]:
    """Return ratio and resolution in the model's own words, or a size in pixels where it has no words for them."""
    ratio = _ratio(params, first)
    if params.is_custom_size or not (ratio is None or ratio == MATCH_INPUT_IMAGE or ratio in MODEL_RATIOS):
        width, height = size_of(params, first)
        return {"aspect_ratio": CUSTOM if wire_format is WireFormat.TABLE else None, "width": width, "height": height}
    if params.follows_input_shape and first is not None and wire_format is WireFormat.TABLE:
        ratio = MATCH_INPUT_IMAGE
    return {"aspect_ratio": ratio, "resolution": _resolution(params.resolution, wire_format)}


def _ratio(params: FluxParams, first: Size | None) -> str | None:
    """Return the ratio in its smallest numbers, that of the first image where the picture follows it."""
    if params.follows_input_shape and first is not None:
        return reduced_ratio(*first)
    sides = parsed_ratio(params.aspect_ratio)
    return params.aspect_ratio if sides is None else reduced_ratio(*sides)


def _resolution(resolution: Resolution | None, wire_format: WireFormat) -> str | None:
    if resolution is None or resolution is Resolution.MATCH_INPUT_IMAGE:
        return resolution and MATCH_INPUT_IMAGE
    return f"{resolution}MP" if wire_format is WireFormat.DOCUMENTED else f"{resolution} MP"
