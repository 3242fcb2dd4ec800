"""The form in which a moderator changes the figures of `/setup`."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import ui

from bot.errors import InvalidRequest
from bot.i18n import _
from bot.limits.ledger import Operator
from bot.limits.policy import Limit
from bot.limits.setup import FIGURES, Figures, scope_of
from cogs.limits.ceilings import bounds_under
from cogs.limits.form import figure_of, wrong_figure
from cogs.limits.setup_card import label_of
from cogs.shared.answers import FORM_KEPT_SECONDS
from cogs.shared.error_replies import errors_answered
from cogs.ui.amounts import amount

_ROOM = 9  # characters, as many as the largest figure has

Save = Callable[[discord.Interaction[Any], Figures], Awaitable[None]]


class FiguresForm(ui.Modal):
    """The figures, filled in with those of a template; an empty field removes the limit."""

    def __init__(self, operator: Operator, figures: Figures, save: Save) -> None:
        super().__init__(title=_("How much?"), timeout=FORM_KEPT_SECONDS)
        self._operator = operator
        self._save = save
        self._fields: dict[Limit, ui.TextInput[FiguresForm]] = {}
        for limit in FIGURES:
            value, bounds = figures.get(limit), bounds_under(operator, scope_of(limit), limit)
            default = None if value is None else amount(value)
            self._fields[limit] = ui.TextInput(default=default, required=False, max_length=_ROOM)
            description = _(
                "{least} to {most}. Empty = the operator's limit, or none",
                least=amount(bounds.least),
                most=amount(bounds.most),
            )
            self.add_item(ui.Label(text=label_of(limit), description=description, component=self._fields[limit]))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Show the card with the figures; the error message quotes an invalid value, with the possible ones."""
        async with errors_answered(interaction):
            await self._save(interaction, self._figures())

    def _figures(self) -> Figures:
        typed = {limit: field.value.strip() for limit, field in self._fields.items()}
        bounds = {limit: bounds_under(self._operator, scope_of(limit), limit) for limit in FIGURES}
        figures = {limit: figure_of(words, bounds[limit]) if words else None for limit, words in typed.items()}
        wrong = [
            wrong_figure(limit, typed[limit], bounds[limit])
            for limit, figure in figures.items()
            if typed[limit] and figure is None
        ]
        if wrong:
            raise InvalidRequest("\n".join([_("**Nothing was changed.**"), *wrong]))
        return figures
