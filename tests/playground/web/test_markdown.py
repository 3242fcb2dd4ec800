"""Discord's markdown on the page."""

from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.ui.text import one_line, plain
from playground.markdown.names import Names
from playground.web.markdown import Markdown

MARKDOWN = Markdown(Names(users={42: "alice", 43: "<b>"}, roles={7: "painters"}, channels={5: "pictures"}))
LONGEST_TEXT = 4000  # Discord's bound for all text of a message
SPOILER = '<label class="spoiler"><input type="checkbox" aria-label="Show the spoiler" autocomplete="off"><span>'
BLANK = ' target="_blank" rel="noopener noreferrer"'
HOSTILE_WORDS = (
    "* ** *a** _ __a a_ *_ ~~ || ` `a`` [ [] [[] [a]( ](https://a < <@ <t:1:R> https:// https://a.b/(c ( h \\ \\*"
)
HOSTILE_LINES = (
    "\n",
    " \n",
    "> ",
    "> \n",
    ">>> ",
    "- ",
    "- a\n",
    " - a\n ",
    "1. ",
    "# ",
    "# a\n",
    "```",
    "```\n",
    "```a```",
)
HOSTILE_MIXTURES = ("|| ", "**a *b __c ~~d ||e ", "- a\n> b\n", "[a](https://b ")
MARKUP = "*_~|`<>@&#:/!()[]{}\\-+=.0123456789 \n\thttps://ab"
ATTRIBUTES = {
    "a": {"href", "target", "rel"},
    "code": {"class"},
    "input": {"type", "aria-label", "autocomplete"},
    "label": {"class"},
    "ol": {"start"},
    "p": {"class"},
    "span": {"class"},
    "time": {"datetime", "data-style", "aria-live"},
}
BARE_TAGS = {"blockquote", "br", "em", "h3", "h4", "h5", "li", "pre", "s", "strong", "u", "ul"}


def inline(text: str) -> str:
    """Return what a text of one paragraph becomes."""
    html = str(MARKDOWN.html(text))
    assert html.startswith("<p>")
    assert html.endswith("</p>\n")
    return html.removeprefix("<p>").removesuffix("</p>\n")


def literal(text: str) -> str:
    """Return a text as HTML that shows it as it is."""
    return escape(text).replace("&#x27;", "'").replace("\n", "<br>")


