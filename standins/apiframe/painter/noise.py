"""Pictures that no encoder can make small, for upload limits and memory."""

from math import sqrt
from random import Random

from PIL import Image

from standins.apiframe.painter.pictures import Picture, encode
from standins.apiframe.painter.sizes import Size

SAMPLE: Size = (256, 256)


class NoiseMaker:
    """Makes pictures of pure noise, each kind once: making one takes a second, and they are all alike."""

    def __init__(self) -> None:
        self._made: dict[tuple[float, str, int, float], bytes] = {}

    def make(self, picture: Picture, megabytes: float) -> bytes:
        """Return noise in the ratio, format and quality of `picture` that takes about `megabytes` (of 10^6 bytes)."""
        ratio = picture.size[0] / picture.size[1]
        kind = (ratio, picture.output_format, picture.quality, megabytes)
        if kind not in self._made:
            self._made[kind] = self._encoded(picture, ratio, megabytes)
        return self._made[kind]

    def _encoded(self, picture: Picture, ratio: float, megabytes: float) -> bytes:
        """Find out what a pixel of noise takes in this format, and take as many as fit."""
        sample = encode(_noise(SAMPLE), picture.output_format, picture.quality)
        pixels = megabytes * 1_000_000 / len(sample) * SAMPLE[0] * SAMPLE[1]
        return encode(
            _noise((round(sqrt(pixels * ratio)), round(sqrt(pixels / ratio)))), picture.output_format, picture.quality
        )


def _noise(size: Size) -> Image.Image:
    """Return an RGB image of random pixels, always the same ones."""
    chance = Random(0)  # noqa: S311 - chance, no secret
    return Image.frombytes("RGB", size, chance.randbytes(size[0] * size[1] * 3))
