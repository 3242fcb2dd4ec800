"""A change of the rules, before → after, in words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import time
from typing import Any, Final

from discord.utils import format_dt

from bot.i18n import N_, NP_, Meaning, _, changed, clock, command_shown, labelled, ngettext, number, pgettext, with_note
from bot.i18n.locale_names import name_of
from bot.limits.moderation import UNDO_OF
from bot.limits.policy import Limit
from bot.limits.rulebook import Block, Change, ChannelMode, ChannelStyle, DrawingPause, ReviewRule, Showcase, Slowdown
from bot.limits.weekly_summary import DUE_HOUR
from bot.picture.decision import Decision
from bot.picture.layers import Choices
from cogs.limits.review_words import review_changes
from cogs.ui.amounts import amount, limit_label, limit_value
from cogs.ui.defaults import LABELS, value_words
from cogs.ui.text import cut, plain

_LINES_MAX = 12
_LINE_MAX = 300  # characters: a reason and a word can be long
_REASON_MAX = 100
_MODES: Final = {
    None: N_("all"),
    ChannelMode.ALLOW: N_("only those listed"),
    ChannelMode.DENY: N_("all except those listed"),
}
_SUBJECTS: Final = {
    "channel_mode": N_("Channels"),
    "log_channel_id": N_("Audit log"),
    "weekly_summary": N_("Weekly summary"),
    "showcase": N_("Showcase"),
    "review": N_("Review before posting"),
    "pause": N_("Drawing"),
    "slowdown": N_("Slowdown"),
    "share_percent": N_("Share of each member"),
    "language": N_("Language"),
}
_EITHER_WAY: Final = {
    "roles": (N_("unlimited"), N_("limited")),
    "members": (N_("unlimited"), N_("limited")),
    "allowed_roles": (N_("can draw"), N_("not listed")),
    "channels": (N_("listed"), N_("not listed")),
    "words": (N_("blocked"), N_("allowed")),
    "adult_words": (N_("blocked"), N_("allowed")),
    "review_channels": (N_("reviewed"), N_("not listed for review")),
    "review_roles": (N_("reviewed"), N_("not listed for review")),
    "reply_channels": (N_("any reply edits"), N_("only replies that name me edit")),
    "spoiler_channels": (N_("spoilers"), N_("shown")),
}


_DECIDED: Final = {
    Decision.APPROVED: NP_("a request", "approved"),
    Decision.REJECTED: NP_("a request", "rejected"),
    Decision.WITHDRAWN: NP_("a request", "cancelled"),
}
_MENTIONED: Final = {
    "channels": "<#{}>",
    "review_channels": "<#{}>",
    "allowed_roles": "<@&{}>",
    "review_roles": "<@&{}>",
    "blocked": "<@{}>",
}
_OF_WORDS: Final = {
    "words": N_("The word “{word}”"),
    "adult_words": N_("The word “{word}” outside age-restricted channels"),
}
_OF_MEMBER: Final = {"pictures": N_("Pictures of {member}"), "reviewed": N_("Request of {member}")}
_IN_CHANNEL: Final = {
    "reply_channels": N_("Replies in {channel}"),
    "spoiler_channels": N_("New pictures in {channel}"),
    "paused_channels": N_("Drawing in {channel}"),
    "channel_styles": N_("Style in {channel}"),
}


def change_lines(changes: Sequence[Change]) -> str:
    """Return a line for each change, long lists cut visibly."""
    return "\n".join(_few([line for change in changes for line in _lines(change)]))


def subjects(changes: Sequence[Change]) -> str:
    """Return what some changes were about, a line for each, long lists cut visibly."""
    return "\n".join(_few([_subject(change) for change in changes]))


def command_words(command: str) -> str:
    """Return the command that made a change, or which one's change was undone."""
    if command.startswith(UNDO_OF):
        return _("Undo of {command}", command=command_words(command.removeprefix(UNDO_OF)))
    return f"/{command_shown(command[1:])}" if command.startswith("/") else command


def block_words(block: Block) -> str:
    """Return until when somebody is blocked, and why."""
    reason = plain(cut(block.reason, _REASON_MAX))
    if block.until is None:
        words = _("blocked permanently")
    else:
        words = _("blocked, ends {when}", when=format_dt(block.until, "R"))
    return with_note(words, reason) if reason else words


def decision_words(decision: Decision, reason: str) -> str:
    """Return what a moderator decided about a request, and why."""
    words = _(_DECIDED[decision])
    return with_note(words, plain(cut(reason, _REASON_MAX))) if reason else words


def pause_words(pause: DrawingPause) -> str:
    """Return until when drawing is paused, and why."""
    reason = plain(cut(pause.reason, _REASON_MAX))
    words = _("paused") if pause.until is None else _("paused, ends {when}", when=format_dt(pause.until, "R"))
    return with_note(words, reason) if reason else words


def share_words(percent: int) -> str:
    """Return how the credits of a server's month are shared."""
    return _("{percent}% a day of the credits left for this server", percent=percent)


def summary_words() -> str:
    """Return when the weekly summary is posted."""
    return _("Mondays from {time} (UTC)", time=clock(time(DUE_HOUR)))


