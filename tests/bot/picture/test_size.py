"""The size of a picture to come: on the model's grid, within its bounds, and as near to the choice as they allow."""

from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.picture.params import SIDE_STEP, FluxParams, Resolution
from bot.picture.request import ImagineRequest
from bot.picture.size import MEGAPIXEL, Size, size_of

FIXED = [each for each in Resolution if each is not Resolution.MATCH_INPUT_IMAGE]

ratios = st.tuples(st.integers(1, 9999), st.integers(1, 9999)).filter(lambda pair: max(pair) <= 8 * min(pair))
resolutions = st.sampled_from([None, *FIXED])
images = st.builds(Size, st.integers(1, 10_000), st.integers(1, 10_000))
sides = st.integers(256, 2048)


def is_on_the_grid(size: Size) -> bool:
    return all(side % 16 == 0 and 256 <= side <= 2048 for side in size)


@given(ratio=ratios, resolution=resolutions)
def test_a_ratio_at_a_resolution_has_the_best_size_on_the_grid(
    ratio: tuple[int, int], resolution: Resolution | None
) -> None:
    """Within the bounds, no more pixels than the resolution, each side within a step, and no nearer ratio beside it."""
    size = size_of(FluxParams(aspect_ratio="{}:{}".format(*ratio), resolution=resolution), None)
    assert is_on_the_grid(size)
    pixels = int(float(resolution or 1) * MEGAPIXEL)
    assert size.pixels <= pixels
    shape = Fraction(*ratio)
    width = min(sqrt(pixels * shape), 2048, 2048 * float(shape))
    height = width / float(shape)
    assert abs(size.width - width) <= SIDE_STEP >= abs(size.height - height)
    for beside in (Size(size.width, size.height - 16), Size(size.width - 16, size.height)):
        if is_on_the_grid(beside) and abs(beside.width - width) < SIDE_STEP > abs(beside.height - height):
            assert off(size, shape) <= off(beside, shape)


def off(size: Size, shape: Fraction) -> Fraction:
    """Return by which factor a size is off a ratio, from 1 on."""
    factor = Fraction(*size) / shape
    return max(factor, 1 / factor)


@given(ratio=ratios)
def test_more_megapixels_are_never_a_smaller_picture(ratio: tuple[int, int]) -> None:
    """A larger resolution makes a picture as large at least, however the bounds stop it."""
    pixels = [size_of(FluxParams(aspect_ratio="{}:{}".format(*ratio), resolution=each), None).pixels for each in FIXED]
    assert pixels == sorted(pixels)


@given(width=sides, height=sides)
def test_a_custom_size_is_rounded_to_the_nearest(width: int, height: int) -> None:
    """Each side separately, by half a step at most."""
    size = size_of(FluxParams(width=width, height=height), None)
    assert is_on_the_grid(size)
    assert abs(size.width - width) <= 8 >= abs(size.height - height)


@given(image=images, resolution=st.sampled_from(Resolution), ratio=st.sampled_from([None, "match_input_image", "7:5"]))
def test_what_follows_an_image_stays_within_the_bounds(image: Size, resolution: Resolution, ratio: str | None) -> None:
    """However small, large or extreme the image is."""
    assert is_on_the_grid(size_of(FluxParams(aspect_ratio=ratio, resolution=resolution), image))


@pytest.mark.parametrize(
    ("params", "first", "size"),
    [
        (FluxParams(), None, (1024, 1024)),
        (FluxParams(resolution=Resolution.FOUR_MP), None, (2048, 2048)),
        (FluxParams(aspect_ratio="16:9", resolution=Resolution.FOUR_MP), None, (2048, 1152)),
        (FluxParams(aspect_ratio="21:9", resolution=Resolution.FOUR_MP), None, (2048, 880)),
        (FluxParams(aspect_ratio="8:1", resolution=Resolution.FOUR_MP), None, (2048, 256)),
        (FluxParams(aspect_ratio="1:8", resolution=Resolution.HALF_MP), None, (256, 2048)),
        (FluxParams(aspect_ratio="16:9"), None, (1360, 768)),
        (FluxParams(width=1000, height=700), None, (1008, 704)),
        (FluxParams(aspect_ratio="match_input_image"), (300, 400), (880, 1168)),
        (FluxParams(resolution=Resolution.MATCH_INPUT_IMAGE), (640, 480), (640, 480)),
        (FluxParams(resolution=Resolution.MATCH_INPUT_IMAGE), (1170, 2532), (944, 2048)),
        (FluxParams(resolution=Resolution.MATCH_INPUT_IMAGE), (4032, 3024), (2048, 1536)),
        (FluxParams(resolution=Resolution.MATCH_INPUT_IMAGE), (64, 48), (336, 256)),
        (FluxParams(aspect_ratio="1:1", resolution=Resolution.MATCH_INPUT_IMAGE), (640, 480), (544, 544)),
    ],
)
def test_sizes_that_people_know(params: FluxParams, first: tuple[int, int] | None, size: tuple[int, int]) -> None:
    """Usual choices, each with its size."""
    assert size_of(params, None if first is None else Size(*first)) == size


@pytest.mark.parametrize(
    ("params", "is_asked"),
    [
        (FluxParams(), False),
        (FluxParams(seed=1), False),
        (FluxParams(aspect_ratio="1:1"), True),
        (FluxParams(resolution=Resolution.ONE_MP), True),
        (FluxParams(width=512, height=512), True),
    ],
)
def test_a_size_is_asked_for_by_a_choice(params: FluxParams, is_asked: bool) -> None:
    """If nothing was chosen, no size is a wrong one."""
    assert (ImagineRequest(prompt="a boat", params=params).asked_size is not None) is is_asked
