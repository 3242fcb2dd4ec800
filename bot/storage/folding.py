"""Text as it is searched, since the databases only fold the case of some letters, and not the same ones."""

import unicodedata


def fold_case(text: str) -> str:
    """Return text in which letters that differ only in their case, or in how they are encoded, are the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())
