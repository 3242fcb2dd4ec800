"""A person's options for a picture, independent of an API's format."""

import re
from collections.abc import Mapping
from enum import StrEnum
from math import gcd
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import InvalidRequest
from bot.i18n import N_, _, and_list, option_shown
from bot.i18n.typed import half_width
from bot.picture.options import Option, OptionType, options_of

SIDE_MIN, SIDE_MAX = 256, 2048  # pixels, Apiframe's bounds of `width` and `height`
SIDE_STEP = 16  # the model makes no other sides than multiples of it
SEED_LIMIT = (
    2**53 - 1
)  # Discord's bound for integers, which are JSON doubles: beyond it, a seed would change on its way
SEED_DRAWN_BELOW = 2**31  # seeds that we draw ourselves
QUALITY_MAX = 100
SIZE_OPTIONS: Final = frozenset({"aspect_ratio", "resolution", "width", "height"})
"""Those that decide the size together; every other option stands for itself."""

MATCH_INPUT_IMAGE = "match_input_image"
CUSTOM = "custom"

MODEL_RATIOS = frozenset({"1:1", "16:9", "3:2", "2:3", "4:5", "5:4", "9:16", "3:4", "4:3"})
"""The ratios that the model knows by name; every other one is ordered as a size in pixels."""

_RATIO = re.compile(r"\s*([0-9]{1,4})\s*:\s*([0-9]{1,4})\s*")


class Resolution(StrEnum):
    """The size of a picture in megapixels, or that of the first reference."""

    HALF_MP = "0.5"
    ONE_MP = "1"
    TWO_MP = "2"
    FOUR_MP = "4"
    MATCH_INPUT_IMAGE = MATCH_INPUT_IMAGE

    @property
    def label(self) -> str:
        """Return the words for a menu, such as `2 MP`."""
        return N_("match input image") if self is Resolution.MATCH_INPUT_IMAGE else f"{self} MP"


class OutputFormat(StrEnum):
    """The file format of a picture."""

    JPG = "jpg"
    PNG = "png"
    WEBP = "webp"


def parse_aspect_ratio(text: str) -> str:
    """Return `text` as a canonical `W:H`, `match_input_image` or `custom`; raise `InvalidRequest` for anything else."""
    typed = half_width(text)
    word = typed.strip().lower()
    if word in {MATCH_INPUT_IMAGE, CUSTOM}:
        return word
    match = _RATIO.fullmatch(typed)
    if match is None or not (int(match[1]) and int(match[2])):
        raise InvalidRequest(
            _("`aspect_ratio` is width to height, such as `16:9` or `1:1`. Choose one from the list, or type your own.")
        )
    width, height = int(match[1]), int(match[2])
    if max(width, height) > 8 * min(width, height):
        raise InvalidRequest(_("`aspect_ratio` must be from `1:8` to `8:1`. Choose a less extreme one."))
    return f"{width}:{height}"


def parsed_ratio(ratio: str | None) -> tuple[int, int] | None:
    """Return both sides of a `W:H`, or None for a word or for no ratio."""
    match = _RATIO.fullmatch(ratio or "")
    return None if match is None else (int(match[1]), int(match[2]))


def reduced_ratio(width: int, height: int) -> str:
    """Return a ratio as `W:H` in its smallest numbers."""
    divisor = gcd(width, height)
    return f"{width // divisor}:{height // divisor}"


def _side(name: str, other: str) -> Option:
    return Option(
        f"A custom {name} in pixels, {SIDE_MIN} to {SIDE_MAX}, rounded to multiples of {SIDE_STEP}; "
        f"needs a {other} too",
        SIDE_MIN,
        SIDE_MAX,
    )


