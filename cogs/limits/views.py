"""The card with the limits of a server, a role or a member, and the remaining amounts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import discord
from discord import ui
from discord.utils import format_dt

from bot.i18n import _, labelled, ngettext
from bot.i18n.locale_names import name_of
from bot.limits.admission import Rule
from bot.limits.moderation import LimitStatus
from bot.limits.policy import Ceiling, Effective, Limit, Running, Scope, UsedAmounts, Window, measure_of
from bot.limits.rulebook import Block, ChannelMode, Override, Rulebook
from bot.limits.word_filter import find_blocked_word
from cogs.limits.audit_log_view import refusal_label
from cogs.limits.change_text import (
    block_words,
    channel_style_words,
    pause_words,
    share_words,
    showcase_words,
    slowdown_words,
)
from cogs.limits.review_words import review_words
from cogs.limits.target import Target
from cogs.ui.amounts import SET_BY, allowance_words, at_most, left_of, sum_of
from cogs.ui.defaults import defaults_words
from cogs.ui.refusals import channel_list, role_list
from cogs.ui.text import plain

_BLUE = discord.Colour(0x5865F2)
_SECTION_MAX = 400  # characters of a list without an end, so that all sections together stay under Discord's 4000
_STYLES_MAX = 240  # likewise
_LIST_MAX = 3500
_COUNTED = tuple(limit for limit in Limit if isinstance(measure_of(limit), Window | Running))


@dataclass(frozen=True, slots=True)
class Overview:
    """The rules of a server and where its members stand at a moment; with `target`, of one role or member.

    For a member there are also the latest `refusals`, and the command that shows their `pictures`.
    """

    rulebook: Rulebook
    status: LimitStatus
    target: Target | None
    role_ids: frozenset[int]
    now: datetime
    refusals: Sequence[tuple[datetime, Rule]] = ()
    pictures: str = ""


def overview_card(overview: Overview, rows: Sequence[ui.ActionRow[ui.LayoutView]]) -> ui.LayoutView:
    """Return the card, and `rows` of buttons below it; sections with nothing in them are left out."""
    sections = [_server(overview.status)]
    sections += _of_all(overview) if overview.target is None else _of_one(overview, overview.target)
    sections += _note(overview)
    parts: list[ui.Item[ui.LayoutView]] = []
    for section in filter(None, sections):
        parts += [ui.TextDisplay(section), ui.Separator(visible=False)]
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts, *rows, accent_colour=_BLUE))
    return view


def words_list(rules: Rulebook) -> str:
    """Return every blocked word in alphabetical order, as many as a message can hold."""
    if not rules.all_words:
        return _("No words are blocked.")
    parts, most = [], _LIST_MAX // (2 if rules.words and rules.adult_words else 1)
    if rules.words:
        title = ngettext("**{count} blocked word**", "**{count} blocked words**", len(rules.words))
        parts.append(f"{title}\n{_in_order(rules.words, most)}")
    if rules.adult_words:
        title = ngettext(
            "**{count} word allowed in age-restricted channels only**",
            "**{count} words allowed in age-restricted channels only**",
            len(rules.adult_words),
        )
        parts.append(f"{title}\n{_in_order(rules.adult_words, most)}")
    return "\n".join(parts)


def tested_words(rules: Rulebook, prompt: str) -> str:
    """Return which blocked words a prompt contains."""
    found = [word for word in rules.words if find_blocked_word(prompt, [word])]
    if found:
        return _("This prompt is blocked because of: **{words}**", words=_in_order(found))
    adult = [word for word in rules.adult_words if find_blocked_word(prompt, [word])]
    if adult:
        return _(
            "This prompt is allowed in age-restricted channels only, because of: **{words}**", words=_in_order(adult)
        )
    return _("This prompt is allowed.")


def _in_order(words: Iterable[str], most: int = _LIST_MAX) -> str:
    return _joined((plain(word) for word in sorted(words)), " · ", most, _more_words)


def _server(status: LimitStatus) -> str:
    limits, usage = status.limits[Scope.SERVER], status.usage[Scope.SERVER]
    return _limits(_("**Server total**"), _meters(limits, usage))


def _of_all(overview: Overview) -> list[str]:
    rules, blocked = overview.rulebook, _blocked(overview)
    everyone = [_line(limit, ceiling) for limit, ceiling in overview.status.everyone.items()]
    return [
        _limits(_("**Everyone**"), everyone or [_("No limits.")]),
        _section(_("**Roles**"), _entries(rules.roles, "<@&{}>"), _more_roles),
        _section(_("**Members**"), _entries(rules.members, "<@{}>"), _more_members),
        _section(
            _("**Blocked**"),
            (labelled(f"<@{id_}>", block_words(block)) for id_, block in blocked.items()),
            _more_members,
        ),
        "\n".join(_access(rules, overview.now)),
    ]


def _of_one(overview: Overview, target: Target) -> list[str]:
    """Return the limits of one role or member, with a member's remaining amounts."""
    rules, limits = overview.rulebook, overview.status.limits[Scope.MEMBER]
    overrides = [target.override(rules), *(rules.roles[id_] for id_ in overview.role_ids if id_ in rules.roles)]
    lines = []
    if target.scope is Scope.MEMBER and (block := _blocked(overview).get(target.id)) is not None:
        lines.append(f"**{block_words(block)}**")
    if any(override.unlimited for override in overrides):
        lines.append(_("Unlimited, except for their own limits, the server total and the operator's limits."))
    if target.scope is Scope.MEMBER:
        lines += _meters(limits, overview.status.usage[Scope.MEMBER]) if limits else [_("No limits.")]
        refusals = (f"{format_dt(at, 'R')} · {refusal_label(rule)}" for at, rule in overview.refusals)
        title = _("**Limits for {member}**", member=f"<@{target.id}>")
        pictures = _("Their pictures: {command} with `member`", command=overview.pictures)
        if overview.status.review is not None:
            lines.append(_("Their requests in this channel are reviewed before they're posted."))
        return [_limits(title, lines), _limits(_("**Refused lately**"), refusals), pictures]
    lines += [_line(limit, ceiling) for limit, ceiling in limits.items()] or [_("No limits.")]
    return [_limits(_("**Limits for {role}**", role=f"<@&{target.id}>"), lines)]


