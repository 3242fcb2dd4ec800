"""Notes on images, as members type them in one line."""

import re

from cogs.ui.text import one_line


def notes_of(typed: str | None) -> list[str]:
    """Return the notes in a line that separates them by semicolons; one that is left out is empty."""
    return [one_line(each) for each in re.split("[;；]", typed)] if typed else []
