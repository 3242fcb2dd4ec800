"""The shape of payloads, and Discord's timestamps."""

from datetime import UTC, datetime
from typing import Any

Payload = dict[str, Any]


def iso(moment: float) -> str:
    """Spell Unix seconds as Discord does: ISO 8601 in UTC with an offset."""
    return datetime.fromtimestamp(moment, UTC).isoformat()
