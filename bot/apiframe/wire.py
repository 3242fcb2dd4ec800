"""The parts of Apiframe's answers that we act on; unknown fields end here."""

import math
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
    """Where a job stands."""

    QUEUED = "QUEUED"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    UNKNOWN = "UNKNOWN"  # a word that is newer than this client

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls("UNKNOWN") if isinstance(value, str) else None

    @property
    def is_running(self) -> bool:
        """Say whether the job may still change; an unknown status counts as running, so that no picture is lost."""
        return self not in {JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED}


def _whole(number: object) -> object:
    """Round up a fraction, so that a figure that became finer does not make a paid picture unreadable."""
    return math.ceil(number) if isinstance(number, float) and math.isfinite(number) else number


def _image_urls(result: object) -> object:
    """Return the addresses of `{"images": […]}`, of an older document's bare address, or none of anything else."""
    match result:
        case {"images": [*urls]} | [*urls]:
            return tuple(url for url in urls if isinstance(url, str))
        case str() if result:
            return (result,)
        case _:
            return ()


def _word(value: object) -> object:
    """Drop what is no word, where no picture may be lost for it."""
    return value if isinstance(value, str) else None


Word = Annotated[str | None, BeforeValidator(_word)]
Whole = Annotated[int, BeforeValidator(_whole)]
ImageUrls = Annotated[tuple[str, ...], BeforeValidator(_image_urls)]


class JobAccepted(Wire):
    """The answer to a submission: the job exists, and is paid for unless it fails."""

    job_id: str


class Job(Wire):
    """One job: `progress` in percent, `credit_cost` in whole credits, `images` as addresses to fetch promptly.

    `webhook_status` is what became of its webhooks, None where there are none.
    """

    id: str
    status: JobStatus
    progress: Whole | None = None
    error: str | None = None
    credit_cost: Whole | None = None
    expired: bool = False
    images: ImageUrls = Field(default=(), validation_alias="result", repr=False)
    webhook_status: Word = None


class JobNews(Wire):
    """The part of a webhook's body that we act on: which job to look at, and for which `event`."""

    job_id: str
    event: str


class Me(Wire):
    """Whose key it is: the team's `credits`, None for a key that belongs to no team."""

    credits: Whole | None = Field(default=None, validation_alias=AliasPath("team", "credits"))


class Model(Wire):
    """One entry of the catalogue: what a picture costs, in credits, from `cost_min` to `cost_max`."""

    id: str
    cost_min: float | None = None
    cost_max: float | None = None


class ModelCatalog(Wire):
    """The catalogue of models."""

    models: tuple[Model, ...]


class Upload(Wire):
    """A file that Apiframe keeps for an hour or two; whoever has its `url` can fetch it."""

    url: str = Field(repr=False)


class Complaint(Wire):
    """The body of a refusal, as far as it says anything."""

    error: str = ""
    details: dict[str, tuple[str, ...]] = {}
    credits_required: Whole | None = None
    credits_available: Whole | None = None
