"""What a picture costs: whole credits, more for larger pictures and for every reference."""

from math import ceil

from playground.apiframe.validation import MATCH, Flux

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
    """Return the megapixels that are paid for; following an input image nobody has seen yet costs the most."""
    if flux.width and flux.height:
        return flux.width * flux.height / 1_000_000
    if flux.resolution == MATCH:
        return LARGEST_MEGAPIXELS
    return float(flux.resolution.removesuffix("MP")) if flux.resolution else 1.0


def _credits(megapixels: float, references: int) -> int:
    return 4 + 3 * ceil(megapixels) + 2 * references
