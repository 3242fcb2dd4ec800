"""Multipart bodies, for both stand-ins."""

from typing import Final

from aiohttp.http_exceptions import HttpProcessingError

UNREADABLE: Final = (ValueError, RuntimeError, HttpProcessingError)
"""What aiohttp raises for a body that cannot be parsed."""
