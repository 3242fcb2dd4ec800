"""The expected shapes of the platforms' answers: `shapes.json`, which `make contracts` writes."""

from collections.abc import Mapping
from importlib import resources
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict

TABLE: Final = "shapes.json"
Kind = Literal["null", "boolean", "integer", "number", "string", "array", "object"]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Shape(_Data):
    """The shape of a JSON value.

    No `kinds` means any kind, and no `values` any value. The contract promises the `required` fields, and the stand-in
    always sends those in `sent` too. An object that isn't `closed` may have any other field. `like` names a shared
    shape, and a value has one of the shapes in `either`. An `inferred` shape is only that of the stand-in's answers.
    """

    kinds: tuple[Kind, ...] = ()
    values: tuple[str | int | bool, ...] = ()
    fields: Mapping[str, Self] = {}
    required: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    closed: bool = False
    inferred: bool = False
    items: Self | None = None
    either: tuple[Self, ...] = ()
    like: str | None = None


class Expected(_Data):
    """The answer to a successful request: a shape for each status, None for no body, and the rate limit's headers."""

    statuses: Mapping[int, Shape | None]
    headers: tuple[str, ...] = ()


class ShapeTable(_Data):
    """Every expected answer by its operation (`discord GET /users/@me`), and every expected event by its name."""

    operations: Mapping[str, Expected] = {}
    events: Mapping[str, Shape] = {}
    shared: Mapping[str, Shape] = {}

    @classmethod
    def load(cls) -> Self:
        """Read the table that ships with the bot."""
        return cls.model_validate_json(resources.files(__package__).joinpath(TABLE).read_bytes())
