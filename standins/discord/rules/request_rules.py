"""Request bodies and queries by Discord's document: the type, choices, bounds and required fields of each part.

`requests.json` has the schemas. `make contracts` writes it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from standins.discord.errors import FormErrors, Place

Schema = Mapping[str, Any]
SCHEMAS: Final[Mapping[str, Schema]] = json.loads(Path(__file__).with_name("requests.json").read_text(encoding="utf-8"))
TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "null": (type(None),),
    "number": (int, float),
    "object": (dict,),
    "string": (str,),
}
URL: Final = re.compile(r"[a-z][a-z0-9+.-]*:\S", re.IGNORECASE)
WHOLE: Final = re.compile(r"-?[0-9]{1,18}")
FLAGS: Final = {"true": True, "1": True, "false": False, "0": False}
# What each card asks for often; the schemas are constants, so an id means the same one for ever.
FITTING: Final[set[tuple[int, int]]] = set()
MEANT: Final[dict[tuple[int, type, type, object], Sequence[Schema]]] = {}
SNOWFLAKE: Final = re.compile(r"0|[1-9][0-9]*")


def check_body(operation: str, body: object) -> None:
    """Raise 50035 with every complaint about a body, if the operation, such as `GET /users/@me`, has one."""
    if operation in SCHEMAS and body is not None:
        _errors(SCHEMAS[operation], body, ()).refuse_if_any()


def check_query(operation: str, query: Mapping[str, str]) -> None:
    """Raise 50035 with every complaint about the parameters behind the `?`; unknown ones are ignored."""
    if schema := SCHEMAS.get(f"{operation}?"):
        known = schema["properties"]
        read = {name: _read(_followed(known[name]), text) for name, text in query.items() if name in known}
        _errors(schema, read, ()).refuse_if_any()


def _read(schema: Schema, text: str) -> object:
    """Return a parameter as JSON of its schema's type, or as text if it can't be."""
    match schema.get("type"):
        case "integer" if WHOLE.fullmatch(text):
            return int(text)
        case "boolean":
            return FLAGS.get(text.lower(), text)
    return text


def _errors(schema: Schema, value: object, place: Place) -> FormErrors:
    errors = FormErrors()
    _check(errors, schema, value, place)
    return errors


def _check(errors: FormErrors, schema: Schema, value: object, place: Place) -> None:
    schema = _followed(schema)
    for each in schema.get("allOf", ()):
        _check(errors, each, value, place)
    if "oneOf" in schema or "anyOf" in schema:
        return _check_union(errors, schema, value, place)
    if schema.get("format") == "snowflake":
        return _check_snowflake(errors, value, place)
    if not _has_type(schema, value):
        return errors.add(place, "BASE_TYPE_BAD_TYPE", f"Value must be of type {schema['type']}.")
    _check_choices(errors, schema, value, place)
    _check_bounds(errors, schema, value, place)
    _check_format(errors, schema, value, place)
    _check_parts(errors, schema, value, place)
    return None


def _check_parts(errors: FormErrors, schema: Schema, value: object, place: Place) -> None:
    match value:
        case dict():
            for name in schema.get("required", ()):
                if name not in value:
                    errors.required((*place, name))
            known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
            for name, part in value.items():
                _check(errors, known.get(name, others), part, (*place, name))
        case list() if "items" in schema:
            for index, each in enumerate(value):
                _check(errors, schema["items"], each, (*place, index))


def _has_type(schema: Schema, value: object) -> bool:
    known = schema.get("type")
    if schema.get("format") == "snowflake" and not isinstance(value, bool):
        return isinstance(value, int | str)
    names = [known] if isinstance(known, str) else known or TYPES
    if isinstance(value, bool):
        return "boolean" in names
    whole = int(value) if isinstance(value, float) and value.is_integer() else value  # 1.0 is an integer in JSON
    return any(isinstance(whole, TYPES[name]) for name in names)


def _check_choices(errors: FormErrors, schema: Schema, value: object, place: Place) -> None:
    known = [schema["const"]] if "const" in schema else schema.get("enum")
    if known is not None and (isinstance(value, bool) or value not in known):
        errors.add(place, "BASE_TYPE_CHOICES", f"Value must be one of {tuple(known)}.")


def _check_bounds(errors: FormErrors, schema: Schema, value: object, place: Place) -> None:
    match value:
        case bool() | None:
            return
        case int() | float():
            least, most = schema.get("minimum", value), schema.get("maximum", value)
            if not least <= value <= most:
                code = "NUMBER_TYPE_MIN" if value < least else "NUMBER_TYPE_MAX"
                errors.add(place, code, f"Value must be between {least} and {most}.")
        case str() | list():
            kind = "Length" if isinstance(value, str) else "Items"
            errors.length(place, value, schema.get(f"min{kind}", 0), schema.get(f"max{kind}", len(value)))


def _check_format(errors: FormErrors, schema: Schema, value: object, place: Place) -> None:
    match schema.get("format"), value:
        case "date-time", str() if not _is_moment(value):
            errors.add(place, "DATE_TIME_TYPE_PARSE", f"Could not parse {value}.")
        case "uri", str() if not URL.match(value):
            errors.add(place, "URL_TYPE_INVALID_URL", "Not a well formed URL.")


def _check_snowflake(errors: FormErrors, value: object, place: Place) -> None:
    """Accept numbers too, which the document doesn't have: discord.py sends the ids of attachments and replies so."""
    if isinstance(value, bool) or not SNOWFLAKE.fullmatch(str(value)):
        errors.add(place, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')


def _check_union(errors: FormErrors, schema: Schema, value: object, place: Place) -> None:
    """Note nothing if a branch fits; else, the complaints of the branch that is meant, or that choices are wrong.

    Other branches aren't tried: components stand in components, so that would take exponential time.
    """
    if type(value) is int and (id(schema), value) in FITTING:
        return
    meant, tried = _meant(schema, value), list[FormErrors]()
    for branch in meant:
        tried.append(_errors(branch, value, place))
        if not tried[-1]:
            if type(value) is int:
                FITTING.add((id(schema), value))
            return
    if any("const" not in branch for branch in meant):
        errors.join(min(tried, key=len))
    elif isinstance(value, dict):
        errors.add((*place, "type"), "UNION_TYPE_CHOICES", 'Value of field "type" must be one of the known types.')
    else:
        errors.add(place, "BASE_TYPE_CHOICES", "Value must be one of the known ones.")


def _followed(schema: Schema) -> Schema:
    return _followed(SCHEMAS[schema["$ref"]]) if "$ref" in schema else schema


def _meant(schema: Schema, value: object) -> Sequence[Schema]:
    """Return the branches of a union that a value is meant for.

    They follow from the value's type and its field `type`, apart from numbers such as 1.0.
    """
    name = value.get("type") if isinstance(value, dict) else None
    key = (id(schema), type(value), type(name), name)
    if isinstance(value, float) or not isinstance(name, int | None):
        return _branches_for(schema, value)
    if key not in MEANT:
        MEANT[key] = _branches_for(schema, value)
    return MEANT[key]


def _branches_for(schema: Schema, value: object) -> Sequence[Schema]:
    branches = map(_followed, (*schema.get("oneOf", ()), *schema.get("anyOf", ())))
    return [branch for branch in branches if _is_meant(branch, value)]


def _is_meant(branch: Schema, value: object) -> bool:
    """Return True if a branch is of the value's type, and of the kind that its field `type` names."""
    if not _has_type(branch, value):
        return False
    kind = branch.get("properties", {}).get("type")
    return not isinstance(value, dict) or kind is None or not _errors(kind, value.get("type"), ())


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
