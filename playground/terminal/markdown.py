"""Discord's markdown, as far as bots use it, as text for a terminal."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.style import Style
from rich.text import Text

_TOKEN = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|\[(?P<link>[^\]]+)\]\(https?://[^\s)]+\)"
    r"|\*\*(?P<bold>(?:\\.|[^\\])+?)\*\*"
    r"|`(?P<code>[^`]+)`"
    r"|<t:(?P<moment>-?\d{1,12})(?::(?P<style>[tTdDfFR]))?>"
    r"|<@!?(?P<person>\d+)>"
)
_SMALL, _QUOTE = "-# ", "> "
_BOLD, _DIM, _PLAIN = Style(bold=True), Style(dim=True), Style()
_CODE = Style(color="bright_white", bgcolor="grey23")
_LINK = Style(color="#00a8fc")
_MENTION = Style(color="#8ea1f9")
_UNITS = ((60, 1, "s"), (3600, 60, "min"), (86400, 3600, "h"), (float("inf"), 86400, "d"))
_CLOCK_FORMATS = {"t": "%H:%M", "T": "%H:%M:%S", "d": "%d/%m/%Y", "D": "%d %B %Y"}


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader and the time: `names` are people's names by id, `now` is in Unix seconds."""

    names: Mapping[int, str]
    now: float

    def read(self, markdown: str) -> Text:
        """Return what this reader sees of a text; `.plain` is the same without colours."""
        return Text("\n").join([self._line(line) for line in markdown.split("\n")])

    def _line(self, line: str) -> Text:
        if line.startswith(_SMALL):
            return self._words(line.removeprefix(_SMALL), _DIM)
        if line.startswith(_QUOTE):
            return Text("│ ", _DIM) + self._words(line.removeprefix(_QUOTE), _PLAIN)
        return self._words(line, _PLAIN)

    def _words(self, words: str, style: Style) -> Text:
        text, end = Text(), 0
        for token in _TOKEN.finditer(words):
            text.append(words[end : token.start()], style)
            text.append_text(self._token(token, style))
            end = token.end()
        return text.append(words[end:], style)

    def _token(self, token: re.Match[str], style: Style) -> Text:
        match token.lastgroup, token[token.lastgroup or 0]:
            case "escaped", character:
                return Text(character, style)
            case "bold", words:
                return self._words(words, style + _BOLD)
            case "link", words:
                return self._words(words, style + _LINK)
            case "code", words:
                return Text(words, style + _CODE)
            case "person", number:
                return Text(f"@{self.names.get(int(number), 'unknown-user')}", style + _MENTION)
            case _:
                return Text(moment_words(int(token["moment"]), token["style"], self.now), style)


def moment_words(moment: int, style: str | None, now: float) -> str:
    """Return a moment (Unix seconds) as Discord's timestamp styles have it: `R` is relative, the others local time."""
    if style == "R":
        return relative_words(moment - now)
    local = datetime.fromtimestamp(moment, UTC).astimezone()
    return local.strftime(_CLOCK_FORMATS.get(style or "f", "%d %B %Y %H:%M"))


def relative_words(seconds: float) -> str:
    """Return how far off a moment is: `3 s ago`, or `in 2 min` where `seconds` is positive."""
    distance = abs(seconds)
    if distance < 1:
        return "just now"
    amount = next(f"{round(distance / unit)} {name}" for below, unit, name in _UNITS if distance < below)
    return f"in {amount}" if seconds > 0 else f"{amount} ago"