def _note(overview: Overview) -> list[str]:
    """Return who set the limits that are shown without it, if there are any."""
    status = overview.status
    member = status.everyone if overview.target is None else status.limits[Scope.MEMBER]
    shown = [*status.limits[Scope.SERVER].values(), *member.values()]
    if all(ceiling.scope is not Scope.OPERATOR for ceiling in shown):
        return []
    return [_("-# Limits without a note are set by the operator.")]


def _blocked(overview: Overview) -> dict[int, Block]:
    """Return the blocks that are not over."""
    return {id_: block for id_, block in overview.rulebook.blocked.items() if block.holds(overview.now)}


def _meters(limits: Effective, usage: Mapping[Limit, UsedAmounts]) -> Iterator[str]:
    """Yield a line for each limit: a bar and the remaining amount if it's counted, and who set it."""
    for limit, ceiling in limits.items():
        if limit not in _COUNTED:
            yield _line(limit, ceiling)
            continue
        used = usage[limit]
        words = [left_of(limit, used.amount, ceiling.value), *_set_by(ceiling)]
        if used.frees_at is not None:
            words.append(_("more {when}", when=format_dt(used.frees_at, "R")))
        yield " · ".join(words)


def _line(limit: Limit, ceiling: Ceiling) -> str:
    return " · ".join([at_most(limit, ceiling.value), *_set_by(ceiling)])


def _set_by(ceiling: Ceiling) -> list[str]:
    """Return who set a limit, unless it's the operator: most limits are, and a note at the end of the card says so."""
    return [] if ceiling.scope is Scope.OPERATOR else [sum_of(ceiling) or _(SET_BY[ceiling.scope])]


def _entries(entries: Mapping[int, Override], mention: str) -> Iterator[str]:
    for id_, entry in entries.items():
        if entry != Override():
            words = allowance_words(entry.limits, entry.extras, unlimited=entry.unlimited)
            yield labelled(mention.format(id_), words)


def _access(rules: Rulebook, now: datetime) -> Iterator[str]:
    """Yield where pictures are allowed, which words are blocked, and where changes are posted."""
    if rules.pause is not None and rules.pause.holds(now):
        yield _("**Drawing:** {paused}", paused=pause_words(rules.pause))
    paused = {id_: pause for id_, pause in rules.paused_channels.items() if pause.holds(now)}
    if paused:
        yield _("**Drawing is paused:** in {channels}", channels=channel_list(frozenset(paused)))
    if rules.share_percent is not None:
        yield _("**Share of each member:** {share}", share=share_words(rules.share_percent))
    if rules.slowdown is not None and now < rules.slowdown.until:
        yield _("**Slowdown:** {cooldown}", cooldown=slowdown_words(rules.slowdown))
    yield from roles_line(rules)
    yield channels_line(rules)
    yield from replies_line(rules)
    yield from spoilers_line(rules)
    yield from review_line(rules)
    yield from styles_line(rules)
    if rules.all_words:
        yield _("**Blocked words:** {count}", count=len(rules.all_words))
    yield from defaults_line(rules)
    yield from language_line(rules)
    yield log_line(rules)
    yield showcase_line(rules)


