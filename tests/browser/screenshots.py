"""Makes the pictures of the documents, one of them moving, in docs/images: `python -m tests.browser.screenshots`."""

import io
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser import moving_picture
from tests.browser.opening import found_chromium, open_browser, open_playground
from tests.browser.visitor import Visitor

_IMAGES = Path(__file__).parents[2] / "docs" / "images"
_LARGEST_BYTES = 300_000
_QUALITIES = (90, 80, 70, 60, 50)

Scene = Callable[[Visitor], None]


def the_curtain(visitor: Visitor) -> None:
    """Show an unfinished picture and the control panel."""
    visitor.draws_the_curtain()
    visitor.makes_pictures_take(15)
    visitor.imagines("a lighthouse at night", aspect_ratio="3:2", seed="7")
    visitor.sees(re.compile(r"Drawing [3-9]\d"))


def limits(visitor: Visitor) -> None:
    """Show what a moderator sees of the limits."""
    visitor.becomes("max")
    visitor.types("limits everyone", images_per_hour="3", images_per_day="20")
    expect(visitor.messages).to_have_count(1)
    visitor.types("limits show")
    expect(visitor.messages).to_have_count(2)


def on_a_phone(visitor: Visitor) -> None:
    """Show a picture as it looks in a hand, in the dark."""
    visitor.imagines("a red boat at dawn", aspect_ratio="1:1")
    visitor.sees_pictures(1)


def several(visitor: Visitor) -> None:
    """Show the card of four pictures from a prompt with choices."""
    visitor.imagines("a {red|blue|green|yellow} boat at dawn", aspect_ratio="1:1")
    visitor.presses("Make 4 pictures")
    visitor.sees("4 of 4")


def history(visitor: Visitor) -> None:
    """Show a page of somebody's pictures."""
    for count, prompt in enumerate(("a red boat at dawn", "a lighthouse in a storm", "a harbour in snow"), start=1):
        visitor.imagines(prompt, aspect_ratio="1:1")
        visitor.sees_pictures(count)
    visitor.types("history")
    visitor.sees("Your pictures here")


def showcase(visitor: Visitor) -> None:
    """Show a picture that somebody kept, in the channel for such pictures."""
    visitor.becomes("max")
    visitor.types("limits showcase", channel="#lounge", stars="1")
    visitor.sees("Saved")
    visitor.becomes("rosa")
    visitor.imagines("a lighthouse in a storm", aspect_ratio="1:1")
    picture = visitor.sees_pictures(1)
    visitor.becomes("alice")
    visitor.reacts(picture, "⭐")
    visitor.goes_to("lounge")
    visitor.sees_pictures(1)


_DESK = {"viewport": {"width": 1120, "height": 760}, "color_scheme": "dark"}
_FILM = {"viewport": {"width": 900, "height": 680}, "color_scheme": "dark"}
_HAND = {"viewport": {"width": 390, "height": 800}, "color_scheme": "dark"}
SCENES: Mapping[str, tuple[Scene, Mapping[str, object]]] = {
    "curtain": (the_curtain, _DESK | {"color_scheme": "light"}),
    "limits": (limits, _DESK),
    "phone": (on_a_phone, _HAND),
    "several": (several, _HAND | {"viewport": {"width": 390, "height": 878}}),
    "history": (history, _HAND),
    "showcase": (showcase, _HAND),
}


def main() -> int:
    """Make every picture, each in a playground of its own; return the exit code."""
    chromium = found_chromium()
    if chromium is None:
        sys.stderr.write("There is no Chromium on this machine: install it first.\n")
        return 1
    with open_browser(chromium) as browser:
        for written in _written(browser):
            sys.stdout.write(f"{written} {written.stat().st_size // 1000} kB\n")
    return 0


def _written(browser: Browser) -> Iterator[Path]:
    for name, (scene, looks) in SCENES.items():
        with _visit(browser, {**looks, "device_scale_factor": 2}) as visitor:
            scene(visitor)
            visitor.page.wait_for_timeout(500)  # until arrived content is painted
            shot = visitor.page.screenshot()
        yield _write(_IMAGES / f"{name}.webp", shot)
    with _visit(browser, _FILM) as visitor:
        frames = moving_picture.film(visitor)
    yield moving_picture.write(_IMAGES / "demo.webp", frames)


@contextmanager
def _visit(browser: Browser, looks: Mapping[str, object]) -> Iterator[Visitor]:
    """Open a playground with a visitor in it."""
    with tempfile.TemporaryDirectory() as folder, open_playground(Path(folder)) as address:
        context = browser.new_context(**{**looks, "reduced_motion": "reduce"})  # type: ignore[arg-type]  # Playwright's own options
        page = context.new_page()
        page.goto(address)
        yield Visitor(page)
        context.close()


def _write(path: Path, shot: bytes) -> Path:
    """Write a screenshot as WebP, in the best quality that keeps it small."""
    with Image.open(io.BytesIO(shot)) as image:
        for quality in _QUALITIES:
            encoded = io.BytesIO()
            image.save(encoded, "WEBP", quality=quality, method=6)
            if encoded.tell() <= _LARGEST_BYTES:
                break
    path.write_bytes(encoded.getvalue())
    return path


if __name__ == "__main__":
    sys.exit(main())
