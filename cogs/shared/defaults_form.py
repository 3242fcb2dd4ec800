"""The form in which some defaults are changed, of a member or of a server."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import discord
from discord import ui

from bot.errors import InvalidRequest
from bot.i18n import _
from bot.i18n.typed import half_width
from bot.picture.layers import CHOICES, Choices
from bot.picture.options import OptionType
from bot.picture.params import MATCH_INPUT_IMAGE
from cogs.shared.answers import FORM_KEPT_SECONDS
from cogs.shared.error_replies import errors_answered
from cogs.ui.defaults import LABELS, PARTS, DefaultsPart, value_words
from cogs.ui.ratios import USUAL_RATIOS

_NOT_SET: Final = "not_set"  # the value of a menu's option for no default
_MENU_MAX: Final = 24  # options of a menu beside that one
_ROOM: Final = 9  # characters of a number

Changes = Mapping[str, object]
"""New values by the name of their option; None removes a default."""

Then = Callable[[discord.Interaction[Any], Changes], Awaitable[None]]


class DefaultsForm(ui.Modal):
    """The defaults of one part, filled in with the current ones; `then` gets the sent ones."""

    def __init__(self, title: str, part: DefaultsPart, current: Choices, then: Then) -> None:
        super().__init__(title=title, timeout=FORM_KEPT_SECONDS)
        self._then = then
        self._fields: dict[str, ui.Select[Any] | ui.TextInput[Any]] = {}
        for name in PARTS[part]:
            field = self._fields[name] = _field(CHOICES[name], getattr(current, name))
            self.add_item(ui.Label(text=_(LABELS[name]), component=field))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Hand the values over; the error message names one that nobody can have."""
        async with errors_answered(interaction):
            changes = {name: _sent(CHOICES[name], field) for name, field in self._fields.items()}
            Choices.chosen(**changes)
            await self._then(interaction, changes)


def _field(option: OptionType, current: object) -> ui.Select[Any] | ui.TextInput[Any]:
    values = _values(option)
    if not values:
        hint = _("{least} to {most}", least=option.option.least, most=option.option.most)
        default = None if current is None else str(current)
        return ui.TextInput(default=default, placeholder=hint, required=False, max_length=_ROOM)
    if current is not None and current not in values.values():
        values[str(current)] = current  # one that was offered once
    chosen = next((key for key, value in values.items() if value == current), _NOT_SET)
    labels = {_NOT_SET: value_words(option.name, None)}
    labels |= {key: value_words(option.name, value) for key, value in values.items()}
    options = [discord.SelectOption(label=label, value=key, default=key == chosen) for key, label in labels.items()]
    return ui.Select(options=options)


def _values(option: OptionType) -> dict[str, object]:
    """Return the values to choose from by their keys in a menu; empty for an option with too many."""
    least, most = option.option.least, option.option.most
    if option.choices:
        return {value: option.type(value) for value in option.choices}
    if option.type is bool:
        return {"yes": True, "no": False}
    if option.type is str:
        return {ratio: ratio for ratio in (*USUAL_RATIOS, MATCH_INPUT_IMAGE)}
    if least is None or most is None or most - least >= _MENU_MAX:
        return {}
    return {str(number): number for number in range(least, most + 1)}


def _sent(option: OptionType, field: ui.Select[Any] | ui.TextInput[Any]) -> object:
    """Return the value of a field; raise `InvalidRequest` for a number that isn't one."""
    if isinstance(field, ui.Select):
        opened_with = next(each.value for each in field.options if each.default)
        key = field.values[0] if field.values else opened_with
        return None if key == _NOT_SET else _values(option).get(key, key)
    typed = half_width(field.value).strip()
    if typed and not (typed.isascii() and typed.isdigit()):
        bounds = {"least": option.option.least, "most": option.option.most}
        raise InvalidRequest(_("`{name}` must be from {least} to {most}.", name=option.name, **bounds))
    return int(typed) if typed else None
