"""The worker that draws usage charts: one at a time, in a child process, since matplotlib keeps tens of megabytes."""

import asyncio
import pickle
from collections.abc import Mapping
from typing import Final

from bot.child_process import run_module
from bot.reports.activity import Activity
from bot.reports.chart_words import ChartWords

MEMBERS_SHOWN: Final = 6  # by name; all others are one line


class ChartRenderer:
    """Draws one chart at a time, since each takes tens of megabytes and a core for about a second."""

    def __init__(self) -> None:
        self._free = asyncio.Lock()

    async def draw(self, activity: Activity, names: Mapping[int, str], before: Activity | None = None) -> bytes:
        """Return a PNG of 1200 × 900 pixels: each day's figures, and beside them the members who drew most.

        `before` is as many days before, shown behind the bars.
        Its words are in the current language, unless the machine has no font with their letters.
        A member without a name shows the last digits of their id; a single member gets all the width.
        """
        words = ChartWords.current(others=max(0, len(activity.by_member) - MEMBERS_SHOWN))
        figures = pickle.dumps((activity, dict(names), before, words, MEMBERS_SHOWN))
        async with self._free:
            return await run_module("bot.reports.chart_child", given=figures)
