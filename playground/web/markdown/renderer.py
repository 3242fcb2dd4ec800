"""Discord's markdown as HTML, on the rules of markdown-it-py that hold in Discord too and on our own for the rest.

What comes out is made of these; `static/markdown.css` has their looks, within an element of the class `words`:

- `p`, `br`, `h3` to `h5` for `#` to `###`, `p.subtext`, `blockquote`, `ul`, `ol`, `li`, `pre > code`;
- `strong`, `em`, `u`, `s`, `code`, `a` (into a new tab), `span.mention`;
- `label.spoiler > input[type=checkbox] + span`. Whether it is open is the checkbox's property, which a morph leaves
  alone, and which a click, a tap and the space bar turn. What is covered has `visibility: hidden`: no link in it takes
  a click, and screen readers are told of it once it is open, as in Discord;
- `time[datetime][data-style]` with the moment in UTC as its text. `static/time.js` puts the reader's own words in its
  place, and does so again after a morph brought back the others. `timestamps` makes it for all of the page.

The same text gives the same HTML at any time, and no tag or attribute of its own.
"""

from markdown_it import MarkdownIt
from markupsafe import Markup

from playground.web.markdown.blocks import add_lines
from playground.web.markdown.inline import add_words
from playground.web.markdown.reader import Reader, reader_at

__all__ = ["Markdown", "Reader", "reader_at"]

_OPTIONS = {"breaks": True, "maxNesting": 40}


class Markdown:
    """Renders texts for one reader; the reader's names are looked up anew for each text."""

    def __init__(self, reader: Reader) -> None:
        self._parser = MarkdownIt("zero", _OPTIONS).enable(["newline", "escape", "backticks"])
        add_lines(self._parser)
        add_words(self._parser, reader)

    def html(self, text: str) -> Markup:
        """Return a text as HTML."""
        return Markup(self._parser.render(text))  # noqa: S704  (the rules escape what they take from the text)
