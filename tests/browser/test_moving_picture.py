"""The moving picture of the README, as `make screenshots` makes it."""

from pathlib import Path

import pytest
from PIL import Image

from tests.browser.moving_picture import LARGEST_BYTES, film, write
from tests.browser.visitor import Visitor


@pytest.mark.slow
def test_the_moving_picture_shows_a_picture_and_its_reroll(visitor: Visitor, tmp_path: Path) -> None:
    """It moves, repeats, ends with two pictures, and is small enough for a README."""
    written = write(tmp_path / "demo.webp", film(visitor))
    assert visitor.pictures.count() == 2
    assert written.stat().st_size <= LARGEST_BYTES
    with Image.open(written) as image:
        assert (image.n_frames > 20, image.info["loop"]) == (True, 0)  # type: ignore[attr-defined]  # of WebP's own class
