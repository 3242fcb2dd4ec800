"""The member who makes mistakes with styles: each has its sentence, and nothing is saved."""

from typing import Any

import pytest

from standins.discord.client.options import OptionValue
from tests.images import photo
from tests.journeys.answers import private_answer
from tests.journeys.test_privacy import asks
from tests.journeys.test_styles import FRAME, makes, styles
from tests.stage import Stage

pytestmark = pytest.mark.shared_bot

COLOURS = ("blue", "red", "green", "black", "white", "yellow", "grey", "pink")


@pytest.mark.parametrize(
    ("command", "options", "words"),
    [
        ("create", {"name": "x", "image1": photo(), "notes": "n" * 101}, "A note can have up to 100 characters."),
        ("create", {"name": "x", "width": 512}, "A custom size needs both sides. Add `height`"),
        ("edit", {"style": "nora", "width": 512}, "A custom size needs both sides. Add `height`"),
        ("edit", {"style": "nora"}, "No change: the style `nora` is already like that."),
        ("edit", {"style": "nora", "frame": FRAME}, "No change: the style `nora` is already like that."),
        ("remove-image", {"style": "nora", "image": 5}, "The style `nora` has no image 5."),
        ("remove-image", {"style": "norah", "image": 1}, "The nearest names: `nora`. Nothing was changed."),
        ("edit", {"style": "norah"}, "The nearest names: `nora`. Nothing was changed."),
        ("delete", {"style": "norah"}, "The nearest names: `nora`. Nothing was changed."),
        ("edit", {"style": "norah", "server": True}, "Only moderators"),
        ("edit", {"style": "`"}, "There is no style `'` here. The nearest names: `nora`. Nothing was changed."),
        ("edit", {"style": "**"}, "There is no style `**` here. The nearest names: `nora`. Nothing was changed."),
        ("show", {"style": "no\x07ra`"}, "There is no style `nora'` here. The nearest names: `nora`."),
        ("show", {"style": "\u200b"}, "There is no style of that name here. The nearest names: `nora`."),
    ],
)
async def test_each_mistake_is_answered(
    stage: Stage, command: str, options: dict[str, OptionValue], words: str
) -> None:
    """Also one that Discord's own bounds let through; the style stays as it was."""
    async with stage.running():
        await makes(stage, stage.alice, frame=FRAME, image1=photo())
        before = (await asks(stage, stage.alice, "/style show", style="nora")).text
        answer = (await asks(stage, stage.alice, f"/style {command}", None, **options)).text
        assert words in answer
        assert "charged" not in answer
        assert (await asks(stage, stage.alice, "/style show", style="nora")).text == before
        assert styles(stage) == 1


async def test_control_characters_are_not_shown(stage: Stage) -> None:
    """Neither those of the frame nor those of a note; a note of nothing else is left out."""
    async with stage.running():
        notes = "\x1bfr\x07ont; \x07"
        saved = await makes(
            stage,
            stage.alice,
            frame="a\x07 b\x1b\n{prompt}",
            notes=notes,
            image1=photo(),
            image2=photo("b.png", "blue"),
        )
    assert "> a b \\{prompt\\}\n1. front\n2. no note" in saved.text


async def test_a_note_that_is_too_long_is_refused_in_the_form(stage: Stage) -> None:
    """Discord counts the characters of all notes together, and so lets it through."""
    async with stage.running():
        message = await stage.alice.sends(stage.channel, "look", attachments=[photo("a.png"), photo("b.png", "blue")])
        form = await stage.alice.uses(message, "Save as style")
        await form.answered()
        typed = {"Name": "two", "Notes": "n" * 101 + ";back"}
        answer = await private_answer(stage, await stage.alice.submits(form, typed))
        assert "A note can have up to 100 characters. Shorten it. Nothing was saved." in answer.text
        assert styles(stage) == 0


async def test_the_largest_style_fits_on_its_card(stage: Stage) -> None:
    """With all options and notes, a frame of characters that are escaped, and images that were lost."""
    images: dict[str, Any] = {f"image{number}": photo(f"{n}.png", n) for number, n in enumerate(COLOURS, 1)}
    options = {"aspect_ratio": "match_input_image", "resolution": "match_input_image", "output_format": "webp"}
    more = {"output_quality": 100, "seed": 2**32 - 1, "spoiler": True, "count": 4}
    name, notes = "*" * 32, ";".join(["*" * 100] * len(COLOURS))
    async with stage.running():
        await makes(stage, stage.alice, name, frame="*" * 1500 + "{prompt}", notes=notes, **images, **options, **more)
        for file in (stage.folder / "images").rglob("*.png"):
            file.unlink()
        await stage.alice.types("/style share", stage.channel, style=name)
        card = await stage.shows("a style that")
    assert card.text.count("can't be shown: remove it and add it again") == len(COLOURS)
