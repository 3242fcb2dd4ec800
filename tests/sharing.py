"""Which tests share a bot."""

import pytest


def shares_bot(item: pytest.Item) -> bool:
    """Return True if a test runs on the bot that others use too."""
    is_marked = item.get_closest_marker("shared_bot") is not None and item.get_closest_marker("own_bot") is None
    return is_marked and "stage" in getattr(item, "fixturenames", ())
