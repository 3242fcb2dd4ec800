"""Modals as a person fills them in."""

from standins.discord.client.options import InvalidOptionError, OptionValue, attach, resolve_channel, resolve_user
from standins.discord.model.attachments import MEGABYTE, Upload
from standins.discord.model.channels import Channel
from standins.discord.model.roles import Role
from standins.discord.model.users import HasUser
from standins.discord.payload import Payload
from standins.discord.rules import facts
from standins.discord.rules.component_rules import (
    ACTION_ROW,
    CHANNEL_SELECT,
    MENTIONABLE_SELECT,
    ROLE_SELECT,
    TEXT_INPUT,
    USER_SELECT,
)
from standins.discord.rules.modal_rules import CHECKBOX, FILE_UPLOAD, LABEL, RADIO_GROUP

REFERRING = (USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
FieldValue = str | bool | Upload | HasUser | Role | Channel | list[str] | list[Upload] | list[OptionValue] | None


class FilledModal:
    """A modal as a person filled it in, spelt as Discord sends it; `values` are by custom id or by label.

    Other fields keep the values that the app filled in; `""` and `[]` empty a field.
    """

    def __init__(self, channel: Channel, modal: Payload, values: dict[str, FieldValue]) -> None:
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
                return attach(self._channel.platform, value, self._resolved)
            case HasUser() if field["type"] in REFERRING:
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
