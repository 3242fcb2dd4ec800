"""JSON is compared with its shape: each difference with its place and types, and never a value."""

from typing import Any, Final

import pytest

from bot.deep_check.comparison import Comparison, Difference, Problem, Source
from bot.deep_check.shapes import Shape

SECRET: Final = "afk_secret_1234567890"
USER: Final = {
    "kinds": ["object"],
    "fields": {"id": {"kinds": ["string"]}, "avatar": {"kinds": ["string", "null"]}, "bot": {"kinds": ["boolean"]}},
    "required": ["id", "avatar"],
    "sent": ["bot"],
    "closed": True,
}
BUTTON: Final = {
    "kinds": ["object"],
    "fields": {"type": {"kinds": ["integer"], "values": [2]}, "custom_id": {"kinds": ["string"]}},
    "required": ["type", "custom_id"],
    "closed": True,
}
TEXT: Final = {"kinds": ["object"], "fields": {"type": {"kinds": ["integer"], "values": [10]}}, "required": ["type"]}
MESSAGE: Final = {
    "kinds": ["object"],
    "fields": {
        "author": {"like": "user"},
        "mentions": {"kinds": ["array"], "items": {"like": "user"}},
        "status": {"kinds": ["string"], "values": ["QUEUED", "COMPLETED"]},
        "cost": {"kinds": ["number"]},
        "components": {"kinds": ["array"], "items": {"either": [BUTTON, TEXT]}},
        "reply": {"either": [{"kinds": ["null"]}, {"like": "user"}]},
        "input": {"kinds": ["object"]},
    },
    "closed": True,
}


def differences(value: object) -> list[Difference]:
    shapes = {"user": Shape.model_validate(USER)}
    return Comparison(shapes).differences(value, Shape.model_validate(MESSAGE))


def user(**changes: object) -> dict[str, Any]:
    return {"id": "1", "avatar": None, "bot": True} | changes


@pytest.mark.parametrize(
    "value",
    [
        {"author": user()},
        {"mentions": [user(), user(avatar="x")]},
        {"cost": 1},
        {"cost": 1.5},
        {"components": [{"type": 2, "custom_id": "x"}, {"type": 10, "content": SECRET}]},
        {"reply": None},
        {"reply": user()},
        {"input": {SECRET: SECRET}},
    ],
)
def test_value_of_the_expected_shape_has_no_difference(value: object) -> None:
    assert differences(value) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"author": {"id": "1", "bot": True}}, Difference("$.author.avatar", Problem.MISSING, "string or null", "")),
        (
            {"author": {"id": "1", "avatar": None}},
            Difference("$.author.bot", Problem.MISSING, "boolean", "", Source.STAND_IN),
        ),
        ({"author": user(id=12)}, Difference("$.author.id", Problem.KIND, "string", "integer")),
        ({"author": None}, Difference("$.author", Problem.KIND, "object", "null")),
        ({"mentions": [user(), user(bot=1)]}, Difference("$.mentions[].bot", Problem.KIND, "boolean", "integer")),
        ({"status": "REVIEWING"}, Difference("$.status", Problem.VALUE, "a known value", "REVIEWING")),
        ({"status": SECRET}, Difference("$.status", Problem.VALUE, "a known value", "string")),
        ({"cost": "7"}, Difference("$.cost", Problem.KIND, "number", "string")),
        ({"cost": True}, Difference("$.cost", Problem.KIND, "number", "boolean")),
        ({"components": [{"type": 2}]}, Difference("$.components[].custom_id", Problem.MISSING, "string", "")),
        ({"components": [{"type": 99}]}, Difference("$.components[].type", Problem.VALUE, "a known value", "99")),
        ({"reply": SECRET}, Difference("$.reply", Problem.KIND, "null", "string")),
        ({"queue": 3}, Difference("$.queue", Problem.FIELD, "", "integer")),
        ({"1234567890": 3}, Difference("$.*", Problem.FIELD, "", "integer")),
        ([], Difference("$", Problem.KIND, "object", "array")),
    ],
)
def test_each_difference_has_a_place_and_types(value: object, expected: Difference) -> None:
    assert expected in differences(value)
    assert SECRET not in repr(differences(value))


def test_new_field_is_not_a_deviation() -> None:
    assert [each.is_deviation for each in differences({"queue": 3})] == [False]


def test_same_difference_of_many_entries_is_found_once() -> None:
    assert len(differences({"mentions": [user(id=1), user(id=2), user(id=3)]})) == 1


def test_large_number_in_an_enumeration_is_not_shown() -> None:
    """It could be an id."""
    [difference] = differences({"components": [{"type": 123456789012345678}]})
    assert difference.found == "integer"
