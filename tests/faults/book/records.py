"""The stand-ins' own records, compared with a book."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from standins.apiframe.jobs import Job, Status
from standins.discord.components import walk
from standins.discord.model.messages import Message
from standins.discord.model.users import User
from tests.faults.book.book import Book, Outcome, Picture, Place, Showing
from tests.faults.book.shared_cards import differing_cards
from tests.faults.soak.fault_schedule import is_progress
from tests.journeys.test_lineage import as_documented
from tests.stage import has_picture, is_private

_MARK_CHARACTERS = 12  # of an order's key, in the names of its files
_LINEAGE = re.compile(r"(Reroll|Remix|Edit|Larger version|Retry)(?: of \[this \w+\]\(\S+/(\d+)\))?")
_COST = re.compile(r" · (\d+) credits?")
_MEMBER = re.compile(r"<@(\d+)>")
_STYLE_SAVED = "**Saved.**"
_ONCE = "I only say this once"  # in hints, which have the colour of progress
_REASONS = tuple(each for each in Outcome if each is not Outcome.DRAWN)


@dataclass(frozen=True)
class Records:
    """The orders of a round in their order, the bot's messages, those of the showcase apart, and Apiframe's charges."""

    jobs: Sequence[Job]
    messages: Sequence[Message]
    showcase: Sequence[Message]
    charged: int
    bot: User

    def differences(self, book: Book) -> list[str]:
        """Return what differs between the records and a book, a line each."""
        orders = list(book.orders())
        if len(orders) != len(self.jobs):
            return [f"{len(orders)} orders are in the book, and {len(self.jobs)} at Apiframe"]
        found = [line for order, job in zip(orders, self.jobs, strict=True) for line in self._order(order, job)]
        kept = sum(job.cost for order, job in zip(orders, self.jobs, strict=True) if order.is_drawn)
        if self.charged != kept:
            found.append(f"Apiframe keeps {self.charged} credits instead of {kept}")
        cards = differing_cards(book, self.messages, self.jobs)
        return [*found, *self._messages(book), *cards, *self._showcase(book)]

    def learnt(self, book: Book) -> Book:
        """Return a book that agrees, completed with decisions of Apiframe and Discord: seeds, bytes, prices and ids."""
        jobs = iter(self.jobs)
        pictures = [_with_job(each, next(jobs)) if each.is_ordered else each for each in book.pictures]
        numbers = self._lines_seen(book)
        showings = [
            replace(each, message=each.message or numbers[_line(book, each, self.jobs)]) for each in book.showings
        ]
        for each in showings:
            if not each.is_repeat and pictures[each.picture].home is None:
                pictures[each.picture] = replace(pictures[each.picture], home=each.message)
        return replace(book, pictures=tuple(pictures), showings=tuple(showings), must_say=None)

    def cards(self) -> frozenset[int]:
        """Return the ids of all messages that promise or show a picture, or say why there is none."""
        return frozenset(each.id for each in self.messages if _is_card(each))

    def _order(self, picture: Picture, job: Job) -> Iterator[str]:
        wish, received = picture.wish, _received(job)
        params = dict(received["fluxParams"])
        seed = params.pop("seed")
        params.pop("input_images", None)
        wanted = (wish.ordered_prompt, as_documented(dict(wish.choices)), [*wish.ordered_references])
        got = (received["prompt"], params, [each.content for each in job.references])
        if wanted != got:
            yield f"order {self.jobs.index(job)}: {_brief(wanted)} is in the book, and Apiframe got {_brief(got)}"
        earlier = {_received(each)["fluxParams"]["seed"] for each in self.jobs[: self.jobs.index(job)]}
        if seed in earlier if wish.seed is None else seed != wish.seed:
            yield f"order {self.jobs.index(job)}: the seed is {seed}, and should be {wish.seed or 'a new one'}"
        status = Status.COMPLETED if picture.is_drawn else Status.FAILED
        if job.status is not status:
            yield f"order {self.jobs.index(job)} is {job.status}, not {status}"

    def _messages(self, book: Book) -> Iterator[str]:
        seen = Counter(line for line, _ in self._seen(book))
        wanted = Counter(_line(book, each, self.jobs) for each in book.showings)
        yield from (f"there is no message: {line}" for line in (wanted - seen).elements())
        yield from (f"there should be no message: {line}" for line in (seen - wanted).elements())
        yield from self._sentences(book)

    def _sentences(self, book: Book) -> Iterator[str]:
        sentences = [each for each in self.messages if not _is_card(each) and not is_private(each)]
        for message in sentences:
            allowed = [each for each in book.said if each.reply_to in {None, message.referenced_id}]
            if not any(each.words in message.text for each in allowed):
                yield f"there should be no sentence: {message.text!r} to {message.referenced_id}"
        due = book.must_say
        if due and not any(due.words in each.text and due.reply_to == each.referenced_id for each in sentences):
            yield f"nobody said: {due.words!r} to {due.reply_to}"

    def _showcase(self, book: Book) -> Iterator[str]:
        seen = Counter(map(self._picture_in, self.showcase))
        wanted = Counter(f"picture of order {_order_of(book, number)}" for number in book.showcase)
        yield from (f"the showcase lacks {line}" for line in (wanted - seen).elements())
        yield from (f"the showcase should not have {line}" for line in (seen - wanted).elements())

    def _lines_seen(self, book: Book) -> dict[str, int]:
        taken = {each.message for each in book.showings}
        return {line: message.id for line, message in self._seen(book) if message.id not in taken}

    def _seen(self, book: Book) -> Iterator[tuple[str, Message]]:
        for message in self.messages:
            if book.is_shared(_prompt_in(message.text)):
                continue
            if _is_card(message) and not (is_private(message) and _is_under_way(message)):
                yield self._seen_line(message), message

    def _seen_line(self, message: Message) -> str:
        text = message.text
        member = _MEMBER.search(text)
        what = self._picture_in(message) if has_picture(message) else _reason_in(text) or "still under way"
        lineage = _LINEAGE.search(text) if has_picture(message) else None
        cost = _COST.search(text)
        return _words(
            what,
            _prompt_in(text),
            int(member[1]) if member else 0,
            _place_of(message),
            message.referenced_id,
            (lineage[1], int(lineage[2] or 0)) if lineage else ("", 0),
            int(cost[1]) if cost else 0,
            spoiler=_is_covered(message),
            dice="🎲" in message.reactions and self.bot in message.reactions["🎲"].users,
        )

    def _picture_in(self, message: Message) -> str:
        [file] = message.attachments
        for number, job in enumerate(self.jobs):
            mark = (job.idempotency_key or "?").replace("-", "")[:_MARK_CHARACTERS]
            if mark in file.file.filename:
                as_drawn = job.images and file.read() == job.images[0].content
                return f"picture of order {number}" if as_drawn else f"other bytes than those of order {number}"
        return f"a picture of no order: {file.file.filename}"


def _received(job: Job) -> dict[str, Any]:
    return dict(job.received)


def _with_job(picture: Picture, job: Job) -> Picture:
    flux = job.order.flux_params
    content = job.images[0].content if job.images else b""
    return replace(picture, seed=flux.seed, content=content, cost=job.cost if picture.is_drawn else 0)


def _order_of(book: Book, number: int) -> int:
    return sum(each.is_ordered for each in book.pictures[:number])


def _line(book: Book, showing: Showing, jobs: Sequence[Job]) -> str:
    """Return the line of a message that a book asks for."""
    picture = book.pictures[showing.picture]
    wish, order = picture.wish, _order_of(book, showing.picture)
    is_drawn = picture.is_drawn
    return _words(
        f"picture of order {order}" if is_drawn else picture.outcome.value,
        wish.prompt,
        wish.member,
        showing.place,
        showing.reply_to,
        (wish.relation, wish.parent_message or 0) if is_drawn else ("", 0),
        jobs[order].cost if is_drawn else 0,
        spoiler=is_drawn and wish.spoiler,
        dice=is_drawn and showing.place is Place.CHANNEL and not showing.is_repeat,
    )


def _words(
    what: str,
    prompt: str,
    member: int,
    place: Place,
    reply_to: int | None,
    lineage: tuple[str, int],
    cost: int,
    *,
    spoiler: bool,
    dice: bool,
) -> str:
    relation = f", {lineage[0]} of {lineage[1] or 'nothing to link to'}" if lineage[0] else ""
    look = f"{', covered' if spoiler else ''}{', with dice' if dice else ''}"
    return f"{what}, {prompt!r} for {member}, {place}, reply to {reply_to}{relation}, {cost} credits{look}"


def _is_card(message: Message) -> bool:
    if _STYLE_SAVED in message.text:  # with the images of the style
        return False
    return has_picture(message) or _is_under_way(message) or _reason_in(message.text) is not None


def _is_under_way(message: Message) -> bool:
    return is_progress(message.draft) and _ONCE not in message.text


def _reason_in(text: str) -> str | None:
    return next((reason.value for reason in _REASONS if reason.value in text), None)


def _prompt_in(text: str) -> str:
    return text.split("**")[1] if text.count("**") > 1 else ""


def _place_of(message: Message) -> Place:
    if message.channel.guild is None:
        return Place.DIRECT
    return Place.PRIVATE if is_private(message) else Place.CHANNEL


def _is_covered(message: Message) -> bool:
    return any(item.get("spoiler") for part in walk(message.components) for item in part.get("items", []))


def _brief(order: tuple[object, object, list[bytes]]) -> str:
    prompt, params, references = order
    return f"{prompt!r} {params} with references {[hash(each) % 10_000 for each in references]}"
