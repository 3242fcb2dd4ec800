"""How `FluxParams` is written down: two spellings of one API are in the wild."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import gcd

from bot.apiframe.errors import BadRequest
from bot.picture.params import CUSTOM, MATCH_INPUT_IMAGE, FluxParams, OutputFormat, Resolution

EXTREME = 8
SPELLED_FIELDS = frozenset({"aspect_ratio", "resolution", "width", "height"})


@dataclass(frozen=True, slots=True)
class InputImage:
    """A reference image as Apiframe gets it: where to fetch it, and its size in pixels."""

    url: str
    width: int
    height: int

    @property
    def ratio(self) -> str:
        """Return its aspect ratio as `W:H`, within the 8:1 and 1:8 that Flux draws."""
        width, height = min(self.width, EXTREME * self.height), min(self.height, EXTREME * self.width)
        divisor = gcd(width, height)
        return f"{width // divisor}:{height // divisor}"


class Spelling(Enum):
    """Which of the two spellings a server takes.

    DOCUMENTED is that of Apiframe's OpenAPI file: `1MP`, and a custom size is `width` and `height` alone. TABLE is that
    of the parameter table: `1 MP`, and a custom size comes with `aspect_ratio: custom`. The documented one has no word
    for a ratio of `match_input_image`: there, the first image's own ratio is written out.
    """

    DOCUMENTED = "documented"
    TABLE = "table"

    @property
    def other(self) -> "Spelling":
        """Return the spelling that this one is not."""
        return Spelling.TABLE if self is Spelling.DOCUMENTED else Spelling.DOCUMENTED


def spell(params: FluxParams, images: Sequence[InputImage], spelling: Spelling) -> dict[str, object]:
    """Return the `fluxParams` object: what the person chose, references in their order, and nothing else."""
    is_png = params.output_format is OutputFormat.PNG  # lossless: takes no quality
    written = {
        "aspect_ratio": _aspect_ratio(params, images, spelling),
        "resolution": _resolution(params.resolution, spelling),
        "width": params.width,
        "height": params.height,
        "seed": params.seed,
        "output_format": params.output_format and params.output_format.value,
        "output_quality": None if is_png else params.output_quality,
        "input_images": [image.url for image in images] or None,
    }
    return {name: value for name, value in written.items() if value is not None}


def blames_spelling(refusal: BadRequest) -> bool:
    """Say whether a 400 complains of nothing but fields that the spellings write differently."""
    blamed = {path.rpartition(".")[2] for path in refusal.details}
    return bool(blamed) and blamed <= SPELLED_FIELDS


def _aspect_ratio(params: FluxParams, images: Sequence[InputImage], spelling: Spelling) -> str | None:
    if params.is_custom_size:
        return CUSTOM if spelling is Spelling.TABLE else None
    if params.aspect_ratio == MATCH_INPUT_IMAGE and spelling is Spelling.DOCUMENTED and images:
        return images[0].ratio
    return params.aspect_ratio


def _resolution(resolution: Resolution | None, spelling: Spelling) -> str | None:
    if resolution is None or resolution is Resolution.MATCH_INPUT_IMAGE:
        return resolution and MATCH_INPUT_IMAGE
    return f"{resolution}MP" if spelling is Spelling.DOCUMENTED else f"{resolution} MP"
