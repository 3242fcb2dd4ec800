"""Discord's bounds for files."""

from typing import Final

REQUEST_MAX_BYTES: Final = 25 * 1024 * 1024
"""Discord's bound for a whole message, also where a file may be larger."""
