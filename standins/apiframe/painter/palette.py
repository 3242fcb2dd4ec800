"""Colours for a scene: a mood for the time of day, and the colours that the prompt names."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Mood:
    """The colours of one hour: sky from top to horizon, the sun or moon, land from far to near, and water."""

    sky: tuple[Colour, Colour, Colour]
    light: Colour
    far: Colour
    near: Colour
    water: tuple[Colour, Colour]
    light_height: float
    """How high the sun or moon stands, from 0 (the horizon) to 1 (the upper edge)."""
    dark: bool = False


MOODS: Mapping[str, Mood] = {
    "dawn": Mood(
        sky=((74, 84, 140), (226, 144, 150), (255, 214, 165)),
        light=(255, 236, 200),
        far=(176, 128, 152),
        near=(46, 44, 76),
        water=((236, 168, 152), (58, 66, 118)),
        light_height=0.16,
    ),
    "day": Mood(
        sky=((52, 128, 204), (122, 186, 232), (222, 240, 246)),
        light=(255, 250, 226),
        far=(146, 184, 196),
        near=(34, 88, 70),
        water=((128, 196, 214), (24, 92, 142)),
        light_height=0.7,
    ),
    "sunset": Mood(
        sky=((58, 42, 98), (222, 92, 84), (255, 186, 92)),
        light=(255, 226, 150),
        far=(164, 78, 98),
        near=(38, 22, 52),
        water=((246, 152, 92), (60, 34, 84)),
        light_height=0.1,
    ),
    "night": Mood(
        sky=((8, 12, 36), (24, 36, 82), (66, 84, 138)),
        light=(240, 240, 222),
        far=(52, 66, 114),
        near=(8, 12, 30),
        water=((62, 82, 138), (10, 16, 44)),
        light_height=0.66,
        dark=True,
    ),
    "storm": Mood(
        sky=((44, 52, 62), (92, 104, 114), (166, 172, 170)),
        light=(216, 220, 214),
        far=(116, 128, 134),
        near=(28, 36, 42),
        water=((128, 142, 146), (30, 44, 56)),
        light_height=0.55,
    ),
    "winter": Mood(
        sky=((110, 148, 190), (178, 204, 224), (240, 240, 246)),
        light=(255, 250, 240),
        far=(196, 212, 228),
        near=(92, 118, 150),
        water=((196, 216, 230), (78, 112, 150)),
        light_height=0.4,
    ),
    "autumn": Mood(
        sky=((98, 136, 164), (212, 190, 156), (250, 224, 178)),
        light=(255, 240, 206),
        far=(206, 152, 104),
        near=(98, 44, 30),
        water=((216, 184, 146), (74, 82, 96)),
        light_height=0.34,
    ),
}

MOOD_WORDS: Mapping[str, str] = {
    "dawn": "dawn sunrise morning daybreak spring pink",
    "day": "day noon midday sunny summer bright afternoon",
    "sunset": "sunset dusk evening desert mars fire golden",
    "night": "night midnight moon moonlit stars starry space galaxy dark neon",
    "storm": "storm stormy rain rainy thunder fog foggy mist grey gray tempest",
    "winter": "winter snow snowy ice icy frozen arctic christmas",
    "autumn": "autumn fall harvest october leaves",
}

COLOURS: Mapping[str, Colour] = {
    "red": (206, 50, 44),
    "orange": (236, 130, 40),
    "yellow": (246, 200, 60),
    "green": (52, 140, 84),
    "blue": (44, 98, 186),
    "purple": (122, 70, 160),
    "pink": (236, 130, 160),
    "white": (246, 244, 238),
    "black": (28, 28, 34),
    "brown": (122, 78, 48),
    "golden": (230, 180, 70),
}


def words_of(prompt: str) -> list[str]:
    """Return the words of a prompt in their order, in lower case."""
    return re.findall(r"[a-z]+", prompt.lower())


def first_named(words: Sequence[str], choices: Mapping[str, str]) -> str | None:
    """Return the choice that the earliest telling word names, in the singular or with an s; None if none does."""
    for word in words:
        for choice, names in choices.items():
            if {word, word.removesuffix("s")} & set(names.split()):
                return choice
    return None


def mood_for(words: Sequence[str], chance: Random) -> Mood:
    """Return the mood that the prompt names, or one by chance."""
    by_chance = chance.choice(["dawn", "day", "sunset", "night", "autumn"])
    return MOODS[first_named(words, MOOD_WORDS) or by_chance]


def colour_for(words: Sequence[str], chance: Random) -> Colour:
    """Return the first colour that the prompt names, or one by chance."""
    by_chance = chance.choice(["red", "orange", "yellow", "blue", "white"])
    return COLOURS[next((word for word in words if word in COLOURS), by_chance)]


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Return the colour that lies `share` (0 to 1) of the way from one to the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
