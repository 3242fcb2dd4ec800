"""Modals: what an app may open, and how a person submits them."""

from copy import deepcopy
from typing import TYPE_CHECKING

from standins.discord.client.options import InvalidOptionError, OptionValue, attach, resolve_channel, resolve_user
from standins.discord.components import walk
from standins.discord.errors import FormErrors, Place
from standins.discord.model.attachments import MEGABYTE, Upload
from standins.discord.model.guilds import Channel, Role
from standins.discord.model.users import Member, User
from standins.discord.payload import Payload
from standins.discord.rules import facts
from standins.discord.rules.component_rules import (
    ACTION_ROW,
    CHANNEL_SELECT,
    MENTIONABLE_SELECT,
    ROLE_SELECT,
    STRING_SELECT,
    TEXT,
    TEXT_INPUT,
    USER_SELECT,
    check_select_options,
)

if TYPE_CHECKING:
    from standins.discord.model.world import World

LABEL, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 18, 19, 21, 22, 23
REFERRING = (USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
MOST_COMPONENTS = 5  # the schema has 40, which the documentation does not

FieldValue = str | bool | Upload | User | Member | Role | Channel | list[str] | list[Upload] | list[OptionValue] | None


def checked_modal(modal: Payload) -> Payload:
    """Return the modal as clients show it, its components numbered; raises 50035 with all that is wrong with it."""
    errors = FormErrors()
    errors.fields((), modal, facts.MODAL)
    components = deepcopy(modal.get("components") or [])
    errors.length(("components",), components, 1, MOST_COMPONENTS)
    for index, component in enumerate(components):
        _check_top(errors, component, ("components", index))
    _check_distinct(errors, components)
    errors.refuse_if_any()
    for number, component in enumerate(walk(components), start=1):
        component.setdefault("id", number)
    return {"title": modal["title"], "custom_id": modal["custom_id"], "components": components}


def _check_distinct(errors: FormErrors, components: list[Payload]) -> None:
    ids = [field["custom_id"] for field in fields_of(components) if "custom_id" in field]
    if len(set(ids)) < len(ids):
        words = "Component custom id cannot be duplicated"
        errors.add(("components",), "COMPONENT_CUSTOM_ID_DUPLICATED", words)


def _check_top(errors: FormErrors, component: Payload, place: Place) -> None:
    match component.get("type"):
        case 1:
            inside = component.get("components") or []
            errors.length((*place, "components"), inside, 1, 1)
            for index, field in enumerate(inside):
                _check_field(errors, field, (*place, "components", index), (TEXT_INPUT,))
                errors.fields((*place, "components", index), field, {"label": facts.LABEL["label"]})
        case 10:
            errors.fields(place, component, facts.TEXT_DISPLAY)
        case 18:
            errors.fields(place, component, facts.LABEL)
            _check_field(errors, component.get("component") or {}, (*place, "component"), facts.IN_LABEL)
        case _:
            words = f'Value of field "type" must be one of {facts.IN_MODAL}.'
            errors.add((*place, "type"), "UNION_TYPE_CHOICES", words)


def _check_field(errors: FormErrors, field: Payload, place: Place, allowed: tuple[int, ...]) -> None:
    kind = field.get("type")
    if kind not in allowed:
        errors.add((*place, "type"), "UNION_TYPE_CHOICES", f'Value of field "type" must be one of {allowed}.')
        return
    errors.fields(place, field, facts.MODAL_FIELD)
    if kind == STRING_SELECT:
        check_select_options(errors, field, place)
    if kind == TEXT_INPUT:
        errors.fields(place, field, facts.TEXT_INPUT)
        most = field.get("max_length") or facts.TEXT_INPUT["value"].most
        errors.length((*place, "value"), field.get("value") or "", 0, most)
        errors.choice((*place, "style"), field.get("style"), facts.TEXT_INPUT_STYLES)
    least, most = facts.UPLOADED_FILES
    if kind == FILE_UPLOAD and not least <= (field.get("max_values") or least) <= most:
        errors.add((*place, "max_values"), "NUMBER_TYPE_MAX", f"int value should be between {least} and {most}.")


def fields_of(components: list[Payload]) -> list[Payload]:
    """Return the parts of a modal that a person fills in."""
    return [part for part in walk(components) if part["type"] not in (ACTION_ROW, LABEL, TEXT)]


class FilledModal:
    """A modal as a person filled it in, spelt as Discord sends it; `values` are by custom id or by label.

    Other fields keep the values that the app filled in; `""` and `[]` empty a field.
    """

    def __init__(self, world: "World", channel: Channel, modal: Payload, values: dict[str, FieldValue]) -> None:
        self._world = world
        self._channel = channel
        self._values = dict(values)
        self._resolved: dict[str, Payload] = {}
        components = [self._top(component) for component in modal["components"]]
        if self._values:
            raise InvalidOptionError(next(iter(self._values)), "the modal has no such field")
        self.body: Payload = {"custom_id": modal["custom_id"], "components": components}
        if self._resolved:
            self.body["resolved"] = self._resolved

    def _top(self, component: Payload) -> Payload:
        spelt: Payload = {"type": component["type"], "id": component["id"]}
        if component["type"] == ACTION_ROW:
            return spelt | {"components": [self._field(field, field["label"]) for field in component["components"]]}
        if component["type"] == LABEL:
            return spelt | {"component": self._field(component["component"], component["label"])}
        return spelt

    def _field(self, field: Payload, label: str) -> Payload:
        key = field["custom_id"] if field["custom_id"] in self._values else label
        value = self._values.pop(key, None)
        spelt: Payload = {"type": field["type"], "id": field["id"], "custom_id": field["custom_id"]}
        if field["type"] == TEXT_INPUT:
            return spelt | {"value": _text(field, label, value)}
        if field["type"] == CHECKBOX:
            return spelt | {"value": bool(field.get("default") if value is None else value)}
        chosen = self._several(field, label, value)
        if field["type"] == RADIO_GROUP:
            return spelt | {"value": next(iter(chosen), None)}
        return spelt | {"values": chosen}

    def _several(self, field: Payload, label: str, value: FieldValue) -> list[str]:
        preset = [option["value"] for option in field.get("options", []) if option.get("default")]
        values = preset if value is None else value if isinstance(value, list) else [value]
        least = 1 if field.get("min_values") is None else field["min_values"]
        most = field.get("max_values") or 1
        if (values or field.get("required", True)) and not least <= len(values) <= most:
            raise InvalidOptionError(label, f"{len(values)} chosen, {least} to {most} expected")
        return [self._one(field, label, one) for one in values]

    def _one(self, field: Payload, label: str, value: object) -> str:
        match value:
            case Upload() if field["type"] == FILE_UPLOAD:
                if len(value.content) > self._channel.upload_limit:
                    raise InvalidOptionError(label, f"a file is over {self._channel.upload_limit // MEGABYTE} MB")
                return attach(self._world, value, self._resolved)
            case User() | Member() if field["type"] in REFERRING:
                return resolve_user(value.user, self._channel, self._resolved)
            case Role() if field["type"] in REFERRING:
                self._resolved.setdefault("roles", {})[str(value.id)] = value.payload()
                return str(value.id)
            case Channel() if field["type"] == CHANNEL_SELECT:
                return resolve_channel(value, self._resolved)
            case str() if chosen := _option(field, value):
                return chosen
            case _:
                raise InvalidOptionError(label, f"{value!r} cannot be chosen here")


def _text(field: Payload, label: str, value: FieldValue) -> str:
    text = field.get("value") or "" if value is None else value
    if not isinstance(text, str):
        raise InvalidOptionError(label, f"{text!r} is not text")
    required = field.get("required", True)
    least, most = field.get("min_length") or int(required), field.get("max_length") or facts.TEXT_INPUT["value"].most
    if (text or required) and not least <= len(text) <= most:
        raise InvalidOptionError(label, f"the text must have {least} to {most} characters, not {len(text)}")
    return text


def _option(field: Payload, wanted: str) -> str | None:
    """Return the value of the option that is called so, by its value or by its label."""
    options: list[Payload] = field.get("options", [])
    return next((str(one["value"]) for one in options if wanted in (one["value"], one["label"])), None)
