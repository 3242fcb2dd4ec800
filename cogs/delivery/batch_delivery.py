"""The card that the pictures of a batch share: composed of all their rows at each change, so that nothing is lost."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import discord

from bot.generation.crash_points import BATCH_CRASH_POINTS, crash_point
from bot.generation.discord_port import BatchCards, Picture, PictureTooLarge, Posted
from bot.picture.generation import BatchPlace, Generation, State
from bot.picture.origin import Origin
from bot.picture.progress import Progress
from cogs.delivery.batch_messages import BatchMessages
from cogs.delivery.fair_shares import too_large
from cogs.shared.batch_buttons import batch_rows
from cogs.shared.marked_files import file_marker
from cogs.shared.messages import CardGone, OutgoingMessage
from cogs.shared.picture_message import picture_file
from cogs.ui.batch_cards import batch_card

Change = Callable[[Sequence[discord.Attachment]], OutgoingMessage]

_GATHER_SECONDS: Final = 0.3  # pictures of one command are often done together, and one edit can show them all


@dataclass(slots=True)
class _Arrival:
    """A picture that waits for its place on the card."""

    generation: Generation
    picture: Picture
    limit_bytes: int | None = None  # how large it may be, if it is too large beside the others
    posted: "asyncio.Future[Posted]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class BatchDelivery:
    """Changes shared cards, one change at a time; what a card shows already is read from Discord before each."""

    def __init__(self, messages: BatchMessages, cards: BatchCards) -> None:
        self._messages = messages
        self._cards = cards
        self._stages: dict[UUID, dict[UUID, Progress]] = defaultdict(dict)
        self._arrivals: dict[UUID, dict[UUID, _Arrival]] = defaultdict(dict)
        self._outdated: set[UUID] = set()

    def note_stage(self, batch: BatchPlace, picture_id: UUID, progress: Progress) -> None:
        """Remember how far a picture has come, for the next change of its card."""
        self._stages[batch.id][picture_id] = progress

    def stage_of(self, picture_id: UUID) -> Progress | None:
        """Return the stage that this process knows of a picture, or None."""
        return next((stages[picture_id] for stages in self._stages.values() if picture_id in stages), None)

    async def post(self, generation: Generation, batch: BatchPlace, picture: Picture) -> Posted:
        """Put a picture onto the card, with others that come at the same moment; raise `CardGone` without a card."""
        arrival = self._arrivals[batch.id][generation.id] = _Arrival(generation, picture)
        try:
            await asyncio.sleep(_GATHER_SECONDS)
            async with self._cards.holding(batch.id):
                if not arrival.posted.done():
                    await self._show_arrivals(batch.id)
        finally:
            self._forget(batch.id, generation.id)
        return await arrival.posted

    async def redraw(self, generation: Generation, batch: BatchPlace) -> None:
        """Show what has become of the batch by now; raise `CardGone` without a card."""
        self._outdated.add(batch.id)
        self._forget(batch.id, generation.id)
        async with self._cards.holding(batch.id):
            if batch.id not in self._outdated:  # another change has shown it
                return
            async with self._up_to_date(batch.id) as pictures:
                await self._change(generation, pictures, {})

    async def take_off(self, generation: Generation, batch: BatchPlace) -> None:
        """Show the batch without a picture, which is deleted; raise `CardGone` without a card."""
        async with self._cards.holding(batch.id):
            deleted = generation.model_copy(update={"deleted_at": datetime.now(UTC)})
            pictures = [deleted if each.id == generation.id else each for each in await self._cards.pictures(batch.id)]
            shown_in = {"card_id": generation.message_id}
            await self._messages.change_card(generation.model_copy(update=shown_in), self._composed(pictures, {}))

    async def show_progress(self, generation: Generation, batch: BatchPlace) -> bool:
        """Show how far the pictures have come, until the first is made; return whether there may be more to show."""
        async with self._cards.holding(batch.id):
            pictures = await self._cards.pictures(batch.id)
            if any(each.shown_key is not None for each in pictures) or _have_ended(pictures):
                return False
            card = batch_card(pictures, {}, self._stages.get(batch.id, {}), batch_rows(pictures, []))
            await self._messages.edit_card(generation, lambda: OutgoingMessage(card))
        return True

    async def _show_arrivals(self, batch_id: UUID) -> None:
        """Show every picture that waits, and tell each where it stands, or the error."""
        arrivals = dict(self._arrivals[batch_id])
        try:
            async with self._up_to_date(batch_id) as pictures:
                first = next(each for each in pictures if each.id in arrivals)  # its card may be another by now
                posted = await self._change(first, pictures, arrivals)
        except Exception as cause:  # noqa: BLE001  (whatever it is, each workflow gets it and tries again)
            for each in arrivals.values():
                each.posted.set_exception(cause)
        else:
            for each in arrivals.values():
                if each.limit_bytes is None:
                    each.posted.set_result(posted)
                else:
                    each.posted.set_exception(PictureTooLarge(each.limit_bytes))

    async def _change(
        self, generation: Generation, pictures: Sequence[Generation], arrivals: Mapping[UUID, _Arrival]
    ) -> Posted:
        change = self._composed(pictures, arrivals)
        crash_point(BATCH_CRASH_POINTS[0])
        try:
            posted = await self._messages.change_card(generation, change)
        except CardGone:
            posted = await self._replace(generation, pictures, change)
        crash_point(BATCH_CRASH_POINTS[1])
        return posted

    @asynccontextmanager
    async def _up_to_date(self, batch_id: UUID) -> AsyncIterator[Sequence[Generation]]:
        """Yield the pictures to show; the card is outdated again if one ends from now on, or if the block raises."""
        self._outdated.discard(batch_id)
        try:
            yield await self._cards.pictures(batch_id)
        except BaseException:
            self._outdated.add(batch_id)
            raise

    def _composed(self, pictures: Sequence[Generation], arrivals: Mapping[UUID, _Arrival]) -> Change:
        """Return what makes a card of these pictures, of which some arrive and others are attached to it already."""
        stages = self._stages.get(pictures[0].card_key, {})

        def change(attached: Sequence[discord.Attachment]) -> OutgoingMessage:
            kept = {each.id: file for each in pictures if (file := _file_of(each, attached)) is not None}
            fitting = _fitting(pictures, arrivals, kept)
            new = {each.id: picture_file(each, arrivals[each.id].picture) for each in pictures if each.id in fitting}
            names = {which: file.filename for which, file in (kept | new).items()}
            shown = [each for each in pictures if each.id in names]
            card = batch_card(pictures, names, stages, batch_rows(pictures, shown))
            return OutgoingMessage(card, list(new.values()), list(kept.values()))

        return change

    async def _replace(self, generation: Generation, pictures: Sequence[Generation], change: Change) -> Posted:
        """Make another message the card: one that has pictures of the batch already, or a new one.

        Pictures in a card that is out of reach stay there, or were deleted with it.
        """
        found = await self._messages.find_any(generation, {file_marker(each.id) for each in pictures})
        if found is None:
            found = await self._messages.post_in_channel(generation, lambda: change([]))
        else:
            changes = {"card_id": found.message_id, "origin": _without_answer(generation)}
            as_found = generation.model_copy(update=changes)
            found = await self._messages.change_card(as_found, change)
        await self._cards.adopt(generation.card_key, found.message_id)
        return found

    def _forget(self, batch_id: UUID, picture_id: UUID) -> None:
        for remembered in (self._arrivals, self._stages):
            remembered[batch_id].pop(picture_id, None)
            if not remembered[batch_id]:
                del remembered[batch_id]


def _fitting(
    pictures: Sequence[Generation], arrivals: Mapping[UUID, _Arrival], kept: Mapping[UUID, discord.Attachment]
) -> Collection[UUID]:
    """Return the pictures that arrive and fit beside the others, and tell the rest how large they may be."""
    new = {which: each.picture.size_bytes for which, each in arrivals.items() if which not in kept}
    waiting = sum(each.finished_at is None and each.id not in {*kept, *new} for each in pictures)
    limits = too_large(
        new,
        [file.size for file in kept.values()],
        places=len(pictures),
        waiting=waiting,
        upload_limit_bytes=pictures[0].origin.upload_limit_bytes,
    )
    for which in new:
        arrivals[which].limit_bytes = limits.get(which)
    return new.keys() - limits.keys()


def _file_of(picture: Generation, attached: Sequence[discord.Attachment]) -> discord.Attachment | None:
    """Return the file with a picture among those of its card, unless the picture was deleted."""
    if picture.deleted_at is not None:
        return None
    mark = file_marker(picture.id)
    return next((file for file in attached if mark in file.filename), None)


def _without_answer(generation: Generation) -> Origin:
    return generation.origin.model_copy(update={"answer": None})


def _have_ended(pictures: Sequence[Generation]) -> bool:
    return all(each.state in {State.DELIVERED, State.FAILED} for each in pictures)
