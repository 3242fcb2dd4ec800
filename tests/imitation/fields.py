"""The fields that a document describes in answers, and those of them that the answers of a stand-in have."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from standins.exchange import Exchange
from tests.contracts.openapi import Contract
from tests.contracts.tolerances import answer_as_the_document_writes_it

SCHEMAS = "/components/schemas/"
UNIONS = ("oneOf", "anyOf")


class Fields:
    """Observes exchanges. `answered` has each operation that succeeded, with its answers' schemas."""

    def __init__(self, contract: Contract) -> None:
        self.answered: dict[str, set[str]] = defaultdict(set)
        self._contract = contract
        self._schemas = contract.schemas
        self._described: dict[str, set[str]] = defaultdict(set)
        self._seen: dict[str, set[str]] = defaultdict(set)

    def note(self, exchange: Exchange) -> None:
        """Note the fields of an answer, unless it is an error."""
        found = self._contract.answer_schema(exchange)
        if exchange.status >= 300 or found is None:
            return
        operation, pointer = found
        body = answer_as_the_document_writes_it(exchange.response_body)
        if not body:
            self.answered[operation].add("no content" if body is None else "an empty list")
            return
        for name, pointer_of_part, part in self._objects(pointer, body, "answer"):
            if any(part is top for top in _tops(body)):
                self.answered[operation].add(f"`{name}`")
            self._note_object(name, pointer_of_part, part)

    def left_out(self, name: str) -> list[str]:
        """Return the fields of a schema that no answer has, in alphabetical order."""
        return sorted(self._described[name] - self._seen[name])

    def names(self) -> list[str]:
        """Return the schemas of all objects in the answers."""
        return sorted(self._described)

    def _note_object(self, name: str, pointer: str, part: Mapping[str, Any]) -> None:
        self._described[name] |= set(self._schemas.at(pointer)["properties"])
        self._seen[name] |= set(part)

    def _objects(self, pointer: str, part: object, name: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Yield each object of a part that has described fields, with its schema's name and place."""
        pointer = self._schemas.followed(pointer)
        schema = self._schemas.at(pointer)
        if pointer.startswith(SCHEMAS) and "/" not in pointer.removeprefix(SCHEMAS):
            name = pointer.removeprefix(SCHEMAS)
        for branch in self._branches(pointer, schema, part):
            yield from self._objects(branch, part, name)
        if isinstance(part, list) and "items" in schema:
            for item in part:
                yield from self._objects(f"{pointer}/items", item, name)
        if isinstance(part, dict) and "properties" in schema:
            yield name, pointer, part
            for field in set(schema["properties"]) & set(part):
                yield from self._objects(f"{pointer}/properties/{field}", part[field], f"{name}.{field}")
        if isinstance(part, dict) and isinstance(schema.get("additionalProperties"), dict):
            for value in part.values():
                yield from self._objects(f"{pointer}/additionalProperties", value, name)

    def _branches(self, pointer: str, schema: Mapping[str, Any], part: object) -> Iterator[str]:
        """Yield all parts of an `allOf`, and the first branch of a union that fits."""
        yield from (f"{pointer}/allOf/{number}" for number in range(len(schema.get("allOf", ()))))
        for union in UNIONS:
            branches = (f"{pointer}/{union}/{number}" for number in range(len(schema.get(union, ()))))
            fitting = next((branch for branch in branches if not self._schemas.errors(branch, part)), None)
            yield from () if fitting is None else (fitting,)


def _tops(body: object) -> list[object]:
    """Return an answer, or the entries of one that is a list."""
    return body if isinstance(body, list) else [body]
