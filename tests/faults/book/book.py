"""The book: the results of every action, noted without the bot, by rules that a member could check by hand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """The end of a request; the value of a failure is in the text of its card."""

    DRAWN = "drawn"
    REFUSED = "refused this prompt"
    FAILED = "couldn't make this picture"
    INTERRUPTED = "was interrupted"
    REJECTED = "moderator rejected this request"


class Place(StrEnum):
    """The place of a message, by the people who see it."""

    CHANNEL = "in the channel"
    PRIVATE = "privately"
    DIRECT = "in direct messages"


@dataclass(frozen=True)
class Look:
    """A style as it is at one moment: the words around a prompt, and its images."""

    frame: str
    references: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Wish:
    """A member's request; `seed` is None for one that no picture had before.

    `parent` is the number of the picture that it's made from, and `parent_message` where that is linked to.
    """

    member: int
    prompt: str
    choices: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    references: tuple[bytes, ...] = ()
    private: bool = False
    spoiler: bool = False
    relation: str = ""
    parent: int | None = None
    parent_message: int | None = None
    reply_to: int | None = None
    has_token: bool = False  # it came by an interaction, by whose token the bot answers
    has_uploads: bool = False
    look: Look | None = None

    @property
    def ordered_prompt(self) -> str:
        return self.prompt if self.look is None else self.look.frame.replace("{prompt}", self.prompt)

    @property
    def ordered_references(self) -> tuple[bytes, ...]:
        return self.references if self.look is None else self.references + self.look.references


@dataclass(frozen=True)
class Picture:
    """A request and its result; seed, bytes and price are Apiframe's decision, and are learnt from its records."""

    wish: Wish
    outcome: Outcome = Outcome.DRAWN
    seed: int | None = None
    content: bytes = b""
    cost: int = 0
    home: int | None = None  # the message in which it stood first
    is_private: bool = False
    is_deleted: bool = False

    @property
    def is_ordered(self) -> bool:
        return self.outcome not in {Outcome.INTERRUPTED, Outcome.REJECTED}

    @property
    def is_drawn(self) -> bool:
        return self.outcome is Outcome.DRAWN


@dataclass(frozen=True)
class Showing:
    """A message that shows a picture, or the reason why there is none."""

    picture: int
    place: Place
    reply_to: int | None
    message: int | None = None
    is_repeat: bool = False  # it shows a picture that stands elsewhere too


@dataclass(frozen=True)
class Said:
    """A sentence of the bot's that goes by itself after a while."""

    reply_to: int | None  # None for a reply to anything
    words: str


@dataclass(frozen=True)
class Batch:
    """The pictures of one command, which share a card: the numbers from `start` up to `stop`."""

    start: int
    stop: int


