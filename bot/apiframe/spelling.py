"""How `FluxParams` is written down: two spellings of one API are in the wild."""

from collections.abc import Sequence
from enum import Enum

from bot.apiframe.errors import BadRequest
from bot.picture.params import CUSTOM, MATCH_INPUT_IMAGE, FluxParams, OutputFormat, Resolution

SPELLED_FIELDS = frozenset({"aspect_ratio", "resolution", "width", "height"})


class Spelling(Enum):
    """Which of the two spellings a server takes.

    DOCUMENTED is that of Apiframe's OpenAPI file: `1MP`, and a custom size is `width` and `height` alone. TABLE is that
    of the parameter table: `1 MP`, and a custom size comes with `aspect_ratio: custom`. A ratio of `match_input_image`
    is written the same in both, although the documented one has no word for it: a server of that kind then blames the
    field, and that sends us to the other.
    """

    DOCUMENTED = "documented"
    TABLE = "table"

    @property
    def other(self) -> "Spelling":
        """Return the spelling that this one is not."""
        return Spelling.TABLE if self is Spelling.DOCUMENTED else Spelling.DOCUMENTED


def spell(params: FluxParams, input_images: Sequence[str], spelling: Spelling) -> dict[str, object]:
    """Return the `fluxParams` object: what the person chose, references in their order, and nothing else."""
    is_png = params.output_format is OutputFormat.PNG  # lossless: takes no quality
    written = {
        "aspect_ratio": _aspect_ratio(params, spelling),
        "resolution": _resolution(params.resolution, spelling),
        "width": params.width,
        "height": params.height,
        "seed": params.seed,
        "output_format": params.output_format and params.output_format.value,
        "output_quality": None if is_png else params.output_quality,
        "input_images": list(input_images) or None,
    }
    return {name: value for name, value in written.items() if value is not None}


def blames_spelling(refusal: BadRequest) -> bool:
    """Say whether a 400 complains of nothing but fields that the spellings write differently."""
    blamed = {path.rpartition(".")[2] for path in refusal.details}
    return bool(blamed) and blamed <= SPELLED_FIELDS


def _aspect_ratio(params: FluxParams, spelling: Spelling) -> str | None:
    if params.is_custom_size:
        return CUSTOM if spelling is Spelling.TABLE else None
    return params.aspect_ratio


def _resolution(resolution: Resolution | None, spelling: Spelling) -> str | None:
    if resolution is None or resolution is Resolution.MATCH_INPUT_IMAGE:
        return resolution and MATCH_INPUT_IMAGE
    return f"{resolution}MP" if spelling is Spelling.DOCUMENTED else f"{resolution} MP"
