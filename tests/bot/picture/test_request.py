"""Valid and invalid requests for a picture."""

import pytest

from bot.errors import InvalidRequest
from bot.picture.request import check_prompt

INVISIBLE = "\u200b\u2060\u00ad\u202e\ufe0f\u3164\u2800\u200d\u180e\u115f\u1160\uffa0\u034f\U000e0041\U000e0100\t\n "


@pytest.mark.parametrize("prompt", ["", " ", INVISIBLE, *INVISIBLE], ids=ascii)
def test_a_prompt_that_nobody_can_see_is_empty(prompt: str) -> None:
    """Characters without a look are refused as white space is."""
    with pytest.raises(InvalidRequest, match="empty"):
        check_prompt(prompt)


@pytest.mark.parametrize(
    "prompt", ["👨\u200d👩\u200d👧", "♻\ufe0f", "⣿", "한", "\u200bcat", "?", "\u0e01\u0e33", "🏴\U000e0067\U000e007f"]
)
def test_a_prompt_with_something_to_see_is_none_of_these(prompt: str) -> None:
    """Joiners and selectors belong to emoji and to words of many scripts."""
    check_prompt(prompt)
