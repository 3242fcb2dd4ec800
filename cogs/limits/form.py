"""The button below the limits, and the form in which everyone's main limits are changed."""

import re
from collections.abc import Mapping
from typing import Any, Final, Self

import discord
from discord import ui

from bot.errors import InvalidRequest
from bot.limits.bounds import BOUNDS
from bot.limits.moderation import Moderation
from bot.limits.policy import Allowance, Limit, Scope
from bot.limits.rulebook import Rulebook
from cogs.limits.ceilings import check_ceilings
from cogs.limits.changes import LimitsCog, change_rules, check_moderator
from cogs.shared.access import origin_of
from cogs.shared.answers import FORM_KEPT_SECONDS, open_form
from cogs.shared.error_replies import reply_with_error
from cogs.shared.persistent import PersistentItem, cog_of
from cogs.ui.amounts import LIMIT_NAMES, amount, span

_FIELDS: Final = (
    Limit.IMAGES_PER_HOUR,
    Limit.IMAGES_PER_DAY,
    Limit.CREDITS_PER_MONTH,
    Limit.CONCURRENT,
    Limit.COOLDOWN,
)


class ChangeButton(PersistentItem[ui.Button[ui.LayoutView]], template="limits:change"):
    """The button that opens the form; it knows nothing, so that it outlives restarts."""

    def __init__(self) -> None:
        super().__init__(ui.Button(label="Change", emoji="✏️", custom_id="limits:change"))

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], ___: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls()

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form with the current limits."""
        check_moderator(interaction)
        key = origin_of(interaction).server_key
        moderation = cog_of(interaction, LimitsCog).moderation
        rules = await moderation.rulebook(key)
        await open_form(interaction, EveryoneForm(rules.everyone, moderation))


class EveryoneForm(ui.Modal):
    """Everyone's main limits, filled in with the current ones; an empty field removes the limit."""

    def __init__(self, before: Allowance, moderation: Moderation) -> None:
        super().__init__(title="Limits of everyone", timeout=FORM_KEPT_SECONDS)
        self._moderation = moderation
        self._before = {limit: amount(before[limit]) if limit in before else "" for limit in _FIELDS}
        self._fields: dict[Limit, ui.TextInput[EveryoneForm]] = {}
        for limit, value in self._before.items():
            field = self._fields[limit] = _field(limit, value)
            description = f"From {span(limit)}; empty means not set"
            self.add_item(ui.Label(text=LIMIT_NAMES[limit].capitalize(), description=description, component=field))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Apply the changes of the form; if it's rejected, return the typed text."""
        typed = {limit: field.value.strip() for limit, field in self._fields.items()}
        touched = {limit: words for limit, words in typed.items() if words != self._before[limit]}
        try:
            check_moderator(interaction)
            chosen = _metrics(touched)
            check_ceilings(self._moderation.operator, Scope.EVERYONE, chosen)
            emptied = {limit for limit, words in touched.items() if not words}
            await change_rules(
                self._moderation,
                interaction,
                lambda rules: _edited(rules, chosen, emptied),
                command="the form of everyone",
            )
        except Exception as error:  # noqa: BLE001  (a guard that let something through would be none)
            words = "\n".join(f"{LIMIT_NAMES[limit]}: {words}" for limit, words in typed.items())
            await reply_with_error(interaction, error, give_back=words if touched else "")


def _field(limit: Limit, value: str) -> "ui.TextInput[EveryoneForm]":
    """Return the field of a limit, with room for its current and its largest value."""
    room = max(len(amount(BOUNDS[limit].most)), len(value))
    return ui.TextInput(default=value or None, required=False, max_length=room)


def _metrics(touched: Mapping[Limit, str]) -> dict[Limit, float]:
    """Return the typed numbers; raise `InvalidRequest` that names an invalid one."""
    wrong = [limit for limit, words in touched.items() if words and not _is_possible(limit, words)]
    if wrong:
        spans = ", ".join(f"**{LIMIT_NAMES[limit]}** from {span(limit)}" for limit in wrong)
        raise InvalidRequest(f"Write a whole number, or nothing: {spans}. Nothing was changed.")
    return {limit: int(words) for limit, words in touched.items() if words}


def _is_possible(limit: Limit, words: str) -> bool:
    return re.fullmatch(r"[0-9]+", words) is not None and int(words) in BOUNDS[limit]


def _edited(rules: Rulebook, chosen: Allowance, emptied: set[Limit]) -> Rulebook:
    """Return the rules with only the edited fields changed, so that other moderators' changes stay."""
    kept = {limit: value for limit, value in rules.everyone.items() if limit not in emptied}
    return rules.without(Scope.EVERYONE, 0).with_limits(Scope.EVERYONE, 0, kept | dict(chosen))
