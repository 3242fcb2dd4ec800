"""Answers that no client can read: what proxies, half-broken servers and hasty firewalls make of Discord's."""

from enum import StrEnum
from typing import Final

JSON: Final = "application/json"
_PAGE: Final = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Please wait.</body></html>"


class Garbled(StrEnum):
    """How a response is changed on its way."""

    EMPTY = "empty"
    CUT = "cut"
    HTML = "html"
    OTHER_TYPE = "other type"  # the same JSON, with a charset in its content type
    OTHER_JSON = "other json"  # valid JSON without the promised fields


def garble(answer: bytes, kind: Garbled) -> tuple[bytes, str]:
    """Return what arrives in place of an answer's JSON, and under which content type."""
    match kind:
        case Garbled.EMPTY:
            return b"", JSON
        case Garbled.CUT:
            return answer[: len(answer) // 2] or b"{", JSON
        case Garbled.HTML:
            return _PAGE, "text/html; charset=utf-8"
        case Garbled.OTHER_TYPE:
            return answer, f"{JSON}; charset=utf-8"
        case Garbled.OTHER_JSON:
            return b"{}", JSON