def slowdown_words(slowdown: Slowdown) -> str:
    """Return the cooldown of all members, and its end."""
    return ngettext(
        "a cooldown of {count} second for all, ends {when}",
        "a cooldown of {count} seconds for all, ends {when}",
        slowdown.cooldown_seconds,
        when=format_dt(slowdown.until, "R"),
    )


def channel_style_words(style: ChannelStyle) -> str:
    """Return the name of a channel's style, and whether it's required."""
    name = plain(style.name)
    return _("**{style}**, required", style=name) if style.required else _("**{style}**, the default", style=name)


def showcase_words(showcase: Showcase) -> str:
    """Return the showcase's channel and the stars that a picture needs."""
    return ngettext(
        "{channel} from {count} star",
        "{channel} from {count} stars",
        showcase.stars,
        channel=f"<#{showcase.channel_id}>",
    )


def _few(lines: Sequence[str]) -> Sequence[str]:
    more = len(lines) - _LINES_MAX
    rest = [ngettext("and {count} more change", "and {count} more changes", more)] if more > 0 else []
    return [cut(line, _LINE_MAX) for line in lines[:_LINES_MAX]] + rest


def _lines(change: Change) -> Sequence[str]:
    if change.path == ("review",):
        reviews = (None if each is None else ReviewRule.model_validate(each) for each in (change.before, change.after))
        return review_changes(*reviews)
    return [labelled(_subject(change), changed(_value(change, change.before), _after(change)))]


def _after(change: Change) -> str:
    return f"**{_value(change, change.after)}**"


def _subject(change: Change) -> str:
    match change.path:
        case ("server" | "everyone" as scope, limit):
            whose = _("Server total") if scope == "server" else _("Everyone")
            return f"{whose} · {limit_label(Limit(limit))}"
        case ("roles" | "members" as scope, id_, *rest):
            whose = f"<@&{id_}>" if scope == "roles" else f"<@{id_}>"
            return whose if rest[0] == "unlimited" else f"{whose} · {limit_label(Limit(rest[-1]))}"
        case (name, id_) if name in _MENTIONED:
            return _MENTIONED[name].format(id_)
        case ("styles", name):
            return _("Style “{style}”", style=plain(name))
        case (name, id_) if name in _OF_MEMBER:
            return _(_OF_MEMBER[name], member=f"<@{id_}>")
        case (name, id_) if name in _IN_CHANNEL:
            return _(_IN_CHANNEL[name], channel=f"<#{id_}>")
        case (name, word) if name in _OF_WORDS:
            return _(_OF_WORDS[name], word=plain(word))
        case ("defaults", name):
            return _("Default · {option}", option=_(LABELS[name]))
        case (name, *_rest):
            return _(_SUBJECTS[name])
    raise AssertionError(change.path)


def _value(change: Change, value: Any) -> str:  # noqa: ANN401  (whatever JSON a rule is kept as)
    match change.path[0], change.path[-1]:
        case ("server" | "everyone", limit) | ("roles" | "members", limit) if limit != "unlimited":
            return _limit_value(change, value)
        case ("channel_mode", _):
            return _(_MODES[None if value is None else ChannelMode(value)])
        case ("defaults", name):
            return value_words(name, value if value is None else getattr(Choices.model_validate({name: value}), name))
        case (kind, _) if kind in _WORDS:
            absent, words = _WORDS[kind]
            return _(absent) if value is None else words(value)
        case (kind, _):
            yes, no = _EITHER_WAY[kind]
            return _(yes) if value else _(no)


def _limit_value(change: Change, value: float | None) -> str:
    if "extras" in change.path:
        return _("nothing extra") if value is None else _("{amount} extra", amount=f"+{amount(value)}")
    return pgettext("a limit", "not set") if value is None else limit_value(Limit(change.path[-1]), value)


# The words for a value that isn't there, and those for one that is.
_WORDS: Final[Mapping[str, tuple[str | Meaning, Callable[[Any], str]]]] = {
    "blocked": (N_("not blocked"), lambda value: block_words(Block.model_validate(value))),
    "pause": (N_("not paused"), lambda value: pause_words(DrawingPause.model_validate(value))),
    "paused_channels": (N_("not paused"), lambda value: pause_words(DrawingPause.model_validate(value))),
    "slowdown": (NP_("slowdown", "off"), lambda value: slowdown_words(Slowdown.model_validate(value))),
    "share_percent": (NP_("share of each member", "off"), share_words),
    "language": (N_("that of each request"), name_of),
    "log_channel_id": (NP_("audit log", "off"), lambda value: f"<#{value}>"),
    "weekly_summary": (NP_("weekly summary", "off"), lambda _value: summary_words()),
    "showcase": (NP_("showcase", "off"), lambda value: showcase_words(Showcase.model_validate(value))),
    "channel_styles": (N_("no style"), lambda value: channel_style_words(ChannelStyle.model_validate(value))),
    "pictures": (N_("deleted"), number),
    "reviewed": (N_("in review"), lambda value: decision_words(Decision(value["decision"]), value["reason"])),
    "styles": (N_("no version"), lambda value: _("version {version}", version=value)),
}
