"""One person's quota: each effective limit, who set it, and when more becomes available."""

from collections.abc import Iterator
from typing import Final

from discord import ui
from discord.utils import format_dt

from bot.limits.moderation import LimitStatus
from bot.limits.policy import (
    LEAST,
    Ceiling,
    Effective,
    Limit,
    OfRequest,
    Pause,
    Running,
    Scope,
    Usage,
    UsedAmounts,
    Window,
    exceeds,
    measure_of,
)
from bot.reports.activity import Activity
from cogs.limits.usage_view import chart_gallery, tally_words
from cogs.ui.amounts import LIMIT_NAMES, SCOPE_NAMES, amount, bar
from cogs.ui.refusals import admission_sentence

_SET_BY: Final = SCOPE_NAMES | {Scope.ROLE: "set for one of your roles", Scope.MEMBER: "set for you"}


def quota_card(status: LimitStatus, activity: Activity | None, *, in_server: bool) -> ui.LayoutView:
    """Return the card with the remaining quota, and with the chart of `activity` if there is one."""
    together = "This server together" if in_server else "These direct messages"
    parts: list[ui.Item[ui.LayoutView]] = [ui.TextDisplay(_title(status))]
    for scope, title in ((Scope.MEMBER, "You"), (Scope.SERVER, together)):
        lines = list(_lines(status.limits[scope], status.usage[scope])) or ["no limit"]
        parts += [ui.Separator(), ui.TextDisplay(f"**{title}**\n" + "\n".join(lines))]
    if activity is not None:
        parts += [ui.Separator(), *_chart(activity)]
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts))
    return view


def _title(status: LimitStatus) -> str:
    count = status.running
    running = f"{count or 'No'} picture{'' if count == 1 else 's'} of yours {'is' if count == 1 else 'are'} being made."
    barred = "" if status.barred is None else f"\n{admission_sentence(status.barred)}"
    return f"**Your quota here**\n{running}{barred}"


def _chart(activity: Activity) -> Iterator[ui.Item[ui.LayoutView]]:
    title = f"**Your last {len(activity.days)} days**"
    if not activity.lines:
        yield ui.TextDisplay(f"{title}\nNothing yet: type `/imagine` to draw the first picture.")
        return
    yield ui.TextDisplay(f"{title}\n{tally_words(activity.total)}")
    yield chart_gallery(activity)


def _lines(limits: Effective, usage: Usage) -> Iterator[str]:
    for limit, ceiling in limits.items():
        used, words = usage[limit], [_SET_BY[ceiling.scope]]
        if exceeds(LEAST, limit, used.amount, ceiling.value):
            words.append(_frees_up(ceiling, used))
        yield f"{_left(limit, ceiling, used)}\n-# {' · '.join(words)}"


def _left(limit: Limit, ceiling: Ceiling, used: UsedAmounts) -> str:
    words, allowed = LIMIT_NAMES[limit], amount(ceiling.value)
    match measure_of(limit):
        case Pause():
            return f"**{allowed}** {words}"
        case OfRequest():
            return f"up to **{allowed}** {words}"
        case Window() | Running():
            left = amount(max(0, ceiling.value - used.amount))
            return f"{bar(used.amount, ceiling.value)} **{left}** of {allowed} {words} left"


def _frees_up(ceiling: Ceiling, used: UsedAmounts) -> str:
    """Return when the next picture is possible under a limit that is reached."""
    if used.frees_at is not None:
        return f"next one {format_dt(used.frees_at, 'R')}, at {format_dt(used.frees_at, 'f')}"
    return "frees up when one is done" if ceiling.value else "none are allowed at present"
