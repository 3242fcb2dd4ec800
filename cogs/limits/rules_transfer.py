"""`/limits export` and `/limits import`: a server's rules as a file, and from one after its changes were shown."""

import io
from typing import Any, Final

import discord
from discord import ui

from bot.errors import InvalidRequest
from bot.i18n import _, ngettext
from bot.limits.moderation import Moderation
from bot.limits.rulebook import Rulebook, changes_between
from bot.limits.rules_file import FILE_MAX_BYTES, Fitted, Places, allowances_of, fitted, read_rules, write_rules
from cogs.limits.ceilings import check_ceilings
from cogs.limits.change_text import change_lines
from cogs.limits.changes import change_rules
from cogs.shared.access import ImagineInteraction, known_guild, origin_of
from cogs.shared.answers import defer, show
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.shared.error_replies import errors_answered
from cogs.shared.moderators import check_moderator
from cogs.ui.notes import note
from cogs.ui.text import cut, few, plain

_FILE: Final = "imagine-rules.json"
IMPORT: Final = "import"
_SECONDS: Final = 600.0
_NAME_SHOWN: Final = 50  # characters


class ImportQuestion(ui.LayoutView):
    """The changes that a file would make, and a button that makes them once."""

    def __init__(self, moderation: Moderation, before: Rulebook, fit: Fitted) -> None:
        super().__init__(timeout=_SECONDS)
        self._moderation = moderation
        self._before = before
        self._after = fit.rules
        changes = changes_between(before, fit.rules)
        title = ngettext("**Import {count} change?**", "**Import {count} changes?**", len(changes))
        words = [title, _("All rules of this server become those of the file."), change_lines(changes), *_missing(fit)]
        button: ui.Button[ImportQuestion] = ui.Button(label=_("Import"), style=discord.ButtonStyle.primary)
        button.callback = self._press  # type: ignore[method-assign]  # discord.py's own way
        row: ui.ActionRow[ImportQuestion] = ui.ActionRow()
        self.add_item(ui.Container(ui.TextDisplay("\n".join(words)), row.add_item(button)))

    async def _press(self, interaction: discord.Interaction[Any]) -> None:
        async with errors_answered(interaction):
            check_moderator(interaction)
            self.stop()
            await change_rules(self._moderation, interaction, self._import, command=f"/limits {IMPORT}")

    def _import(self, rules: Rulebook) -> Rulebook:
        if rules != self._before:
            raise InvalidRequest(
                _(
                    "The rules have changed since I showed you what the import would change. Nothing was imported. Use "
                    "`/limits import` again."
                )
            )
        return self._after


async def export_rules(moderation: Moderation, interaction: ImagineInteraction) -> None:
    """Answer privately with the rules of the server as a file."""
    await defer(interaction)
    content = write_rules(await moderation.rulebook(origin_of(interaction).server_key), await _places(interaction))
    words = _("The rules of this server. `/limits import` applies them here again, or on another server of yours.")
    view = note(words)
    view.add_item(ui.File(f"attachment://{_FILE}"))
    await show(interaction, view, lambda: [discord.File(io.BytesIO(content), _FILE)])


async def import_rules(moderation: Moderation, interaction: ImagineInteraction, file: discord.Attachment) -> None:
    """Answer privately with the changes that a file would make, and with the button that makes them."""
    await defer(interaction)
    if file.size > FILE_MAX_BYTES:
        raise InvalidRequest(_("A file of rules has up to 1 MB, and this one is larger. Nothing was changed."))
    fit = fitted(read_rules(await _content(file)), await _places(interaction))
    for _where, scope, allowance in allowances_of(fit.rules):
        check_ceilings(moderation.operator, scope, allowance)
    before = await moderation.rulebook(origin_of(interaction).server_key)
    if before == fit.rules:
        words = [_("No change: this server already has the rules of the file."), *_missing(fit)]
        await show(interaction, note("\n".join(words)))
    else:
        await show(interaction, ImportQuestion(moderation, before, fit))


async def _content(file: discord.Attachment) -> bytes:
    try:
        with translate_discord_errors():
            return await file.read()
    except Refused:
        raise InvalidRequest(_("Discord doesn't give me this file. Please attach it again.")) from None


async def _places(interaction: ImagineInteraction) -> Places:
    """Return the names of the server's roles and channels."""
    guild = await known_guild(interaction)
    channels = [*guild.channels, *guild.threads]
    return Places(guild.id, {each.id: each.name for each in guild.roles}, {each.id: each.name for each in channels})


def _missing(fit: Fitted) -> list[str]:
    """Return the names of roles and channels that are left out."""
    names = [f"@{each.removeprefix('@')}" for each in fit.missing_roles] + [f"#{each}" for each in fit.missing_channels]
    if not names:
        return []
    shown = few([plain(cut(name, _NAME_SHOWN)) for name in names], _more_names, 10)
    return [_("-# Left out, because this server has no role or channel of that name, or several: {names}", names=shown)]


def _more_names(names: str, count: int) -> str:
    return ngettext("{names} and {count} more name", "{names} and {count} more names", count, names=names)
