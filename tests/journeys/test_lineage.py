"""For any sequence of actions, Apiframe gets exactly the options and references that the lineage requires."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import pytest

from standins.discord.client.modals import FieldValue
from standins.discord.client.options import OptionValue
from standins.discord.model.messages import Message
from tests.images import COLOURS, photo
from tests.stage import Stage

DIE, LARGER = "🎲", "⬆️"
SEVEN_TO_FIVE = {None: (1200, 864), "0.5": (848, 608), "1": (1200, 864), "4": (2048, 1456)}  # pixels by resolution
REFERENCES_MAX = 8

SEEDS = range(6)  # between them, they try each move


class Dice(Random):
    """The random source of a plan: the same seed makes the same plan."""

    def prompt(self) -> str:
        return "".join(self.choices("abcdefgh ijk", k=self.randint(1, 20))).strip() or "a"

    def colours(self) -> list[str]:
        return self.choices(COLOURS, k=self.randint(0, 3))

    def options(self) -> dict[str, Any]:
        """Return what somebody chooses beside the words; width and height stand in for a resolution."""
        some = self._some({"output_format": self.choice(["jpg", "png"]), "seed": self.randint(0, 99)})
        if self.random() < 0.5:
            return some | {"width": 512, "height": 768}
        shape = {"aspect_ratio": self.choice(["16:9", "7:5"]), "resolution": self.choice(["0.5", "1"])}
        return some | self._some(shape)

    def _some(self, options: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in options.items() if self.random() < 0.5}


@dataclass(frozen=True)
class Expected:
    """The expected lineage of one picture: `seed` is None if a new one is to be drawn."""

    prompt: str
    choices: dict[str, Any]
    seed: int | None
    references: tuple[bytes, ...]


@dataclass(frozen=True)
class Shown:
    """A picture in the channel, with its lineage."""

    message: Message
    made_of: Expected
    content: bytes


class Player:
    """Alice, who keeps track of her actions."""

    def __init__(self, stage: Stage, dice: Dice) -> None:
        self._stage = stage
        self._dice = dice
        self.shown: list[Shown] = []

    async def imagine(self) -> None:
        """Type the command with random choices."""
        prompt, chosen, images = self._dice.prompt(), self._dice.options(), self._dice.colours()
        options: dict[str, OptionValue] = {
            **chosen,
            **{f"image{n}": photo(f"{n}.png", colour) for n, colour in enumerate(images, start=1)},
        }
        references = tuple(photo(colour=colour).content for colour in images)
        choices_alone = {name: value for name, value in chosen.items() if name != "seed"}
        expected = Expected(prompt, choices_alone, chosen.get("seed"), references)
        await self._expect(expected, lambda: self._stage.imagine(prompt, **options))

    async def reroll(self) -> None:
        """Press the die, or react with it."""
        old = self._any()
        act = self._dice.choice([self._press(old, "Reroll"), lambda: self._react(old)])
        await self._expect(replace(old.made_of, seed=None), act)

    async def larger(self) -> None:
        """Ask for 4 MP, where there is less."""
        old = self._any()
        if all(button.get("emoji", {}).get("name") != LARGER for button in old.message.buttons):
            return
        enlarged = {name: value for name, value in old.made_of.choices.items() if name not in {"width", "height"}}
        if "width" in old.made_of.choices:
            enlarged["aspect_ratio"] = "2:3"
        expected = replace(old.made_of, choices=enlarged | {"resolution": "4"}, seed=self._seed_of(old))
        await self._expect(expected, self._press(old, LARGER))

    async def remix(self) -> None:
        """Change the words and add images, and leave the rest."""
        old, prompt, images = self._any(), self._dice.prompt(), self._dice.colours()
        images = images[: REFERENCES_MAX - len(old.made_of.references)]
        references = old.made_of.references + tuple(photo(colour=colour).content for colour in images)
        expected = replace(old.made_of, prompt=prompt, seed=self._seed_of(old), references=references)
        await self._expect(expected, lambda: self._fill_in(old, "Remix", prompt, images))

    async def edit(self) -> None:
        """Take the picture itself as the first reference."""
        old, prompt, images = self._any(), self._dice.prompt(), self._dice.colours()
        references = (old.content, *(photo(colour=colour).content for colour in images))
        expected = replace(old.made_of, prompt=prompt, seed=None, references=references)
        await self._expect(expected, lambda: self._fill_in(old, "Edit", prompt, images))

    async def _expect(self, expected: Expected, act: Callable[[], Awaitable[object]]) -> None:
        before = self._stage.pictures()
        seeds_before = {self._seed_of(shown) for shown in self.shown}
        await act()
        pictures = await self._stage.show_pictures(len(before) + 1)
        await self._stage.settled()
        [message] = [picture for picture in pictures if picture not in before]
        job, order = self._stage.jobs()[-1], self._stage.orders()[-1]
        sent = {name: value for name, value in order["fluxParams"].items() if name not in {"seed", "input_images"}}
        assert order["prompt"] == expected.prompt
        assert sent == as_documented(expected.choices)
        assert [reference.content for reference in job.references] == list(expected.references)
        seed = order["fluxParams"]["seed"]
        assert seed not in seeds_before if expected.seed is None else seed == expected.seed
        self.shown.append(Shown(message, expected, job.images[0].content))

    def _any(self) -> Shown:
        return self._dice.choice(self.shown)

    def _seed_of(self, shown: Shown) -> int:
        order = self._stage.orders()[self.shown.index(shown)]
        seed: int = order["fluxParams"]["seed"]
        return seed

    def _press(self, shown: Shown, button: str) -> Callable[[], Awaitable[object]]:
        return lambda: self._stage.alice.presses(shown.message, button)

    async def _react(self, shown: Shown) -> None:
        await self._stage.alice.unreacts(shown.message, "🔁")
        await self._stage.alice.reacts(shown.message, "🔁")

    async def _fill_in(self, shown: Shown, button: str, prompt: str, images: list[str]) -> None:
        form = await self._stage.alice.presses(shown.message, button)
        await form.answered()
        uploads = [photo(f"{n}.png", colour) for n, colour in enumerate(images)]
        question, *others = labels(form.modal)
        fields: dict[str, FieldValue] = {question: prompt}
        if uploads and "Reference images" in others:
            fields["Reference images"] = uploads
        await self._stage.alice.submits(form, fields)


def labels(modal: dict[str, Any] | None) -> list[str]:
    """Return the labels of a form."""
    return [component["label"] for component in (modal or {}).get("components", [])]


def as_documented(chosen: dict[str, Any]) -> dict[str, Any]:
    """Return choices as Apiframe's document spells them; a ratio that the model does not list is one in pixels."""
    if chosen.get("aspect_ratio") == "7:5":
        others = {name: value for name, value in chosen.items() if name not in {"aspect_ratio", "resolution"}}
        width, height = SEVEN_TO_FIVE[chosen.get("resolution")]
        return others | {"width": width, "height": height}
    return chosen | ({"resolution": f"{chosen['resolution']}MP"} if "resolution" in chosen else {})


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_order_is_what_its_lineage_says(stage: Stage, seed: int) -> None:
    """A reroll of a remix of an edit has exactly the choices and references, in order, that follow from them."""
    dice = Dice(seed)
    player = Player(stage, dice)
    moves = (player.imagine, player.reroll, player.larger, player.remix, player.edit)
    async with stage.running():
        await player.imagine()
        for move in dice.choices(moves, k=dice.randint(3, 6)):
            await move()
