"""One picture on its way, as the database remembers it."""

import json
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from bot.picture.failure import Failure
from bot.picture.origin import Origin
from bot.picture.params import Resolution
from bot.picture.price import Estimate
from bot.picture.request import ImagineRequest
from bot.picture.review import ReviewOf, ReviewTerms
from bot.picture.size import Size


class State(StrEnum):
    """How far a generation has come.

    RESERVED ─> QUEUED ─> SUBMITTING ─> SUBMITTED ─> FETCHED ─> DELIVERED
        └─────────┴───────────┴────────────┴───────────┴──────> FAILED

    If moderators review it first, PROMPT_IN_REVIEW comes before QUEUED, or PICTURE_IN_REVIEW after FETCHED; an approved
    one goes back to that state.
    """

    RESERVED = "reserved"  # counted and stored; its first response is on the way
    PROMPT_IN_REVIEW = "prompt_review"  # nothing is ordered before a moderator approves
    QUEUED = "queued"  # handed to the durable queue
    SUBMITTING = "submitting"  # its turn has come, and Apiframe is asked for it
    SUBMITTED = "submitted"  # Apiframe has a job for it
    FETCHED = "fetched"  # the picture's bytes are in our store
    PICTURE_IN_REVIEW = "picture_review"  # made, and not posted before a moderator approves
    DELIVERED = "delivered"  # the picture is in the channel
    FAILED = "failed"


UNFINISHED = frozenset(State) - {State.DELIVERED, State.FAILED}
IN_REVIEW = frozenset({State.PROMPT_IN_REVIEW, State.PICTURE_IN_REVIEW})
BEFORE_ORDER = (State.RESERVED, State.PROMPT_IN_REVIEW, State.QUEUED, State.SUBMITTING)


class Derivation(StrEnum):
    """How a picture comes from another."""

    REROLL = "reroll"  # the same with another seed
    REMIX = "remix"  # the same with other words or choices
    EDIT = "edit"  # with the other as its first reference
    LARGER = "larger"  # the same at 4 MP
    RETRY = "retry"  # the same, after a failure


def is_withheld(review: ReviewTerms | None, approved_at: datetime | None, state: State) -> bool:
    """Return True if nobody but moderators may see a picture, of which only these columns are known."""
    return review is not None and review.of is ReviewOf.PICTURE and approved_at is None and state is not State.DELIVERED


class Parent(BaseModel):
    """The picture that another comes from, and where it stands; `message_id` is None where it is not linked to."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    derivation: Derivation
    channel_id: int
    message_id: int | None = None


class BatchPlace(BaseModel):
    """The place of a picture, from 1, among those of one command, which share a card; `id` is the first one's."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    place: int
    size: int


class Generation(BaseModel):
    """A request, its origin, and its state so far; times are UTC."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    request: ImagineRequest
    origin: Origin
    state: State
    created_at: datetime
    usual_seconds: float | None = None  # how long such pictures took lately once ordered, if any were made
    estimate: Estimate | None = None  # the expected price, as shown on the card
    card_id: int | None = None  # the progress card's message
    message_id: int | None = None  # the picture's message
    message_channel_id: int | None = None  # the place of the message; None means the place of the request
    job_id: str | None = None
    submitted_at: datetime | None = None  # since when it may be ordered, and then, when Apiframe accepted
    order_body: str | None = Field(default=None, repr=False)  # the JSON that it was asked by, until it accepted
    delivery_began_at: datetime | None = None
    finished_at: datetime | None = None
    credits: int | None = None  # what Apiframe charged
    refunded: bool = False  # to its member, though Apiframe charged it
    result_url: str | None = None
    image_key: str | None = None  # of the fetched bytes, see `bot.storage.images`
    image_width: int | None = None  # pixels
    image_height: int | None = None  # pixels
    unsaved_since: datetime | None = None  # since when those bytes wait for the image store to take them
    failure: Failure | None = None
    parent: Parent | None = None
    batch: BatchPlace | None = None  # none for the only picture of a command
    review: ReviewTerms | None = None  # how it's reviewed before it's posted, if it is
    approved_at: datetime | None = None
    deleted_at: datetime | None = None

    @property
    def can_be_cancelled(self) -> bool:
        """Return True while Apiframe cannot have an order for it, and while it waits for a moderator."""
        return self.state in IN_REVIEW or (self.state in BEFORE_ORDER and self.submitted_at is None)

    def awaits_review(self, of: ReviewOf) -> bool:
        """Return True if moderators review its picture, or its prompt, and have not approved it."""
        return self.review is not None and self.review.of is of and self.approved_at is None

    @property
    def is_withheld(self) -> bool:
        """Return True if nobody but moderators may see the picture: it's in review, or rejected."""
        return is_withheld(self.review, self.approved_at, self.state)

    @property
    def shown_key(self) -> str | None:
        """Return the key of the bytes that members may see, or None if there are none."""
        return None if self.is_withheld else self.image_key

    @property
    def review_deadline(self) -> datetime:
        """Return when its review ends without a moderator; raise `ValueError` for one that isn't reviewed."""
        if self.review is None:
            raise ValueError(f"{self.id} isn't reviewed")
        began_at = self.created_at if self.review.of is ReviewOf.PROMPT else self.delivery_began_at
        return (began_at or self.created_at) + timedelta(hours=self.review.hours)

    @property
    def seconds_taken(self) -> float | None:
        """Return the seconds from the request to the end, or None while it runs."""
        return None if self.finished_at is None else (self.finished_at - self.created_at).total_seconds()

    @property
    def credits_owed(self) -> int | None:
        """Return what the picture costs its member, or None while that isn't known."""
        return 0 if self.refunded else self.credits

    @property
    def image_size(self) -> Size | None:
        """Return the size of the picture that came back, None before there is one."""
        if self.image_width is None or self.image_height is None:
            return None
        return Size(self.image_width, self.image_height)

    @property
    def missed_size(self) -> Size | None:
        """Return the size that was asked for if the picture came back in another one, else None."""
        asked, came = self.request.asked_size, self.image_size
        return None if asked is None or came is None or came.is_near(asked) else asked

    @property
    def enlarged_size(self) -> Size | None:
        """Return the size of the same picture at 4 MP, or None if that is not larger."""
        largest = self.request.with_params(self.request.params.enlarged(Resolution.FOUR_MP)).size
        size = self.image_size or self.request.size
        return largest if largest.pixels > size.pixels and not largest.is_near(size) else None

    @property
    def order(self) -> object:
        """Return what Apiframe was asked for, or None."""
        return None if self.order_body is None else json.loads(self.order_body)

    @property
    def shown_in(self) -> int:
        """Return the id of the channel in which the picture stands, or will."""
        return self.message_channel_id or self.origin.channel_id

    @property
    def was_sent_directly(self) -> bool:
        """Return True if the picture is in direct messages, because it's private or its channel was closed."""
        return self.shown_in != self.origin.channel_id

    def as_parent(self, derivation: Derivation) -> Parent:
        """Return this picture as the parent of another one. Private pictures are never linked to."""
        hidden = self.request.private or self.was_sent_directly
        message_id = None if hidden else self.message_id or self.card_id  # the card becomes the picture
        return Parent(id=self.id, derivation=derivation, channel_id=self.origin.channel_id, message_id=message_id)

    @property
    def card_key(self) -> UUID:
        """Return what tells its card from others: the pictures of a batch share one."""
        return self.id if self.batch is None else self.batch.id

    @property
    def short_id(self) -> str:
        """Return 25 characters that stand for the id: as many as a message's nonce may have."""
        return self.id.hex[:25]
