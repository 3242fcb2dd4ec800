"""The member who compares an edit with the picture before it, and reads which words changed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.ui.word_diff import word_diff

MARKED = re.compile(r"(?<!\\)(~~|\*\*)")


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("a red boat at dawn", "a blue boat at dawn", "a ~~red~~ **blue** boat at dawn"),
        ("a boat", "a boat at night", "a boat **at night**"),
        ("a red boat", "a boat", "a ~~red~~ boat"),
        ("boat", "ship", "~~boat~~ **ship**"),
        ("a boat, small", "a boat small", r"a boat~~\,~~ small"),
        ("*a* boat", "*a* ~ship~", r"\*a\* ~~boat~~ **\~ship\~**"),
        ("赤い船", "青い船", "~~赤~~ **青**い船"),
        ("a  boat\nat sea", "a boat at sea", None),
        ("A boat", "a boat", "~~A~~ **a** boat"),
    ],
)
def test_removed_words_are_struck_through_and_new_ones_bold(before: str, after: str, shown: str | None) -> None:
    """The rest stands as it was; no word's own markup works."""
    assert word_diff(before, after, 3000) == shown


def test_long_unchanged_parts_are_left_out() -> None:
    """Only the neighbours of a change are needed to find it."""
    many = " ".join(f"word{number}" for number in range(100))
    shown = word_diff(f"{many} red {many}", f"{many} blue {many}", 3000)
    assert shown is not None
    assert shown.startswith("… word92 ")
    assert shown.endswith(" word7 …")


@given(st.text(max_size=300), st.text(max_size=300), st.integers(20, 200))
def test_no_prompt_breaks_out_of_its_marks(before: str, after: str, characters: int) -> None:
    """Every mark is closed by its like, within the room that there is."""
    shown = word_diff(before, after, characters)
    if shown is None:
        return
    assert len(shown) <= characters
    marks = MARKED.findall(re.sub(r"\\.", "", shown))
    assert marks[::2] == marks[1::2]
