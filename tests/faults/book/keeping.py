"""Actions on finished pictures, time that passes, and the end of the process."""

from dataclasses import dataclass, replace
from typing import Any

from standins.discord.client.options import OptionValue
from standins.discord.client.person import Person
from standins.discord.model.messages import Message
from tests.faults.book.actions import STYLE, Action, one_of
from tests.faults.book.book import Book, Look, Place, Showing
from tests.faults.book.play import Play, Restart
from tests.faults.machine import SLOW
from tests.images import photo
from tests.journeys.answers import MORE, labels_of, private_answer
from tests.stage import QUICK

MODERATOR = 2
STYLE_IMAGES_MAX = 3  # so that there is room for a picture's own
TOKEN_OVER_SECONDS = 20 * 60.0


@dataclass(frozen=True)
class Pressing:
    """A button that is pressed until it has done its work, also where the process ends after the first press."""

    dies_after: int | None  # exchanges with the platforms

    async def insist(self, play: Play, member: Person, message: Message, button: str, done: str) -> None:
        await member.presses(message, button)
        if self.dies_after is not None:
            await play.bot.exchanges.come(self.dies_after)
            await play.bot.restarts(Restart.KILLED)
            if done not in message.text:
                await member.presses(message, button)
        await play.until(lambda: done in message.text)


@dataclass(frozen=True)
class Publish(Pressing):
    """Show a private picture to everybody."""

    member: int
    which: int

    async def happens(self, play: Play, book: Book) -> Book:
        member = play.people[self.member]
        targets = book.targets(member.id, Place.PRIVATE)
        if not targets:
            return book
        target = one_of(targets, self.which)
        await self.insist(play, member, play.message(target.message), "Publish", "everyone can see it")
        return book.published(target.picture)


@dataclass(frozen=True)
class Keep:
    """Keep a picture as a favourite, also if the process ends after the first press, and perhaps not any longer."""

    dies_after: int | None
    member: int
    which: int
    not_for_long: bool

    async def happens(self, play: Play, book: Book) -> Book:
        member = play.people[self.member]
        targets = book.targets(member.id)
        if not targets:
            return book
        target = one_of(targets, self.which)
        more = await play.answer(member, play.message(target.message), MORE)
        if self.dies_after is not None:
            await member.presses(more, "Favourite")
            await play.bot.exchanges.come(self.dies_after)
            await play.bot.restarts(Restart.KILLED)
        answer = await play.answer(member, more, "Favourite")
        kept = book.keeps(member.id, target.picture)
        if not self.not_for_long:
            return kept
        await member.presses(answer, "Remove from favourites")
        await play.until(lambda: "Removed from your favourites" in answer.text)
        return kept.keeps_no_longer(member.id, target.picture)


@dataclass(frozen=True)
class Delete(Pressing):
    """Delete a picture: its member, or a moderator where it's public."""

    which: int
    by_moderator: bool
    of_repeated: bool  # one that an undo showed again, if there is any

    async def happens(self, play: Play, book: Book) -> Book:
        choices = [(member, each) for member in play.people for each in book.targets(member.id)]
        allowed = [(member, each) for member, each in choices if self._may(play, book, member, each)]
        if not allowed:
            return book
        repeated = {each.picture for each in book.showings if each.is_repeat}
        again = [each for each in allowed if each[1].picture in repeated]
        member, target = one_of(again if self.of_repeated and again else allowed, self.which)
        menu = await play.answer(member, play.message(target.message), MORE)
        await self.insist(play, member, await play.answer(member, menu, "Delete"), "Delete", "Deleted.")
        return book.deleted(target.picture)

    def _may(self, play: Play, book: Book, member: Person, target: Showing) -> bool:
        if self.by_moderator:
            return member is play.people[MODERATOR] and target.place is Place.CHANNEL
        return book.pictures[target.picture].wish.member == member.id


@dataclass(frozen=True)
class ChangeStyle:
    """Give a member's style other words and one more image; without words, delete it. The first time makes it."""

    member: int
    frame: str
    colour: str

    async def happens(self, play: Play, book: Book) -> Book:
        member = play.people[self.member]
        known = book.looks.get(member.id)
        if not self.frame:
            return book if known is None else await self._delete(play, book, member)
        image = photo(f"{self.colour}.png", self.colour)
        if known is None:
            await self._type(play, member, "/style create", name=STYLE, frame=self.frame, image1=image)
            return book.with_look(member.id, Look(self.frame, (image.content,)))
        await self._type(play, member, "/style edit", style=STYLE, frame=self.frame)
        if len(known.references) == STYLE_IMAGES_MAX:
            return book.with_look(member.id, replace(known, frame=self.frame))
        await self._type(play, member, "/style add-image", style=STYLE, image=image)
        return book.with_look(member.id, Look(self.frame, (*known.references, image.content)))

    async def _type(self, play: Play, member: Person, command: str, **options: OptionValue) -> Message:
        return await private_answer(play.bot.machine.stage, await member.types(command, play.channel, **options))

    async def _delete(self, play: Play, book: Book, member: Person) -> Book:
        question = await self._type(play, member, "/style delete", style=STYLE)
        await member.presses(question, "Delete")
        await play.until(lambda: "Deleted." in question.text)
        return book.with_look(member.id, None)


