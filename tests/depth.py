"""How much a test draws at random: a part for each change, and all of it at night, with `NIGHTLY=1`."""

import os
from typing import Final

IS_NIGHTLY: Final = "NIGHTLY" in os.environ
_PART: Final = 5  # a fifth finds what breaks often; the night finds the rest


def cases(at_night: int) -> int:
    """Return how many cases to draw now, where `at_night` are drawn at night."""
    return at_night if IS_NIGHTLY else -(-at_night // _PART)
