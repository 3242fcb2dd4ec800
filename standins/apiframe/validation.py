"""Validation of orders: two formats of the parameters, each of which rejects fields that it doesn't list.

docs/api.md has both lists side by side.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, AnyUrl, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from standins.apiframe.errors import Refusal, invalid

Spelling = Literal["documented", "table"]
Event = Literal["progress", "completed", "failed"]
M = TypeVar("M", bound=BaseModel)

MATCH = "match_input_image"
WIDEST_RATIO = 8
_ANY_URL = TypeAdapter(AnyUrl)


def _url(text: str) -> str:
    """Take a text that is a URL, as it was written."""
    try:
        _ANY_URL.validate_python(text)
    except ValidationError:
        raise PydanticCustomError("url", "Invalid url") from None
    return text


def _ratio(text: str) -> str:
    """Take `W:H` between 8:1 and 1:8."""
    if not re.fullmatch(r"[0-9]+:[0-9]+", text):
        raise PydanticCustomError("ratio", "Must be W:H")
    width, height = (int(side) for side in text.split(":"))
    if not 0 < max(width, height) <= WIDEST_RATIO * min(width, height):
        raise PydanticCustomError("ratio", "Must be between 1:8 and 8:1")
    return text


def _ratio_or_word(text: str) -> str:
    """Take `W:H`, `match_input_image` or `custom`."""
    return text if text in {MATCH, "custom"} else _ratio(text)


Url = Annotated[str, AfterValidator(_url)]
Side = Annotated[int, Field(ge=256, le=2048)]


class Flux(BaseModel):
    """The parameters that both spellings share."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    aspect_ratio: str | None = None
    resolution: str | None = None
    width: Side | None = None
    height: Side | None = None
    seed: int | None = None
    output_format: Literal["jpg", "png", "webp"] = "webp"
    output_quality: Annotated[int, Field(ge=0, le=100)] = 80
    input_images: Annotated[Sequence[Url], Field(max_length=10)] = ()

    @property
    def own_size(self) -> tuple[int, int] | None:
        """Return the size in pixels that is asked for, None where ratio and resolution decide."""
        return (self.width, self.height) if self.width and self.height else None

    @property
    def megapixels(self) -> float:
        """Return the resolution in megapixels, 1 where none is asked for or an image is followed."""
        return 1.0 if self.resolution in {None, MATCH} else float(self.resolution.removesuffix("MP"))

    def misfits(self) -> Iterator[tuple[str, str]]:
        """Name the fields that are valid separately but not together, each with a message."""
        for name in ("aspect_ratio", "resolution"):
            if getattr(self, name) == MATCH and not self.input_images:
                yield name, "match_input_image needs at least one of input_images"


class DocumentedFlux(Flux):
    """`fluxParams` as the OpenAPI file has them: "1MP", and a size of its own beside any ratio."""

    aspect_ratio: Annotated[str, AfterValidator(_ratio)] | None = None
    resolution: Literal["0.5MP", "1MP", "2MP", "4MP", "match_input_image"] | None = None
    go_fast: bool = False
    guidance: Annotated[float, Field(ge=1.5, le=10)] = 3.0
    image_prompt: Url | None = None
    image_prompt_strength: Annotated[float, Field(ge=0, le=1)] = 0.1
    prompt_upsampling: bool = False
    raw: bool = False
    steps: Annotated[int, Field(ge=1, le=50)] = 28


class TableFlux(Flux):
    """`fluxParams` as the parameter table has them: "1 MP", and a size that counts only where the ratio is `custom`."""

    aspect_ratio: Annotated[str, AfterValidator(_ratio_or_word)] | None = None
    resolution: Literal["0.5 MP", "1 MP", "2 MP", "4 MP", "match_input_image"] | None = None
    input_images: Annotated[Sequence[Url], Field(max_length=8)] = ()

    def misfits(self) -> Iterator[tuple[str, str]]:
        """Name what `custom` lacks, too; a size without `custom` is ignored and no reason to complain."""
        yield from super().misfits()
        for name in ("width", "height"):
            if self.aspect_ratio == "custom" and getattr(self, name) is None:
                yield name, "Required when aspect_ratio is custom"

    @property
    def own_size(self) -> tuple[int, int] | None:
        """Return the size in pixels where the ratio is `custom`."""
        return super().own_size if self.aspect_ratio == "custom" else None


class Order(BaseModel):
    """The body of `POST /v2/images/generate`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel)

    prompt: Annotated[str, Field(min_length=1, max_length=2000)]
    model: Literal["flux-2-max"]
    flux_params: Flux = Flux()
    webhook_url: Url | None = None
    webhook_events: Annotated[Sequence[Event], Field(min_length=1)] = ("completed", "failed")


class DocumentedOrder(Order):
    """An order in the spelling of the OpenAPI file."""

    flux_params: DocumentedFlux = DocumentedFlux()


class TableOrder(Order):
    """An order in the spelling of the parameter table."""

    flux_params: TableFlux = TableFlux()


ORDERS: dict[Spelling, type[Order]] = {"documented": DocumentedOrder, "table": TableOrder}


def read_order(received: object, wire_format: Spelling) -> Order:
    """Return the order in a request's body, or raise a 400 that names every wrong field."""
    order = parse(ORDERS[wire_format], received)
    misfits = {f"fluxParams.{name}": [sentence] for name, sentence in order.flux_params.misfits()}
    misfits |= {path: ["Expected a value, received null"] for path in _nulls(received)}
    if misfits:
        raise invalid(misfits)
    return order


def parse(model: type[M], received: object) -> M:
    """Return `received` as a `model`, or raise a 400 with messages by the path of the field."""
    try:
        return model.model_validate(received)
    except ValidationError as wrong:
        raise _as_refusal(wrong) from None


def _as_refusal(wrong: ValidationError) -> Refusal:
    """Word pydantic's findings as Apiframe does: a list of sentences for each field."""
    details: dict[str, list[str]] = {}
    for finding in wrong.errors(include_url=False, include_context=False):
        details.setdefault(".".join(str(step) for step in finding["loc"]), []).append(finding["msg"])
    return invalid(details)


def _nulls(received: object, path: str = "") -> Iterator[str]:
    """Find null values. The API has none: unset fields are left out."""
    match received:
        case None:
            yield path
        case dict():
            for name, value in received.items():
                yield from _nulls(value, f"{path}.{name}" if path else name)
