"""The form in which the main limits of the server, everyone, a role or a member are changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import ui

from bot.errors import InvalidRequest
from bot.i18n import _
from bot.i18n.typed import typed_number
from bot.limits.bounds import Bounds
from bot.limits.ledger import Operator
from bot.limits.moderation import Moderation
from bot.limits.policy import Allowance, Ceiling, Effective, Limit, Scope
from cogs.limits.ceilings import bounds_under
from cogs.limits.changes import change_rules
from cogs.limits.target import Target
from cogs.shared.answers import FORM_KEPT_SECONDS
from cogs.shared.error_replies import errors_answered
from cogs.shared.moderators import check_moderator
from cogs.ui.amounts import amount, limit_label
from cogs.ui.text import cut, plain

_ROOM = 9  # characters, as many as the largest figure has
_TYPED_SHOWN = 12
_COUNTS: Final = (Limit.IMAGES_PER_HOUR, Limit.IMAGES_PER_DAY, Limit.CREDITS_PER_MONTH, Limit.CONCURRENT)
_OF_MEMBERS: Final = (*_COUNTS, Limit.COOLDOWN)
_OF_SERVER: Final = (*_COUNTS, Limit.MAX_MEGAPIXELS)


@dataclass(frozen=True, slots=True)
class FormValues:
    """The form's current limits, and the limits that apply without them, or None if those are unknown."""

    limits: Allowance
    when_empty: Effective | None


class LimitsForm(ui.Modal):
    """The main limits of a target, filled in with the current ones; an empty field removes the limit."""

    def __init__(self, target: Target, moderation: Moderation, values: FormValues) -> None:
        super().__init__(title=_title(target), timeout=FORM_KEPT_SECONDS)
        limits = _OF_SERVER if target.scope is Scope.SERVER else _OF_MEMBERS
        self._target = target
        self._moderation = moderation
        self._before = {limit: amount(values.limits[limit]) if limit in values.limits else "" for limit in limits}
        self._fields: dict[Limit, ui.TextInput[LimitsForm]] = {}
        for limit, value in self._before.items():
            bounds = bounds_under(moderation.operator, target.scope, limit)
            field = self._fields[limit] = _field(limit, value, values)
            description = _description(bounds, limit, values)
            self.add_item(ui.Label(text=limit_label(limit), description=description, component=field))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Apply the changes of the form; the error message quotes an invalid value, with the possible ones."""
        typed = {limit: field.value.strip() for limit, field in self._fields.items()}
        touched = {limit: words for limit, words in typed.items() if words != self._before[limit]}
        async with errors_answered(interaction):
            check_moderator(interaction)
            chosen = _figures(touched, self._moderation.operator, self._target.scope)
            emptied = {limit for limit, words in touched.items() if not words}
            await change_rules(
                self._moderation,
                interaction,
                lambda rules: self._target.edited(rules, chosen, emptied),
                command=f"/limits {self._target.scope}",
            )


def _title(target: Target) -> str:
    match target.scope:
        case Scope.SERVER:
            return _("Server limits")
        case Scope.ROLE:
            return _("This role's limits")
        case Scope.MEMBER:
            return _("This member's limits")
        case Scope.EVERYONE | Scope.OPERATOR:
            return _("Everyone's limits")


def _field(limit: Limit, value: str, values: FormValues) -> "ui.TextInput[LimitsForm]":
    """Return the field of a limit, with the limit that applies while it's empty."""
    placeholder = None
    if values.when_empty is not None:
        ceiling = values.when_empty.get(limit)
        placeholder = _("No limit") if ceiling is None else amount(ceiling.value)
    room = max(_ROOM, len(value))
    return ui.TextInput(default=value or None, placeholder=placeholder, required=False, max_length=room)


def _description(bounds: Bounds, limit: Limit, values: FormValues) -> str:
    """Return the possible values, and the limit that applies while the field is empty."""
    least, most = amount(bounds.least), amount(bounds.most)
    if values.when_empty is None:
        return _("{least} to {most}. If empty: the limit of their roles, or everyone's.", least=least, most=most)
    match values.when_empty.get(limit):
        case None:
            return _("{least} to {most}. If empty: no limit.", least=least, most=most)
        case Ceiling(value, Scope.ROLE):
            words = _(
                "{least} to {most}. If empty: {value} (a role's limit).", least=least, most=most, value=amount(value)
            )
        case Ceiling(value, Scope.OPERATOR):
            words = _(
                "{least} to {most}. If empty: {value} (the operator's limit).",
                least=least,
                most=most,
                value=amount(value),
            )
        case Ceiling(value):
            words = _(
                "{least} to {most}. If empty: {value} (everyone's limit).", least=least, most=most, value=amount(value)
            )
    return words


def _figures(touched: Mapping[Limit, str], operator: Operator, scope: Scope) -> dict[Limit, float]:
    """Return the typed numbers; raise `InvalidRequest` that quotes each invalid one."""
    bounds = {limit: bounds_under(operator, scope, limit) for limit, words in touched.items() if words}
    figures = {limit: figure_of(touched[limit], bounds[limit]) for limit in bounds}
    wrong = [wrong_figure(limit, touched[limit], bounds[limit]) for limit, figure in figures.items() if figure is None]
    if wrong:
        raise InvalidRequest("\n".join([_("**Nothing was changed.**"), *wrong]))
    return {limit: figure for limit, figure in figures.items() if figure is not None}


def figure_of(words: str, bounds: Bounds) -> float | None:
    """Return the typed number, or None if it isn't one or is out of bounds."""
    typed = typed_number(words)
    if re.fullmatch(r"[0-9]+" if bounds.whole else r"[0-9]+(\.[0-9]+)?", typed) is None:
        return None
    figure = int(typed) if bounds.whole else float(typed)
    return figure if figure in bounds else None


def wrong_figure(limit: Limit, words: str, bounds: Bounds) -> str:
    """Return the sentence that quotes an invalid value, with the possible ones."""
    values = {"limit": limit_label(limit), "typed": plain(cut(words, _TYPED_SHOWN))}
    values |= {"least": amount(bounds.least), "most": amount(bounds.most)}
    if bounds.whole:
        return _(
            "{limit}: you entered **{typed}**. Enter a whole number from {least} to {most}, or leave it empty.",
            **values,
        )
    return _("{limit}: you entered **{typed}**. Enter a number from {least} to {most}, or leave it empty.", **values)
