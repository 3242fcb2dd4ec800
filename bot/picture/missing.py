"""Why the bytes of an image are not at hand."""

from enum import Enum


class Missing(Enum):
    """Why an image cannot be shown."""

    GONE = "its bytes are not kept any more"
    DAMAGED = "its bytes are no whole image"
    AGE_RESTRICTED = "it's only shown in age-restricted channels"
    NOT_NOW = "the image store does not answer"
