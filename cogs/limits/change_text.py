"""A change of the rules, before → after, in words."""

from collections.abc import Sequence
from typing import Any

from discord.utils import format_dt

from bot.limits.policy import SMALLER_IS_GENEROUS, Limit
from bot.limits.rulebook import Block, Change, ChannelMode
from cogs.ui.amounts import LIMIT_NAMES, amount
from cogs.ui.text import cut, plain

_LINES_MAX = 12
_LINE_MAX = 300  # characters: a reason and a word can be long
_MODES = {None: "everywhere", ChannelMode.ALLOW: "only in those listed", ChannelMode.DENY: "not in those listed"}


def change_lines(changes: Sequence[Change]) -> str:
    """Return a line for each change, long lists cut visibly."""
    lines = [f"{_subject(change)}: {_value(change, change.before)} → {_after(change)}" for change in changes]
    return "\n".join(_few(lines))


def subjects(changes: Sequence[Change]) -> str:
    """Return what some changes were about, long lists cut visibly."""
    return " · ".join(_few([_subject(change) for change in changes]))


def block_words(block: Block) -> str:
    """Return until when somebody is blocked, and why."""
    until = f" until {format_dt(block.until, 'f')}" if block.until is not None else ""
    return f"blocked{until}" + (f" ({plain(cut(block.reason, 100))})" if block.reason else "")


def _few(lines: Sequence[str]) -> Sequence[str]:
    more = [f"and {len(lines) - _LINES_MAX} more"] if len(lines) > _LINES_MAX else []
    return [cut(line, _LINE_MAX) for line in lines[:_LINES_MAX]] + more


def _after(change: Change) -> str:
    return f"**{_value(change, change.after)}**"


def _subject(change: Change) -> str:
    match change.path:
        case ("server" | "everyone" as scope, limit):
            return f"{'The server' if scope == 'server' else 'Everyone'}, {LIMIT_NAMES[Limit(limit)]}"
        case ("roles" | "members" as scope, id_, *rest):
            whose = f"<@&{id_}>" if scope == "roles" else f"<@{id_}>"
            return f"{whose}, {LIMIT_NAMES[Limit(rest[-1])]}" if rest[0] == "limits" else whose
        case ("channel_mode",):
            return "I draw"
        case ("channels", id_):
            return f"<#{id_}>"
        case ("blocked", id_):
            return f"<@{id_}>"
        case ("words", word):
            return f"The word “{plain(word)}”"
        case _:
            return "The record's channel"


def _value(change: Change, value: Any) -> str:  # noqa: ANN401  (whatever JSON a rule is kept as)
    match change.path[0], change.path[-1]:
        case ("server" | "everyone", limit) | ("roles" | "members", limit) if limit != "unlimited":
            return _figure(Limit(limit), value)
        case ("channel_mode", _):
            return _MODES[None if value is None else ChannelMode(value)]
        case ("blocked", _):
            return "not blocked" if value is None else block_words(Block.model_validate(value))
        case ("log_channel_id", _):
            return "none" if value is None else f"<#{value}>"
        case (kind, _):
            yes, no = _EITHER_WAY[kind]
            return yes if value else no


_EITHER_WAY = {
    "roles": ("unlimited", "limited"),
    "members": ("unlimited", "limited"),
    "channels": ("listed", "not listed"),
    "words": ("blocked", "allowed"),
}


def _figure(limit: Limit, value: float | None) -> str:
    if value is None:
        return "not set"
    return "none at all" if value == 0 and limit not in SMALLER_IS_GENEROUS else amount(value)
