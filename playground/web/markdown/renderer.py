"""Discord's markdown as HTML, with the rules of markdown-it-py that Discord shares, and our own for the rest.

The output consists of these elements; `static/markdown.css` styles them, within an element of the class `words`:

- `p`, `br`, `h3` to `h5` for `#` to `###`, `p.subtext`, `blockquote`, `ul`, `ol`, `li`, `pre > code`;
- `strong`, `em`, `u`, `s`, `code`, `a` (into a new tab), `span.mention`;
- `label.spoiler > input[type=checkbox] + span`. The checkbox opens it with a click, a tap or the space bar, and a morph
  doesn't change it. Covered content has `visibility: hidden`: its links can't be clicked, and screen readers announce
  it only once it's open, as in Discord;
- `time[datetime][data-style]` with the time in UTC as its text. `static/time.js` shows the reader's local time there,
  also after a morph. `timestamps` does so for the whole page.

The same text always gives the same HTML, without tags or attributes of its own.
"""

from markdown_it import MarkdownIt
from markupsafe import Markup

from playground.web.markdown.blocks import add_lines
from playground.web.markdown.inline import add_words
from playground.web.markdown.reader import Reader, reader_at

__all__ = ["Markdown", "Reader", "reader_at"]

_OPTIONS = {"breaks": True, "maxNesting": 40}


class Markdown:
    """Renders texts for one reader; the reader's names are looked up again for each text."""

    def __init__(self, reader: Reader) -> None:
        self._parser = MarkdownIt("zero", _OPTIONS).enable(["newline", "escape", "backticks"])
        add_lines(self._parser)
        add_words(self._parser, reader)

    def html(self, text: str) -> Markup:
        """Return a text as HTML."""
        return Markup(self._parser.render(text))  # noqa: S704  (the rules escape what they take from the text)