class FluxParams(BaseModel):
    """The options that a person chose; None means not chosen, and is never sent.

    `width` and `height` are pixels and come as a pair; `aspect_ratio` is then None or `custom`, which mean the same.
    A row may hold choices that nobody may make today: `check` says so, and reading it does not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    aspect_ratio: Annotated[str | None, Option("Width to height: pick one, or type your own, such as 7:5")] = None
    resolution: Annotated[
        Resolution | None,
        Option("How large, in megapixels (MP). No side is over 2048 pixels: 16:9 at 4 MP is 2048 × 1152"),
    ] = None
    width: Annotated[int | None, _side("width", "height")] = None
    height: Annotated[int | None, _side("height", "width")] = None
    seed: Annotated[
        int | None,
        Option("Reuse a seed to get the same picture again. Random if empty", -SEED_LIMIT, SEED_LIMIT, word=N_("seed")),
    ] = None
    output_format: Annotated[OutputFormat | None, Option("File format")] = None
    output_quality: Annotated[
        int | None,
        Option("0 to 100, for jpg and webp: lower quality makes a smaller file", 0, QUALITY_MAX, word=N_("quality")),
    ] = None

    @classmethod
    def options(cls) -> Mapping[str, OptionType]:
        """Return every option by its name, in the order of the command."""
        return OPTIONS

    @classmethod
    def chosen(cls, **options: object) -> Self:
        """Return what a member typed as values; raise `InvalidRequest` if that is not possible."""
        try:
            params = cls.model_validate(options)
        except ValidationError as cause:
            names = and_list([f"`{option_shown(str(error['loc'][0]))}`" for error in cause.errors() if error["loc"]])
            sentence = _("Invalid value for {options}. Choose one from the list.", options=names)
            raise InvalidRequest(sentence) from None
        if params.aspect_ratio is not None:
            params = params.model_copy(update={"aspect_ratio": parse_aspect_ratio(params.aspect_ratio)})
        params.check()
        return params

    def check(self) -> None:
        """Raise `InvalidRequest`, with a sentence that says what to change, for choices that nobody may make today."""
        if self.aspect_ratio is not None:
            parse_aspect_ratio(self.aspect_ratio)
        self._check_bounds()
        self._check_size()

    def _check_bounds(self) -> None:
        for name, option in ((each.name, each.option) for each in self.options().values()):
            value = getattr(self, name)
            if value is None or option.least is None or option.most is None:
                continue
            if not option.least <= value <= option.most:
                raise InvalidRequest(
                    _(
                        "`{name}` must be from {least} to {most}.",
                        name=option_shown(name),
                        least=option.least,
                        most=option.most,
                    )
                )

    def _check_size(self) -> None:
        if (self.width is None) != (self.height is None):
            given, missing = ("width", "height") if self.height is None else ("height", "width")
            raise InvalidRequest(
                _(
                    "A custom size needs both sides. Add `{missing}`, or leave out `{given}`.",
                    missing=option_shown(missing),
                    given=option_shown(given),
                )
            )
        if self.width is None:
            if self.aspect_ratio == CUSTOM:
                raise InvalidRequest(_("`aspect_ratio: custom` needs a size. Add `width` and `height`."))
            return
        if self.aspect_ratio not in {None, CUSTOM}:
            raise InvalidRequest(
                _("A custom size has its own ratio. Leave out `aspect_ratio`, or `width` and `height`.")
            )
        if self.resolution is not None:
            raise InvalidRequest(
                _("A custom size has its own resolution. Leave out `resolution`, or `width` and `height`.")
            )

    def others(self) -> dict[str, object]:
        """Return the options that were chosen and apply, apart from the size; a switch that is off wasn't chosen."""
        chosen = {name: getattr(self, name) for name in OPTIONS if name not in SIZE_OPTIONS}
        if self.output_format is OutputFormat.PNG:  # lossless: takes no quality
            del chosen["output_quality"]
        return {name: value for name, value in chosen.items() if value is not None and value is not False}

    def unseeded(self) -> Self:
        """Return these choices without the seed."""
        return self.model_copy(update={"seed": None})

    def enlarged(self, resolution: Resolution) -> Self:
        """Return these choices, including the seed, at another resolution; the shape stays what it was."""
        changes: dict[str, object] = {"resolution": resolution, "width": None, "height": None}
        if self.width is not None and self.height is not None:
            changes["aspect_ratio"] = reduced_ratio(self.width, self.height)
        elif self.follows_input_shape:
            changes["aspect_ratio"] = MATCH_INPUT_IMAGE
        return self.model_copy(update=changes)  # unchecked, as these choices may be stored ones

    @property
    def is_custom_size(self) -> bool:
        """Return True if the person gave a size in pixels."""
        return self.width is not None

    @property
    def follows_input_shape(self) -> bool:
        """Return True if the picture takes the first reference's shape: by its ratio, or only by its size."""
        return (self.aspect_ratio or self.resolution) == MATCH_INPUT_IMAGE

    @property
    def follows_input_image(self) -> bool:
        """Return True if the picture takes its shape or its size from the first reference."""
        return MATCH_INPUT_IMAGE in {self.aspect_ratio, self.resolution}


OPTIONS: Final = options_of(FluxParams)
"""Every option of a picture."""
