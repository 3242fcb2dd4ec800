"""Finding the operation that a request is, by its method and path."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.contracts.schemas import Schemas, escaped

METHODS = {"get", "put", "post", "patch", "delete", "head", "options"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One documented operation; parts of the document are named by their JSON pointers.

    `values` are what a request's path has in the places of the template's parameters.
    """

    segments: tuple[str, ...]
    parameters: tuple[str, ...]
    request_body: str | None
    responses: str
    values: Mapping[str, str]

    @property
    def template(self) -> str:
        """Return the path as the document writes it, such as `/v2/jobs/{id}`."""
        return f"/{'/'.join(self.segments)}"

    def matched(self, segments: tuple[str, ...]) -> Mapping[str, str] | None:
        """Return the values of the parameters in a path of as many segments; None if it is another path."""
        values: dict[str, str] = {}
        for documented, actual in zip(self.segments, segments, strict=True):
            if documented.startswith("{"):
                values[documented.strip("{}")] = actual
            elif documented != actual:
                return None
        return values


class Operations:
    """All operations of a document, by method and number of segments, the most literal first."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._known: dict[tuple[str, int], list[Operation]] = {}
        for path, item in schemas.at("/paths").items():
            for method in METHODS & set(item):
                operation = self._read(path, item, method)
                self._known.setdefault((method, len(operation.segments)), []).append(operation)
        for alike in self._known.values():
            alike.sort(key=lambda operation: [segment.startswith("{") for segment in operation.segments])

    def all(self) -> Iterator[str]:
        """Yield each operation, such as `GET /v2/me`."""
        for (method, _), alike in self._known.items():
            for operation in alike:
                yield f"{method.upper()} {operation.template}"

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation behind a request, its `values` filled in; None if there is none."""
        segments = _segments(path)
        for operation in self._known.get((method.lower(), len(segments)), []):
            values = operation.matched(segments)
            if values is not None:
                return replace(operation, values=values)
        return None

    def _read(self, path: str, item: Mapping[str, Any], method: str) -> Operation:
        here = f"/paths/{escaped(path)}"
        body = f"{here}/{method}/requestBody" if "requestBody" in item[method] else None
        return Operation(
            segments=_segments(path),
            parameters=tuple(self._parameters(here, item, method)),
            request_body=None if body is None else self._schemas.followed(body),
            responses=f"{here}/{method}/responses",
            values={},
        )

    def _parameters(self, here: str, item: Mapping[str, Any], method: str) -> Iterator[str]:
        """Point to the parameters of the path and those of the method."""
        for place, owner in ((here, item), (f"{here}/{method}", item[method])):
            for number in range(len(owner.get("parameters", []))):
                yield self._schemas.followed(f"{place}/parameters/{number}")


def _segments(path: str) -> tuple[str, ...]:
    return tuple(path.strip("/").split("/"))
