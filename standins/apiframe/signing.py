"""Signed links: a link is rejected if it's spelled differently, even if it means the same."""

import hashlib
from urllib.parse import urlsplit

# Each of these characters means the same unquoted, and clients that tidy up addresses unquote it.
_DISPOSITION = "inline%3B%20filename%3D%27picture%7E1%2Fof%2F1%27"


def sign(url: str) -> str:
    """Return a link that is good in this spelling only."""
    signature = hashlib.sha256(url.encode()).hexdigest()[:16]
    return f"{url}%7E?response-content-disposition={_DISPOSITION}&signature={signature}%2F%3A%2B"


def raw_path(url: str) -> str:
    """Return what a link asks its host for, as it is spelled."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
