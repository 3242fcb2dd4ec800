"""Pictures on a terminal: each character cell is two pixels, one above the other."""

from PIL import Image
from rich.color import Color
from rich.style import Style
from rich.text import Text

_UPPER_HALF = "▀"


def half_blocks(image: Image.Image, columns: int, rows: int) -> Text:
    """Return the whole image, as large as `columns` x `rows` character cells allow."""
    small = image.convert("RGB")
    scale = min(columns / small.width, 2 * rows / small.height)
    width, height = max(1, round(small.width * scale)), max(1, round(small.height * scale / 2))
    small = small.resize((width, 2 * height), Image.Resampling.LANCZOS)
    return Text("\n", no_wrap=True).join([_row(small, row) for row in range(height)])


def _row(image: Image.Image, row: int) -> Text:
    text = Text(no_wrap=True)
    for column in range(image.width):
        text.append(
            _UPPER_HALF, Style(color=_colour(image, column, 2 * row), bgcolor=_colour(image, column, 2 * row + 1))
        )
    return text


def _colour(image: Image.Image, x: int, y: int) -> Color:
    pixel = image.getpixel((x, y))
    if not isinstance(pixel, tuple):
        raise TypeError("an image in RGB has three channels")
    return Color.from_rgb(*pixel[:3])
