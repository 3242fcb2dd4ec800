"""The cards that several pictures share, compared with a book."""

from collections.abc import Iterator, Sequence

from standins.apiframe.jobs import Job
from standins.discord.model.messages import Message
from tests.faults.book.book import Batch, Book


def differing_cards(book: Book, messages: Sequence[Message], jobs: Sequence[Job]) -> Iterator[str]:
    """Yield a line for each batch that is not in one message with every picture once, each failure, and one price."""
    for batch in book.batches:
        prompt = book.pictures[batch.start].wish.prompt
        cards = [each for each in messages if f"**{prompt}**" in each.text]
        if len(cards) != 1:
            yield f"{len(cards)} messages have the pictures of {prompt!r}"
            continue
        yield from _differences(book, batch, cards[0], jobs)


def _differences(book: Book, batch: Batch, card: Message, jobs: Sequence[Job]) -> Iterator[str]:
    pictures = book.pictures[batch.start : batch.stop]
    first = sum(each.is_ordered for each in book.pictures[: batch.start])
    ordered = list(zip(pictures, jobs[first:], strict=False))
    drawn = [job for picture, job in ordered if picture.is_drawn]
    wanted = sorted(job.images[0].content for job in drawn if job.images)
    shown = sorted(file.read() for file in card.attachments)
    if shown != wanted:
        yield f"the card of {batch} has {len(shown)} pictures, which are not the {len(wanted)} drawn ones"
    if f"{len(drawn)} of {len(pictures)}" not in card.text:
        yield f"the card of {batch} does not say {len(drawn)} of {len(pictures)}: {card.text!r}"
    reasons = sum(picture.outcome.value in card.text for picture in pictures if not picture.is_drawn)
    if card.text.count("\nPicture ") != reasons or reasons != len(pictures) - len(drawn):
        yield f"the card of {batch} has not each reason once: {card.text!r}"
    cost = sum(job.cost for job in drawn)
    if f" · {cost} credit" not in card.text:
        yield f"the card of {batch} does not say {cost} credits: {card.text!r}"