def lines(text: str) -> str:
    """Return what a text becomes, without the line ends that stand between its blocks."""
    return str(MARKDOWN.html(text)).replace(">\n", ">").strip()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**a** *b* _c_ __d__ ~~e~~ `f`", "<strong>a</strong> <em>b</em> <em>c</em> <u>d</u> <s>e</s> <code>f</code>"),
        ("***a*** ___b___", "<strong><em>a</em></strong> <u><em>b</em></u>"),
        ("**a *b* c**", "<strong>a <em>b</em> c</strong>"),
        ("*a **b** c*", "<em>a <strong>b</strong> c</em>"),
        ("**重要。**です", "<strong>重要。</strong>です"),
        ("** spaced **", "<strong> spaced </strong>"),
        ("snake_case_name, 2 * 3 * 4", "snake_case_name, 2 * 3 * 4"),
        ("one ** alone, a ` alone, a || alone", "one ** alone, a ` alone, a || alone"),
        ("`**not bold** ||nor hidden||`", "<code>**not bold** ||nor hidden||</code>"),
        ("``a ` b``", "<code>a ` b</code>"),
        ("a||b **c**||d", f"a{SPOILER}b <strong>c</strong></span></label>d"),
        (r"\*a\* \_b\_ \|\|c\|\| \`d\` \\ \<\@42\>", r"*a* _b_ ||c|| `d` \ &lt;@42&gt;"),
        (r"**a \*\* b**", "<strong>a ** b</strong>"),
    ],
)
def test_emphasis_is_seen(text: str, html: str) -> None:
    """Words between marks look as in Discord, and marks that a backslash precedes are marks no more."""
    assert inline(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "[a [b] **c**](https://x.y/z?a=1&b=2)",
            f'<a href="https://x.y/z?a=1&amp;b=2"{BLANK}>a [b] <strong>c</strong></a>',
        ),
        ('[a](<http://x.y> "title")', f'<a href="http://x.y"{BLANK}>a</a>'),
        ("[a](https://x.y/b_(c))", f'<a href="https://x.y/b_(c)"{BLANK}>a</a>'),
        ("see https://x.y/a_b_c.", f'see <a href="https://x.y/a_b_c"{BLANK}>https://x.y/a_b_c</a>.'),
        ("(https://x.y/b_(c)), hi", f'(<a href="https://x.y/b_(c)"{BLANK}>https://x.y/b_(c)</a>), hi'),
        ("<https://x.y/>", f'<a href="https://x.y/"{BLANK}>https://x.y/</a>'),
        ("**https://x.y**", f'<strong><a href="https://x.y"{BLANK}>https://x.y</a></strong>'),
        ("[a https://b.c](https://x.y)", f'<a href="https://x.y"{BLANK}>a https://b.c</a>'),
        ("[a [b](https://b.c) c](https://x.y)", f'<a href="https://x.y"{BLANK}>a [b](https://b.c) c</a>'),
        ("[a](javascript:alert(1)) [b](data:x)", "[a](javascript:alert(1)) [b](data:x)"),
        ("[a](//x.y) [b](/c) [d] ![e](f)", "[a](//x.y) [b](/c) [d] ![e](f)"),
        ("ahttps://x.y javascript://x.y a@b.c", "ahttps://x.y javascript://x.y a@b.c"),
    ],
)
def test_a_link_leads_to_the_web_and_nowhere_else(text: str, html: str) -> None:
    """Links and bare addresses open another tab; text that isn't a web address stays text."""
    assert inline(text) == html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<@42> <@!42>", '<span class="mention">@alice</span> <span class="mention">@alice</span>'),
        ("<@43> <@44>", '<span class="mention">@&lt;b&gt;</span> <span class="mention">@unknown-user</span>'),
        ("<@&7> <@&8>", '<span class="mention">@painters</span> <span class="mention">@unknown-role</span>'),
        ("<#5> <#6>", '<span class="mention">#pictures</span> <span class="mention">#unknown</span>'),
        ("</limits show:9>", '<span class="mention">/limits show</span>'),
        ("<:boat:9> <a:wave:9>", ":boat: :wave:"),
        ("@everyone @here <@x> <#> <:a:>", "@everyone @here &lt;@x&gt; &lt;#&gt; &lt;:a:&gt;"),
    ],
)
def test_ids_become_names(text: str, shown: str) -> None:
    """Every mention has the name that the reader knows, or Discord's text for the unknown."""
    assert inline(text) == shown


@pytest.mark.parametrize(
    ("text", "datetime", "style", "words"),
    [
        ("<t:1700000000:R>", "2023-11-14T22:13:20+00:00", "R", "14 November 2023, 22:13 UTC"),
        ("<t:1700000000>", "2023-11-14T22:13:20+00:00", "f", "14 November 2023, 22:13 UTC"),
        ("<t:-1:d>", "1969-12-31T23:59:59+00:00", "d", "31 December 1969, 23:59 UTC"),
    ],
)
def test_a_moment_is_the_same_at_every_rendering(text: str, datetime: str, style: str, words: str) -> None:
    """A timestamp has its moment and style for the browser to count with, and absolute words of its own."""
    assert inline(text) == f'<time datetime="{datetime}" data-style="{style}" aria-live="off">{words}</time>'


