"""The parts of Apiframe's answers that we act on; unknown fields end here."""

import math
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AliasPath, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Wire(BaseModel):
    """Be frozen, camelCase outside, and silent about its input when that does not fit: it may hold signed addresses."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
        populate_by_name=True,
        hide_input_in_errors=True,
    )


class JobStatus(StrEnum):
    """The status of a job."""

    QUEUED = "QUEUED"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    UNKNOWN = "UNKNOWN"  # a word that is newer than this client

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        return cls.__members__.get(value.upper(), cls("UNKNOWN"))

    @property
    def is_running(self) -> bool:
        """Return True if the job may still change; an unknown status counts as running, so that no picture is lost."""
        return self not in {JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED}


def _figure(value: object) -> int | None:
    """Return a figure, also one in text, rounded up to a whole number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return math.ceil(float(value))
    except (ValueError, OverflowError):  # no number, or none that is finite
        return None


def _flag(value: object) -> bool:
    """Return True for a true value or the text of one, False for anything else."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _image_urls(result: object) -> tuple[str, ...]:
    """Return the addresses in a result: bare, in an object as `url` or `images`, in a list; none of anything else."""
    match result:
        case {"images": images}:
            return _image_urls(images)
        case {"url": str(url)} | str(url) if url:
            return (url,)
        case [*images]:
            return tuple(url for image in images for url in _image_urls(image))
        case _:
            return ()


def _word(value: object) -> str | None:
    """Return a text, also that of an object with a message; None for anything else."""
    match value:
        case str():
            return value
        case {"message": str(message)} | {"error": str(message)}:
            return message
        case _:
            return None


def _moment(value: object) -> datetime | None:
    """Return a moment in ISO 8601, in UTC unless it says otherwise; None for anything else."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _object(value: object) -> dict[str, object]:
    """Return a JSON object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def _sentences(details: object) -> dict[str, tuple[str, ...]]:
    """Return the error of each field, given as a text or in a list."""
    listed = {field: said if isinstance(said, list) else [said] for field, said in _object(details).items()}
    return {field: tuple(each for each in said if isinstance(each, str)) for field, said in listed.items()}


# What nobody needs may be missing or strange: no paid picture becomes unreadable for it.
Word = Annotated[str | None, BeforeValidator(_word)]
Figure = Annotated[int | None, BeforeValidator(_figure)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Object = Annotated[dict[str, object], BeforeValidator(_object)]
Sentences = Annotated[dict[str, tuple[str, ...]], BeforeValidator(_sentences)]
ImageUrls = Annotated[tuple[str, ...], BeforeValidator(_image_urls)]


class JobAccepted(Wire):
    """The answer to a submission: the job exists, and is paid for unless it fails."""

    job_id: str


class Job(Wire):
    """One job: `progress` in percent, `credit_cost` in whole credits, `images` as addresses to fetch promptly.

    `webhook_status` is what became of its webhooks, None where there are none. `input` is the order's body, which
    Apiframe may leave out.
    """

    id: Word = None
    status: JobStatus
    progress: Figure = None
    error: Word = None
    credit_cost: Figure = None
    expired: Flag = False
    images: ImageUrls = Field(default=(), validation_alias="result", repr=False)
    webhook_status: Word = None
    input: Object = Field(default={}, repr=False)
    created_at: Moment = None
    completed_at: Moment = None

    @property
    def seconds_taken(self) -> float | None:
        """Return the seconds from the order to the end by Apiframe's clock, or None if it doesn't say."""
        if self.created_at is None or self.completed_at is None or self.completed_at < self.created_at:
            return None
        return (self.completed_at - self.created_at).total_seconds()


class ListedJob(Wire):
    """One entry of the list of jobs, None where it does not say."""

    id: Word = None
    created_at: Moment = None


class JobList(Wire):
    """One page of the list of jobs, the newest first; the next one begins at `next_cursor`."""

    jobs: tuple[ListedJob, ...]
    next_cursor: Word = None


class JobWebhook(Wire):
    """The part of a webhook's body that we act on: which job to look at, and for which `event`."""

    job_id: str
    event: str


class Me(Wire):
    """The owner of the key: the team's `credits`, None for a key that belongs to no team."""

    credits: Figure = Field(default=None, validation_alias=AliasPath("team", "credits"))


class Model(Wire):
    """One entry of the catalogue: what a picture costs, in credits, from `cost_min` to `cost_max`."""

    id: str
    cost_min: float | None = None
    cost_max: float | None = None


class ModelCatalog(Wire):
    """The catalogue of models."""

    models: tuple[Model, ...]


class Upload(Wire):
    """A file that Apiframe keeps for an hour or two; anybody with its `url` can download it."""

    url: str = Field(repr=False)


class ErrorBody(Wire):
    """The body of a refusal: JSON with an `error`, or else it is not Apiframe's."""

    error: Annotated[str, BeforeValidator(lambda error: _word(error) or "")]
    details: Sentences = {}
    credits_required: Figure = None
    credits_available: Figure = None
