"""Write the facts of Discord's document that its stand-in checks: `standins/discord/rules/facts.py`."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

_IN_ONE_LINE: Final = 20  # values
TARGET: Final = Path(__file__).parents[2] / "standins/discord/rules/facts.py"

# Each constant of the table, with the schema that it comes from and the fields that the stand-in checks.
LENGTHS: Final = {
    "COMMAND": ("ApplicationCommandCreateRequest", ("name",)),
    "OPTION": ("ApplicationCommandStringOption", ("description", "choices")),
    "GROUP_OF_OPTIONS": ("ApplicationCommandSubcommandOption", ("description", "options")),
    "CHOICE": ("ApplicationCommandOptionStringChoice", ("name",)),
    "ROW": ("ActionRowComponentForMessageRequest", ("components",)),
    "BUTTON": ("ButtonComponentForMessageRequest", ("custom_id", "label", "url")),
    "SELECT": ("StringSelectComponentForMessageRequest", ("custom_id", "placeholder")),
    "SELECT_OPTIONS": ("StringSelectComponentForMessageRequest", ("options",)),
    "SELECT_OPTION": ("StringSelectOptionForRequest", ("label", "value", "description")),
    "SECTION": ("SectionComponentForMessageRequest", ("components",)),
    "TEXT_DISPLAY": ("TextDisplayComponentForMessageRequest", ("content",)),
    "GALLERY": ("MediaGalleryComponentForMessageRequest", ("items",)),
    "MEDIUM": ("MediaGalleryItemRequest", ("description",)),
    "CONTAINER": ("ContainerComponentForMessageRequest", ("components",)),
    "MESSAGE": ("MessageCreateRequest", ("embeds", "attachments", "nonce")),
    "EMBED": ("RichEmbed", ("title", "description", "fields")),
    "EMBED_FIELD": ("RichEmbedField", ("name", "value")),
    "MESSAGE_ATTACHMENT": ("MessageAttachmentRequest", ("description",)),
    "ALLOWED_MENTIONS": ("MessageAllowedMentionsRequest", ("users", "roles")),
    "MODAL": ("ModalInteractionCallbackRequestData", ("title", "custom_id")),
    "LABEL": ("LabelComponentForModalRequest", ("label", "description")),
    "MODAL_FIELD": ("TextInputComponentForModalRequest", ("custom_id",)),
    "TEXT_INPUT": ("TextInputComponentForModalRequest", ("placeholder", "value")),
}
RANGES: Final = {
    "STRING_OPTION_LENGTH": ("ApplicationCommandStringOption", "min_length"),
    "UPLOADED_FILES": ("FileUploadComponentForModalRequest", "max_values"),
}
CHOICES: Final = {
    "CONTEXTS": "InteractionContextType",
    "INTEGRATION_TYPES": "ApplicationIntegrationType",
    "OPTION_TYPES": "ApplicationCommandOptionType",
    "BUTTON_STYLES": "ButtonStyleTypes",
    "SPACINGS": "MessageComponentSeparatorSpacingSize",
    "TEXT_INPUT_STYLES": "TextInputStyleTypes",
    "LOCALES": "AvailableLocalesEnum",
}
CHILDREN: Final = {
    "IN_MESSAGE": ("MessageCreateRequest", "components"),
    "IN_ROW": ("ActionRowComponentForMessageRequest", "components"),
    "IN_SECTION": ("SectionComponentForMessageRequest", "components"),
    "BESIDE_SECTION": ("SectionComponentForMessageRequest", "accessory"),
    "IN_CONTAINER": ("ContainerComponentForMessageRequest", "components"),
    "IN_MODAL": ("ModalInteractionCallbackRequestData", "components"),
    "IN_LABEL": ("LabelComponentForModalRequest", "component"),
}


def written_from(document: Mapping[str, Any]) -> str:
    """Return the text of the module, from Discord's OpenAPI document."""
    return "\n".join(_lines(document["components"]["schemas"])) + "\n"


def _lines(schemas: Mapping[str, Any]) -> Iterator[str]:
    yield '"""Lengths, choices and required fields, by Discord\'s OpenAPI document. Written by `make contracts`."""'
    yield ""
    yield "from collections.abc import Mapping"
    yield "from typing import Final, NamedTuple"
    yield ""
    yield ""
    yield "class Length(NamedTuple):"
    yield '    """How many characters or entries a field may have, and whether it has to be there."""'
    yield ""
    yield "    least: int"
    yield "    most: int"
    yield "    required: bool"
    yield ""
    yield ""
    yield "Fields = Mapping[str, Length]"
    for name, (schema, fields) in LENGTHS.items():
        yield f"\n# {schema}\n{name}: Final[Fields] = {{"
        yield from (f'    "{field}": {_length(schemas, schema, field)},' for field in fields)
        yield "}"
    yield ""
    for name, (schema, field) in RANGES.items():
        bounds = schemas[schema]["properties"][field]
        yield f"{name}: Final = ({bounds['minimum']}, {bounds['maximum']})  # {schema}.{field}"
    for name, schema in CHOICES.items():
        yield f"{name}: Final = {_wrapped(one['const'] for one in schemas[schema]['oneOf'])}  # {schema}"
    for name, (schema, field) in CHILDREN.items():
        yield f"{name}: Final = {_tuple(_types_in(schemas, schemas[schema]['properties'][field]))}  # {schema}.{field}"


def _length(schemas: Mapping[str, Any], schema: str, field: str) -> str:
    known = schemas[schema]["properties"][field]
    bounded = next(one for one in (known, *known.get("oneOf", ())) if "maxLength" in one or "maxItems" in one)
    kind = "Length" if "maxLength" in bounded else "Items"
    least, most = bounded.get(f"min{kind}", 0), bounded[f"max{kind}"]
    return f"Length({least}, {most}, required={field in schemas[schema].get('required', ())})"


def _types_in(schemas: Mapping[str, Any], field: Mapping[str, Any]) -> Iterator[int]:
    entry = field.get("items", field)
    for one in entry.get("oneOf", [entry]):
        yield from schemas[one["$ref"].rpartition("/")[2]]["properties"]["type"]["enum"]


def _tuple(values: Iterable[Any]) -> str:
    return repr(tuple(sorted(values)))


def _wrapped(values: Iterable[Any]) -> str:
    """Return a tuple in one line if it fits, and otherwise with a line for each value."""
    known = sorted(values)
    if len(known) <= _IN_ONE_LINE:
        return _tuple(known)
    return "\n".join(["(", *(f"    {json.dumps(each)}," for each in known), ")"])
