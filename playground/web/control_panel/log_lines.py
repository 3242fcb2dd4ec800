"""The bot's log for people: a line of JSON, taken apart."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

_LEVELS = ("debug", "info", "warning", "error", "critical")
_SHOWN_APART = ("timestamp", "level", "event", "logger", "exception")


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line: `time` is hours, minutes and seconds in UTC, `details` are names and values, `trace` a traceback.

    A line that isn't JSON has only an `event`, and no level.
    """

    event: str
    time: str = ""
    level: str = ""
    details: tuple[tuple[str, str], ...] = ()
    trace: str = ""


def read_line(line: str) -> LogLine:
    """Return a line of the log taken apart."""
    try:
        fields = json.loads(line)
    except ValueError:
        return LogLine(line)
    if not isinstance(fields, dict) or "event" not in fields:
        return LogLine(line)
    level = str(fields.get("level", ""))
    return LogLine(
        event=str(fields["event"]),
        time=str(fields.get("timestamp", ""))[11:19],
        level=level if level in _LEVELS else "",
        details=tuple((name, str(value)) for name, value in fields.items() if name not in _SHOWN_APART),
        trace=str(fields.get("exception", "")),
    )


class LogReader:
    """Takes lines apart, each once: most of a log has been seen before."""

    def __init__(self) -> None:
        self._seen: dict[str, LogLine] = {}

    def read(self, lines: Sequence[str]) -> list[LogLine]:
        """Return the lines taken apart, in their order."""
        self._seen = {line: self._seen.get(line) or read_line(line) for line in lines}
        return [self._seen[line] for line in lines]
