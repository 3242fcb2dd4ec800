"""Several pictures by one command: they share a card, and each is ordered, paid for and refunded by itself."""

from dataclasses import dataclass

from tests.faults.book.actions import arm, words
from tests.faults.book.book import Book, Outcome, Wish
from tests.faults.book.play import Play


@dataclass(frozen=True)
class ImagineSeveral:
    """Ask for several pictures of the same words; the first that Apiframe gets ends as `outcome` says."""

    member: int
    prompt: str
    count: int
    outcome: Outcome

    async def happens(self, play: Play, book: Book) -> Book:
        member, prompt = play.people[self.member], words(book, self.prompt)
        arm(play, self.outcome)
        await member.types("/imagine", play.channel, prompt=prompt, count=self.count)
        wish = Wish(member.id, prompt, book.chosen(member.id, {}))
        return book.ordered_together(wish, [self.outcome] + [Outcome.DRAWN] * (self.count - 1))
