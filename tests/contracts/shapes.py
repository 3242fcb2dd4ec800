"""Write what the deep check expects, from the documents and the stand-ins' answers: `bot/deep_check/shapes.json`."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bot.deep_check.comparison import kind_of
from bot.deep_check.recorder import DOWNLOAD, RATE_LIMIT, Body, Recorder
from bot.deep_check.shapes import TABLE
from tests.contracts.published import Platform
from tests.contracts.requests import complete

TARGET: Final = Path(__file__).parents[2] / "bot/deep_check" / TABLE

EVENTS: Final = {"MESSAGE_CREATE": "MessageResponse", "MESSAGE_UPDATE": "MessageResponse"}
"""The schemas of events: the document only has those of objects that requests return too."""

FIELDS_OF_EVENTS: Final = {"INTERACTION_CREATE": {"message": "MessageResponse"}}
Schema = Mapping[str, Any]
Samples = Sequence[Any]
Written = dict[str, Any]


def written_from(documents: Mapping[Platform, Schema], recorded: Recorder) -> str:
    """Return the text of the table, from OpenAPI documents and a recording of the stand-ins."""
    tables = {platform: _Table(platform, document) for platform, document in documents.items()}
    for is_last in (False, True):  # at first, each shared schema collects its samples
        operations, events = {}, {}
        for operation in sorted({each.operation for each in recorded.exchanges} - {DOWNLOAD}):
            table = tables["discord" if operation.startswith("discord ") else "apiframe"]
            operations[operation] = table.operation(operation, recorded)
        for name in sorted({event.name for event in recorded.events}):
            events[name] = tables["discord"].event(name, [e.payload for e in recorded.events if e.name == name])
        for table in tables.values():
            table.is_complete = not is_last
    shared = {name: shape for table in tables.values() for name, shape in table.shared.items()}
    return _spread({"operations": operations, "events": events, "shared": dict(sorted(shared.items()))})


class _Table:
    """The shapes from one document; once it `is_complete`, it knows all samples of the schemas that have names."""

    def __init__(self, platform: Platform, document: Schema) -> None:
        self.shared: dict[str, Written] = {}
        self.is_complete = False
        self._platform = platform
        self._document = document
        self._samples: dict[str, list[Any]] = {}

    def operation(self, operation: str, recorded: Recorder) -> Written:
        """Return the expected answer of an operation."""
        method, path = operation.split(" ")[1:]
        exchanges = [each for each in recorded.exchanges if each.operation == operation]
        described = self._document["paths"][path][method.lower()]["responses"]
        statuses: Written = {}
        for status in sorted(status for status in described if status.startswith("2")):
            bodies = [each.body for each in exchanges if str(each.status) == status and each.body is not Body.NONE]
            content = described[status].get("content", {}).get("application/json")
            statuses[status] = None if content is None else self._shape(content["schema"], bodies)
        names = {name.lower() for status in statuses for name in described[status].get("headers", ())}
        headers = sorted(name for name in names if name.startswith(RATE_LIMIT))
        return {"statuses": statuses} | ({"headers": headers} if headers else {})

    def event(self, name: str, samples: Samples) -> Written:
        """Return the expected shape of an event."""
        fields = FIELDS_OF_EVENTS.get(name, {})
        known = {field: {"$ref": f"#/components/schemas/{schema}"} for field, schema in fields.items()}
        return self._object(self._named(EVENTS[name]) if name in EVENTS else {"properties": known}, samples)

    def _shape(self, schema: Schema, samples: Samples) -> Written:
        """Return the shape of a part of the document; a schema without any sample is only known by its kinds."""
        if "$ref" not in schema:
            return self._inline(schema, samples)
        name = schema["$ref"].rpartition("/")[2]
        named = self._named(name)
        is_known = bool(samples) or (self.is_complete and name in self._samples)
        if "properties" not in named or not is_known:
            return self._inline(named, samples)
        shared = f"{self._platform} {name}"
        if not self.is_complete:
            self._samples.setdefault(name, []).extend(samples)
            self._inline(named, samples)
        elif shared not in self.shared:
            self.shared[shared] = {}
            self.shared[shared] = self._inline(named, self._samples[name])
        return {"like": shared}

    def _inline(self, schema: Schema, samples: Samples) -> Written:
        for parent in schema.get("allOf", ()):
            schema = {**(self._named_by(parent)), **schema}
        if (branches := schema.get("oneOf", schema.get("anyOf"))) and "enum" not in schema:
            return self._union(branches, samples)
        if "properties" in schema:
            nullable = ["null"] * ("null" in _kinds(schema))
            written = self._object(schema, [each for each in samples if each is not None])
            return {**written, "kinds": [*written["kinds"], *nullable]}
        if not _kinds(schema):
            return inferred(samples)
        written = {"kinds": _kinds(schema)}
        if values := [value for value in schema.get("enum", ()) if value is not None]:
            written["values"] = values
        if "items" in schema:
            written["items"] = self._shape(schema["items"], [item for each in samples for item in each or ()])
        return written

    def _object(self, schema: Schema, samples: Samples) -> Written:
        if not samples:
            return {"kinds": ["object"]}
        known, required = schema.get("properties", {}), sorted(schema.get("required", ()))
        others = sorted({name for each in samples for name in each} - set(known))
        found = {name: [each[name] for each in samples if name in each] for name in (*known, *others)}
        sent = sorted(name for name in found if len(found[name]) == len(samples) and name not in required)
        fields = {name: self._shape(part, found[name]) for name, part in known.items()}
        fields |= {name: inferred(found[name]) for name in others}
        written: Written = {"kinds": ["object"], "fields": fields, "closed": True}
        return written | ({"required": required} if required else {}) | ({"sent": sent} if sent else {})

    def _union(self, branches: Sequence[Schema], samples: Samples) -> Written:
        """Return one shape for constants and scalars, and otherwise a choice, with its samples for each."""
        whole = [self._named_by(branch) for branch in branches]
        if all("const" in branch for branch in whole):
            values = [branch["const"] for branch in whole]
            return {"kinds": sorted({kind_of(value) for value in values}), "values": values}
        if not any("properties" in branch or "oneOf" in branch for branch in whole):
            return {"kinds": list(dict.fromkeys(kind for branch in whole for kind in _kinds(branch)))}
        choices = [
            self._choice(branch, whole[place], [each for each in samples if self._place(whole, each) == place])
            for place, branch in enumerate(branches)
        ]
        return choices[0] if len(choices) == 1 else {"either": choices}

    def _choice(self, branch: Schema, whole: Schema, samples: Samples) -> Written:
        """Return a branch of a union, whose objects differ by their `type`."""
        if samples or "type" not in whole.get("properties", {}):
            return self._shape(branch, samples)
        return {
            "kinds": ["object"],
            "fields": {"type": self._shape(whole["properties"]["type"], [])},
            "required": ["type"],
        }

    def _place(self, branches: Sequence[Schema], sample: object) -> int:
        """Return which branch a sample is of."""
        for place, branch in enumerate(branches):
            if isinstance(sample, dict) and "properties" in branch:
                kinds = self._named_by(branch["properties"].get("type", {})).get("enum")
                if kinds is None or sample.get("type") in kinds:
                    return place
            elif kind_of(sample) in _kinds(branch):
                return place
        raise ValueError(f"no branch fits a sample of type {kind_of(sample)}")

    def _named_by(self, schema: Schema) -> Schema:
        return self._named(schema["$ref"].rpartition("/")[2]) if "$ref" in schema else schema

    def _named(self, name: str) -> Schema:
        return complete(name, self._document["components"]["schemas"][name])


def inferred(samples: Samples) -> Written:
    """Return a shape that all samples have; anything where they are all null."""
    kinds = sorted({kind_of(each) for each in samples})
    if kinds in ([], ["null"]):
        return {}
    written: Written = {"kinds": kinds, "inferred": True}
    if objects := [each for each in samples if isinstance(each, dict)]:
        names = sorted({name for each in objects for name in each})
        written["fields"] = {name: inferred([each[name] for each in objects if name in each]) for name in names}
        written["closed"] = True
        if sent := [name for name in names if all(name in each for each in objects)]:
            written["sent"] = sent
    if items := [item for each in samples if isinstance(each, list) for item in each]:
        written["items"] = inferred(items)
    return written


def _kinds(schema: Schema) -> list[str]:
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _spread(sections: Mapping[str, Mapping[str, Written]]) -> str:
    """Write JSON with a line for each field of a shape."""
    text = json.dumps(sections, ensure_ascii=False)
    return re.sub(r'("fields": \{|(?<=\}), )(?=")', lambda found: found[1].rstrip() + "\n", text) + "\n"