@pytest.mark.parametrize("text", ["<t:9999999999999>", "<t:-9999999999999:R>", "<t:1:x>", "<t:>"])
def test_what_no_calendar_has_is_words(text: str) -> None:
    """A timestamp that can't be shown stays as typed."""
    assert inline(text) == escape(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one\ntwo\n\n\nfive", "<p>one<br>two<br><br><br>five</p>"),
        ("# a\n## b\n### c\n#### d\n#e", "<h3>a</h3><h4>b</h4><h5>c</h5><p>#### d<br>#e</p>"),
        ("a\n-# b **c**\nd", '<p>a</p><p class="subtext">b <strong>c</strong></p><p>d</p>'),
        ("> a\n> b\nc", "<blockquote><p>a<br>b</p></blockquote><p>c</p>"),
        (">>> a\n\n# b", "<blockquote><p>a</p><h3>b</h3></blockquote>"),
        ("> > a\n>b", "<blockquote><p>&gt; a</p></blockquote><p>&gt;b</p>"),
        ("a\n- b\n  - c\n- d\ne", "<p>a</p><ul><li>b\n<ul><li>c</li></ul></li><li>d</li></ul><p>e</p>"),
        ("- a\n\n  b\n* c", "<ul><li>a<br><br>b</li></ul><ul><li>c</li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("> - a\n> -# b", '<blockquote><ul><li>a</li></ul><p class="subtext">b</p></blockquote>'),
        ("```py\n# a\n\n  - b\n```\nc", '<pre><code class="language-py"># a\n\n  - b</code></pre><p>c</p>'),
        ("```a b``` c", "<pre><code>a b</code></pre><p>c</p>"),
        ("a\n```\n<b>\n```", "<p>a</p><pre><code>&lt;b&gt;</code></pre>"),
        ("> ```\n> a\n> ```", "<blockquote><pre><code>a</code></pre></blockquote>"),
    ],
)
def test_lines_are_laid_out(text: str, html: str) -> None:
    """Line breaks stay, and headings, small print, quotes, lists and code blocks look as in Discord."""
    assert lines(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "a\n===",
        "a\n---",
        "***",
        "+ a",
        "1) a",
        "a | b\n--|--",
        "[a]: https",
        "~~~\na",
        "```\nnever closed",
        "&amp; &lt;",
        "<b>a</b>",
        "<!-- a -->",
        "![a](b)",
        "a@b.example",
    ],
)
def test_what_discord_does_not_know_is_words(text: str) -> None:
    """Markdown and HTML from elsewhere are shown as they were typed."""
    assert lines(text) == f"<p>{literal(text)}</p>"


@given(st.text(st.characters(codec="utf-8")) | st.text(MARKUP))
def test_what_the_bot_quotes_of_others_is_literal(text: str) -> None:
    """Foreign words that the bot has made harmless are read as they were typed, and do nothing."""
    words = literal(one_line(text))
    assert lines(plain(text)) == (f"<p>{words}</p>" if words else "")


@given(st.text() | st.text(MARKUP, max_size=300))
def test_no_text_brings_tags_of_its_own(text: str) -> None:
    """For any text, the page gets only the tags and attributes that markdown needs, well nested."""
    watchman = Watchman()
    watchman.feed(MARKDOWN.html(text))
    watchman.close()
    assert watchman.open == []


@given(st.text("*_~|`<>@&#:/!()[]{}\\-+=.01 \n\tж"))
def test_no_word_is_lost(text: str) -> None:
    """However marks are thrown together, each letter that somebody typed is shown once."""
    assert MARKDOWN.html(text).count("ж") == text.count("ж")


class Watchman(HTMLParser):
    """Fails at anything but the tags and attributes on the list, at links out of the web, and at tags that cross."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in BARE_TAGS or tag in ATTRIBUTES
        assert {name for name, _ in attrs} <= ATTRIBUTES.get(tag, set())
        assert all((value or "").startswith(("http://", "https://")) for name, value in attrs if name == "href")
        if tag == "a":
            assert "a" not in self.open
        if tag not in ("br", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)


@pytest.mark.timeout(20)  # a few hundredths of a second, unless it explodes
@pytest.mark.parametrize("piece", [*HOSTILE_WORDS.split(), *HOSTILE_LINES, *HOSTILE_MIXTURES])
def test_hostile_text_does_not_explode(piece: str) -> None:
    """The longest text that Discord lets through, made of one piece over and over, is rendered, and well nested."""
    watchman = Watchman()
    watchman.feed(MARKDOWN.html((piece * LONGEST_TEXT)[:LONGEST_TEXT]))
    watchman.close()
    assert watchman.open == []
