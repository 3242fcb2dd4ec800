"""Lengths, choices and required fields, by Discord's OpenAPI document. Written by `make contracts`."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Length(NamedTuple):
    """How many characters or entries a field may have, and whether it has to be there."""

    least: int
    most: int
    required: bool


Fields = Mapping[str, Length]

# ApplicationCommandCreateRequest
COMMAND: Final[Fields] = {
    "name": Length(1, 32, required=True),
}

# ApplicationCommandStringOption
OPTION: Final[Fields] = {
    "description": Length(1, 100, required=True),
    "choices": Length(0, 25, required=False),
}

# ApplicationCommandSubcommandOption
GROUP_OF_OPTIONS: Final[Fields] = {
    "description": Length(1, 100, required=True),
    "options": Length(0, 25, required=False),
}

# ApplicationCommandOptionStringChoice
CHOICE: Final[Fields] = {
    "name": Length(1, 100, required=True),
}

# ActionRowComponentForMessageRequest
ROW: Final[Fields] = {
    "components": Length(1, 5, required=True),
}

# ButtonComponentForMessageRequest
BUTTON: Final[Fields] = {
    "custom_id": Length(1, 100, required=False),
    "label": Length(0, 80, required=False),
    "url": Length(0, 512, required=False),
}

# StringSelectComponentForMessageRequest
SELECT: Final[Fields] = {
    "custom_id": Length(1, 100, required=True),
    "placeholder": Length(0, 150, required=False),
}

# StringSelectComponentForMessageRequest
SELECT_OPTIONS: Final[Fields] = {
    "options": Length(1, 25, required=True),
}

# StringSelectOptionForRequest
SELECT_OPTION: Final[Fields] = {
    "label": Length(1, 100, required=True),
    "value": Length(1, 100, required=True),
    "description": Length(0, 100, required=False),
}

# SectionComponentForMessageRequest
SECTION: Final[Fields] = {
    "components": Length(1, 3, required=True),
}

# TextDisplayComponentForMessageRequest
TEXT_DISPLAY: Final[Fields] = {
    "content": Length(1, 4000, required=True),
}

# MediaGalleryComponentForMessageRequest
GALLERY: Final[Fields] = {
    "items": Length(1, 10, required=True),
}

# MediaGalleryItemRequest
MEDIUM: Final[Fields] = {
    "description": Length(1, 1024, required=False),
}

# ContainerComponentForMessageRequest
CONTAINER: Final[Fields] = {
    "components": Length(1, 40, required=True),
}

# MessageCreateRequest
MESSAGE: Final[Fields] = {
    "embeds": Length(0, 10, required=False),
    "attachments": Length(0, 10, required=False),
    "nonce": Length(0, 25, required=False),
}

# RichEmbed
EMBED: Final[Fields] = {
    "title": Length(0, 256, required=False),
    "description": Length(0, 4096, required=False),
    "fields": Length(0, 25, required=False),
}

# RichEmbedField
EMBED_FIELD: Final[Fields] = {
    "name": Length(0, 256, required=True),
    "value": Length(0, 1024, required=True),
}

# MessageAttachmentRequest
MESSAGE_ATTACHMENT: Final[Fields] = {
    "description": Length(0, 1024, required=False),
}

# MessageAllowedMentionsRequest
ALLOWED_MENTIONS: Final[Fields] = {
    "users": Length(0, 100, required=False),
    "roles": Length(0, 100, required=False),
}

# ModalInteractionCallbackRequestData
MODAL: Final[Fields] = {
    "title": Length(1, 45, required=True),
    "custom_id": Length(1, 100, required=True),
}

# LabelComponentForModalRequest
LABEL: Final[Fields] = {
    "label": Length(1, 45, required=True),
    "description": Length(1, 100, required=False),
}

# TextInputComponentForModalRequest
MODAL_FIELD: Final[Fields] = {
    "custom_id": Length(1, 100, required=True),
}

# TextInputComponentForModalRequest
TEXT_INPUT: Final[Fields] = {
    "placeholder": Length(0, 100, required=False),
    "value": Length(0, 4000, required=False),
}

STRING_OPTION_LENGTH: Final = (0, 6000)  # ApplicationCommandStringOption.min_length
UPLOADED_FILES: Final = (1, 10)  # FileUploadComponentForModalRequest.max_values
CONTEXTS: Final = (0, 1, 2)  # InteractionContextType
INTEGRATION_TYPES: Final = (0, 1)  # ApplicationIntegrationType
OPTION_TYPES: Final = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)  # ApplicationCommandOptionType
BUTTON_STYLES: Final = (1, 2, 3, 4, 5, 6)  # ButtonStyleTypes
SPACINGS: Final = (1, 2)  # MessageComponentSeparatorSpacingSize
TEXT_INPUT_STYLES: Final = (1, 2)  # TextInputStyleTypes
LOCALES: Final = (
    "ar",
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en-GB",
    "en-US",
    "es-419",
    "es-ES",
    "fi",
    "fr",
    "he",
    "hi",
    "hr",
    "hu",
    "id",
    "it",
    "ja",
    "ko",
    "lt",
    "nl",
    "no",
    "pl",
    "pt-BR",
    "ro",
    "ru",
    "sv-SE",
    "th",
    "tr",
    "uk",
    "vi",
    "zh-CN",
    "zh-TW",
)  # AvailableLocalesEnum
IN_MESSAGE: Final = (1, 9, 10, 12, 13, 14, 17)  # MessageCreateRequest.components
IN_ROW: Final = (2, 3, 5, 6, 7, 8)  # ActionRowComponentForMessageRequest.components
IN_SECTION: Final = (10,)  # SectionComponentForMessageRequest.components
BESIDE_SECTION: Final = (2, 11)  # SectionComponentForMessageRequest.accessory
IN_CONTAINER: Final = (1, 9, 10, 12, 13, 14)  # ContainerComponentForMessageRequest.components
IN_MODAL: Final = (1, 10, 18)  # ModalInteractionCallbackRequestData.components
IN_LABEL: Final = (3, 4, 5, 6, 7, 8, 19, 21, 22, 23)  # LabelComponentForModalRequest.component
