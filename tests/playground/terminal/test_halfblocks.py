"""Pictures in character cells."""

import pytest
from PIL import Image
from rich.style import Style

from playground.terminal.halfblocks import half_blocks


def test_each_cell_is_two_pixels_one_above_the_other() -> None:
    """The upper pixel is the colour of the character, the lower one that of its background."""
    image = Image.new("RGB", (1, 2))
    image.putpixel((0, 0), (255, 0, 0))
    image.putpixel((0, 1), (0, 0, 255))
    text = half_blocks(image, 1, 1)
    assert text.plain == "▀"
    assert text.spans[0].style == Style.parse("#ff0000 on #0000ff")


@pytest.mark.parametrize(("size", "cells"), [((1920, 1080), (71, 20)), ((500, 1000), (20, 20)), ((4000, 10), (72, 1))])
def test_the_whole_picture_fits_in_its_own_shape(size: tuple[int, int], cells: tuple[int, int]) -> None:
    """A picture is as large as the room allows, never cut and never stretched."""
    lines = half_blocks(Image.new("RGB", size), 72, 20).plain.split("\n")
    assert (len(lines[0]), len(lines)) == cells
