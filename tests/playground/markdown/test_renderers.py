"""One parser of Discord's markdown, and what its two renderers make of the same examples."""

import re
from datetime import UTC, datetime

import pytest

from playground.markdown.names import Names
from playground.terminal.markdown import Reader
from playground.web.markdown import Markdown

NOW = 1_800_000_000
NAMES = Names(users={42: "alice"}, roles={7: "painters"}, channels={5: "pictures"})
LINK = '<a href="https://x.y" target="_blank" rel="noopener noreferrer">'
SPOILER = '<label class="spoiler"><input type="checkbox" aria-label="Show the spoiler" autocomplete="off"><span>'
MOMENT = f'<time datetime="{datetime.fromtimestamp(NOW - 3, UTC).isoformat()}" data-style="R" aria-live="off">'

# Each example with its HTML on the page (without line breaks between tags), and its text in a terminal, as
# `{style:words}` for styled words.
EXAMPLES = {
    "bold": ("**a** b", "<p><strong>a</strong> b</p>", "{bold:a} b"),
    "italics": ("*a* _b_", "<p><em>a</em> <em>b</em></p>", "{italic:a} {italic:b}"),
    "underline": ("__a__", "<p><u>a</u></p>", "{underline:a}"),
    "strike": ("~~a~~", "<p><s>a</s></p>", "{strike:a}"),
    "nested": ("**a *b***", "<p><strong>a <em>b</em></strong></p>", "{bold:a }{bold italic:b}"),
    "spoiler": ("a ||**b**|| c", f"<p>a {SPOILER}<strong>b</strong></span></label> c</p>", "a ▮▮▮ c"),
    "code": ("`**a**`", "<p><code>**a**</code></p>", "{bright_white on grey23:**a**}"),
    "code block": (
        "```py\na\n\nb\n```",
        '<pre><code class="language-py">a\n\nb</code></pre>',
        "{bright_white on grey23:a}\n\n{bright_white on grey23:b}",
    ),
    "quote": (
        "> a\n> **b**\nc",
        "<blockquote><p>a<br><strong>b</strong></p></blockquote><p>c</p>",
        "{dim:│ }a\n{dim:│ }{bold:b}\nc",
    ),
    "heading": ("# a\n### b", "<h3>a</h3><h5>b</h5>", "{bold:a}\n{bold:b}"),
    "subtext": ("-# a **b**", '<p class="subtext">a <strong>b</strong></p>', "{dim:a }{bold dim:b}"),
    "list": ("- a\n- b", "<ul><li>a</li><li>b</li></ul>", "• a\n• b"),
    "numbered list": ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>', "3. a\n4. b"),
    "masked link": ("[a](https://x.y)", f"<p>{LINK}a</a></p>", "{#00a8fc:a}"),
    "bare link": ("https://x.y", f"<p>{LINK}https://x.y</a></p>", "{#00a8fc:https://x.y}"),
    "user": ("<@42> <@!43>", "<p>{@alice} {@unknown-user}</p>", "{#8ea1f9:@alice} {#8ea1f9:@unknown-user}"),
    "role": ("<@&7> <@&8>", "<p>{@painters} {@unknown-role}</p>", "{#8ea1f9:@painters} {#8ea1f9:@unknown-role}"),
    "channel": ("<#5> <#6>", "<p>{#pictures} {#unknown}</p>", "{#8ea1f9:#pictures} {#8ea1f9:#unknown}"),
    "command": ("</limits show:9>", "<p>{/limits show}</p>", "{#8ea1f9:/limits show}"),
    "timestamp": (f"<t:{NOW - 3}:R>", f"<p>{MOMENT}15 January 2027, 07:59 UTC</time></p>", "3 s ago"),
    "custom emoji": ("<:boat:9> <a:wave:9>", "<p>:boat: :wave:</p>", ":boat: :wave:"),
    "escapes": (r"\*a\* \<\@42\> \-\# b", "<p>*a* &lt;@42&gt; -# b</p>", "*a* <@42> -# b"),
    "lines": ("a\n\nb", "<p>a<br><br>b</p>", "a\n\nb"),
    "nothing": ("a ** ` || b", "<p>a ** ` || b</p>", "a ** ` || b"),
}


def on_the_page(markdown: str) -> str:
    html = str(Markdown(NAMES).html(markdown)).replace(">\n", ">").strip()
    return re.sub(r'<span class="mention">(.*?)</span>', r"{\1}", html)


def on_a_terminal(markdown: str) -> str:
    text = Reader(NAMES, NOW).read(markdown)
    shown, end = "", 0
    for span in sorted(filter(None, text.spans), key=lambda span: span.start):
        words = text.plain[span.start : span.end]
        shown += text.plain[end : span.start] + (f"{{{span.style}:{words}}}" if str(span.style) != "none" else words)
        end = span.end
    return shown + text.plain[end:]


@pytest.mark.parametrize(("markdown", "html", "_"), EXAMPLES.values(), ids=EXAMPLES)
def test_the_page_renders_what_discord_does(markdown: str, html: str, _: str) -> None:
    """Each part of Discord's markdown has its element."""
    assert on_the_page(markdown) == html


@pytest.mark.parametrize(("markdown", "_", "words"), EXAMPLES.values(), ids=EXAMPLES)
def test_a_terminal_shows_the_same_parts(markdown: str, _: str, words: str) -> None:
    """Each part that has an element on the page has a style or a sign on a terminal."""
    assert on_a_terminal(markdown) == words


@pytest.mark.parametrize(
    ("markdown", "line"),
    [
        ("**a** ||secret|| `b`\nmore", "a ▮▮▮ b"),
        ("||two\nlines|| end\nmore", "▮▮▮ end"),
        (r"a \|\|no secret\|\| b", "a ||no secret|| b"),
        ("`||code||` b", "||code|| b"),
        ("# <@42> & <b>\nmore", "@alice & <b>"),
        ("```py\na\nb\n```", "a"),
        ("", ""),
    ],
)
def test_a_quoted_line_keeps_its_spoilers_covered(markdown: str, line: str) -> None:
    """The line that quotes a message has its words only, and covers what a spoiler covers."""
    assert Markdown(NAMES).first_line(markdown) == line


def test_the_last_day_of_the_calendar_can_be_shown() -> None:
    """A moment that no local time has is shown in UTC."""
    assert Reader(NAMES, NOW).read("<t:253402300799:D>").plain in {"31 December 9999", "01 January 10000"}
