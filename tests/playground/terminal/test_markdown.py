"""Discord's markdown on a terminal."""

import pytest

from playground.markdown.names import Names
from playground.terminal.markdown import Reader, moment_words

NOW = 1_800_000_000.0
READER = Reader(Names({42: "alice"}, {}, {}), NOW)


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("**a red boat** and `a code`", "a red boat and a code"),
        (r"**a \*\*red\*\* \<\@42\> boat\.**", "a **red** <@42> boat."),
        (r"\-\# not small, \> no quote", "-# not small, > no quote"),
        ("-# <@42> and <@43>", "@alice and @unknown-user"),
        ("-# [rerolled from](https://discord.com/channels/1/2/3) · 1 MP", "rerolled from · 1 MP"),
        ("sentence\n> reason", "sentence\n│ reason"),
        ("one ** alone, a ` alone", "one ** alone, a ` alone"),
        (f"began <t:{int(NOW) - 3}:R>", "began 3 s ago"),
        (f"<t:{int(NOW) + 120}:R>", "in 2 min"),
    ],
)
def test_a_person_reads_words_and_no_markup(markdown: str, words: str) -> None:
    """Markup is removed, escaped characters are shown, and names and times are those of the reader."""
    assert READER.read(markdown).plain == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (-59, "59 s ago"),
        (-60, "1 min ago"),
        (3_600, "in 1 h"),
        (-86_400 * 3, "3 d ago"),
    ],
)
def test_a_moment_is_as_far_away_as_it_sounds(seconds: int, words: str) -> None:
    """Relative moments have one unit, the largest that fits."""
    assert moment_words(int(NOW) + seconds, "R", NOW) == words


def test_bold_and_small_words_look_so() -> None:
    """A small line is dim, and bold words in it are both."""
    text = READER.read("-# small **bold**")
    styles = {text.plain[span.start : span.end]: str(span.style) for span in text.spans}
    assert styles == {"small ": "dim", "bold": "bold dim"}
