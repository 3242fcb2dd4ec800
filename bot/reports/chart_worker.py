"""The worker that draws usage charts: off the loop, one at a time, and with matplotlib loaded by the first of them."""

import asyncio
from collections.abc import Mapping
from typing import Final

from bot.reports.activity import Activity

MEMBERS_SHOWN: Final = 6  # by name; all others are one line


class ChartRenderer:
    """Draws one chart at a time, since each takes tens of megabytes and a core for a part of a second."""

    def __init__(self) -> None:
        self._free = asyncio.Lock()

    async def draw(self, activity: Activity, names: Mapping[int, str]) -> bytes:
        """Return a PNG of 1200 × 900 pixels: each day's figures, and beside them the members who drew most.

        A member without a name shows the last digits of their id; a single member gets all the width.
        """
        async with self._free:
            return await asyncio.to_thread(_draw, activity, names)


def _draw(activity: Activity, names: Mapping[int, str]) -> bytes:
    from bot.reports.chart import draw_chart  # noqa: PLC0415  (half a second that starting the bot need not wait for)

    return draw_chart(activity, names, members_shown=MEMBERS_SHOWN)
