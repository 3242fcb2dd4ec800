"""The price of a picture: whole credits, more for larger pictures and for every reference."""

from math import ceil

from standins.apiframe.painter.sizes import PIXELS_OF_ONE_MEGAPIXEL, size_of
from standins.apiframe.validation import MATCH, Flux

SMALLEST_MEGAPIXELS = 0.5
LARGEST_MEGAPIXELS = 4.0
MOST_REFERENCES = 10


def price(flux: Flux) -> int:
    """Return the credits that these parameters cost; the same parameters always cost the same."""
    return _credits(_megapixels_charged(flux), len(flux.input_images))


def price_range() -> tuple[int, int]:
    """Return the least and the most credits that any picture costs."""
    return _credits(SMALLEST_MEGAPIXELS, 0), _credits(LARGEST_MEGAPIXELS, MOST_REFERENCES)


def _megapixels_charged(flux: Flux) -> float:
    """Return the megapixels that come out; following the size of an image nobody has seen yet costs the most."""
    if flux.resolution == MATCH and flux.own_size is None:
        return LARGEST_MEGAPIXELS
    width, height = size_of(flux, None)
    return round(width * height / PIXELS_OF_ONE_MEGAPIXEL, 1)


def _credits(megapixels: float, references: int) -> int:
    return 4 + 3 * ceil(megapixels) + 2 * references
