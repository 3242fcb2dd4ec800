"""Comparison of JSON with its expected shape: places and types, never values."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.deep_check.shapes import Kind, Shape

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z_]{0,39}")  # of a field; a name with digits could be an id
_WORD: Final = re.compile(r"[A-Z_]{2,30}")  # of an enumeration
_LARGEST_NUMBER: Final = 999  # of an enumeration; a larger one could be an id


class Problem(StrEnum):
    """How a value differs from its shape."""

    MISSING = "missing"
    KIND = "other type"
    VALUE = "unknown value"
    UNUSABLE = "not usable by the bot"
    FIELD = "unknown field"  # not wrong: the platform may add fields


class Source(StrEnum):
    """The side whose expectation a value doesn't meet."""

    CONTRACT = "contract"
    STAND_IN = "stand-in"
    BOT = "bot"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference at a JSON path such as `$.attachments[].url`, with types and harmless words only."""

    path: str
    problem: Problem
    expected: str
    found: str
    source: Source = Source.CONTRACT

    @property
    def is_deviation(self) -> bool:
        """Return True if a promise is broken, or if the bot can't do without a value."""
        return self.problem is not Problem.FIELD and self.source is not Source.STAND_IN


def kind_of(value: object) -> Kind:
    """Return the JSON type of a parsed value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


class Comparison:
    """Compares values with shapes, whose shared ones it knows."""

    def __init__(self, shared: Mapping[str, Shape]) -> None:
        self._shared = shared

    def differences(self, value: object, shape: Shape) -> list[Difference]:
        """Return each difference once, even if every entry of a list has it."""
        return list(dict.fromkeys(self._compare(value, shape, "$")))

    def _compare(self, value: object, shape: Shape, path: str) -> Iterator[Difference]:
        shape = self._resolved(shape)
        if shape.either:
            yield from self._nearest(value, shape.either, path)
            return
        kind = kind_of(value)
        if shape.kinds and not (kind in shape.kinds or (kind == "integer" and "number" in shape.kinds)):
            source = Source.STAND_IN if shape.inferred else Source.CONTRACT
            yield Difference(path, Problem.KIND, " or ".join(shape.kinds), kind, source)
        elif shape.values and kind != "null" and value not in shape.values:
            yield Difference(path, Problem.VALUE, "a known value", _shown(value))
        elif isinstance(value, dict):
            yield from self._compare_fields(value, shape, path)
        elif isinstance(value, list) and shape.items is not None:
            for item in value:
                yield from self._compare(item, shape.items, f"{path}[]")

    def _compare_fields(self, value: Mapping[str, object], shape: Shape, path: str) -> Iterator[Difference]:
        for names, source in ((shape.required, Source.CONTRACT), (shape.sent, Source.STAND_IN)):
            for name in names:
                if name not in value:
                    yield Difference(f"{path}.{name}", Problem.MISSING, self._kinds(shape.fields[name]), "", source)
        for name, each in value.items():
            if name in shape.fields:
                yield from self._compare(each, shape.fields[name], f"{path}.{name}")
            elif shape.closed:
                shown = name if _NAME.fullmatch(name) else "*"
                yield Difference(f"{path}.{shown}", Problem.FIELD, "", kind_of(each))

    def _nearest(self, value: object, shapes: tuple[Shape, ...], path: str) -> Iterator[Difference]:
        """Compare with the shape that was probably meant: the fewest differences in `type`, then the fewest at all."""

        def distance(found: list[Difference]) -> tuple[int, int, int]:
            wrong = [each for each in found if each.problem is not Problem.FIELD]
            return sum(each.path in (path, f"{path}.type") for each in wrong), len(wrong), len(found)

        yield from min((list(self._compare(value, shape, path)) for shape in shapes), key=distance)

    def _resolved(self, shape: Shape) -> Shape:
        return shape if shape.like is None else self._shared[shape.like]

    def _kinds(self, shape: Shape) -> str:
        resolved = self._resolved(shape)
        kinds = resolved.kinds or tuple(kind for each in resolved.either for kind in self._resolved(each).kinds)
        return " or ".join(dict.fromkeys(kinds)) or "anything"


def _shown(value: object) -> str:
    """Return a value of an enumeration if it is a word or a small number, and otherwise only its type."""
    is_number = isinstance(value, int) and 0 <= value <= _LARGEST_NUMBER
    is_word = isinstance(value, str) and _WORD.fullmatch(value) is not None
    return str(value) if is_number or is_word else kind_of(value)
