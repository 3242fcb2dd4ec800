"""Discord's markdown within a line: emphasis, spoilers, links, mentions, emoji, and timestamps."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Around:
    """A rule for words between two marks: `pattern` calls them `inner`, and those of a link have a `url` as well."""

    kind: str
    tag: str
    pattern: re.Pattern[str]

    def __call__(self, state: StateInline, _: bool) -> bool:
        """Read two marks and the text between them, and return True if they are there."""
        is_link = self.kind == "link"
        found = _found(self.pattern, state, is_link=is_link)
        if found is None:
            return False
        end = state.posMax
        state.linkLevel += is_link
        opening = state.push(f"{self.kind}_open", self.tag, 1)
        if is_link:
            opening.attrs = {"href": found["url"]}
        state.pos, state.posMax = found.span("inner")
        state.md.inline.tokenize(state)
        state.push(f"{self.kind}_close", self.tag, -1)
        state.linkLevel -= is_link
        state.pos, state.posMax = found.end(), end
        return True


@dataclass(frozen=True, slots=True)
class Instead:
    """A rule for a placeholder: `meta` returns its content, or None if it's plain text after all."""

    kind: str
    pattern: re.Pattern[str]
    meta: Callable[[re.Match[str]], Mapping[str, object] | None]

    def __call__(self, state: StateInline, _: bool) -> bool:
        """Read what stands for something else; return True if it is there."""
        found = _found(self.pattern, state)
        meta = found and self.meta(found)
        if found is None or meta is None:
            return False
        token = state.push(self.kind, "", 0)
        token.content, token.meta = found[0], dict(meta)
        state.pos = found.end()
        return True


@dataclass(frozen=True, slots=True)
class Address:
    """A rule for a bare address, which is a link to itself."""

    pattern: re.Pattern[str]

    def __call__(self, state: StateInline, _: bool) -> bool:
        """Read an address; return True if it is there."""
        found = _found(self.pattern, state, is_link=True)
        if found is None:
            return False
        state.push("link_open", "a", 1).attrs = {"href": found[1]}
        state.push("text", "", 0).content = found[1]
        state.push("link_close", "a", -1)
        state.pos = found.end()
        return True


def _found(pattern: re.Pattern[str], state: StateInline, *, is_link: bool = False) -> re.Match[str] | None:
    """Match a rule at the state's position. Links can't be nested."""
    if is_link and state.linkLevel:
        return None
    return pattern.match(state.src, state.pos, state.posMax)


def add_words(parser: MarkdownIt) -> None:
    """Add Discord's inline rules to a parser that knows only escapes, code and line breaks."""
    for character in "|h":  # Start of spoilers and addresses; the parser knows the other marks
        parser.inline.add_terminator_char(character)
    for number, rule in enumerate(_RULES):
        parser.inline.ruler.push(f"discord_{number}", rule)


def _between(
    mark: str, *, inner: str = r"[^\\]", before: str = "", after: str = "", to: str | None = None
) -> re.Pattern[str]:
    """Return what matches two marks with words between them; a backslash keeps a mark from being one."""
    return re.compile(rf"{before}{mark}(?P<inner>(?:\\.|{inner})+?){to or mark}{after}", re.DOTALL)


def _named(kind: str) -> Callable[[re.Match[str]], Mapping[str, object]]:
    return lambda found: {"kind": kind, "id": int(found[1])}


def _moment(found: re.Match[str]) -> Mapping[str, object] | None:
    try:
        _EPOCH + timedelta(seconds=int(found[1]))
    except OverflowError:
        return None  # no calendar has it
    return {"seconds": int(found[1]), "style": found[2] or "f"}


_IN_PARENTHESES = r"\([^\s<>()]*\)"  # as in the addresses of encyclopedias
_ADDRESS = rf"https?://(?:[^\s<>()]|{_IN_PARENTHESES})+"
_BARE_ADDRESS = rf"https?://(?:[^\s<>()]|{_IN_PARENTHESES})*(?:[^\s<>().,:;\"'\]]|{_IN_PARENTHESES})"
_RULES: tuple[Around | Instead | Address, ...] = (
    Around("strong", "strong", _between(r"\*\*", after=r"(?!\*)")),
    Around("underline", "u", _between("__", after="(?!_)")),
    Around("strike", "s", _between("~~")),
    Around("em", "em", _between(r"\*(?!\s)", inner=r"\*\*|[^\\*]", to=r"(?<!\s)\*(?!\*)")),
    Around("em", "em", _between("_", inner=r"__|[^\\_]", before=r"(?<![^\W_])", after=r"(?![^\W_])")),
    Around("spoiler", "label", _between(r"\|\|")),
    Around(
        "link",
        "a",
        _between(r"\[", inner=r"\[[^\[\]]*\]|[^\\\[\]]", to=rf"\]\(<?(?P<url>{_ADDRESS})>?(?:\s+\"[^\"]*\")?\)"),
    ),
    Instead("mention", re.compile(r"<@!?([0-9]{1,20})>"), _named("user")),
    Instead("mention", re.compile(r"<@&([0-9]{1,20})>"), _named("role")),
    Instead("mention", re.compile(r"<#([0-9]{1,20})>"), _named("channel")),
    Instead(
        "mention", re.compile(r"</([\w' -]{1,100}):[0-9]{1,20}>"), lambda found: {"kind": "command", "name": found[1]}
    ),
    Instead("emoji", re.compile(r"<a?(:\w{2,32}:)[0-9]{1,20}>"), lambda found: {"name": found[1]}),
    Instead("timestamp", re.compile(r"<t:(-?[0-9]{1,13})(?::([tTdDfFsSR]))?>"), _moment),
    Address(re.compile(rf"<({_ADDRESS})>")),
    Address(re.compile(rf"(?<!\w)({_BARE_ADDRESS})")),
)
