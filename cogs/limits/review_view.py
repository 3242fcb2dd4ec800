"""The card of `/review show`."""

from collections.abc import Iterator, Sequence

import discord
from discord import ui

from bot.i18n import _, ngettext
from bot.limits.rulebook import Rulebook
from cogs.limits.review_words import review_settings
from cogs.ui.refusals import channel_list, role_list


def review_card(rules: Rulebook, waiting: int, warnings: Sequence[str], turn_on: str) -> ui.LayoutView:
    """Return the card with the settings and the number of `waiting` requests; `turn_on` is the command that sets it."""
    lines = [_("**Review before posting**")]
    if waiting:
        lines.append(
            ngettext("{count} request waits for a moderator.", "{count} requests wait for a moderator.", waiting)
        )
    if rules.review is None:
        lines.append(_("Off: pictures are posted as soon as they're done. Turn it on with {command}.", command=turn_on))
    else:
        lines += [*review_settings(rules.review), *_lists(rules), *warnings]
        lines.append(_("-# Moderators are never reviewed. Change the settings with {command}.", command=turn_on))
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay("\n".join(lines)), accent_colour=discord.Colour.blurple()))
    return view


def _lists(rules: Rulebook) -> Iterator[str]:
    if rules.review_channels:
        yield _("Reviewed channels: {channels}", channels=channel_list(rules.review_channels))
    if rules.review_roles:
        yield _("Reviewed roles: {roles}", roles=role_list(rules.review_roles))
