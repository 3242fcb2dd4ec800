"""Requests that wait for a moderator before they are posted or ordered."""

from dataclasses import dataclass, replace

from standins.discord.client.options import OptionValue
from standins.discord.client.person import Person
from standins.discord.model.messages import Message
from tests.faults.book.actions import Imagine
from tests.faults.book.book import Book, Outcome
from tests.faults.book.keeping import MODERATOR
from tests.faults.book.play import Play, Restart
from tests.journeys.answers import labels_of, private_answer

_BUTTONS = ["Approve", "Reject…", "Reject and block…"]


@dataclass(frozen=True)
class Reviewed:
    """A member's request is reviewed, also if the process ends while it waits, and soon after the decision.

    A prompt may be rejected; a picture is always approved, so that the book needs no word for one that was made only.
    """

    asked: Imagine
    of_prompt: bool
    is_rejected: bool
    waits_through: Restart
    dies_after: int | None  # exchanges with the platforms since the decision

    async def happens(self, play: Play, book: Book) -> Book:
        moderator = play.people[MODERATOR]
        await self._type(play, moderator, "on", channel=play.reviews, what="prompt" if self.of_prompt else "picture")
        after = await replace(self.asked, outcome=Outcome.DRAWN).happens(play, book)
        card = await self._card(play)
        await play.bot.restarts(self.waits_through)
        is_rejected = self.of_prompt and self.is_rejected
        await self._decide(moderator, card, is_rejected=is_rejected)
        if self.dies_after is not None:
            await play.bot.exchanges.come(self.dies_after)
            await play.bot.restarts(Restart.KILLED)
            if labels_of(card) == _BUTTONS and await self._waiting(play, moderator):
                await self._decide(moderator, card, is_rejected=is_rejected)
        await play.until(lambda: ("Rejected" if is_rejected else "Approved") in card.text)
        await self._type(play, moderator, "off")
        return after.latest_rejected() if is_rejected else after

    async def _type(self, play: Play, moderator: Person, command: str, **options: OptionValue) -> Message:
        asked = await moderator.types(f"/review {command}", play.channel, **options)
        return await private_answer(play.bot.machine.stage, asked)

    async def _waiting(self, play: Play, moderator: Person) -> bool:
        """Return True if the decision was lost with the process."""
        return "1 request waits for a moderator." in (await self._type(play, moderator, "show")).text

    async def _card(self, play: Play) -> Message:
        def waiting() -> list[Message]:
            return [each for each in play.reviews.messages.values() if labels_of(each) == _BUTTONS]

        await play.until(waiting)
        [card] = waiting()
        return card

    async def _decide(self, moderator: Person, card: Message, *, is_rejected: bool) -> None:
        if not is_rejected:
            await moderator.presses(card, "Approve")
            return
        form = await moderator.presses(card, "Reject…")
        await form.answered()
        await moderator.submits(form, {"Reason": "no"})
