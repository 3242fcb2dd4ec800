"""Discord's markdown within a line: emphasis, spoilers, links, mentions, emoji, and timestamps."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markupsafe import Markup

from playground.web.markdown.reader import Reader
from playground.web.markdown.timestamps import time_element


@dataclass(frozen=True, slots=True)
class Around:
    """A rule for words between two marks: `pattern` calls them `inner`, and `opening` may name its other groups."""

    pattern: re.Pattern[str]
    opening: Markup
    closing: Markup
    is_link: bool = False

    def __call__(self, state: StateInline, _: bool) -> bool:
        """Read two marks and the text between them, and return True if they are there."""
        found = _found(self, state)
        if found is None:
            return False
        end = state.posMax
        state.linkLevel += self.is_link
        state.push("html_inline", "", 1).content = self.opening.format(**found.groupdict())
        state.pos, state.posMax = found.span("inner")
        state.md.inline.tokenize(state)
        state.push("html_inline", "", -1).content = self.closing
        state.linkLevel -= self.is_link
        state.pos, state.posMax = found.end(), end
        return True


@dataclass(frozen=True, slots=True)
class Instead:
    """A rule for a placeholder: `html` returns its HTML, or None if it's plain text after all."""

    pattern: re.Pattern[str]
    html: Callable[[re.Match[str]], Markup | None]
    is_link: bool = False

    def __call__(self, state: StateInline, _: bool) -> bool:
        """Read what stands for something else; say whether it is there."""
        found = _found(self, state)
        html = found and self.html(found)
        if found is None or html is None:
            return False
        state.push("html_inline", "", 0).content = html
        state.pos = found.end()
        return True


def _found(rule: Around | Instead, state: StateInline) -> re.Match[str] | None:
    """Match a rule at the state's position. Links can't be nested."""
    if rule.is_link and state.linkLevel:
        return None
    return rule.pattern.match(state.src, state.pos, state.posMax)


def add_words(parser: MarkdownIt, reader: Reader) -> None:
    """Add Discord's inline rules to a parser that knows only escapes, code and line breaks."""
    for character in "|h":  # Start of spoilers and addresses; the parser knows the other marks
        parser.inline.add_terminator_char(character)
    rules: list[Around | Instead] = [*_AROUND, *_instead(reader)]
    for number, rule in enumerate(rules):
        parser.inline.ruler.push(f"discord_{number}", rule)


def _between(
    mark: str, *, inner: str = r"[^\\]", before: str = "", after: str = "", to: str | None = None
) -> re.Pattern[str]:
    """Return what matches two marks with words between them; a backslash keeps a mark from being one."""
    return re.compile(rf"{before}{mark}(?P<inner>(?:\\.|{inner})+?){to or mark}{after}", re.DOTALL)


def _tagged(tag: str, pattern: re.Pattern[str]) -> Around:
    return Around(pattern, Markup("<{}>").format(tag), Markup("</{}>").format(tag))


_IN_PARENTHESES = r"\([^\s<>()]*\)"  # as in the addresses of encyclopedias
_ADDRESS = rf"https?://(?:[^\s<>()]|{_IN_PARENTHESES})+"
_BARE_ADDRESS = rf"https?://(?:[^\s<>()]|{_IN_PARENTHESES})*(?:[^\s<>().,:;\"'\]]|{_IN_PARENTHESES})"
_LINK = Markup('<a href="{url}" target="_blank" rel="noopener noreferrer">')
_SPOILER = Markup(
    '<label class="spoiler"><input type="checkbox" aria-label="Show the spoiler" autocomplete="off"><span>'
)
_MENTION = Markup('<span class="mention">{}{}</span>')
_AROUND = (
    _tagged("strong", _between(r"\*\*", after=r"(?!\*)")),
    _tagged("u", _between("__", after="(?!_)")),
    _tagged("s", _between("~~")),
    _tagged("em", _between(r"\*(?!\s)", inner=r"\*\*|[^\\*]", to=r"(?<!\s)\*(?!\*)")),
    _tagged("em", _between("_", inner=r"__|[^\\_]", before=r"(?<![^\W_])", after=r"(?![^\W_])")),
    Around(_between(r"\|\|"), _SPOILER, Markup("</span></label>")),
    Around(
        _between(r"\[", inner=r"\[[^\[\]]*\]|[^\\\[\]]", to=rf"\]\(<?(?P<url>{_ADDRESS})>?(?:\s+\"[^\"]*\")?\)"),
        _LINK,
        Markup("</a>"),
        is_link=True,
    ),
)


def _instead(reader: Reader) -> Iterator[Instead]:
    """Yield the rules for texts that Discord replaces."""

    def named(sign: str, names: Mapping[int, str], unknown: str) -> Callable[[re.Match[str]], Markup]:
        return lambda found: _MENTION.format(sign, names.get(int(found[1]), unknown))

    yield Instead(re.compile(r"<@!?([0-9]{1,20})>"), named("@", reader.users, "unknown-user"))
    yield Instead(re.compile(r"<@&([0-9]{1,20})>"), named("@", reader.roles, "unknown-role"))
    yield Instead(re.compile(r"<#([0-9]{1,20})>"), named("#", reader.channels, "unknown"))
    yield Instead(re.compile(r"</([\w' -]{1,100}):[0-9]{1,20}>"), lambda found: _MENTION.format("/", found[1]))
    yield Instead(re.compile(r"<a?(:\w{2,32}:)[0-9]{1,20}>"), lambda found: Markup("{}").format(found[1]))
    yield Instead(re.compile(r"<t:(-?[0-9]{1,13})(?::([tTdDfFsSR]))?>"), _moment)
    yield Instead(re.compile(rf"<({_ADDRESS})>"), _address, is_link=True)
    yield Instead(re.compile(rf"(?<!\w)({_BARE_ADDRESS})"), _address, is_link=True)


def _moment(found: re.Match[str]) -> Markup | None:
    try:
        return time_element(int(found[1]), found[2] or "f")
    except OverflowError:
        return None  # no calendar has it


def _address(found: re.Match[str]) -> Markup:
    return _LINK.format(url=found[1]) + found[1] + Markup("</a>")
