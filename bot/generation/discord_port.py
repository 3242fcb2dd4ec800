"""The protocols through which services use Discord; `cogs` implements them, and constructors hand them over."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from bot.alerts.alerts import AlertSender
from bot.limits.budgets import BudgetListener
from bot.limits.moderation import RuleListener
from bot.limits.weekly_summary import WeeklySummary
from bot.picture.decision import Decision, Review
from bot.picture.failure import Failure
from bot.picture.formats import ImageFormat
from bot.picture.generation import Generation
from bot.picture.progress import Progress
from bot.picture.repost import Repost


@dataclass(frozen=True, slots=True)
class Picture:
    """An image file ready to be posted; `refitted` says that it is not the original, which was too large."""

    path: Path
    format: ImageFormat
    width: int  # pixels
    height: int  # pixels
    size_bytes: int
    refitted: bool


@dataclass(frozen=True, slots=True)
class Posted:
    """The place of a posted message."""

    channel_id: int
    message_id: int


class PictureTooLarge(Exception):
    """Say that Discord does not take a file of this size; `limit_bytes` is the largest that it takes, if known."""

    def __init__(self, limit_bytes: int | None = None) -> None:
        super().__init__(limit_bytes)
        self.limit_bytes = limit_bytes


class NowhereToPost(Exception):
    """Say that the channel is gone or closed to the bot, and the person cannot be reached either."""


class DeliveryUnavailable(Exception):
    """Say that Discord cannot take anything now, and may later."""


class MessageOutOfReach(Exception):
    """Say that Discord does not let a message be deleted, which may change with the bot's permissions."""


class Delivery(Protocol):
    """Shows a generation's progress and end to the people in its channel."""

    async def find_card(self, generation: Generation) -> int | None:
        """Return the id of a card that a process left behind before it could note it; None if there is none to be had.

        Who is answered by a reply gets a card now if there was none.
        """

    async def find_file(self, generation: Generation) -> str | None:
        """Return a link to the posted picture's file; None if there is none to be had. Raises `DeliveryUnavailable`."""

    def show(self, generation: Generation, progress: Progress) -> None:
        """Show a stage on the card, at a limited rate and at best effort; return at once."""

    async def post(self, generation: Generation, picture: Picture, *, seen_before: bool) -> Posted:
        """Put the picture into the channel, or send it to the person, exactly once, and return where it stands.

        `seen_before` says that an earlier try may have got through. Raises `PictureTooLarge`, `NowhereToPost` or
        `DeliveryUnavailable`.
        """

    async def await_review(self, generation: Generation, *, seen_before: bool) -> Posted | None:
        """Show that a moderator decides; return the place of a new message if the card is out of reach.

        `seen_before` says that an earlier try may have got through. Raises `DeliveryUnavailable`.
        """

    async def invite(self, generation: Generation) -> None:
        """Put the reaction below a posted picture that makes another one; at best effort."""

    async def explain(self, generation: Generation, failure: Failure, *, seen_before: bool = False) -> None:
        """Put the reason in the card's place, where people can still be reached.

        `seen_before` says that an earlier try may have got through. Raises `DeliveryUnavailable`.
        """


class BatchCards(Protocol):
    """The pictures of which a shared card is composed, and the right to change it."""

    async def pictures(self, batch_id: UUID) -> Sequence[Generation]:
        """Return the pictures of a batch as they are now, in their order."""

    async def adopt(self, batch_id: UUID, card_id: int) -> None:
        """Note that a batch has another card from now on, in the same channel."""

    def holding(self, batch_id: UUID) -> AbstractAsyncContextManager[None]:
        """Wait until nobody else, in any process, changes the card, and keep others waiting until the block ends."""


class MessageDeleter(Protocol):
    """Deletes the bot's messages."""

    async def delete_messages(self, generation: Generation, reposts: Sequence[Repost]) -> None:
        """Delete the messages that show a picture, the first and its reposts.

        Raises `MessageOutOfReach` or `DeliveryUnavailable`.
        """


class ShowcasePoster(Protocol):
    """Shows pictures in the showcase of their server; everything raises `DeliveryUnavailable` for later."""

    async def check(self, generation: Generation, channel_id: int) -> None:
        """Raise `NowhereToPost` if not everybody may see the picture there, or its channel isn't known."""

    async def show(self, generation: Generation, picture: Picture, channel_id: int) -> Posted:
        """Post the picture and return its place; raise `NowhereToPost` or `PictureTooLarge`."""

    async def find(self, generation_id: UUID, channel_id: int, since: datetime) -> Posted | None:
        """Return the message that shows a picture since a moment, or None if there is none to be seen."""

    async def remove(self, posted: Posted) -> None:
        """Delete a message, if it is there; raise `MessageOutOfReach` if Discord doesn't let the bot."""


class SummaryPoster(Protocol):
    """Posts weekly summaries in audit log channels; everything raises `DeliveryUnavailable` for later."""

    async def names(self, server_key: str, user_ids: Collection[int]) -> Mapping[int, str]:
        """Return what members are called in a server, without those who have left."""

    async def is_posted(self, channel_id: int, week: date, since: datetime) -> bool:
        """Return True if the bot's summary of a week is seen in a channel among the messages since a moment."""

    async def post(self, server_key: str, channel_id: int, summary: WeeklySummary, chart: bytes | None) -> None:
        """Post a summary with its chart, or without it where no files may be posted; raise `NowhereToPost`."""


class ReviewPoster(Protocol):
    """Posts and changes the messages in which moderators decide; everything raises `DeliveryUnavailable` for later."""

    async def show(self, generation: Generation, review: Review, picture: Picture | None) -> Posted:
        """Post the picture, or None for a prompt, with the buttons; raise `NowhereToPost` or `PictureTooLarge`."""

    async def find(self, review: Review) -> Posted | None:
        """Return the message of a review that an earlier try posted, or None if there is none to be seen."""

    async def can_be_decided(self, review: Review, posted: Posted) -> bool:
        """Return False if a message was deleted, or has no buttons, as after the restore of an old backup."""

    async def settle(self, generation: Generation, review: Review, posted: Posted) -> None:
        """Show the decision in a message, without buttons, if the message is there and may be changed."""

    async def remove(self, posted: Posted) -> None:
        """Delete a message, if it is there; raise `MessageOutOfReach` if Discord doesn't let the bot."""


class ReviewListener(Protocol):
    """Gets what happens to reviews without a moderator, and returns at once."""

    def review_channel_closed(self, server_key: str, channel_id: int) -> None:
        """Take note of a review channel that takes no messages."""

    def review_ended(self, generation: Generation, decision: Decision) -> None:
        """Take note of a deadline that decided."""


@dataclass(frozen=True, slots=True)
class DiscordPort:
    """Everything that the services ask of Discord, built before them."""

    delivery: Delivery
    alert_sender: AlertSender
    message_deleter: MessageDeleter
    rule_listener: RuleListener
    budget_listener: BudgetListener
    showcase_poster: ShowcasePoster
    summary_poster: SummaryPoster
    review_poster: ReviewPoster
    review_listener: ReviewListener
