"""Things that may stand in a landscape, each drawn on a point of the ground, about `size` pixels high."""

from collections.abc import Callable, Mapping

from PIL import ImageDraw

from standins.apiframe.painter.palette import Colour, mixed

Point = tuple[float, float]
Draw = Callable[[ImageDraw.ImageDraw, Point, float, Colour], None]

INK: Colour = (36, 30, 40)
CREAM: Colour = (250, 244, 228)
LAMP: Colour = (255, 222, 130)


def _scaled(ground: Point, size: float, *points: Point) -> list[Point]:
    """Return points in pixels; given in parts of `size` to the right of the ground's point and above it."""
    return [(ground[0] + size * x, ground[1] - size * y) for x, y in points]


def _box(ground: Point, size: float, lower_left: Point, upper_right: Point) -> tuple[Point, Point]:
    """Return the corners of a box as Pillow wants them: upper left, lower right."""
    left, bottom = lower_left
    right, top = upper_right
    upper_left, lower_right = _scaled(ground, size, (left, top), (right, bottom))
    return upper_left, lower_right


def boat(pen: ImageDraw.ImageDraw, ground: Point, size: float, colour: Colour) -> None:
    """Draw a sailing boat with a hull of this colour."""
    pen.line(_scaled(ground, size, (0, 0.05), (0, 1.0)), fill=INK, width=max(1, round(size * 0.02)))
    pen.polygon(_scaled(ground, size, (0.03, 0.22), (0.03, 0.96), (0.42, 0.26)), fill=CREAM)
    pen.polygon(_scaled(ground, size, (-0.03, 0.22), (-0.03, 0.84), (-0.34, 0.24)), fill=mixed(CREAM, colour, 0.35))
    pen.polygon(_scaled(ground, size, (-0.5, 0.18), (0.54, 0.18), (0.36, -0.06), (-0.36, -0.06)), fill=colour)
    pen.polygon(_scaled(ground, size, (-0.5, 0.18), (0.54, 0.18), (0.52, 0.13), (-0.46, 0.13)), fill=CREAM)
    for depth in (0.1, 0.15, 0.2):
        reflected = _scaled(ground, size, (-0.3 + depth, -depth), (0.3 - depth, -depth))
        pen.line(reflected, fill=mixed(colour, INK, 0.3), width=max(1, round(size * 0.015)))


def balloon(pen: ImageDraw.ImageDraw, ground: Point, size: float, colour: Colour) -> None:
    """Draw a striped hot-air balloon high over the ground."""
    aloft = (ground[0], ground[1] - size * 0.75)
    for half_width, stripe in ((0.4, colour), (0.26, CREAM), (0.12, colour)):
        pen.ellipse(_box(aloft, size, (-half_width, 0.3), (half_width, 1.1)), fill=stripe)
    pen.polygon(_scaled(aloft, size, (-0.26, 0.4), (0.26, 0.4), (0.08, 0.16), (-0.08, 0.16)), fill=colour)
    for side in (-0.07, 0.07):
        pen.line(_scaled(aloft, size, (side, 0.16), (side, 0.04)), fill=INK, width=max(1, round(size * 0.01)))
    pen.rectangle(_box(aloft, size, (-0.08, -0.08), (0.08, 0.05)), fill=(122, 78, 48))


def house(pen: ImageDraw.ImageDraw, ground: Point, size: float, colour: Colour) -> None:
    """Draw a cottage with a roof of this colour and light in its windows."""
    pen.rectangle(_box(ground, size, (0.18, 0.4), (0.28, 0.74)), fill=mixed(colour, INK, 0.5))
    pen.rectangle(_box(ground, size, (-0.4, -0.1), (0.4, 0.36)), fill=CREAM)
    pen.polygon(_scaled(ground, size, (-0.5, 0.34), (0, 0.78), (0.5, 0.34)), fill=colour)
    pen.rectangle(_box(ground, size, (-0.08, -0.1), (0.08, 0.2)), fill=mixed(colour, INK, 0.4))
    for left in (-0.3, 0.18):
        pen.rectangle(_box(ground, size, (left, 0.08), (left + 0.12, 0.22)), fill=LAMP, outline=INK)


