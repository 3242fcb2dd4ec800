"""The names of styles as Discord's list offers them while a member types."""

from collections.abc import Iterable
from itertools import islice
from typing import Final

from discord.app_commands import Choice

from bot.i18n import _
from bot.picture.style import StyleName, owner_of_member
from bot.styles.names import matching

_CHOICES_MAX: Final = 25  # Discord's bound


def style_choices(names: Iterable[StyleName], typed: str, user_id: int) -> list[Choice[str]]:
    """Return the names that match the text typed so far; those of the server say so."""
    own = owner_of_member(user_id)
    return [
        Choice(name=each.name if each.owner == own else _("{style} (server)", style=each.name), value=each.name)
        for each in islice(matching(names, typed), _CHOICES_MAX)
    ]
