"""Which tests share a bot, and which of them failed."""

from typing import Final

import pytest

FAILED: Final = pytest.StashKey[bool]()


def has_failed(item: pytest.Item) -> bool:
    """Return True if a test has failed by now: its bot isn't used again."""
    return item.stash.get(FAILED, False)


def shares_bot(item: pytest.Item) -> bool:
    """Return True if a test runs on the bot that others use too."""
    is_marked = item.get_closest_marker("shared_bot") is not None and item.get_closest_marker("own_bot") is None
    return is_marked and "stage" in getattr(item, "fixturenames", ())
