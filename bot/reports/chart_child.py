"""Drawing one usage chart: `python -m bot.reports.chart_child` reads the figures and writes a PNG."""

import pickle
import sys

from bot.reports.chart import draw_chart

if __name__ == "__main__":
    activity, names, before, words, members_shown = pickle.load(sys.stdin.buffer)  # noqa: S301  (only the bot itself writes there)
    sys.stdout.buffer.write(draw_chart(activity, names, before, words, members_shown=members_shown))
