"""Holding an exchange against an OpenAPI 3.1 document: the operation, its parameters, both bodies."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from standins.exchange import Exchange
from tests.contracts.operations import Operation, Operations
from tests.contracts.schemas import Schemas
from tests.contracts.tolerances import (
    answer_as_the_document_writes_it,
    as_the_document_writes_it,
    is_answered_all_the_same,
    spellings_of_parameter,
)

JSON_TYPE = "application/json"
MULTIPART = "multipart/form-data"


class Contract:
    """An OpenAPI document that finds the errors of an exchange."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.schemas = Schemas(document)
        self.operations = Operations(self.schemas)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read an OpenAPI 3.1 document in JSON; its schemas are compiled when they are first needed."""
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def violations(self, exchange: Exchange) -> list[str]:
        """Return a sentence for everything in which request or answer break the contract."""
        return self.request_violations(exchange) + self.answer_violations(exchange)

    def request_violations(self, exchange: Exchange) -> list[str]:
        """Return what the caller did wrong: route, parameters, body."""
        operation = self.operations.find(exchange.method, exchange.path)
        if operation is None:
            return [_named(exchange, "the document has no such operation")]
        wrong = [*self._wrong_parameters(operation, exchange), *self._wrong_request_body(operation, exchange)]
        return [_named(exchange, sentence) for sentence in wrong]

    def allows_json(self, method: str, path: str, body: object) -> bool:
        """Return True if an operation takes this JSON body; quicker than finding out why not."""
        operation = self.operations.find(method, path)
        if operation is None or operation.request_body is None:
            return False
        pointer = f"{operation.request_body}/content/application~1json/schema"
        return self.schemas.is_valid(pointer, as_the_document_writes_it(body))

    def answer_violations(self, exchange: Exchange) -> list[str]:
        """Return what the server did wrong: status, body. A 5xx that nobody documents is nobody's promise."""
        operation = self.operations.find(exchange.method, exchange.path)
        if operation is None:
            return []
        pointer = self._documented_answer(operation, exchange.status)
        if pointer is None:
            undocumented = f"status {exchange.status} is not documented"
            tolerated = exchange.status >= 500 or is_answered_all_the_same(
                exchange.method, exchange.path, exchange.status
            )
            return [] if tolerated else [_named(exchange, undocumented)]
        return [_named(exchange, sentence) for sentence in self._wrong_answer_body(pointer, exchange)]

    def answer_schema(self, exchange: Exchange) -> tuple[str, str] | None:
        """Return the operation, such as `GET /v2/me`, and where the answer's schema is; None if there is none."""
        operation = self.operations.find(exchange.method, exchange.path)
        pointer = operation and self._documented_answer(operation, exchange.status)
        if operation is None or pointer is None:
            return None
        return f"{exchange.method} {operation.template}", f"{pointer}/content/application~1json/schema"

    def _wrong_parameters(self, operation: Operation, exchange: Exchange) -> Iterator[str]:
        """Check the declared parameters in path, query and headers."""
        headers = {name.lower(): value for name, value in exchange.request_headers.items()}
        documented = [self.schemas.at(pointer) for pointer in operation.parameters]
        for name in set(exchange.query) - {each["name"] for each in documented if each["in"] == "query"}:
            yield f"query parameter {name} is not documented"
        for pointer, parameter in zip(operation.parameters, documented, strict=True):
            name, place = parameter["name"], parameter["in"]
            given = {
                "path": operation.values.get(name),
                "query": exchange.query.get(name),
                "header": headers.get(name.lower()),
            }[place]
            if given is None and parameter.get("required"):
                yield f"{place} parameter {name} is missing"
            elif given is not None:
                wrong = [self.schemas.errors(f"{pointer}/schema", value) for value in spellings_of_parameter(given)]
                if all(wrong):
                    yield f"{place} parameter {name}: {wrong[0][0]}"

    def _wrong_request_body(self, operation: Operation, exchange: Exchange) -> Iterator[str]:
        """Check that a body was sent where one is due, of a documented kind, in the documented shape."""
        body, multipart = exchange.request_body, exchange.request_content_type.startswith("multipart/")
        sent = multipart or body is not None
        documented = self.schemas.at(operation.request_body) if operation.request_body else None
        if documented is None or operation.request_body is None:
            if sent:
                yield "request body: none is documented"
        elif not sent:
            if documented.get("required"):
                yield "request body: missing"
        else:
            sent_as = exchange.request_content_type.partition(";")[0].strip()
            if sent_as not in documented["content"]:
                yield f"request body: {sent_as or 'no Content-Type'} is not documented"
            content_type = MULTIPART if multipart and MULTIPART in documented["content"] else JSON_TYPE
            instance = dict(exchange.request_files) if body is None else as_the_document_writes_it(body)
            pointer = f"{operation.request_body}/content/{content_type.replace('/', '~1')}/schema"
            for error in self.schemas.errors(pointer, instance):
                yield f"request body: {error}"

    def _documented_answer(self, operation: Operation, status: int) -> str | None:
        """Return where the answer with this status is described: exactly, by its hundred, or by default."""
        responses = self.schemas.at(operation.responses)
        ways = (str(status), f"{status // 100}XX", "default")
        way = next((way for way in ways if way in responses), None)
        return None if way is None else self.schemas.followed(f"{operation.responses}/{way}")

    def _wrong_answer_body(self, pointer: str, exchange: Exchange) -> Iterator[str]:
        """Check that the answer has a JSON body exactly where one is described, in the described shape."""
        content = self.schemas.at(pointer).get("content", {})
        if JSON_TYPE in content:
            body = answer_as_the_document_writes_it(exchange.response_body)
            for error in self.schemas.errors(f"{pointer}/content/application~1json/schema", body):
                yield f"answer {exchange.status}: {error}"
        elif not content and exchange.response_body is not None:
            yield f"answer {exchange.status}: a body where none is documented"


def _named(exchange: Exchange, sentence: str) -> str:
    return f"{exchange.method} {exchange.path}: {sentence}"
