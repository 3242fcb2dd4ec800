"""A route's input and output."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from standins.discord.errors import Refusal, invalid_form
from standins.discord.payload import Payload
from standins.discord.rules.message_rules import Uploaded


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was let in: its path's parameters, its query, its JSON and its files by number."""

    parameters: Mapping[str, str]
    query: Mapping[str, str]
    json: object = None
    uploads: Mapping[int, Uploaded] = field(default_factory=dict)

    def id(self, name: str) -> int:
        """Return a parameter of the path that has to be a snowflake."""
        value = self.parameters[name]
        if not value.isdigit():
            raise invalid_form((name,), "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
        return int(value)

    @property
    def body(self) -> Payload:
        """Return the JSON as an object, or raise 50109."""
        if self.json is None:
            return {}
        if not isinstance(self.json, dict):
            raise Refusal(400, 50109, "The request body contains invalid JSON.")
        return self.json

    @property
    def bodies(self) -> list[Payload]:
        """Return the JSON as a list of objects, or raise 50109."""
        if not isinstance(self.json, list):
            raise Refusal(400, 50109, "The request body contains invalid JSON.")
        return self.json


@dataclass(frozen=True, slots=True)
class Answer:
    """Discord's response; without a body it is a 204."""

    body: object = None
    status: int = 200


NO_CONTENT = Answer(status=204)


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of the API.

    `needs_token` is false where the address itself holds a secret, and `reads_body` where any body does.
    """

    method: str
    template: str
    handle: Callable[[Call], Answer]
    needs_token: bool = True
    counts_globally: bool = True
    reads_body: bool = True
