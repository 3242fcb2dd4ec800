"""A modal as a form: its parts as fields, and a submitted form as input for the stand-in's client."""

from collections.abc import Iterator

from playground.web.fields import Asked, ChoiceField, DropField, Field, Form, TextField, TickField
from playground.web.menus import choices_of
from standins.discord.client.modals import FieldValue
from standins.discord.client.options import OptionValue
from standins.discord.model.interactions import Interaction
from standins.discord.payload import Payload
from standins.discord.rules import component_rules as kind
from standins.discord.rules import modal_rules as modals

_SEVERAL_LINES = 2  # a text input's style


class ModalForm:
    """The modal that an interaction opened; `parts` are its fields and, as they are written, the texts among them."""

    def __init__(self, opened_by: Interaction, modal: Payload) -> None:
        self.title: str = modal["title"]
        self.parts: list[Field | str] = [_part(component, opened_by) for component in modal["components"]]

    def read(self, form: Form) -> dict[str, FieldValue]:
        """Return the submitted values by custom id. Empty fields are cleared."""
        return {field.asked.name: _value(field, field.read(form)) for field in self._fields()}

    def called(self, label: str) -> str | None:
        """Return the custom id of the field with a label, by which a refusal names it."""
        return next((field.asked.name for field in self._fields() if field.asked.label == label), None)

    def _fields(self) -> Iterator[Field]:
        return (part for part in self.parts if not isinstance(part, str))


def _part(component: Payload, opened_by: Interaction) -> Field | str:
    match component["type"]:
        case kind.TEXT:
            return str(component["content"])
        case kind.ACTION_ROW:
            (inner,) = component["components"]
            return _field(inner, _asked(inner, inner), opened_by)
        case _:
            inner = component["component"]
            return _field(inner, _asked(inner, component), opened_by)


def _asked(component: Payload, labelled: Payload) -> Asked:
    hint = labelled.get("description") or _bounds(component)  # Discord shows no bounds: a form's own words come first
    required = component.get("required", component["type"] != modals.CHECKBOX)
    return Asked(component["custom_id"], labelled["label"], hint, required)


def _bounds(component: Payload) -> str:
    if most := component.get("max_length"):
        return f"up to {most} characters"
    least, most = component.get("min_values"), component.get("max_values") or 1
    what = "files" if component["type"] == modals.FILE_UPLOAD else "choices"
    return f"{1 if least is None else least} to {most} {what}" if most > 1 else ""


def _field(component: Payload, asked: Asked, opened_by: Interaction) -> Field:
    placeholder = component.get("placeholder") or ""
    several = (component.get("max_values") or 1) > 1
    match component["type"]:
        case kind.TEXT_INPUT:
            lines = component["style"] == _SEVERAL_LINES
            return TextField(asked, component.get("value") or "", placeholder, several_lines=lines)
        case modals.FILE_UPLOAD:
            return DropField(asked, several)
        case modals.CHECKBOX:
            return TickField(asked, bool(component.get("default")))
        case modals.RADIO_GROUP:
            look = "radio"
        case modals.CHECKBOX_GROUP:
            look = "checkbox"
        case _:
            look = "checkbox" if several else "select"
    return ChoiceField(asked, choices_of(component, opened_by.channel, opened_by.user), look, placeholder)


def _value(field: Field, given: list[OptionValue]) -> FieldValue:
    match field:
        case TextField():
            return "".join(str(text) for text in given)
        case TickField():
            return bool(given[0])
        case _:
            return given
