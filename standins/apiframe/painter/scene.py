"""A landscape from the words of a prompt: sky, light, clouds, land or sea, and objects."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import sin, tau
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from standins.apiframe.painter.palette import Colour, Mood, colour_for, first_named, mixed, mood_for, words_of
from standins.apiframe.painter.sizes import Size
from standins.apiframe.painter.subjects import SUBJECT_WORDS, SUBJECTS, birds

LAND_WORDS: Mapping[str, str] = {
    "sea": "sea ocean lighthouse boat ship sail sailboat wave lake harbor beach island whale river water coast",
    "mountains": "mountain alp peak summit snow rock cliff valley dragon castle winter",
    "forest": "forest tree wood jungle pine fox bear deer owl",
    "city": "city town skyline street tower building skyscraper robot neon cyberpunk",
}
LAYERS = 5
POINTS = 160


@dataclass(frozen=True, slots=True)
class Canvas:
    """The picture being painted, its pen, and the chance that decides what the words leave open."""

    image: Image.Image
    pen: ImageDraw.ImageDraw
    chance: Random
    mood: Mood
    horizon: float
    """Where the sky ends, in pixels from above."""

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.image.width

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.image.height

    @property
    def unit(self) -> float:
        """The shorter side: what things are measured by, so that they keep their shape in any ratio."""
        return min(self.image.size)


def paint(prompt: str, seed: int | None, size: Size) -> Image.Image:
    """Return an RGB landscape of `size`; the same words and seed always give the same one."""
    chance, words = Random(f"{seed}|{prompt}"), words_of(prompt)  # noqa: S311 - chance, no secret
    mood, colour = mood_for(words, chance), colour_for(words, chance)
    land = first_named(words, LAND_WORDS) or chance.choice(["hills", "hills", "mountains", "forest"])
    image = _gradient(mood.sky, size)
    canvas = Canvas(image, ImageDraw.Draw(image), chance, mood, horizon=size[1] * chance.uniform(0.54, 0.6))
    light_x = _light(canvas)
    _clouds(canvas)
    _land(canvas, land, light_x)
    _subject(canvas, first_named(words, SUBJECT_WORDS), colour, at_sea=land == "sea")
    return image


def _gradient(stops: tuple[Colour, ...], size: Size) -> Image.Image:
    """Return a vertical gradient through `stops`."""
    column = Image.new("RGB", (1, 64))
    for y in range(64):
        place = y / 63 * (len(stops) - 1)
        stop = min(int(place), len(stops) - 2)
        column.putpixel((0, y), mixed(stops[stop], stops[stop + 1], place - stop))
    return column.resize((1, size[1]), Image.Resampling.BICUBIC).resize(size, Image.Resampling.NEAREST)


def _light(canvas: Canvas) -> float:
    """Paint the sun or the moon in its glow, with stars at night; return where it stands, in pixels from the left."""
    if canvas.mood.dark:
        _stars(canvas)
    x = canvas.width * canvas.chance.uniform(0.2, 0.8)
    y = canvas.horizon * (1 - canvas.mood.light_height)
    radius = canvas.unit * canvas.chance.uniform(0.05, 0.08)
    _glow(canvas, (x, y), radius * 7)
    canvas.pen.circle((x, y), radius, fill=canvas.mood.light)
    return x


def _glow(canvas: Canvas, center: tuple[float, float], radius: float) -> None:
    """Lighten everything around `center`, less and less with the distance."""
    side = round(2 * radius)
    mask = (
        Image.radial_gradient("L").point(lambda distance: max(0.0, 1 - distance / 128) ** 2 * 190).resize((side, side))
    )
    corner = (round(center[0] - radius), round(center[1] - radius))
    canvas.image.paste(canvas.mood.light, (*corner, corner[0] + side, corner[1] + side), mask)


def _stars(canvas: Canvas) -> None:
    for _ in range(140):
        x, y = canvas.chance.random() * canvas.width, canvas.chance.random() * canvas.horizon
        radius = canvas.unit * canvas.chance.choice([0.0008, 0.0012, 0.002])
        canvas.pen.circle(
            (x, y), radius, fill=mixed(canvas.mood.sky[0], (255, 255, 255), canvas.chance.uniform(0.4, 1))
        )


def _clouds(canvas: Canvas) -> None:
    """Paint a few soft clouds, drawn small and enlarged."""
    small = Image.new("L", (max(8, canvas.width // 8), max(8, canvas.height // 8)))
    pen, chance = ImageDraw.Draw(small), canvas.chance
    for _ in range(chance.randint(3, 6)):
        x, y = chance.random() * small.width, chance.uniform(0.08, 0.7) * canvas.horizon / 8
        for _ in range(5):
            wide, high = canvas.unit / 8 * chance.uniform(0.08, 0.2), canvas.unit / 8 * chance.uniform(0.01, 0.03)
            left, top = x + chance.uniform(-1, 1) * wide, y + chance.uniform(-1, 1) * high
            pen.ellipse((left - wide, top - high, left + wide, top + high), fill=chance.randint(50, 120))
    mask = small.filter(ImageFilter.GaussianBlur(canvas.unit / 8 / 60)).resize(
        canvas.image.size, Image.Resampling.BICUBIC
    )
    canvas.image.paste(mixed(canvas.mood.sky[2], canvas.mood.light, 0.5), None, mask)


def _land(canvas: Canvas, land: str, light_x: float) -> None:
    """Paint the land in layers, the farther the hazier; a sea lies before far hills."""
    if land == "sea":
        _ridge(canvas, canvas.mood.far, base=canvas.horizon, height=canvas.unit * 0.09, roughness=0.5)
        _sea(canvas, light_x)
        return
    for layer in range(LAYERS):
        share = layer / (LAYERS - 1)
        colour = mixed(canvas.mood.far, canvas.mood.near, share)
        base = canvas.horizon + (canvas.height - canvas.horizon) * share * 0.62
        rugged = land == "mountains" and layer < 3
        height = canvas.unit * ((0.34 - 0.07 * layer) if rugged else 0.1)
        ridge = _ridge(canvas, colour, base, height, roughness=0.6 if rugged else 0.0)
        if land == "forest" and layer:
            _trees(canvas, ridge, colour, canvas.unit * (0.02 + 0.05 * share))
        if land == "city" and 0 < layer < 4:
            _towers(canvas, base, colour, canvas.unit * (0.34 - 0.05 * layer))


def _ridge(canvas: Canvas, colour: Colour, base: float, height: float, roughness: float) -> list[tuple[float, float]]:
    """Paint everything under a ridge about `height` over `base`; return its points from left to right."""
    rises = _rugged(canvas.chance, roughness) if roughness else _rolling(canvas)
    points = [(canvas.width * i / POINTS, base - height * rise) for i, rise in enumerate(rises)]
    canvas.pen.polygon([(0, canvas.height), *points, (canvas.width, canvas.height)], fill=colour)
    return points


def _rolling(canvas: Canvas) -> Iterator[float]:
    """Rise and fall softly between 0 and 1: a few waves on top of each other."""
    stretch = canvas.width / canvas.unit
    waves = [(canvas.chance.uniform(0.4, 1.6) * stretch, canvas.chance.random() * tau) for _ in range(3)]
    for i in range(POINTS + 1):
        yield 0.5 + sum(sin(tau * speed * i / POINTS + phase) for speed, phase in waves) / 6


def _rugged(chance: Random, roughness: float) -> list[float]:
    """Rise and fall steeply between about 0 and 1: halve the line again and again, and move each middle."""
    line, step = [chance.random() for _ in range(6)], 0.8
    while len(line) <= POINTS:
        middles = [(a + b) / 2 + chance.uniform(-step, step) / 2 for a, b in pairwise(line)]
        line = [point for pair in zip(line, middles, strict=False) for point in pair] + line[-1:]
        step *= roughness
    return line[: POINTS + 1]


def _trees(canvas: Canvas, ridge: list[tuple[float, float]], colour: Colour, height: float) -> None:
    """Set firs on a ridge."""
    for foot, y in ridge[:: max(1, round(height / canvas.width * POINTS * 0.35))]:
        tall, x = height * canvas.chance.uniform(0.7, 1.5), foot + height * canvas.chance.uniform(-0.3, 0.3)
        canvas.pen.polygon(
            [(x - tall * 0.24, y + tall * 0.2), (x, y - tall), (x + tall * 0.24, y + tall * 0.2)], colour
        )


def _towers(canvas: Canvas, base: float, colour: Colour, height: float) -> None:
    """Set a row of towers with a few lit windows."""
    x, pane = -canvas.unit * 0.02, canvas.unit * 0.006
    while x < canvas.width:
        wide, tall = canvas.unit * canvas.chance.uniform(0.05, 0.1), height * canvas.chance.uniform(0.35, 1)
        canvas.pen.rectangle((x, base - tall, x + wide, canvas.height), fill=colour)
        for _ in range(round(tall / pane / 4)):
            left, top = x + canvas.chance.uniform(0.1, 0.8) * wide, base - tall * canvas.chance.uniform(0.05, 0.95)
            canvas.pen.rectangle((left, top, left + pane, top + pane * 1.4), fill=mixed(colour, (255, 220, 140), 0.7))
        x += wide + canvas.unit * canvas.chance.uniform(0.0, 0.02)


def _sea(canvas: Canvas, light_x: float) -> None:
    """Paint the water with a path of light on it."""
    top = round(canvas.horizon)
    canvas.image.paste(_gradient(canvas.mood.water, (canvas.width, canvas.height - top)), (0, top))
    for i in range(70):
        depth = (i / 70) ** 1.6
        y, spread = top + depth * (canvas.height - top), canvas.unit * (0.03 + 0.2 * depth)
        x, wide = (
            light_x + canvas.chance.gauss(0, spread / 2),
            canvas.unit * canvas.chance.uniform(0.01, 0.03 + 0.1 * depth),
        )
        colour = mixed(mixed(*canvas.mood.water, depth), canvas.mood.light, 0.75 - 0.45 * depth)
        thick = max(1, round(canvas.unit * 0.004 * (0.4 + depth)))
        canvas.pen.line((x - wide, y, x + wide, y), fill=colour, width=thick)


def _subject(canvas: Canvas, subject: str | None, colour: Colour, *, at_sea: bool) -> None:
    """Set what the prompt is about into the landscape, in its colour."""
    x = canvas.width * canvas.chance.uniform(0.3, 0.7)
    ground = canvas.horizon + (canvas.height - canvas.horizon) * (0.3 if at_sea else 0.42)
    if subject:
        SUBJECTS[subject](canvas.pen, (x, ground), canvas.unit * 0.3, colour)
    if not canvas.mood.dark:
        birds(canvas.pen, (canvas.width * canvas.chance.uniform(0.2, 0.8), canvas.horizon * 0.4), canvas.unit * 0.05)
