"""At the terminal, one plays on from a picture with the real bot: by buttons, forms and the emoji below it."""

import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from rich.console import Console

from playground.terminal.options import UsageError, parse
from playground.terminal.session import RefusedError, Session
from standins.discord.client.client import UnusableError
from standins.discord.rules.command_rules import SLASH
from tests.stage import Stage

Draw = Callable[..., AsyncIterator[Path]]


@pytest.fixture
def screen() -> io.StringIO:
    """The printed output."""
    return io.StringIO()


@pytest.fixture
async def draw(stage: Stage, tmp_path: Path, screen: io.StringIO) -> AsyncIterator[Draw]:
    """Type `/imagine` with words of a command line, while the bot runs."""
    async with stage.running():

        def draw(*words: str) -> AsyncIterator[Path]:
            command = stage.discord.world.commands.usable("imagine", SLASH, stage.guild.id)
            assert command is not None
            typed = parse(command.registered, [*words, "--out", str(tmp_path / "pictures")])
            session = Session(Console(file=screen), stage.discord.world, stage.channel, stage.alice)
            return session.draw(command.registered, typed)

        yield draw


async def test_each_play_goes_on_from_the_latest_picture(stage: Stage, draw: Draw, screen: io.StringIO) -> None:
    """Every picture is saved; each has the options of the last one, with the changes of the action."""
    plays = ("reroll", "react", "larger", "remix:at night", "edit:in snow")
    words = [part for play in plays for part in ("--then", play)]
    paths = [path async for path in draw("a red boat", "--resolution", "1 MP", *words)]
    assert len(set(paths)) == 6
    assert all(path.stat().st_size for path in paths)
    asked = [(order["prompt"], order["fluxParams"]["resolution"]) for order in stage.orders()]
    boat = "a red boat"
    assert asked == [*[(boat, "1MP")] * 3, (boat, "4MP"), ("at night", "4MP"), ("in snow", "4MP")]
    seeds = [order["fluxParams"]["seed"] for order in stage.orders()]
    assert seeds[2] == seeds[3] == seeds[4]
    assert len(stage.orders()[-1]["fluxParams"]["input_images"]) == 1
    deeds = [line for line in screen.getvalue().splitlines() if line.startswith("alice: ")]
    assert deeds == [
        "alice: /imagine prompt: a red boat resolution: 1 MP",
        "alice: presses Reroll",
        "alice: reacts 🎲",
        "alice: presses ⬆️",
        "alice: presses Remix What to draw: at night",
        "alice: presses Edit What should change?: in snow",
    ]


async def test_a_button_behind_more_is_found_there(stage: Stage, draw: Draw) -> None:
    """Buttons that don't fit below a picture are one press further, and the terminal presses it."""
    paths = [path async for path in draw("a red boat", "--then", "reference:its captain")]
    assert len(set(paths)) == 2
    assert [order["prompt"] for order in stage.orders()] == ["a red boat", "its captain"]
    assert len(stage.orders()[1]["fluxParams"]["input_images"]) == 1


async def test_a_picture_is_kept_and_played_on_from(stage: Stage, draw: Draw, screen: io.StringIO) -> None:
    """The terminal shows the bot's private answer, and the next action applies to the same picture."""
    paths = [path async for path in draw("a red boat", "--then", "favourite", "--then", "reroll")]
    assert len(paths) == len(set(paths)) == 2
    assert "alice: presses Favourite" in screen.getvalue()
    assert "Added to your favourites" in screen.getvalue()
    assert len(stage.orders()) == 2


async def test_a_reply_edits_and_undo_shows_the_picture_before(stage: Stage, draw: Draw) -> None:
    """Talking to a picture is played as members do it: each reply is to the latest picture."""
    plays = ("reply:at night", "reply:undo", "reply:in snow")
    words = [part for play in plays for part in ("--then", play)]
    paths = [path async for path in draw("a red boat", *words)]
    assert len(paths) == 4
    assert paths[2].read_bytes() == paths[0].read_bytes()
    assert [order["prompt"] for order in stage.orders()] == ["a red boat", "at night", "in snow"]


