"""Requests for pictures: each action is played on the stage, and added to the book."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import gcd
from typing import Any, Protocol, TypeVar

from standins.apiframe.faults import Fault, Kind
from standins.discord.client.modals import FieldValue
from standins.discord.client.options import OptionValue
from standins.discord.client.person import Person
from standins.discord.model.interactions import Interaction
from standins.discord.model.messages import Message
from tests.faults.book.book import Book, Outcome, Place, Showing, Wish
from tests.faults.book.play import Play
from tests.images import photo
from tests.journeys.answers import MORE
from tests.journeys.test_lineage import labels

T = TypeVar("T")

LARGER = "⬆️"
STYLE = "look"
REFERENCES_MAX = 8
NEEDS_OTHER_WORDS = {Outcome.REFUSED, Outcome.REJECTED}
KINDS = {Outcome.REFUSED: Kind.POLICY, Outcome.FAILED: Kind.MODEL_FAILURE}


class Action(Protocol):
    """Something that somebody does; a new one needs a class with this method, and its place in `STEPS`."""

    async def happens(self, play: Play, book: Book) -> Book:
        """Do it, and return the book as it must be once everything has settled; the same one if it can't be done."""


def one_of(things: Sequence[T], which: int) -> T:
    """Return the latest of some things for 0, the one before it for 1, and so on."""
    return things[-1 - which % len(things)]


def arm(play: Play, outcome: Outcome) -> None:
    """Make Apiframe's next job end like this."""
    if outcome in KINDS:
        play.bot.machine.stage.apiframe.faults.arm(Fault(KINDS[outcome]))


def photos(colours: Sequence[str]) -> tuple[bytes, ...]:
    return tuple(photo(colour=colour).content for colour in colours)


def words(book: Book, prompt: str) -> str:
    """Return a prompt that no other picture has."""
    return f"{prompt} {len(book.pictures)}"


class Door(StrEnum):
    """How somebody asks for a new picture."""

    COMMAND = "command"
    MENTION = "mention"


@dataclass(frozen=True)
class Imagine:
    """Ask for a new picture, by the command or by a message that names the bot, which takes no choices."""

    member: int
    door: Door
    prompt: str
    choices: dict[str, Any]
    seed: int | None
    colours: tuple[str, ...]
    private: bool
    spoiler: bool
    outcome: Outcome
    styled: bool = False  # in the member's style, if they have one

    async def happens(self, play: Play, book: Book) -> Book:
        member, prompt = play.people[self.member], words(book, self.prompt)
        arm(play, self.outcome)
        look = book.looks.get(member.id) if self.styled else None
        images, is_typed = photos(self.colours), self.door is Door.COMMAND
        choices = book.chosen(member.id, self.choices if is_typed else {})
        wish = Wish(member.id, prompt, choices, references=images, has_uploads=bool(images), look=look)
        if self.door is Door.MENTION:
            asked = await self._mention(play, member, prompt if look is None else f"{prompt} style: {STYLE}")
            return book.ordered(replace(wish, reply_to=asked.id), self.outcome)
        await self._type(play, member, prompt, {} if look is None else {"style": STYLE})
        wish = replace(wish, seed=self.seed, private=self.private, spoiler=self.spoiler, has_token=True)
        return book.ordered(wish, self.outcome)

    async def _mention(self, play: Play, member: Person, prompt: str) -> Message:
        name = f"<@{play.bot.machine.stage.discord.application_id}>"
        images = [photo(f"{number}.png", colour) for number, colour in enumerate(self.colours)]
        return await member.sends(play.channel, f"{name} {prompt}", attachments=images)

    async def _type(self, play: Play, member: Person, prompt: str, style: Mapping[str, OptionValue]) -> None:
        options: dict[str, OptionValue] = {
            **self.choices,
            **style,
            **({} if self.seed is None else {"seed": self.seed}),
            **{f"image{n}": photo(f"{n}.png", colour) for n, colour in enumerate(self.colours, start=1)},
        }
        await member.types(
            "/imagine", play.channel, prompt=prompt, private=self.private, spoiler=self.spoiler, **options
        )


@dataclass(frozen=True)
class Reroll:
    """Make a picture again with a new seed, by its button or by a reaction."""

    member: int
    which: int
    by_reaction: bool
    outcome: Outcome

    async def happens(self, play: Play, book: Book) -> Book:
        member = play.people[self.member]
        targets = book.targets(member.id, Place.CHANNEL if self.by_reaction else None)
        if not targets:
            return book
        target = one_of(targets, self.which)
        arm(play, self.outcome)
        message = play.message(target.message)
        if self.by_reaction:
            await self._react(member, message)
        else:
            await member.presses(message, "Reroll")
        wish = book.child(member.id, target.picture, "Reroll", message.id, has_token=not self.by_reaction)
        return book.ordered(replace(wish, seed=None), self.outcome)

    async def _react(self, member: Person, message: Message) -> None:
        emoji = message.reactions.get("🔁")
        if emoji is not None and member.user in emoji.users:
            await member.unreacts(message, "🔁")
        await member.reacts(message, "🔁")


@dataclass(frozen=True)
class Larger:
    """Make a picture again with the same seed at 4 MP, where there is less."""

    member: int
    which: int

    async def happens(self, play: Play, book: Book) -> Book:
        member = play.people[self.member]
        targets = [
            each
            for each in book.targets(member.id)
            if book.pictures[each.picture].wish.choices.get("resolution") != "4"
        ]
        if not targets:
            return book
        target = one_of(targets, self.which)
        message = play.message(target.message)
        if target.place is Place.PRIVATE:
            message = await play.answer(member, message, MORE)
        await member.presses(message, LARGER)
        wish = book.child(member.id, target.picture, "Larger version", message.id)
        return book.ordered(replace(wish, choices=enlarged(wish.choices)))


