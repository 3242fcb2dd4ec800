"""One person's quota: each effective limit, who set it, and when more becomes available."""

from collections.abc import Iterator
from typing import Final

from discord import ui
from discord.utils import format_dt

from bot.i18n import N_, _, ngettext
from bot.limits.fair_share import Share
from bot.limits.moderation import LimitStatus
from bot.limits.policy import (
    LEAST,
    SMALLER_IS_GENEROUS,
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
from bot.picture.review import ReviewOf
from bot.reports.activity import Activity
from cogs.limits.change_text import share_words
from cogs.limits.usage_view import chart_gallery, tally_words
from cogs.ui.amounts import SET_BY, at_most, credits_words, left_of, sum_of
from cogs.ui.refusals import admission_sentence

_REVIEWED: Final = {
    ReviewOf.PICTURE: N_("Moderators look at your pictures here before they're posted."),
    ReviewOf.PROMPT: N_("Moderators look at your prompts here before I make the pictures."),
}
_SET_BY: Final = SET_BY | {Scope.ROLE: N_("set for one of your roles"), Scope.MEMBER: N_("set for you")}


def quota_card(status: LimitStatus, activity: Activity | None, *, in_server: bool) -> ui.LayoutView:
    """Return the card with the remaining quota, and with the chart of `activity` if there is one."""
    server = _("**Left for this server**") if in_server else _("**Left for these direct messages**")
    sections = [_head(status), _section(status, Scope.MEMBER, _("**Left for you**"))]
    sections.append(_section(status, Scope.SERVER, server))
    parts: list[ui.Item[ui.LayoutView]] = []
    for section in filter(None, sections):
        parts += [ui.TextDisplay(section), ui.Separator(visible=False)]
    parts += [ui.Separator(), *_chart(activity)] if activity is not None else []
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts))
    return view


def _head(status: LimitStatus) -> str:
    """Return the title, and what the figures below don't say."""
    lines = [_("**Your quota**")]
    if status.running:
        lines.append(
            ngettext(
                "{count} of your pictures is in progress.", "{count} of your pictures are in progress.", status.running
            )
        )
    if status.barred is not None:
        lines.append(admission_sentence(status.barred))
    if status.review is not None:
        lines.append(_(_REVIEWED[status.review.of]))
    if not any(status.limits.values()):
        lines.append(_("You have no limits here."))
    return "\n".join(lines)


def _section(status: LimitStatus, scope: Scope, title: str) -> str:
    """Return the limits of a scope below a title, or nothing if it has none."""
    lines = list(_lines(status.limits[scope], status.usage[scope]))
    if scope is Scope.MEMBER and status.share is not None:
        lines.append(_share_line(status.share))
    return "\n".join([title, *lines]) if lines else ""


def _share_line(share: Share) -> str:
    left = credits_words(max(0, share.allowed - share.used))
    words = _("Your share for 24 hours: {left} left ({share})", left=left, share=share_words(share.percent))
    more = [] if share.frees_at is None else [_("more {when}", when=format_dt(share.frees_at, "R"))]
    return " · ".join([words, *more])


def _chart(activity: Activity) -> Iterator[ui.Item[ui.LayoutView]]:
    days = len(activity.days)
    title = ngettext("**Your last {count} day**", "**Your last {count} days**", days)
    if not activity.lines:
        yield ui.TextDisplay("\n".join([title, _("No pictures yet. Type `/imagine` to draw the first one.")]))
        return
    yield ui.TextDisplay(f"{title}\n{tally_words(activity.total)}")
    yield chart_gallery(activity)


def _lines(limits: Effective, usage: Usage) -> Iterator[str]:
    for limit, ceiling in limits.items():
        if limit in SMALLER_IS_GENEROUS and not ceiling.value:
            continue  # a cooldown of 0 limits nothing
        used = usage[limit]
        yield _left(limit, ceiling, used)
        if notes := list(_notes(limit, ceiling, used)):
            yield f"-# {' · '.join(notes)}"


def _left(limit: Limit, ceiling: Ceiling, used: UsedAmounts) -> str:
    match measure_of(limit):
        case Pause() | OfRequest():
            return at_most(limit, ceiling.value)
        case Window() | Running():
            return left_of(limit, used.amount, ceiling.value)


def _notes(limit: Limit, ceiling: Ceiling, used: UsedAmounts) -> Iterator[str]:
    """Yield who set a limit, unless it's the operator, and when a limit that is reached frees up."""
    if ceiling.scope is not Scope.OPERATOR:
        yield sum_of(ceiling) or _(_SET_BY[ceiling.scope])
    if not exceeds(LEAST, limit, used.amount, ceiling.value):
        return
    if used.frees_at is not None:
        yield _("more {when}", when=format_dt(used.frees_at, "R"))
    elif ceiling.value:
        yield _("more when a picture is done")
    else:
        yield _("none allowed right now")
