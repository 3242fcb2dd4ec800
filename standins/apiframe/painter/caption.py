"""The strip at the foot of a picture that says what was asked for, with thumbnails of the references."""

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont, ImageOps

MOST_LINES = 3
INK = (14, 16, 24)
OPACITY = 0.62


def write_caption(picture: Image.Image, prompt: str, details: str, references: Sequence[Image.Image]) -> None:
    """Write prompt and details on the lower edge, and the references above them in their order, numbered."""
    size = max(12.0, min(picture.size) / 28)
    font, small = ImageFont.load_default(size), ImageFont.load_default(size * 0.8)
    margin = round(size * 0.8)
    lines = _wrapped(" ".join(prompt.split()), font, picture.width - 2 * margin)
    top = max(0, picture.height - round(margin * 1.6 + size * 1.3 * (len(lines) + 0.9)))
    _darken(picture, top)
    pen = ImageDraw.Draw(picture)
    if references:
        side = min(round(size * 4), (picture.width - margin) // len(references) - margin)
        _place(picture, pen, references, side, (margin, top - side - margin), small)
    y = float(top + margin)
    for line in lines:
        pen.text((margin, y), line, font=font, fill="white")
        y += size * 1.3
    pen.text((margin, y + size * 0.1), details, font=small, fill=(206, 212, 226))


def _darken(picture: Image.Image, top: int) -> None:
    """Darken everything below `top`, so that white letters can be read on it."""
    strip = (0, top, picture.width, picture.height)
    below = picture.crop(strip)
    picture.paste(Image.blend(below, Image.new("RGB", below.size, INK), OPACITY), strip)


def _place(
    picture: Image.Image,
    pen: ImageDraw.ImageDraw,
    references: Sequence[Image.Image],
    side: int,
    corner: tuple[int, int],
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    """Place square thumbnails in a row from `corner` on."""
    x, y = corner
    for number, reference in enumerate(references, start=1):
        picture.paste(ImageOps.fit(reference, (side, side), Image.Resampling.BILINEAR), (x, y))
        pen.rectangle((x, y, x + side - 1, y + side - 1), outline="white")
        pen.text(
            (x + side * 0.08, y + side * 0.04), str(number), font=font, fill="white", stroke_width=2, stroke_fill=INK
        )
        x += side + corner[0]


def _wrapped(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> list[str]:
    """Break `text` into lines of at most `width` pixels; what does not fit into three of them ends in an ellipsis."""
    lines: list[str] = []
    while text and len(lines) < MOST_LINES:
        fitting = _fitting(text, font, width)
        if fitting < len(text) and " " in text[:fitting]:
            fitting = text.rindex(" ", 0, fitting + 1)
        lines.append(text[:fitting].strip())
        text = text[fitting:].strip()
    if text:
        lines[-1] = lines[-1][:-1].rstrip() + "…"
    return lines


def _fitting(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> int:
    """Return how many of the first letters fit into `width` pixels, at least one."""
    fits, too_many = 1, len(text) + 1
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if font.getlength(text[:middle]) <= width:
            fits = middle
        else:
            too_many = middle
    return fits
