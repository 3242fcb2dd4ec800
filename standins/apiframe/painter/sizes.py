"""How many pixels wide and high a picture becomes."""

from math import sqrt

from standins.apiframe.validation import MATCH, Flux

Size = tuple[int, int]

RATIOS = ("1:1", "16:9", "3:2", "2:3", "4:5", "5:4", "9:16", "3:4", "4:3")  # all that the model knows
STEP = 16
SMALLEST_SIDE, LARGEST_SIDE = 256, 2048
PIXELS_OF_ONE_MEGAPIXEL = 1024 * 1024  # so that "1 MP" of 1:1 is 1024x1024, as people know it


def is_known_ratio(flux: Flux) -> bool:
    """Return True if the model can draw this ratio. A custom size needs no ratio."""
    return flux.own_size is not None or flux.aspect_ratio in {None, MATCH, *RATIOS}


def size_of(flux: Flux, first_reference: Size | None) -> Size:
    """Return width and height in pixels, multiples of 16; `match_input_image` follows the first reference."""
    if flux.own_size:
        return _bounded(*flux.own_size)
    ratio, pixels = _ratio(flux, first_reference), _pixels(flux, first_reference)
    return _bounded(sqrt(pixels * ratio), sqrt(pixels / ratio))


def _ratio(flux: Flux, reference: Size | None) -> float:
    """Return width by height. If the resolution follows an image and no ratio is given, the ratio follows it too."""
    follows = flux.aspect_ratio == MATCH or (flux.aspect_ratio is None and flux.resolution == MATCH)
    if follows and reference:
        return min(8.0, max(1 / 8, reference[0] / reference[1]))
    width, height = (flux.aspect_ratio if flux.aspect_ratio in RATIOS else "1:1").split(":")
    return int(width) / int(height)


def _pixels(flux: Flux, reference: Size | None) -> float:
    if flux.resolution == MATCH and reference:
        return reference[0] * reference[1]
    return flux.megapixels * PIXELS_OF_ONE_MEGAPIXEL


def _bounded(width: float, height: float) -> Size:
    """Return the sides in steps, the ratio kept: grown until the shorter one, shrunk until the longer one fits."""
    scale = max(1.0, SMALLEST_SIDE / min(width, height))
    scale *= min(1.0, LARGEST_SIDE / (scale * max(width, height)))
    return _stepped(width * scale), _stepped(height * scale)


def _stepped(side: float) -> int:
    return min(LARGEST_SIDE, max(SMALLEST_SIDE, round(side / STEP) * STEP))
