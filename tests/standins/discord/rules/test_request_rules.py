"""The stand-in rejects each body that Discord's document rejects: valid bodies with one wrong value each show it."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import islice
from typing import Any, Final

import pytest

from standins.discord.errors import Refusal
from standins.discord.rules.request_rules import check_body
from standins.exchange import Exchange
from tests.contracts.openapi import Contract
from tests.contracts.published import MISSING, published_contract
from tests.imitation.discord import EMBED, ON_USER, ROW, SLASH, V2, v2_parts

PARTS: Final = [*v2_parts(), {"type": 17, "components": [{"type": 10, "content": "A boat"}]}]
MESSAGE: Final = {
    "content": "hello",
    "embeds": [EMBED],
    "components": [ROW],
    "tts": False,
    "flags": 0,
    "allowed_mentions": {"parse": ["users"], "replied_user": False, "roles": []},
    "attachments": [{"id": "0", "description": "A boat", "filename": "boat.png"}],
}
FORM: Final = {
    "title": "Draw",
    "custom_id": "draw",
    "components": [
        {"type": 18, "label": "Prompt", "component": {"type": 4, "custom_id": "prompt", "style": 1, "max_length": 9}},
        {"type": 18, "label": "Images", "component": {"type": 19, "custom_id": "images", "max_values": 3}},
    ],
}
NUMBER: Final = {"type": 4, "name": "seed", "description": "Its seed", "min_value": 1, "max_value": 9}
CALLBACK: Final = "POST /interactions/{interaction_id}/{interaction_token}/callback"
BODIES: Final[Mapping[str, list[object]]] = {
    "POST /channels/{channel_id}/messages": [MESSAGE, {"flags": V2, "components": PARTS}],
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original": [MESSAGE],
    "POST /users/@me/channels": [{"recipient_id": "5"}],
    "PUT /applications/{application_id}/commands": [[SLASH, ON_USER, {**SLASH, "options": [NUMBER]}]],
    CALLBACK: [
        {"type": 4, "data": MESSAGE},
        {"type": 5, "data": {"flags": 64}},
        {"type": 9, "data": FORM},
        {"type": 8, "data": {"choices": [{"name": "Square", "value": "1:1"}]}},
    ],
}
CASES: Final = [(operation, body) for operation, bodies in BODIES.items() for body in bodies]
WRONG: Final[tuple[object, ...]] = (None, True, -1, 0.5, 10**20, 99, "", "x", "9" * 40, [], [1], {}, {"a": 1})
EACH: Final = 5  # of the variants is tried, since there are 14 for each place, and all would take a minute
Path = tuple[str | int, ...]


@pytest.fixture(scope="module")
def contract() -> Contract:
    return published_contract("discord") or pytest.skip(MISSING)


def exchange(operation: str, body: object) -> Exchange:
    """Return a request with a body."""
    method, _, template = operation.partition(" ")
    path = template.replace("{interaction_token}", "t").replace("{webhook_token}", "t")
    path = "/".join("1" if part.startswith("{") else part for part in path.split("/"))
    return Exchange(method, path, {}, {}, body, {}, "application/json", 200, {}, None)


def places(part: object, path: Path = ()) -> Iterator[Path]:
    """Yield the path of each value inside a body."""
    steps = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, inner in steps:
        yield (*path, step)
        yield from places(inner, (*path, step))


def changed(body: object, path: Path, *value: object) -> object:
    """Return a body with another value at a place, or without one."""
    body = deepcopy(body)
    part: Any = body
    for step in path[:-1]:
        part = part[step]
    if value:
        part[path[-1]] = value[0]
    else:
        del part[path[-1]]
    return body


def variants(body: object) -> Iterator[object]:
    """Yield a body with each value left out, or replaced by each wrong one."""
    for path in places(body):
        yield changed(body, path)
        yield from (changed(body, path, wrong) for wrong in WRONG)


def is_refused(operation: str, body: object) -> bool:
    try:
        check_body(operation, body)
    except Refusal:
        return True
    return False


@pytest.mark.parametrize(("operation", "body"), CASES, ids=str)
def test_a_body_is_refused_if_the_document_refuses_it(contract: Contract, operation: str, body: object) -> None:
    """The stand-in and the document agree; only ids may be numbers here, as discord.py sends some."""
    for variant in (body, *islice(variants(body), None, None, EACH)):
        sent = exchange(operation, variant)
        allowed = contract.allows_json(sent.method, sent.path, variant)
        if is_refused(operation, variant):
            assert not allowed, variant
        else:
            assert allowed or are_of_numbers(contract.request_violations(sent)), variant
    assert not is_refused(operation, body)


def are_of_numbers(violations: list[str]) -> bool:
    """Return True if all that is wrong is an id that is a number."""
    return all(each.partition(" is not of ")[0].rpartition(" ")[2].isdigit() for each in violations)


def test_complaints_name_each_field() -> None:
    """One response has all complaints, with Discord's codes."""
    wrong = {"content": 5, "embeds": [{"title": "x" * 257}], "components": [{"type": 1}], "tts": "no"}
    with pytest.raises(Refusal) as refused:
        check_body("POST /channels/{channel_id}/messages", wrong)
    assert refused.value.errors is not None
    codes = dict(codes_in(refused.value.errors))
    assert codes == {
        ("content",): "BASE_TYPE_BAD_TYPE",
        ("embeds", "0", "title"): "BASE_TYPE_MAX_LENGTH",
        ("components", "0", "components"): "BASE_TYPE_REQUIRED",
        ("tts",): "BASE_TYPE_BAD_TYPE",
    }


def codes_in(tree: Mapping[str, Any], place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    for step, branch in tree.items():
        if step == "_errors":
            yield place, branch[0]["code"]
        else:
            yield from codes_in(branch, (*place, step))
