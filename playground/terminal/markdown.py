"""Discord's markdown as text for a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from markdown_it.token import Token
from rich.style import Style
from rich.text import Text

from playground.markdown.names import Names
from playground.markdown.parser import covered, parse

_CODE = Style(color="bright_white", bgcolor="grey23")
_MENTION = Style(color="#8ea1f9")
_STYLES = {
    "heading": Style(bold=True),
    "subtext": Style(dim=True),
    "strong": Style(bold=True),
    "em": Style(italic=True),
    "underline": Style(underline=True),
    "strike": Style(strike=True),
    "link": Style(color="#00a8fc"),
}
_BAR = ("│ ", Style(dim=True))
_EPOCH = datetime.fromtimestamp(0, UTC)
_UNITS = ((60, 1, "s"), (3600, 60, "min"), (86400, 3600, "h"), (float("inf"), 86400, "d"))
_CLOCK_FORMATS = {
    "t": "%H:%M",
    "T": "%H:%M:%S",
    "d": "%d/%m/%Y",
    "D": "%d %B %Y",
    "s": "%d/%m/%Y, %H:%M",
    "S": "%d/%m/%Y, %H:%M:%S",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader and the time: `names` are those that the reader knows, `now` is in Unix seconds."""

    names: Names
    now: float

    def read(self, markdown: str) -> Text:
        """Return what this reader sees of a text; `.plain` is the same without colours."""
        return Text("\n").join(self._blocks(parse(markdown)))

    def _blocks(self, tokens: Sequence[Token]) -> list[Text]:
        """Return the lines of some blocks; quotes and lists indent their content."""
        lines: list[Text] = []
        style, at = Style(), 0
        while at < len(tokens):
            token = tokens[at]
            if token.type in ("blockquote_open", "list_item_open"):
                end = _end(tokens, at)
                lines += _set_in(self._blocks(tokens[at + 1 : end]), token)
                at = end
            elif token.type == "fence":
                lines += [Text(line, _CODE) for line in token.content.split("\n")]
            elif token.type == "inline":
                lines += self._words(token.children or [], style).split("\n", allow_blank=True)
            else:
                style = _STYLES.get(token.type.removesuffix("_open"), Style())
            at += 1
        return lines

    def _words(self, children: Sequence[Token], style: Style) -> Text:
        """Return the words of an `inline` token."""
        text, styles = Text(), [style]
        for token in covered(children):
            if token.nesting == 1:
                styles.append(styles[-1] + _STYLES[token.type.removesuffix("_open")])
            elif token.nesting == -1:
                styles.pop()
            else:
                text.append_text(self._token(token, styles[-1]))
        return text

    def _token(self, token: Token, style: Style) -> Text:
        match token.type:
            case "softbreak" | "hardbreak":
                return Text("\n")
            case "code_inline":
                return Text(token.content, style + _CODE)
            case "mention":
                return Text(self.names.mention(token.meta), style + _MENTION)
            case "emoji":
                return Text(token.meta["name"], style)
            case "timestamp":
                return Text(moment_words(token.meta["seconds"], token.meta["style"], self.now), style)
            case _:
                return Text(token.content, style)


def _end(tokens: Sequence[Token], start: int) -> int:
    """Return where what opens at `start` closes."""
    closing, level = tokens[start].type.replace("_open", "_close"), tokens[start].level
    ends = (number for number in range(start, len(tokens)) if tokens[number].type == closing)
    return next(number for number in ends if tokens[number].level == level)


def _set_in(lines: Sequence[Text], token: Token) -> list[Text]:
    """Return a quote's lines with a bar before each, or a list item's with its mark before the first."""
    if token.type == "blockquote_open":
        return [Text.assemble(_BAR, line) for line in lines]
    mark = f"{token.info}. " if token.info else "• "
    return [Text.assemble("  " if number else mark, line) for number, line in enumerate(lines)]


def moment_words(moment: int, style: str | None, now: float) -> str:
    """Return a moment (Unix seconds) as Discord's timestamp styles have it: `R` is relative, the others local time."""
    if style == "R":
        return relative_words(moment - now)
    return _local(moment).strftime(_CLOCK_FORMATS.get(style or "f", "%d %B %Y %H:%M"))


def _local(moment: int) -> datetime:
    at = _EPOCH + timedelta(seconds=moment)
    try:
        return at.astimezone()
    except (OverflowError, ValueError):
        return at  # the first and the last day of the calendar


def relative_words(seconds: float) -> str:
    """Return how far off a moment is: `3 s ago`, or `in 2 min` where `seconds` is positive."""
    distance = abs(seconds)
    if distance < 1:
        return "just now"
    amount = next(f"{round(distance / unit)} {name}" for below, unit, name in _UNITS if distance < below)
    return f"in {amount}" if seconds > 0 else f"{amount} ago"
