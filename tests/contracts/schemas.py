"""The schemas inside an OpenAPI document, compiled when first needed, and their errors in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from jsonschema_rs import Draft202012, Draft202012Validator, Registry, ValidationError, ValidationErrorKind, Validator

ADDRESS = "urn:document"
BRANCHES = (ValidationErrorKind.AnyOf, ValidationErrorKind.OneOfNotValid)
LONGEST_MESSAGE = 300
MISTAKEN_KIND = {"enum", "const", "type"}


class Schemas:
    """One document; its parts are named by JSON pointers (`/components/schemas/Job`)."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._registry = Registry([(ADDRESS, dict(document))], draft=Draft202012)
        self._compiled: dict[str, Validator] = {}

    def at(self, pointer: str) -> Any:  # noqa: ANN401 - a part of a JSON document is anything
        """Return the part of the document that a pointer names."""
        steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
        part: Any = self._document
        for step in steps:
            part = part[int(step) if isinstance(part, list) else step]
        return part

    def followed(self, pointer: str) -> str:
        """Return where the part really is, if all that is there is a `$ref`."""
        part = self.at(pointer)
        return self.followed(part["$ref"].removeprefix("#")) if "$ref" in part else pointer

    def is_valid(self, pointer: str, instance: object) -> bool:
        """Return True without errors, which take longer to find."""
        return self._validator(pointer).is_valid(instance)

    def _validator(self, pointer: str) -> Validator:
        if pointer not in self._compiled:
            reference = {"$ref": f"{ADDRESS}#{quote(pointer)}"}
            self._compiled[pointer] = Draft202012Validator(reference, registry=self._registry, validate_formats=True)
        return self._compiled[pointer]

    def errors(self, pointer: str, instance: object) -> list[str]:
        """Return the errors of `instance` by the schema at `pointer`, each with its place."""
        validator = self._validator(pointer)
        if validator.is_valid(instance):
            return []
        return [_worded(error) for found in validator.iter_errors(instance) for error in _telling(found)]


def escaped(segment: str) -> str:
    """Return a key as a JSON pointer writes it."""
    return segment.replace("~", "~0").replace("/", "~1")


def _telling(error: ValidationError) -> Iterator[ValidationError]:
    """Go down into the likeliest branch of a union, since "none of them fits" tells nothing."""
    if isinstance(error.kind, BRANCHES) and error.kind.context:
        for deeper in min(error.kind.context, key=_unlikelihood):
            yield from _telling(deeper)
    else:
        yield error


def _unlikelihood(branch: Sequence[ValidationError]) -> tuple[int, int, int]:
    """Rank a branch: the fewest errors that mean another kind of thing, then the deepest error, then the fewest."""
    mistaken = sum(error.kind.name in MISTAKEN_KIND for error in branch)
    return mistaken, -max(len(error.instance_path) for error in branch), len(branch)


def _worded(error: ValidationError) -> str:
    place = ".".join(str(step) for step in error.instance_path)
    message = error.message if len(error.message) <= LONGEST_MESSAGE else error.message[:LONGEST_MESSAGE] + "…"
    return f"{place}: {message}" if place else message