def lighthouse(pen: ImageDraw.ImageDraw, ground: Point, size: float, colour: Colour) -> None:
    """Draw a lighthouse with stripes of this colour on a rock."""
    pen.ellipse(_box(ground, size, (-0.6, -0.2), (0.6, 0.12)), fill=(58, 54, 64))
    for stripe in range(5):
        low, high = stripe * 0.2, stripe * 0.2 + 0.2
        outline = [
            (-0.16 + low * 0.06, low),
            (0.16 - low * 0.06, low),
            (0.16 - high * 0.06, high),
            (-0.16 + high * 0.06, high),
        ]
        pen.polygon(_scaled(ground, size, *outline), fill=CREAM if stripe % 2 else colour)
    pen.rectangle(_box(ground, size, (-0.14, 1.0), (0.14, 1.03)), fill=INK)
    pen.rectangle(_box(ground, size, (-0.08, 1.03), (0.08, 1.15)), fill=LAMP)
    pen.polygon(_scaled(ground, size, (-0.11, 1.15), (0, 1.28), (0.11, 1.15)), fill=colour)


def castle(pen: ImageDraw.ImageDraw, ground: Point, size: float, colour: Colour) -> None:
    """Draw a castle of three towers with roofs of this colour."""
    stone = mixed(CREAM, INK, 0.35)
    pen.rectangle(_box(ground, size, (-0.45, -0.15), (0.45, 0.4)), fill=stone)
    for x, top in ((-0.45, 0.62), (0.0, 0.9), (0.45, 0.62)):
        pen.rectangle(_box(ground, size, (x - 0.11, -0.15), (x + 0.11, top)), fill=mixed(stone, INK, 0.12))
        pen.polygon(_scaled(ground, size, (x - 0.15, top), (x, top + 0.3), (x + 0.15, top)), fill=colour)
        pen.rectangle(_box(ground, size, (x - 0.025, top - 0.2), (x + 0.025, top - 0.08)), fill=LAMP)


def cat(pen: ImageDraw.ImageDraw, ground: Point, size: float, colour: Colour) -> None:
    """Draw a cat of this colour that sits and looks at us."""
    pen.arc(_box(ground, size, (0.1, -0.1), (0.6, 0.5)), -100, 90, fill=colour, width=max(2, round(size * 0.07)))
    pen.ellipse(_box(ground, size, (-0.28, -0.15), (0.28, 0.55)), fill=colour)
    for side in (-1, 1):
        pen.polygon(_scaled(ground, size, (side * 0.24, 0.62), (side * 0.22, 0.95), (side * 0.03, 0.78)), fill=colour)
    pen.ellipse(_box(ground, size, (-0.26, 0.4), (0.26, 0.84)), fill=mixed(colour, CREAM, 0.08))
    for side in (-1, 1):
        x, y = _scaled(ground, size, (side * 0.11, 0.63))[0]
        pen.circle((x, y), size * 0.045, fill=LAMP)
        pen.circle((x, y), size * 0.02, fill=INK)
    pen.polygon(_scaled(ground, size, (-0.03, 0.55), (0.03, 0.55), (0, 0.51)), fill=INK)


def birds(pen: ImageDraw.ImageDraw, center: Point, size: float) -> None:
    """Draw three far birds around `center`, each `size` pixels wide."""
    for x, y in ((0, 0), (1.1, 0.5), (-0.9, 0.8)):
        wing = _scaled(
            center, size, (x - 0.5, y + 0.18), (x - 0.22, y + 0.26), (x, y), (x + 0.22, y + 0.26), (x + 0.5, y + 0.18)
        )
        pen.line(wing, fill=INK, width=max(1, round(size * 0.07)), joint="curve")


SUBJECTS: Mapping[str, Draw] = {
    "boat": boat,
    "balloon": balloon,
    "house": house,
    "lighthouse": lighthouse,
    "castle": castle,
    "cat": cat,
}

SUBJECT_WORDS: Mapping[str, str] = {
    "boat": "boat ship sailboat yacht sail",
    "balloon": "balloon airship",
    "house": "house cottage cabin hut home village farm",
    "lighthouse": "lighthouse",
    "castle": "castle fortress palace",
    "cat": "cat kitten fox",
}
