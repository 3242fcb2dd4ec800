"""The card of `/setup`: its menus hold the choices, so it works after a restart too."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import discord
from discord import SelectOption, ui

from bot.gateway.voices import locale_of
from bot.i18n import N_, _, and_list, ngettext
from bot.i18n.speech import ServerLocale
from bot.limits.ledger import Operator
from bot.limits.policy import Limit
from bot.limits.rulebook import ChannelMode, Rulebook, changes_between
from bot.limits.setup import FIGURES, MENU_MAX, SHARES, TEMPLATES, Figures, SetupChoice, Template, figures_of, scope_of
from cogs.limits.access import cannot_have, cannot_post
from cogs.limits.ceilings import bounds_under
from cogs.limits.change_text import change_lines, share_words
from cogs.limits.languages import language_in, language_menu, language_words
from cogs.shared.places import MESSAGE_PLACES, PLACES
from cogs.ui.amounts import allowance_words, at_most, limit_label
from cogs.ui.text import cut

CHANNELS, ROLES, TEMPLATE, LOG, LANGUAGE = "channels", "roles", "template", "log", "language"
_LABELS: Final = {
    Template.KEEP: N_("Keep the current limits"),
    Template.FRIENDS: N_("Friends"),
    Template.COMMUNITY: N_("Community"),
    Template.TIGHT: N_("Tight budget"),
    Template.CUSTOM: N_("Custom"),
}
_OPTION_MAX: Final = 100  # characters, Discord's bound
_PROBLEMS_SHOWN: Final = 5

Menu = ui.ChannelSelect[Any] | ui.RoleSelect[Any] | ui.Select[Any]


def figures_of_template(template: Template, operator: Operator) -> Figures:
    """Return a template's figures, under the operator's ceilings."""
    return {limit: _under(operator, limit, value) for limit, value in TEMPLATES[template].items()}


def _under(operator: Operator, limit: Limit, value: float | None) -> float | None:
    bounds = bounds_under(operator, scope_of(limit), limit)
    return None if value is None else min(max(value, bounds.least), bounds.most)


def menus(rules: Rulebook, choice: SetupChoice, operator: Operator, languages: Sequence[str]) -> dict[str, Menu]:
    """Return the menus of the card, with the choices; `languages` are the codes of those that the bot speaks."""
    shown: dict[str, Menu] = {}
    if choice.channels is not None:
        shown[CHANNELS] = _channel_menu(CHANNELS, _("All channels"), choice.channels, PLACES, MENU_MAX)
    if choice.roles is not None:
        roles = _defaults(choice.roles, discord.SelectDefaultValueType.role)
        shown[ROLES] = ui.RoleSelect(
            custom_id=f"setup:{ROLES}",
            placeholder=_("Everyone"),
            min_values=0,
            max_values=MENU_MAX,
            default_values=roles,
        )
    options = [_option(template, rules, choice, operator) for template in Template]
    shown[TEMPLATE] = ui.Select(custom_id=f"setup:{TEMPLATE}", options=options)
    log = frozenset() if choice.log_channel_id is None else frozenset({choice.log_channel_id})
    shown[LOG] = _channel_menu(LOG, _("No audit log channel"), log, MESSAGE_PLACES, 1)
    shown[LANGUAGE] = language_menu(choice.language, languages)
    return shown


def _defaults(ids: Iterable[int], kind: discord.SelectDefaultValueType) -> list[discord.SelectDefaultValue]:
    """Return the values that a menu begins with; Discord's ids are texts, and discord.py writes them as they are."""
    texts: list[Any] = [str(id_) for id_ in sorted(ids)]
    return [discord.SelectDefaultValue(id=text, type=kind) for text in texts]


def _channel_menu(
    part: str, empty: str, chosen: frozenset[int], kinds: Sequence[discord.ChannelType], most: int
) -> ui.ChannelSelect[Any]:
    return ui.ChannelSelect(
        custom_id=f"setup:{part}",
        placeholder=empty,
        channel_types=list(kinds),
        min_values=0,
        max_values=most,
        default_values=_defaults(chosen, discord.SelectDefaultValueType.channel),
    )


def _option(template: Template, rules: Rulebook, choice: SetupChoice, operator: Operator) -> SelectOption:
    chosen = template is choice.template
    figures = figures_of_template(template, operator)
    if template is Template.CUSTOM:
        figures = choice.figures if chosen else figures_of(rules)
    shown = figures_of(rules) if template is Template.KEEP else figures
    share = choice.share_percent if chosen else SHARES[template]
    words = [at_most(limit, value) for limit, value in shown.items() if value is not None]
    words += [] if share is None else [share_words(share)]
    return SelectOption(
        label=_(_LABELS[template]),
        value=written(template, figures, share),
        description=cut(" · ".join(words), _OPTION_MAX) or None,
        default=chosen,
    )


def written(template: Template, figures: Figures, share_percent: int | None) -> str:
    """Return a template as the value of a menu; a custom one has its figures and share."""
    if template is not Template.CUSTOM:
        return template.value
    listed = [*(figures.get(limit) for limit in FIGURES), share_percent]
    return f"{template}:{','.join('' if value is None else f'{value:g}' for value in listed)}"


def with_template(choice: SetupChoice, value: str, operator: Operator) -> SetupChoice:
    """Return the choice with the template of a menu's value; raise `ValueError` for one that no menu has."""
    name, _colon, listed = value.partition(":")
    template = Template(name)
    if template is not Template.CUSTOM:
        figures = figures_of_template(template, operator)
        return replace(choice, template=template, figures=figures, share_percent=SHARES[template])
    *values, share = [float(each) if each else None for each in listed.split(",")]
    custom = dict(zip(FIGURES, values, strict=True))
    return replace(choice, template=template, figures=custom, share_percent=None if share is None else int(share))


