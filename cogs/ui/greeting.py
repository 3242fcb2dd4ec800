"""The one message with which the bot introduces itself on a server."""

from collections.abc import Callable, Mapping

from discord import ui

from bot.i18n import _
from bot.limits.policy import Effective, Scope
from cogs.ui.amounts import allowance_words


def greeting_card(link: Callable[[str], str], limits: Mapping[Scope, Effective] | None) -> ui.LayoutView:
    """Return the greeting; `link` makes a clickable command, and `limits` is None if they can't be read now."""
    texts = [
        _("**Hi! I make pictures from your words.**"),
        _(
            "Type {imagine} and describe your picture, or mention me with your description. {help} has examples.",
            imagine=link("imagine"),
            help=link("help"),
        ),
    ]
    if limits is not None:
        texts.append(_limits(limits))
    texts.append(
        _(
            "Moderators: {setup} leads you through channels, roles and limits, and {command} shows them.",
            setup=link("setup"),
            command=link("limits show"),
        )
    )
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*map(ui.TextDisplay, texts)))
    return view


def _limits(limits: Mapping[Scope, Effective]) -> str:
    words = {
        scope: allowance_words({limit: ceiling.value for limit, ceiling in effective.items()})
        for scope, effective in limits.items()
    }
    each = _("Each member: {limits}", limits=words[Scope.MEMBER])
    total = _("Server total: {limits}", limits=words[Scope.SERVER])
    return "\n".join([_("**Limits now**"), each, total])
