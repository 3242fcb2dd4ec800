"""Moments as elements that `static/time.js` words in the person's language and the browser's time zone, and counts."""

from datetime import UTC, datetime, timedelta

from markupsafe import Markup

_EPOCH = datetime.fromtimestamp(0, UTC)
# The words in it change every second, in the browser; a screen reader is not to read them out each time.
_ELEMENT = Markup('<time datetime="{iso}" data-style="{style}" aria-live="off">{at.day} {at:%B %Y, %H:%M} UTC</time>')


def time_element(seconds: float, style: str = "f") -> Markup:
    """Return a moment (Unix seconds) in a timestamp style of Discord's; OverflowError outside the years 1 to 9999."""
    at = _EPOCH + timedelta(seconds=seconds)
    return _ELEMENT.format(iso=at.isoformat(timespec="seconds"), style=style, at=at)