def chosen_in(message: discord.Message, operator: Operator) -> SetupChoice:
    """Return what the menus of a card say."""
    found: dict[str, Any] = {
        item.custom_id.removeprefix("setup:"): item
        for item in ui.LayoutView.from_message(message).walk_children()
        if isinstance(item, ui.ChannelSelect | ui.RoleSelect | ui.Select)
    }
    written = {part: _default_of(found.pop(part)) for part in (TEMPLATE, LANGUAGE)}
    ids = {part: frozenset(int(each.id) for each in found[part].default_values) for part in found}
    log_channel_id, language = next(iter(ids[LOG]), None), language_in(written[LANGUAGE])
    choice = SetupChoice(ids.get(CHANNELS), ids.get(ROLES), log_channel_id=log_channel_id, language=language)
    return with_template(choice, written[TEMPLATE], operator)


def _default_of(menu: ui.Select[Any]) -> str:
    return next(option.value for option in menu.options if option.default)


def problems(guild: discord.Guild, before: Rulebook, choice: SetupChoice) -> list[str]:
    """Return a sentence for each new channel and role that can't be applied."""
    channels = (choice.channels or frozenset()) - before.channels
    if choice.log_channel_id is not None and choice.log_channel_id != before.log_channel_id:
        channels |= {choice.log_channel_id}
    found = [cannot_post(guild, guild.get_channel_or_thread(id_), id_) for id_ in sorted(channels)]
    found += [cannot_have(guild, id_) for id_ in sorted((choice.roles or frozenset()) - before.allowed_roles)]
    return [sentence for sentence in found if sentence]


@dataclass(frozen=True, slots=True)
class SetupNotes:
    """The notes on a choice: why it can't be applied, and mentions of roles above the bot's own.

    `languages` are the codes of those that the bot speaks, and `locale` is Discord's language of the server.
    """

    problems: Sequence[str] = ()
    high_roles: str = ""
    languages: Sequence[str] = ("en-US",)
    locale: ServerLocale = field(default_factory=ServerLocale)


def notes_on(guild: discord.Guild, before: Rulebook, choice: SetupChoice, languages: Sequence[str]) -> SetupNotes:
    """Return the notes on a choice."""
    roles = [role for id_ in sorted(choice.roles or ()) if (role := guild.get_role(id_)) is not None]
    high = [role.mention for role in roles[:_PROBLEMS_SHOWN] if role > guild.me.top_role]
    return SetupNotes(problems(guild, before, choice), and_list(high), languages, locale_of(guild))


def card_texts(before: Rulebook, choice: SetupChoice, notes: SetupNotes) -> dict[str, str]:
    """Return the words above each menu, and those at the end of the card."""
    where = _("**Where** can members make pictures? Choose none for all channels.")
    if choice.channels is None:
        where = _unshown_channels(before)
    who = _("**Who** can make pictures? Choose none for everyone.")
    if choice.roles is None:
        who = ngettext(
            "**Who:** this server lists {count} role, more than fit here. They stay as they are.",
            "**Who:** this server lists {count} roles, more than fit here. They stay as they are.",
            len(before.allowed_roles),
        )
    return {
        CHANNELS: where,
        ROLES: "\n".join([who, *_roles_above(notes)]),
        TEMPLATE: "\n".join([_("**How much?**"), *_limits_now(before)]),
        LOG: _("**Audit log:** where should I post changes and refused requests?"),
        LANGUAGE: language_words(notes.locale),
    }


def _roles_above(notes: SetupNotes) -> Iterator[str]:
    if notes.high_roles:
        yield _("-# {roles}: above my own role. That's fine, I only read who has it.", roles=notes.high_roles)


def _unshown_channels(rules: Rulebook) -> str:
    if rules.channel_mode is ChannelMode.DENY:
        return _("**Where:** this server has a list of blocked channels, which stays as it is. See `/limits channels`.")
    return ngettext(
        "**Where:** this server lists {count} channel, more than fit here. They stay as they are.",
        "**Where:** this server lists {count} channels, more than fit here. They stay as they are.",
        len(rules.channels),
    )


def _limits_now(rules: Rulebook) -> Iterable[str]:
    """Yield the limits before the change, and how many roles and members have others."""
    if rules.everyone:
        yield _("-# Now, each member: {limits}", limits=allowance_words(rules.everyone))
    if rules.server:
        yield _("-# Now, server total: {limits}", limits=allowance_words(rules.server))
    if not (rules.everyone or rules.server):
        yield _("-# Now, only the operator's limits apply.")
    others = len(rules.roles) + len(rules.members)
    if others:
        yield ngettext(
            "-# {count} role or member has other limits, which stay as they are.",
            "-# {count} roles and members have other limits, which stay as they are.",
            others,
        )


def preview(before: Rulebook, choice: SetupChoice, notes: SetupNotes) -> str:
    """Return the changes that the choices would make, and the problems with them."""
    changes = changes_between(before, choice.applied(before))
    wrong = notes.problems
    lines = [f"⚠️ {sentence}" for sentence in wrong[:_PROBLEMS_SHOWN]]
    if len(wrong) > _PROBLEMS_SHOWN:
        more = len(wrong) - _PROBLEMS_SHOWN
        lines.append(ngettext("and {count} more problem", "and {count} more problems", more))
    if not changes:
        return "\n".join([*lines, _("**Nothing to change yet.**")])
    title = ngettext("**Apply {count} change?**", "**Apply {count} changes?**", len(changes))
    return "\n".join([*lines, title, change_lines(changes)])


def label_of(limit: Limit) -> str:
    """Return a limit's name in the form of figures."""
    return _("Server: credits in 30 days") if limit is Limit.CREDITS_PER_MONTH else limit_label(limit)
