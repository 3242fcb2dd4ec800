"""How many pixels wide and high a picture becomes."""

from math import sqrt

from playground.apiframe.validation import MATCH, Flux

Size = tuple[int, int]

STEP = 16
SMALLEST_SIDE = 256
PIXELS_OF_ONE_MEGAPIXEL = 1024 * 1024  # so that "1 MP" of 1:1 is 1024x1024, as people know it


def size_of(flux: Flux, first_reference: Size | None) -> Size:
    """Return width and height in pixels, multiples of 16; `match_input_image` follows the first reference."""
    if flux.width and flux.height:
        return _stepped(flux.width), _stepped(flux.height)
    return _fitted(_ratio(flux, first_reference), _megapixels(flux, first_reference))


def _ratio(flux: Flux, reference: Size | None) -> float:
    """Return width by height; whoever follows the resolution of an image and names no ratio follows its ratio too."""
    follows = flux.aspect_ratio == MATCH or (flux.aspect_ratio is None and flux.resolution == MATCH)
    if follows and reference:
        return min(8.0, max(1 / 8, reference[0] / reference[1]))
    width, height = (flux.aspect_ratio or "1:1").split(":")
    return int(width) / int(height)


def _megapixels(flux: Flux, reference: Size | None) -> float:
    """Return the area in megapixels; an image that is followed counts from 0.5 to 4."""
    if flux.resolution == MATCH and reference:
        return min(4.0, max(0.5, reference[0] * reference[1] / PIXELS_OF_ONE_MEGAPIXEL))
    return float(flux.resolution.removesuffix("MP")) if flux.resolution else 1.0


def _fitted(ratio: float, megapixels: float) -> Size:
    """Return the sides of an area of this ratio."""
    pixels = megapixels * PIXELS_OF_ONE_MEGAPIXEL
    return _stepped(sqrt(pixels * ratio)), _stepped(sqrt(pixels / ratio))


def _stepped(side: float) -> int:
    return max(SMALLEST_SIDE, round(side / STEP) * STEP)
