"""The size that a picture will have: one pure function for the order, the price, the limits and the cards."""

from collections.abc import Iterator
from math import floor, log, sqrt
from typing import NamedTuple

from bot.picture.params import SIDE_MAX, SIDE_MIN, SIDE_STEP, FluxParams, Resolution, parsed_ratio

MEGAPIXEL = 1024 * 1024
MEGAPIXELS_MAX = 4.0
TOLERANCE = SIDE_STEP  # a side may differ by one step: which way the model rounds is not published
_EXTREME_RATIO = 8
_NEARLY = 0.9
_EPSILON = 1e-6


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int

    @property
    def pixels(self) -> int:
        """Return the area."""
        return self.width * self.height

    @property
    def megapixels(self) -> float:
        """Return the area in units of 1024 x 1024 pixels."""
        return self.pixels / MEGAPIXEL

    def __str__(self) -> str:
        """Return the size as people read it, such as `2048 × 1152`."""
        return f"{self.width} × {self.height}"

    def reaches(self, megapixels: float) -> bool:
        """Return True if the area is that of a resolution, as near as the grid allows for any ratio."""
        return self.megapixels > _NEARLY * megapixels

    def is_near(self, other: "Size") -> bool:
        """Return True if both sides differ by no more than the model's rounding explains."""
        return abs(self.width - other.width) <= TOLERANCE and abs(self.height - other.height) <= TOLERANCE


SQUARE = Size(1, 1)


def size_of(params: FluxParams, first: Size | None) -> Size:
    """Return the size of a picture with these choices; `first` is the first reference image's, None without one.

    Sides are multiples of 16 from 256 to 2048. A custom size is rounded to the nearest. Any other size has at most the
    area of its resolution, 2048 x 2048 at most, and the ratio nearest to the one chosen. Without a choice, the ratio is
    1:1 and the resolution 1 MP.
    """
    if params.width is not None and params.height is not None:
        return Size(_nearest(params.width), _nearest(params.height))
    return _fitted(_ratio(params, first), _pixels(params, first))


def _ratio(params: FluxParams, first: Size | None) -> Size:
    """Return the shape, no more extreme than 8:1 and 1:8, as a size of any scale."""
    if first is not None and params.follows_input_shape:
        return Size(min(first.width, _EXTREME_RATIO * first.height), min(first.height, _EXTREME_RATIO * first.width))
    sides = parsed_ratio(params.aspect_ratio)
    return Size(*sides) if sides else SQUARE


def _pixels(params: FluxParams, first: Size | None) -> int:
    """Return the most pixels that the resolution allows."""
    match params.resolution:
        case None:
            return MEGAPIXEL
        case Resolution.MATCH_INPUT_IMAGE:
            return first.pixels if first is not None else MEGAPIXEL
        case resolution:
            return int(float(resolution) * MEGAPIXEL)


def _fitted(ratio: Size, pixels: int) -> Size:
    """Return the size on the grid, within the bounds and of at most this many pixels, whose ratio is nearest."""
    stretch = sqrt(ratio.width / ratio.height)
    longer = max(stretch, 1 / stretch)
    side = min(max(sqrt(pixels), SIDE_MIN * longer), SIDE_MAX / longer)  # of the square with the same area
    width, height = side * stretch, side / stretch
    most = max(pixels, width * height + 1)  # a small image that is followed grows to the least sides
    sizes = [Size(w, h) for w in _neighbours(width) for h in _neighbours(height)]
    return min(
        (size for size in sizes if size.pixels <= most),
        key=lambda size: (abs(log(size.width / size.height) - log(ratio.width / ratio.height)), -size.pixels),
    )


def _neighbours(side: float) -> Iterator[int]:
    """Yield the multiples of 16 below and above, within the bounds."""
    below = floor(side / SIDE_STEP + _EPSILON) * SIDE_STEP
    for multiple in (below, below + SIDE_STEP):
        yield min(max(multiple, SIDE_MIN), SIDE_MAX)


def _nearest(side: int) -> int:
    """Return the nearest multiple of 16; the bounds are multiples themselves."""
    return (side + SIDE_STEP // 2) // SIDE_STEP * SIDE_STEP
