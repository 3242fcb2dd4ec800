"""Write the schemas of the request bodies and queries that the stand-in for Discord checks, from Discord's document."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from standins.clock import Clock
from standins.discord import DiscordStandIn

TARGET: Final = Path(__file__).parents[2] / "standins/discord/rules/requests.json"
CHECKED: Final = {
    *("$ref", "additionalProperties", "allOf", "anyOf", "const", "enum", "format", "items", "maximum", "maxItems"),
    *("maxLength", "minimum", "minItems", "minLength", "oneOf", "properties", "required", "type"),
}
# Kinds that the reference names under "Channel Types" and "Message Reference Types", and the document lacks.
LACKING: Final = {"ChannelTypes": 16, "MessageReferenceType": 1}


def written_from(document: Mapping[str, Any]) -> str:
    """Return the file's text: schemas of bodies and queries by operation, and those that they refer to, one a line."""
    known: dict[str, Any] = document["components"]["schemas"]
    bodies = {operation: _checked(schema) for operation, schema in [*_bodies(document), *_queries(document)]}
    names = sorted({name for schema in bodies.values() for name in _named(schema, known, set())})
    lines = {**bodies, **{name: complete(name, _checked(known[name])) for name in names}}
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(each)}" for name, each in lines.items()) + "\n}\n"


def _bodies(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for route in DiscordStandIn(Clock()).routes():
        body = document["paths"][route.template][route.method.lower()].get("requestBody")
        if body is not None:
            yield f"{route.method} {route.template}", body["content"]["application/json"]["schema"]


def _queries(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield a schema of an object for each operation with parameters behind the `?`."""
    for route in DiscordStandIn(Clock()).routes():
        parameters = document["paths"][route.template][route.method.lower()].get("parameters", [])
        if known := {each["name"]: each for each in parameters if each["in"] == "query"}:
            required = [name for name, each in known.items() if each.get("required")]
            properties = {name: each["schema"] for name, each in known.items()}
            yield f"{route.method} {route.template}?", {"properties": properties, "required": required}


def _checked(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema without the keywords that nobody checks."""
    kept: dict[str, Any] = {}
    for name, part in schema.items():
        if name == "$ref":
            kept[name] = part.rpartition("/")[2]
        elif name == "properties":
            kept[name] = {field: _checked(each) for field, each in part.items()}
        elif name in {"allOf", "anyOf", "oneOf"}:
            kept[name] = [_checked(each) for each in part]
        elif name in CHECKED:
            kept[name] = _checked(part) if isinstance(part, dict) else part
    return kept


def _named(part: object, known: Mapping[str, Any], found: set[str]) -> set[str]:
    """Return the names of all schemas that a part refers to, directly or not."""
    match part:
        case {"$ref": str(name)} if name not in found:
            found.add(name)
            _named(_checked(known[name]), known, found)
        case {**fields}:
            for each in fields.values():
                _named(each, known, found)
        case [*items]:
            for each in items:
                _named(each, known, found)
    return found


def complete(name: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema of Discord's document with the kind that it lacks, if any."""
    return {**schema, "oneOf": [*schema["oneOf"], {"const": LACKING[name]}]} if name in LACKING else schema