def enlarged(choices: Mapping[str, Any]) -> dict[str, Any]:
    """Return choices at 4 MP; a size in pixels keeps its shape."""
    kept = {name: value for name, value in choices.items() if name not in {"width", "height"}}
    if "width" in choices:
        width, height = choices["width"], choices["height"]
        kept["aspect_ratio"] = f"{width // gcd(width, height)}:{height // gcd(width, height)}"
    return kept | {"resolution": "4"}


@dataclass(frozen=True)
class Remix:
    """Change the words of a picture, and add images."""

    member: int
    which: int
    prompt: str
    colours: tuple[str, ...]
    outcome: Outcome

    async def happens(self, play: Play, book: Book) -> Book:
        member, prompt = play.people[self.member], words(book, self.prompt)
        targets = book.targets(member.id)
        if not targets:
            return book
        target = one_of(targets, self.which)
        message = play.message(target.message)
        wish = book.child(member.id, target.picture, "Remix", message.id)
        colours = self.colours[: REFERENCES_MAX - len(wish.ordered_references)]
        arm(play, self.outcome)
        await fill_in(member, await member.presses(message, "Remix"), prompt, colours)
        references = wish.references + photos(colours)
        return book.ordered(replace(wish, prompt=prompt, references=references), self.outcome)


async def fill_in(member: Person, form: Interaction, prompt: str, colours: Sequence[str] = ()) -> None:
    """Send a form off with other words, and with images."""
    await form.answered()
    question, *_ = labels(form.modal)
    fields: dict[str, FieldValue] = {question: prompt}
    if colours:
        fields["Reference images"] = [photo(f"{n}.png", colour) for n, colour in enumerate(colours)]
    await member.submits(form, fields)


@dataclass(frozen=True)
class Edit:
    """Make a picture with another as its first reference, by a button or by a reply to it."""

    member: int
    which: int
    prompt: str
    colours: tuple[str, ...]
    door: str
    outcome: Outcome

    async def happens(self, play: Play, book: Book) -> Book:
        member, prompt = play.people[self.member], words(book, self.prompt)
        is_reply = self.door not in EDIT_BUTTONS
        targets = book.targets(member.id, Place.CHANNEL if is_reply else None)
        if not targets:
            return book
        target = one_of(targets, self.which)
        message = play.message(target.message)
        arm(play, self.outcome)
        if is_reply:
            return await self._reply_to(play, book, target, message)
        if self.door == "Use as reference":
            message = await play.answer(member, message, MORE)
        await fill_in(member, await member.presses(message, self.door), prompt, self.colours)
        again = book.child(member.id, target.picture, "Edit", message.id)
        return book.ordered(book.edited(again, prompt, photos(self.colours)), self.outcome)

    async def _reply_to(self, play: Play, book: Book, target: Showing, message: Message) -> Book:
        member, prompt = play.people[self.member], words(book, self.prompt)
        text = self.door.format(name=f"<@{play.bot.machine.stage.discord.application_id}>", words=prompt)
        images = [photo(f"{number}.png", colour) for number, colour in enumerate(self.colours)]
        reply = await member.sends(play.channel, text, reply_to=message, attachments=images)
        again = book.child(member.id, target.picture, "Edit", message.id, has_token=False)
        after = book.ordered(book.edited(again, prompt, photos(self.colours)), self.outcome)
        return after.says(reply.id, "I only say this once", surely=False)


EDIT_BUTTONS = ("Edit", "Use as reference")
EDIT_DOORS = (*EDIT_BUTTONS, "edit: {words}", "{name} {words}")


@dataclass(frozen=True)
class Undo:
    """Reply "undo" to show the picture before an edit again; `of_edit` prefers pictures with one before them."""

    member: int
    which: int
    of_edit: bool

    async def happens(self, play: Play, book: Book) -> Book:
        member = play.people[self.member]
        targets = book.targets(member.id, Place.CHANNEL)
        if not targets:
            return book
        edits = [each for each in targets if book.pictures[each.picture].wish.parent is not None]
        targets = edits if self.of_edit and edits else targets
        target = one_of(targets, self.which)
        reply = await member.sends(play.channel, "undo", reply_to=play.message(target.message))
        before = book.before(target.picture)
        return book.says(reply.id, before) if isinstance(before, str) else book.shown_again(before, reply.id)


@dataclass(frozen=True)
class TryAgain:
    """Press the button on a failure: the same again, or for its author after a refusal, with other words."""

    member: int
    which: int
    prompt: str
    outcome: Outcome

    async def happens(self, play: Play, book: Book) -> Book:
        member = play.people[self.member]
        targets = [each for each in book.failures(member.id) if self._may(book, each, member)]
        if not targets:
            return book
        target = one_of(targets, self.which)
        arm(play, self.outcome)
        message = play.message(target.message)
        wish = book.child(member.id, target.picture, "Retry", message.id)
        if book.pictures[target.picture].outcome in NEEDS_OTHER_WORDS:
            wish = replace(wish, prompt=words(book, self.prompt))
            await fill_in(member, await member.presses(message, "Edit the prompt"), wish.prompt)
        else:
            await member.presses(message, "Try again")
        return book.ordered(wish, self.outcome)

    def _may(self, book: Book, target: Showing, member: Person) -> bool:
        failed = book.pictures[target.picture]
        return failed.outcome not in NEEDS_OTHER_WORDS or failed.wish.member == member.id
