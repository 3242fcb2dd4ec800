"""Choices in braces, as members type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InvalidRequest
from bot.picture.choices import escaped, prompts_of

TYPED = st.text(alphabet="ab {}|\\\n🚤", max_size=30)


@pytest.mark.parametrize(
    ("typed", "prompts"),
    [
        ("a red boat", ["a red boat"]),
        ("a red | blue boat", ["a red | blue boat"]),
        (r"a \\ boat", [r"a \\ boat"]),
        ("{red|blue|green} boat", ["red boat", "blue boat", "green boat"]),
        ("a {red|blue} {boat|car}", ["a red boat", "a red car", "a blue boat", "a blue car"]),
        ("{big |}boat", ["big boat", "boat"]),
        ('{"subject": {"kind": "boat"}}', ['{"subject": {"kind": "boat"}}']),
        (r"\{red|blue\} boat", ["{red|blue} boat"]),
        (r"{red\|blue|green} boat", ["red|blue boat", "green boat"]),
        (r"{a\}|b}", ["a}", "b"]),
        (r"{a|b\\}", ["a", "b\\"]),
    ],
)
def test_a_prompt_stands_for_each_of_its_choices(typed: str, prompts: list[str]) -> None:
    """Choices are combined in their order; escaped characters stand for themselves."""
    assert list(prompts_of(typed)) == prompts


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("{red|blue boat", "never closed"),
        ("{red boat", "never closed"),
        ("{{red|blue} boat", "never closed"),
        (r"{red|blue\} boat", "never closed"),
        ("red|blue} boat", "isn't opened"),
        ("{a|{b|c}}", "can't have braces"),
        ("{a|b{c}}", "can't have braces"),
        ("{a|b|c|d|e}", "stand for 5 pictures"),
        ("{a|b}" * 1000, "one command makes up to 4"),
    ],
)
def test_braces_that_cannot_be_read_are_refused(typed: str, words: str) -> None:
    """The message says what to change, and that nothing was charged."""
    with pytest.raises(InvalidRequest, match=words) as refusal:
        prompts_of(typed)
    assert "Nothing was charged." in str(refusal.value)


@given(TYPED)
def test_an_escaped_prompt_stands_for_itself(prompt: str) -> None:
    """A prompt that is shown in a form or in a command makes exactly itself again."""
    assert list(prompts_of(escaped(prompt))) == [prompt]