def language_line(rules: Rulebook) -> list[str]:
    """Return the language of public messages, if one was chosen."""
    return [] if rules.language is None else [_("**Language:** {language}", language=name_of(rules.language))]


def roles_line(rules: Rulebook) -> list[str]:
    """Return whose members can draw, if not everyone can."""
    if not rules.allowed_roles:
        return []
    return [_("**Roles that can draw:** {roles}", roles=role_list(rules.allowed_roles))]


def channels_line(rules: Rulebook) -> str:
    """Return in which channels pictures are allowed."""
    listed = channel_list(rules.channels)
    match rules.channel_mode:
        case None:
            return _("**Channels:** all")
        case ChannelMode.ALLOW:
            return _("**Channels:** only {channels}", channels=listed)
        case ChannelMode.DENY:
            return _("**Channels:** all except {channels}", channels=listed)


def replies_line(rules: Rulebook) -> list[str]:
    """Return in which channels any reply edits a picture, if in any."""
    if not rules.reply_channels:
        return []
    return [_("**Any reply edits a picture:** in {channels}", channels=channel_list(rules.reply_channels))]


def spoilers_line(rules: Rulebook) -> list[str]:
    """Return in which channels new pictures are blurred, if in any."""
    if not rules.spoiler_channels:
        return []
    return [_("**New pictures are spoilers:** in {channels}", channels=channel_list(rules.spoiler_channels))]


def review_line(rules: Rulebook) -> list[str]:
    """Return the review before posting, if there is one."""
    return [] if rules.review is None else [_("**Review before posting:** {review}", review=review_words(rules.review))]


def styles_line(rules: Rulebook) -> list[str]:
    """Return which channels have a style, if any has."""
    listed = [labelled(f"<#{id_}>", channel_style_words(style)) for id_, style in sorted(rules.channel_styles.items())]
    if not listed:
        return []
    return [_("**Styles of channels:** {styles}", styles=_joined(listed, " · ", _STYLES_MAX, _more_channels))]


def log_line(rules: Rulebook) -> str:
    """Return where the audit log is posted, and whether there is a weekly summary, which it needs a channel for."""
    channel, summary = f"<#{rules.log_channel_id}>", rules.weekly_summary
    if rules.log_channel_id is None:
        return _("**Audit log:** off, and so is the weekly summary") if summary else _("**Audit log:** off")
    if summary:
        return _("**Audit log:** {channel}, with a summary on Mondays", channel=channel)
    return _("**Audit log:** {channel}", channel=channel)


def defaults_line(rules: Rulebook) -> list[str]:
    """Return the options that apply to new pictures of members who choose nothing, if there are any."""
    words = defaults_words(rules.defaults)
    return [_("**Defaults:** {defaults}", defaults=words)] if words else []


def showcase_line(rules: Rulebook) -> str:
    """Return where favourites of many members are shown."""
    if rules.showcase is None:
        return _("**Showcase:** off")
    return _("**Showcase:** {channel}", channel=showcase_words(rules.showcase))


def _limits(title: str, lines: Iterable[str]) -> str:
    """Return all lines below a title, or nothing if there are none: there are as many as limits, so they fit."""
    listed = list(lines)
    return "\n".join([title, *listed]) if listed else ""


def _section(title: str, lines: Iterable[str], more: Callable[[int], str]) -> str:
    """Return as many lines as fit below a title, or nothing if there are none."""
    listed = list(lines)
    return f"{title}\n{_joined(listed, chr(10), _SECTION_MAX, more)}" if listed else ""


def _joined(lines: Iterable[str], separator: str, characters: int, more: Callable[[int], str]) -> str:
    """Return as many lines as fit, and how many more of them there are."""
    kept: list[str] = []
    left = list(lines)
    while left and len(separator.join([*kept, left[0]])) < characters:
        kept.append(left.pop(0))
    return separator.join([*kept, *([more(len(left))] if left else [])])


def _more_words(count: int) -> str:
    return ngettext("and {count} more word", "and {count} more words", count)


def _more_roles(count: int) -> str:
    return ngettext("and {count} more role", "and {count} more roles", count)


def _more_members(count: int) -> str:
    return ngettext("and {count} more member", "and {count} more members", count)


def _more_channels(count: int) -> str:
    return ngettext("and {count} more channel", "and {count} more channels", count)
