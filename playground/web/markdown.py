"""Discord's markdown as HTML.

The output consists of these elements; `static/markdown.css` styles them, within an element of the class `words`:

- `p`, `br`, `h3` to `h5` for `#` to `###`, `p.subtext`, `blockquote`, `ul`, `ol`, `li`, `pre > code`;
- `strong`, `em`, `u`, `s`, `code`, `a` (into a new tab), `span.mention`;
- `label.spoiler > input[type=checkbox] + span`. The checkbox opens it with a click, a tap or the space bar, and a morph
  doesn't change it. Covered content has `visibility: hidden`: its links can't be clicked, and screen readers announce
  it only once it's open, as in Discord;
- `time[datetime][data-style]` with the time in UTC as its text. `static/time.js` shows the reader's local time there,
  also after a morph. `timestamps` does so for the whole page.

The same text gives the same HTML at any time, and no tag or attribute of its own.
"""

from collections.abc import Callable, Sequence

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from playground.markdown.names import Names
from playground.markdown.parser import first_line, parse, parser
from playground.web.timestamps import time_element

_ELSEWHERE = {"target": "_blank", "rel": "noopener noreferrer"}
_SPOILER = '<label class="spoiler"><input type="checkbox" aria-label="Show the spoiler" autocomplete="off"><span>'
_MENTION = Markup('<span class="mention">{}</span>')
_OUTERMOST_HEADING = 2  # the page has headings of its own above those of a text, which keeps the outline


def _nowhere(_: str) -> str | None:
    return None


class Markdown:
    """Renders texts for one reader: `path_to` returns where the page itself has what a link means, if it does."""

    def __init__(self, names: Names, path_to: Callable[[str], str | None] = _nowhere) -> None:
        self._tags = _Tags(names, path_to)

    def html(self, text: str) -> Markup:
        """Return a text as HTML."""
        return Markup(self._tags.render(parse(text), parser().options, {}))  # noqa: S704  (each rule escapes)

    def first_line(self, text: str) -> str:
        """Return the first line of a text in words only, with spoilers covered."""
        html = self._tags.renderInline(first_line(text), parser().options, {})
        return Markup(html).striptags()  # noqa: S704  (each rule escapes)


class _Tags(RendererHTML):
    """The library's renderer, and what each of Discord's own tokens is in HTML."""

    def __init__(self, names: Names, path_to: Callable[[str], str | None]) -> None:
        super().__init__()
        self._names = names
        self._path_to = path_to

    def heading_open(self, tokens: Sequence[Token], index: int, _: OptionsDict, __: EnvType) -> str:
        return f"<{_heading(tokens[index])}>"

    def heading_close(self, tokens: Sequence[Token], index: int, _: OptionsDict, __: EnvType) -> str:
        return f"</{_heading(tokens[index])}>\n"

    def subtext_open(self, _: Sequence[Token], __: int, ___: OptionsDict, ____: EnvType) -> str:
        return '<p class="subtext">'

    def spoiler_open(self, _: Sequence[Token], __: int, ___: OptionsDict, ____: EnvType) -> str:
        return _SPOILER

    def spoiler_close(self, _: Sequence[Token], __: int, ___: OptionsDict, ____: EnvType) -> str:
        return "</span></label>"

    def link_open(self, tokens: Sequence[Token], index: int, _: OptionsDict, __: EnvType) -> str:
        href = str(tokens[index].attrs["href"])
        path = self._path_to(href)
        attributes = {"href": path} if path else {"href": href} | _ELSEWHERE
        return "".join(["<a", *(f' {name}="{escape(value)}"' for name, value in attributes.items()), ">"])

    def mention(self, tokens: Sequence[Token], index: int, _: OptionsDict, __: EnvType) -> str:
        return _MENTION.format(self._names.mention(tokens[index].meta))

    def emoji(self, tokens: Sequence[Token], index: int, _: OptionsDict, __: EnvType) -> str:
        return escape(tokens[index].meta["name"])

    def timestamp(self, tokens: Sequence[Token], index: int, _: OptionsDict, __: EnvType) -> str:
        meta = tokens[index].meta
        return time_element(meta["seconds"], meta["style"])


def _heading(token: Token) -> str:
    return f"h{int(token.tag[1:]) + _OUTERMOST_HEADING}"
