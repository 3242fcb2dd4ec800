"""Verdicts on exchanges and events: how they differ from the table."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from bot.deep_check.comparison import Comparison, Difference, Problem, Source
from bot.deep_check.recorder import DOWNLOAD, Body, Exchange
from bot.deep_check.shapes import Expected, ShapeTable
from bot.gateway.event_schemas import EVENT_SCHEMAS, InteractionPayload, is_well_formed, with_channel

_JSON: Final = "application/json"
_MEDIA_TYPE: Final = re.compile(r"[a-z]{1,20}/[a-z.+-]{1,40}(; ?charset=[a-z0-9-]{1,12})?", re.IGNORECASE)
_EVENT: Final = "event "
_NOT_EXPECTED: Final = "one that is in the table"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One exchange or event and its differences; `status` is None for an event, and for a request without an answer."""

    what: str
    status: int | None
    duration_ms: int
    rate_limit_headers: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def is_request(self) -> bool:
        """Return True for an exchange with a platform."""
        return self.what.startswith(("discord ", "apiframe "))

    @property
    def is_event(self) -> bool:
        """Return True for an event of the gateway."""
        return self.what.startswith(_EVENT)

    @property
    def deviations(self) -> list[Difference]:
        """Return the differences that are wrong."""
        return [each for each in self.differences if each.is_deviation]

    @property
    def other_than_stand_in(self) -> list[Difference]:
        """Return the differences from the stand-in that break no promise."""
        return [each for each in self.differences if not each.is_deviation and each.problem is not Problem.FIELD]

    @property
    def new_fields(self) -> list[Difference]:
        """Return the fields that nobody expects."""
        return [each for each in self.differences if each.problem is Problem.FIELD]


class Judge:
    """Compares exchanges and events with the table."""

    def __init__(self, table: ShapeTable) -> None:
        self._table = table
        self._comparison = Comparison(table.shared)

    def exchange(self, exchange: Exchange) -> Verdict:
        """Return the verdict on a request and its answer."""
        differences = tuple(self._of_exchange(exchange))
        return Verdict(
            exchange.operation, exchange.status, exchange.duration_ms, exchange.rate_limit_headers, differences
        )

    def event(self, name: str, payload: object, duration_ms: int) -> Verdict:
        """Return the verdict on an event of the gateway, None if it didn't come: also whether the bot could use it."""
        shape = self._table.events.get(name)
        if payload is None:
            differences = [Difference("event", Problem.MISSING, "an event", "", Source.BOT)]
        elif shape is None:
            differences = [Difference("event", Problem.VALUE, _NOT_EXPECTED, "another")]
        else:
            differences = [*self._comparison.differences(payload, shape), *_useless(name, payload)]
        return Verdict(f"{_EVENT}{name}", None, duration_ms, (), tuple(differences))

    def _of_exchange(self, exchange: Exchange) -> Iterator[Difference]:
        """Yield the differences of an answer; a refusal or an outage is documented, and fails its step."""
        if exchange.status is None or exchange.status >= 400 or exchange.operation == DOWNLOAD:
            return
        if (expected := self._table.operations.get(exchange.operation)) is None:
            yield Difference("request", Problem.VALUE, _NOT_EXPECTED, "another")
        elif exchange.status not in expected.statuses:
            known = " or ".join(str(status) for status in expected.statuses)
            yield Difference("status", Problem.VALUE, known, str(exchange.status))
        else:
            yield from _of_headers(exchange, expected)
            yield from self._of_body(exchange, expected)

    def _of_body(self, exchange: Exchange, expected: Expected) -> Iterator[Difference]:
        shape = expected.statuses[exchange.status or 0]
        if shape is None:
            if exchange.body is not Body.NONE:
                yield Difference("$", Problem.KIND, Body.NONE.value, "a body")
        elif isinstance(exchange.body, Body):
            yield Difference("$", Problem.KIND, "JSON", exchange.body.value)
        else:
            yield from self._comparison.differences(exchange.body, shape)


def _of_headers(exchange: Exchange, expected: Expected) -> Iterator[Difference]:
    for name in expected.headers:
        if name not in exchange.rate_limit_headers:
            yield Difference(f"headers.{name}", Problem.MISSING, "a header", "")
    is_exact = exchange.operation.startswith("discord ")  # discord.py takes nothing else for JSON
    found = exchange.content_type if is_exact else exchange.content_type.partition(";")[0]
    if not isinstance(exchange.body, Body) and found != _JSON:
        shown = exchange.content_type if _MEDIA_TYPE.fullmatch(exchange.content_type) else "another"
        yield Difference("headers.content-type", Problem.VALUE, _JSON, shown)


def _useless(name: str, payload: object) -> Iterator[Difference]:
    """Yield what keeps the bot from using an event."""
    schema = EVENT_SCHEMAS.get(name)
    if schema is None:
        return
    try:
        checked = is_well_formed(payload)
        schema.model_validate(with_channel(checked) if schema is InteractionPayload else checked)
    except ValidationError as wrong:
        for error in wrong.errors(include_input=False, include_url=False, include_context=False):
            yield Difference(_path(error["loc"]), Problem.UNUSABLE, "", "", Source.BOT)
    except ValueError:
        yield Difference("$", Problem.UNUSABLE, "valid ids", "", Source.BOT)


def _path(location: tuple[int | str, ...]) -> str:
    steps = "".join("[]" if isinstance(step, int) else f".{step}" for step in location)
    return f"${steps}"


def grouped(verdicts: Iterable[Verdict]) -> list[list[Verdict]]:
    """Return the verdicts by operation and status: a job is asked for many times."""
    groups: dict[tuple[str, int | None], list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault((verdict.what, verdict.status), []).append(verdict)
    return list(groups.values())
