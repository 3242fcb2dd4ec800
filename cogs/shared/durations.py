"""Until when, as a moderator types it."""

import re
from datetime import UTC, datetime, timedelta

from bot.errors import InvalidRequest
from bot.i18n import _
from bot.i18n.typed import half_width

_SPAN = re.compile(r"([0-9]{1,4}) ?([mhdw])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def parse_until(typed: str, now: datetime) -> datetime:
    """Return the time that `2h`, `3d` or an ISO date means, in UTC; raise `InvalidRequest` with the valid notations."""
    words = half_width(typed).strip().lower()
    span = _SPAN.fullmatch(words)
    until = _date(words) if span is None else now + int(span[1]) * _UNITS[span[2]]
    if until <= now:
        raise InvalidRequest(_("That time is in the past. Use a later one, for example `2h`, `3d` or `2030-12-31`."))
    return until


def _date(words: str) -> datetime:
    try:
        date = datetime.fromisoformat(words)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidRequest(
            _("I don't understand that time. Use for example `30m`, `2h`, `3d`, `1w` or `2030-12-31` (UTC).")
        ) from None
