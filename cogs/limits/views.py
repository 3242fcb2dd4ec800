"""A server's rules, their usage, and the limits for each member: one card, to read at a glance."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import discord
from discord import ui
from discord.utils import format_dt

from bot.limits.moderation import LimitStatus
from bot.limits.policy import Ceiling, Effective, Limit, Running, Scope, UsedAmounts, Window, measure_of
from bot.limits.rulebook import Block, ChannelMode, Override, Rulebook
from cogs.limits.change_text import block_words
from cogs.ui.amounts import LIMIT_NAMES, SCOPE_NAMES, allowance_words, amount, at_most, bar
from cogs.ui.refusals import channel_list
from cogs.ui.text import plain

WORD_MAX: Final = 50  # characters of a blocked word or phrase
_BLUE = discord.Colour(0x5865F2)
_SECTION_MAX = 600  # characters, so that all sections together stay under Discord's 4000
_LIST_MAX = 3500
_COUNTED = tuple(limit for limit in Limit if isinstance(measure_of(limit), Window | Running))


@dataclass(frozen=True, slots=True)
class Overview:
    """The rules of a server and where its members stand at a moment; with `member_id`, it is about one of them."""

    rulebook: Rulebook
    status: LimitStatus
    member_id: int | None
    role_ids: frozenset[int]
    now: datetime


def overview_card(overview: Overview, rows: Sequence[ui.ActionRow[ui.LayoutView]]) -> ui.LayoutView:
    """Return the card, and `rows` of buttons below it."""
    sections = [_server(overview.status)]
    sections += _of_member(overview) if overview.member_id is not None else _of_all(overview)
    parts: list[ui.Item[ui.LayoutView]] = []
    for section in sections:
        parts += [ui.TextDisplay(section), ui.Separator(visible=False)]
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts, *rows, accent_colour=_BLUE))
    return view


def words_list(words: frozenset[str]) -> str:
    """Return every blocked word in alphabetical order, as many as a message can hold."""
    if not words:
        return "No words are blocked."
    return f"**{len(words)} blocked:**\n{_joined((plain(word) for word in sorted(words)), ' · ', _LIST_MAX)}"


def _server(status: LimitStatus) -> str:
    limits, usage = status.limits[Scope.SERVER], status.usage[Scope.SERVER]
    return "\n".join(["**This server, all together**", *_meters(limits, usage, Scope.SERVER)])


def _of_all(overview: Overview) -> list[str]:
    rules, blocked = overview.rulebook, _blocked(overview)
    everyone = [_line(limit, ceiling, Scope.EVERYONE) for limit, ceiling in overview.status.everyone.items()]
    return [
        "\n".join(["**Everyone**", *(everyone or ["No limits."])]),
        _section("Roles", _entries(rules.roles, "<@&{}>")),
        _section("Members", _entries(rules.members, "<@{}>")),
        _section("Blocked", (f"<@{id_}>: {block_words(block)}" for id_, block in blocked.items())),
        "\n".join(_doors(rules)),
    ]


def _of_member(overview: Overview) -> list[str]:
    rules, member_id, status = overview.rulebook, overview.member_id or 0, overview.status
    entries = [rules.members.get(member_id), *(rules.roles.get(role_id) for role_id in overview.role_ids)]
    title = [f"**For <@{member_id}>**"]
    if (block := _blocked(overview).get(member_id)) is not None:
        title.append(f"**{block_words(block)}**")
    if any(entry is not None and entry.unlimited for entry in entries):
        title.append("Unlimited, but for an entry of their own, the server's totals, and whoever runs the bot.")
    meters = list(_meters(status.limits[Scope.MEMBER], status.usage[Scope.MEMBER], Scope.MEMBER))
    return ["\n".join([*title, *(meters or ["No limits."])])]


def _blocked(overview: Overview) -> dict[int, Block]:
    """Return the blocks that are not over."""
    blocked = overview.rulebook.blocked
    return {id_: block for id_, block in blocked.items() if block.until is None or overview.now < block.until}


def _meters(limits: Effective, usage: Mapping[Limit, UsedAmounts], own: Scope) -> Iterator[str]:
    """Return a line for each limit: a bar where something is counted, and who set it where that is not `own`."""
    for limit, ceiling in limits.items():
        if limit not in _COUNTED:
            yield _line(limit, ceiling, own)
            continue
        used = usage[limit]
        figures = f"{amount(used.amount)} of {amount(ceiling.value)} {LIMIT_NAMES[limit]}"
        frees_up = f" · frees up {format_dt(used.frees_at, 'R')}" if used.frees_at is not None else ""
        yield f"{bar(used.amount, ceiling.value)} {figures}{_set_by(ceiling, own)}{frees_up}"


def _line(limit: Limit, ceiling: Ceiling, own: Scope) -> str:
    return f"{at_most(limit, ceiling.value)}{_set_by(ceiling, own)}"


def _set_by(ceiling: Ceiling, own: Scope) -> str:
    told = ceiling.scope is not own or own is Scope.MEMBER
    return f" · {SCOPE_NAMES[ceiling.scope]}" if told else ""


def _entries(entries: Mapping[int, Override], mention: str) -> Iterator[str]:
    for id_, entry in entries.items():
        yield f"{mention.format(id_)}: {allowance_words(entry.limits, unlimited=entry.unlimited)}"


def _doors(rules: Rulebook) -> Iterator[str]:
    """Return the channels, the number of blocked words, and the audit log channel."""
    listed = channel_list(rules.channels)
    where = {None: "everywhere", ChannelMode.ALLOW: f"only {listed}", ChannelMode.DENY: f"everywhere but {listed}"}
    yield f"**Channels** {where[rules.channel_mode]}"
    yield f"**Blocked words** {len(rules.words) or 'none'}" + (" · see `/limits words list`" if rules.words else "")
    yield f"**Written down in** {'no channel' if rules.log_channel_id is None else f'<#{rules.log_channel_id}>'}"


def _section(title: str, lines: Iterable[str]) -> str:
    return f"**{title}**\n{_joined(lines, chr(10), _SECTION_MAX) or '—'}"


def _joined(lines: Iterable[str], separator: str, characters: int) -> str:
    """Return as many lines as fit, and how many there are beside them."""
    kept: list[str] = []
    left = list(lines)
    while left and len(separator.join([*kept, left[0]])) < characters:
        kept.append(left.pop(0))
    return separator.join([*kept, *([f"and {len(left)} more"] if left else [])])
