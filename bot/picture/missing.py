"""Why the bytes of an image are not at hand."""

from enum import Enum


class Missing(Enum):
    """Why an image cannot be shown."""

    GONE = "its bytes are not kept any more"
    NOT_NOW = "the image store does not answer"
