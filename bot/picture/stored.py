"""Values as they were stored: they were checked when they came in, against the bounds of their time."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationInfo

AS_STORED: Final[Mapping[str, Any]] = MappingProxyType({"as_stored": True})
"""The context in which a model reads a row: a bound that was lowered since makes no row unreadable."""


def is_stored(info: ValidationInfo) -> bool:
    """Return True if a model reads a row, rather than a new request."""
    return info.context is AS_STORED
