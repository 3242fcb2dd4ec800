"""Modals that an app may open."""

from copy import deepcopy

from standins.discord.components import walk
from standins.discord.errors import FormErrors, Place
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

LABEL, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 18, 19, 21, 22, 23
REFERRING = (USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
MOST_COMPONENTS = 5  # the schema has 40, which the documentation does not


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
