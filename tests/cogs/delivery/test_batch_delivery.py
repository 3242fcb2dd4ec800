"""A shared card ends with all that has become of its pictures, also if they end at the same time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import cast
from uuid import UUID

import discord
import pytest

from bot.errors import StorageUnavailable
from bot.generation.discord_port import Posted
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import BatchPlace, Generation, State
from cogs.delivery.batch_delivery import BatchDelivery
from cogs.delivery.batch_messages import BatchMessages
from cogs.shared.messages import OutgoingMessage
from tests.bot.storage.examples import NOON, bare
from tests.cogs.shown import texts_of

FAILED = {"state": State.FAILED, "failure": Failure(kind=FailureKind.CANCELLED), "finished_at": NOON, "credits": 0}


class Rows:
    """The rows of a batch of two, in memory."""

    def __init__(self) -> None:
        first = bare(State.QUEUED)
        places = [BatchPlace(id=first.id, place=place, size=2) for place in (1, 2)]
        self.batch = places[0]
        self.rows = [first, bare(State.QUEUED)]
        self.rows = [each.model_copy(update={"batch": place}) for each, place in zip(self.rows, places, strict=True)]
        self._turn = asyncio.Lock()

    def fail(self, number: int) -> Generation:
        self.rows[number] = self.rows[number].model_copy(update=FAILED)
        return self.rows[number]

    async def pictures(self, batch_id: UUID) -> Sequence[Generation]:  # noqa: ARG002
        return list(self.rows)

    async def adopt(self, batch_id: UUID, card_id: int) -> None:  # noqa: ARG002  (the protocol's names)
        raise AssertionError

    @asynccontextmanager
    async def holding(self, batch_id: UUID) -> AsyncIterator[None]:  # noqa: ARG002
        async with self._turn:
            yield


class SlowMessages:
    """A card that Discord takes long to edit; `shown` has its texts."""

    def __init__(self, *, first_fails: bool = False) -> None:
        self.began, self.may_end = asyncio.Event(), asyncio.Event()
        self.shown: list[str] = []
        self._first_fails = first_fails

    async def change_card(
        self, _: Generation, change: Callable[[Sequence[discord.Attachment]], OutgoingMessage]
    ) -> Posted:
        text = "\n".join(texts_of(change([]).card))
        self.began.set()
        await self.may_end.wait()
        if self._first_fails:
            self._first_fails = False
            raise StorageUnavailable("not now")
        self.shown.append(text)
        return Posted(1, 2)


@pytest.mark.parametrize("first_fails", [False, True])
async def test_a_picture_that_ends_during_a_change_is_shown_by_the_next(first_fails: bool) -> None:
    """Also if the change under way fails; and a picture that an earlier change has shown takes no edit of its own."""
    rows, messages = Rows(), SlowMessages(first_fails=first_fails)
    delivery = BatchDelivery(cast("BatchMessages", messages), rows)
    first = asyncio.create_task(delivery.redraw(rows.fail(0), rows.batch))
    await messages.began.wait()
    second = asyncio.create_task(delivery.redraw(rows.fail(1), rows.batch))
    third = asyncio.create_task(delivery.redraw(rows.rows[1], rows.batch))
    await asyncio.sleep(0)
    messages.may_end.set()
    await asyncio.wait({first, second, third})
    assert "Picture 1:" in messages.shown[-1]
    assert "Picture 2:" in messages.shown[-1]
    assert len(messages.shown) == (1 if first_fails else 2)
    assert (first.exception() is not None) is first_fails