async def test_comparing_shows_the_words_and_plays_on_from_the_picture(
    stage: Stage, draw: Draw, screen: io.StringIO
) -> None:
    """Nothing is drawn by it, and no picture is saved twice."""
    words = ("--then", "edit:a blue boat", "--then", "compare", "--then", "reroll")
    paths = [path async for path in draw("a red boat", *words)]
    assert len(paths) == len(set(paths)) == len(stage.orders()) == 3
    assert "Before and after" in screen.getvalue()


async def test_several_pictures_are_all_saved(stage: Stage, draw: Draw) -> None:
    """Those of `--count`, of its reroll, and of choices that are agreed to, each once their card is complete."""
    paths = [path async for path in draw("a red boat", "--count", "3", "--then", "reroll-all")]
    assert len(set(paths)) == 6
    paths = [path async for path in draw("{red|blue} boat", "--then", "agree")]
    assert len(set(paths)) == 2
    assert all(path.stat().st_size for path in paths)
    assert len(stage.orders()) == 8


async def test_one_of_several_pictures_is_chosen_by_its_number(stage: Stage, draw: Draw, screen: io.StringIO) -> None:
    """Without a number it is the first; there is no fourth of three."""
    plays = ("agree", "favourite", "favourite 2", "edit 3:at night", "react")
    words = [part for play in plays for part in ("--then", play)]
    paths = [path async for path in draw("{red|blue|green} boat", *words)]
    assert len(set(paths)) == 5
    assert screen.getvalue().count("Added to your favourites") == 2
    assert "[menu] Choose a picture…" in screen.getvalue()
    assert drawn_from(stage, "at night") == ["green boat"] * 2
    for play, words_drawn in (("reply 2:in snow", "in snow"), ("reply:edit 2: in rain", "in rain")):
        assert len([path async for path in draw("{red|blue} boat", "--then", "agree", "--then", play)]) == 3
        assert drawn_from(stage, words_drawn) == ["blue boat"]
    assert len([path async for path in draw("{red|blue} boat", "--then", "agree", "--then", "react 2")]) == 3
    assert [order["prompt"] for order in stage.orders()][-1] == "blue boat"
    with pytest.raises(UnusableError, match="no picture 3, only 2"):
        [path async for path in draw("a boat", "--count", "2", "--then", "favourite 3")]


def drawn_from(stage: Stage, prompt: str) -> list[str]:
    """Return the prompts of the pictures that the orders with a prompt have as their only reference."""
    prompts = {job.images[0].content: order["prompt"] for order, job in zip(stage.orders(), stage.jobs(), strict=True)}
    with_prompt = [job for order, job in zip(stage.orders(), stage.jobs(), strict=True) if order["prompt"] == prompt]
    return [prompts[reference.content] for job in with_prompt for reference in job.references]


async def test_what_is_not_offered_cannot_be_played(draw: Draw) -> None:
    """A prompt that the model refuses cannot be rerolled, and what there is instead is named."""
    with pytest.raises(UnusableError, match="no button 'Reroll', only"):
        await anext(draw("a boat full of contraband", "--then", "reroll"))


async def test_a_form_takes_no_more_words_than_it_has_room_for(draw: Draw) -> None:
    """The first picture is saved, and the sentence says what was too long."""
    paths = draw("a red boat", "--then", f"remix:{'x' * 2001}")
    assert (await anext(paths)).exists()
    with pytest.raises(UsageError, match="--then, What to draw: the text must have 1 to 2000 characters, not 2001"):
        await anext(paths)


async def test_a_play_that_is_refused_is_the_last_word(stage: Stage, draw: Draw, screen: io.StringIO) -> None:
    """The private sentence is shown, and the picture before it stays saved."""
    paths = draw("a red boat", "--then", "reroll")
    assert (await anext(paths)).exists()
    stage.guild.restrict_command("imagine", {stage.guild.everyone: False})
    with pytest.raises(RefusedError):
        await anext(paths)
    assert "imagine (only you see this): /imagine is turned off for you in this channel" in screen.getvalue()