@dataclass(frozen=True)
class ChangeDefaults:
    """Change some of a member's own defaults; without choices, reset them all."""

    member: int
    choices: dict[str, Any]

    async def happens(self, play: Play, book: Book) -> Book:
        member = play.people[self.member]
        card = await private_answer(play.bot.machine.stage, await member.types("/defaults", play.channel))
        if not self.choices:
            if "Reset all" in labels_of(card):
                await (await member.presses(card, "Reset all")).answered()
            return book.with_defaults(member.id, {})
        form = await member.presses(card, "Change shape and file")
        await form.answered()
        fields = {DEFAULTS[name]: str(value) for name, value in self.choices.items()}
        await (await member.submits(form, fields)).answered()
        return book.with_defaults(member.id, {**book.defaults.get(member.id, {}), **self.choices})


DEFAULTS = {
    "aspect_ratio": "Shape",
    "resolution": "Resolution",
    "output_format": "File format",
    "output_quality": "Quality",
}


@dataclass(frozen=True)
class ChangeShowcase:
    """A moderator names the showcase, or without stars closes it."""

    stars: int | None

    async def happens(self, play: Play, book: Book) -> Book:
        channel: dict[str, OptionValue] = {}
        if self.stars is not None:
            channel = {"channel": play.showcase, "stars": self.stars}
        asked = await play.people[MODERATOR].types("/limits showcase", play.channel, **channel)
        await private_answer(play.bot.machine.stage, asked)
        return replace(book, stars=self.stars)


@dataclass(frozen=True)
class RemoveMessage:
    """Delete one of the bot's messages by Discord's own menu, as moderators can."""

    which: int

    async def happens(self, play: Play, book: Book) -> Book:
        moderator = play.people[MODERATOR]
        targets = book.targets(moderator.id, Place.CHANNEL)
        if not targets:
            return book
        message = play.message(one_of(targets, self.which).message)
        await moderator.deletes(message)
        return book.removed(message.id)


@dataclass(frozen=True)
class TimePasses:
    """Hours or days go by with nothing to do."""

    seconds: float

    async def happens(self, play: Play, book: Book) -> Book:
        play.bot.machine.stage.clock.wind(self.seconds)
        return book


@dataclass(frozen=True)
class Restarts:
    """The operator restarts the bot, or it is killed, with nothing to do."""

    how: Restart

    async def happens(self, play: Play, book: Book) -> Book:
        await play.bot.restarts(self.how)
        return book


@dataclass(frozen=True)
class Interrupted:
    """Something is under way when the process ends, when much time goes by, or both.

    `after` is how many exchanges with the platforms come first.
    """

    action: Action
    after: int
    how: Restart
    is_late: bool

    async def happens(self, play: Play, book: Book) -> Book:
        """Do it; a request without an answer may be lost with the process."""
        stage = play.bot.machine.stage
        is_quick = not self.is_late and self.after % 2
        stage.apiframe.pace = QUICK if is_quick else SLOW
        cards, orders = play.records().cards(), len(play.records().jobs)
        wanted = await self.action.happens(play, book)
        await play.bot.exchanges.come(self.after)
        promised = self._is_promised(play, cards, orders)
        if self.how is not Restart.NONE:
            await play.bot.restarts(self.how)
            promised = self._is_promised(play, cards, orders)
        stage.clock.wind(TOKEN_OVER_SECONDS if self.is_late else SLOW.drawing)
        stage.apiframe.pace = QUICK
        if wanted is book:
            return book
        possible = self._possible(book, wanted, promised=promised)
        if self.how is Restart.STOPPED:
            possible = [each.says(None, "I'm restarting", surely=False) for each in possible]
        settled = await play.settles(*possible)
        stage.apiframe.faults.disarm()  # of a request that was lost
        return settled

    def _is_promised(self, play: Play, cards: frozenset[int], orders: int) -> bool:
        """Return True if there is an order, or a card that a member saw."""
        records = play.records()
        return len(records.jobs) > orders or bool(records.cards() - cards)

    def _possible(self, book: Book, wanted: Book, *, promised: bool) -> list[Book]:
        possible = [] if promised else [book]
        latest = wanted.pictures[-1] if len(wanted.pictures) > len(book.pictures) else None
        has_token = latest is not None and latest.wish.has_token
        if not (has_token and self.is_late and promised):
            possible.append(wanted)
        if has_token and (self.is_late or not promised):
            possible.append(wanted.latest_posted_anew())
        if latest is not None and latest.wish.has_uploads and not promised:
            possible.append(wanted.latest_interrupted())
        return possible