@dataclass(frozen=True)
class Book:
    """All that happened so far."""

    pictures: tuple[Picture, ...] = ()
    showings: tuple[Showing, ...] = ()
    said: tuple[Said, ...] = ()
    looks: Mapping[int, Look] = field(default_factory=dict)  # by member
    must_say: Said | None = None  # by the latest action; earlier sentences may be gone
    favourites: frozenset[tuple[int, int]] = frozenset()  # members, and the numbers of their pictures
    defaults: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)  # own ones, by member
    stars: int | None = None  # that the showcase asks for; None while there is none
    showcase: frozenset[int] = frozenset()  # the numbers of the pictures in it
    withdrawn: frozenset[int] = frozenset()  # those that were in it, and never will be again
    batches: tuple[Batch, ...] = ()

    def ordered(self, wish: Wish, outcome: Outcome = Outcome.DRAWN) -> "Book":
        """Add a request: one order, and one message in the place of the request."""
        picture = Picture(wish, outcome, seed=wish.seed, is_private=wish.private)
        place = Place.PRIVATE if wish.private else Place.CHANNEL
        showing = Showing(len(self.pictures), place, wish.reply_to)
        return replace(self, pictures=(*self.pictures, picture), showings=(*self.showings, showing))

    def ordered_together(self, wish: Wish, outcomes: Sequence[Outcome]) -> "Book":
        """Add a request for several pictures: an order for each, and one message for all."""
        start, stop = len(self.pictures), len(self.pictures) + len(outcomes)
        pictures = (*self.pictures, *(Picture(wish, each) for each in outcomes))
        return replace(self, pictures=pictures, batches=(*self.batches, Batch(start, stop)))

    def is_shared(self, prompt: str) -> bool:
        """Return True if several pictures of this prompt share a card."""
        return any(self.pictures[each.start].wish.prompt == prompt for each in self.batches)

    def latest_posted_anew(self) -> "Book":
        """Say that the right to answer the latest request is over: the channel gets a message, or its member does."""
        *others, latest = self.showings
        place = Place.DIRECT if latest.place is Place.PRIVATE else latest.place
        return replace(self, showings=(*others, replace(latest, place=place, reply_to=None)))

    def latest_interrupted(self) -> "Book":
        """Say that the latest request was never begun, and that its card says so."""
        *others, latest = self.pictures
        return replace(self, pictures=(*others, replace(latest, outcome=Outcome.INTERRUPTED)))

    def latest_rejected(self) -> "Book":
        """Say that a moderator rejected the latest request before it was ordered."""
        *others, latest = self.pictures
        return replace(self, pictures=(*others, replace(latest, outcome=Outcome.REJECTED)))

    def with_look(self, member: int, look: Look | None) -> "Book":
        """A member's style changes, or with None it's deleted; pictures keep what they were made with."""
        others = {who: known for who, known in self.looks.items() if who != member}
        return replace(self, looks=others if look is None else others | {member: look})

    def shown_again(self, number: int, reply_to: int) -> "Book":
        """Add one more message that shows a picture."""
        return replace(self, showings=(*self.showings, Showing(number, Place.CHANNEL, reply_to, is_repeat=True)))

    def published(self, number: int) -> "Book":
        """A private picture is everybody's: its private card is a link from then on."""
        others = tuple(each for each in self.showings if each.picture != number)
        picture = replace(self.pictures[number], is_private=False, home=None)
        return self._with(number, picture, (*others, Showing(number, Place.CHANNEL, None)))

    def deleted(self, number: int) -> "Book":
        """A picture is gone wherever it stood; no bot can delete a private message."""
        left = tuple(each for each in self.showings if each.picture != number or each.place is Place.PRIVATE)
        return self._with(number, replace(self.pictures[number], is_deleted=True), left)._withdrawn(number)

    def removed(self, message: int) -> "Book":
        """Somebody deletes one message in Discord: others stay, and with a picture's first the showcase's goes."""
        left = replace(self, showings=tuple(each for each in self.showings if each.message != message))
        first = [number for number, picture in enumerate(self.pictures) if picture.home == message]
        return left._withdrawn(*first)

    def _withdrawn(self, *numbers: int) -> "Book":
        gone = self.showcase & set(numbers)
        return replace(self, showcase=self.showcase - gone, withdrawn=self.withdrawn | gone)

    def with_defaults(self, member: int, choices: Mapping[str, Any]) -> "Book":
        """A member has other defaults, or none."""
        return replace(self, defaults={**self.defaults, member: choices})

    def chosen(self, member: int, typed: Mapping[str, Any]) -> dict[str, Any]:
        """Return typed choices over a member's defaults; a size displaces shape and resolution, and PNG the quality."""
        displaced = {"aspect_ratio", "resolution"} if "width" in typed else set()
        if typed.get("output_format") == "png":
            displaced |= {"output_quality"}
        defaults = {name: value for name, value in self.defaults.get(member, {}).items() if name not in displaced}
        return {**defaults, **typed}

    def keeps(self, member: int, number: int) -> "Book":
        """A member keeps a picture, which may be the star that brings it into the showcase."""
        if (member, number) in self.favourites:
            return self
        kept = replace(self, favourites=self.favourites | {(member, number)})
        picture = self.pictures[number]
        others = sum(each == number and who != picture.wish.member for who, each in kept.favourites)
        is_due = self.stars is not None and others >= self.stars and not picture.is_private
        return replace(kept, showcase=self.showcase | {number}) if is_due and number not in self.withdrawn else kept

    def keeps_no_longer(self, member: int, number: int) -> "Book":
        """A member doesn't keep a picture any more."""
        return replace(self, favourites=self.favourites - {(member, number)})

    def kept(self, member: int) -> int:
        """Return how many pictures a member keeps that are still there and that they may see."""
        kept = [self.pictures[number] for who, number in self.favourites if who == member]
        return sum(not each.is_deleted and (each.wish.member == member or not each.is_private) for each in kept)

    def says(self, reply_to: int | None, words: str, *, surely: bool = True) -> "Book":
        """The bot explains something in a reply; if not `surely`, it may."""
        said = Said(reply_to, words)
        return replace(self, said=(*self.said, said), must_say=said if surely else self.must_say)

    def _with(self, number: int, picture: Picture, showings: tuple[Showing, ...]) -> "Book":
        pictures = (*self.pictures[:number], picture, *self.pictures[number + 1 :])
        return replace(self, pictures=pictures, showings=showings)

    def child(self, member: int, number: int, relation: str, reply_to: int, *, has_token: bool = True) -> Wish:
        """Return the wish for the same picture again, with the same seed, by a member's press on a message."""
        parent = self.pictures[number]
        hidden = parent.is_private or self._is_sent_directly(number)
        return replace(
            parent.wish,
            member=member,
            seed=parent.seed,
            private=parent.is_private,
            relation=relation,
            parent=number,
            parent_message=None if hidden else parent.home,
            reply_to=reply_to,
            has_token=has_token,
            has_uploads=False,
        )

    def edited(self, again: Wish, prompt: str, images: tuple[bytes, ...]) -> Wish:
        """Return the wish for a picture with its parent as the first reference, and with a new seed."""
        content = self.pictures[again.parent or 0].content
        return replace(
            again, prompt=prompt, seed=None, references=(content, *images), has_uploads=bool(images), look=None
        )

    def before(self, number: int) -> int | str:
        """Return the picture that an undo below another shows, or the words that say why there is none."""
        parent = self.pictures[number].wish.parent
        if parent is None:
            return "This is the first picture"
        while parent is not None and not self.pictures[parent].is_drawn:
            parent = self.pictures[parent].wish.parent
        if parent is None or self.pictures[parent].is_deleted:
            return "It may have been deleted"
        if self.pictures[parent].is_private:
            return "is private"
        return parent

    def targets(self, member: int, place: Place | None = None) -> list[Showing]:
        """Return the messages with pictures that a member can act on, in one place or in all of a server."""
        return [each for each in self.showings if self._is_target(each, member, place) and self._drawn(each)]

    def failures(self, member: int) -> list[Showing]:
        """Return the messages that say why there is no picture, on which a member can act."""
        return [each for each in self.showings if self._is_target(each, member, None) and not self._drawn(each)]

    def _is_target(self, showing: Showing, member: int, place: Place | None) -> bool:
        picture = self.pictures[showing.picture]
        is_seen = showing.place is Place.CHANNEL or (showing.place is Place.PRIVATE and picture.wish.member == member)
        return is_seen and not picture.is_deleted and place in {None, showing.place}

    def _drawn(self, showing: Showing) -> bool:
        return self.pictures[showing.picture].is_drawn

    def _is_sent_directly(self, number: int) -> bool:
        return any(each.picture == number and each.place is Place.DIRECT for each in self.showings)

    def orders(self) -> Iterator[Picture]:
        """Yield the pictures that Apiframe must have been asked for, oldest first."""
        return (picture for picture in self.pictures if picture.is_ordered)

    def spent(self, member: int) -> tuple[int, int]:
        """Return how many pictures count for a member, and their credits: a failed one is refunded."""
        counted = [each for each in self.pictures if each.wish.member == member and each.is_drawn]
        return len(counted), sum(each.cost for each in counted)
