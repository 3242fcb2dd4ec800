"""The pictures that the stand-in draws: they show what was asked for, and the same request gives the same bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from math import sqrt

from PIL import Image

from standins.apiframe.painter.caption import write_caption
from standins.apiframe.painter.scene import paint
from standins.apiframe.painter.sizes import Size
from standins.apiframe.references import upright

CONTENT_TYPES: Mapping[str, str] = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
COARSE = 4
WEBP_EFFORT = 2  # of 6
CANVAS_PIXELS = 5_000_000  # drawn larger and reduced, edges become smooth; above this it costs more than it shows


@dataclass(frozen=True, slots=True)
class Picture:
    """What to draw: `size` in pixels, `quality` from 0 to 100 (not for png), the bytes of the references.

    Without `smooth`, the scene is coarse and a webp larger, and drawing takes half of the time.
    """

    prompt: str
    seed: int | None
    size: Size
    output_format: str
    quality: int
    references: tuple[bytes, ...] = ()
    smooth: bool = True

    @property
    def details(self) -> str:
        """The options of the picture."""
        seed = "no seed" if self.seed is None else f"seed {self.seed}"
        quality = "" if self.output_format == "png" else f" {self.quality}"
        return f"flux-2-max  ·  {seed}  ·  {self.size[0]} x {self.size[1]}  ·  {self.output_format}{quality}"


def draw(picture: Picture) -> bytes:
    """Return the encoded picture: a landscape from its words and seed, with a caption that says what was asked."""
    scene = paint(picture.prompt, picture.seed, _canvas_of(picture))
    if scene.size != picture.size:
        scene = scene.resize(picture.size, Image.Resampling.BOX)
    write_caption(scene, picture.prompt, picture.details, [upright(content) for content in picture.references])
    return encode(scene, picture.output_format, picture.quality, WEBP_EFFORT if picture.smooth else 0)


def _canvas_of(picture: Picture) -> Size:
    width, height = picture.size
    if not picture.smooth:
        return max(1, width // COARSE), max(1, height // COARSE)
    scale = min(2.0, max(1.0, sqrt(CANVAS_PIXELS / (width * height))))
    return round(width * scale), round(height * scale)


def encode(image: Image.Image, output_format: str, quality: int, webp_effort: int = WEBP_EFFORT) -> bytes:
    """Return the bytes of an image as jpg, png or webp; with less effort, a webp is larger."""
    buffer = BytesIO()
    match output_format:
        case "jpg":
            image.save(buffer, "JPEG", quality=quality)
        case "webp":
            image.save(buffer, "WEBP", quality=quality, method=webp_effort)
        case _:
            image.save(buffer, "PNG", compress_level=4)
    return buffer.getvalue()
