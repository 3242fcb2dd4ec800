"""Shared by all commands for moderators: the permission check, and changing the rules with an answer."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import discord
from discord import app_commands
from discord.ext import commands

from bot.i18n import _
from bot.limits.moderation import AuditEntry, Moderation
from bot.limits.rulebook import Rulebook
from cogs.limits.change_text import change_lines
from cogs.shared import answers
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.moderators import check_moderator
from cogs.ui.notes import note

Edit = Callable[[Rulebook], Rulebook]
_OF_LOG: Final = frozenset({"log_channel_id", "weekly_summary"})


class LimitsCog(commands.Cog):
    """Holds what buttons on cards of any age work with."""

    def __init__(self, moderation: Moderation) -> None:
        self.moderation = moderation


class ModeratorsGroup(app_commands.Group):
    """A group of commands that checks in code what Discord lets a server's owner override."""

    def __init__(self, moderation: Moderation, **options: Any) -> None:  # noqa: ANN401  (discord.py's, of many types)
        super().__init__(**options)
        self._moderation = moderation

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Allow moderators; raise `NotAModerator` for others."""
        check_moderator(interaction)
        return True

    def put_in_order(self, names: Iterable[str]) -> None:
        """Order the commands as Discord lists them: in the order in which they were added."""
        known = {command.name: command for command in self.commands}
        for name in names:
            self.remove_command(name)
            self.add_command(known[name])


async def change_rules(
    moderation: Moderation, interaction: ImagineInteraction, edit: Edit, *, command: str = ""
) -> None:
    """Change the server's rules and answer privately with before → after; see `make_change`."""
    await say(interaction, await make_change(moderation, interaction, edit, command=command))


async def make_change(moderation: Moderation, interaction: ImagineInteraction, edit: Edit, *, command: str = "") -> str:
    """Change the server's rules and return what to answer, privately; it may take longer than a first answer may.

    `command` is its name in the audit log, if the interaction is not a command.
    """
    if not interaction.response.is_done():
        await answers.defer(interaction)
    name = command or f"/{interaction.command.qualified_name if interaction.command else 'limits'}"
    entry = await moderation.change(origin_of(interaction).server_key, interaction.user.id, name, edit)
    return changed_words(entry)


def changed_words(entry: AuditEntry | None) -> str:
    """Return what a change did, before → after."""
    if entry is None or not entry.changes:
        return _("No change: that's already the setting.")
    about_pictures = any(change.path[0] not in _OF_LOG for change in entry.changes)
    saved = _("**Saved.** Applies from the next picture.") if about_pictures else _("**Saved.**")
    return "\n".join([saved, change_lines(entry.changes)])


async def say(interaction: ImagineInteraction, words: str) -> None:
    """Say something privately, whether or not the interaction has been answered."""
    await answers.say(interaction, note(words))
