"""Help for a member who has never made a picture, and what a moderator needs first."""

from collections.abc import Callable, Sequence
from typing import Final

from discord import ui

from bot.i18n import N_, _, labelled
from bot.picture.params import OPTIONS, FluxParams
from cogs.ui.command_text import spelt_out
from cogs.ui.picture_buttons import Action, button_of

CommandLink = Callable[[str], str]
Shown = tuple[str, str, FluxParams]
"""An example: its name, its prompt and its choices."""

_BUTTONS: Final = (
    (Action.REROLL, N_("the same prompt with a new seed")),
    (Action.REMIX, N_("change the prompt or the options")),
    (Action.EDIT, N_("say what should change in this picture")),
    (Action.LARGER, N_("the same picture with more pixels")),
    (Action.MORE, N_("details, use as a reference image, copy the command, save as a style, delete")),
    (Action.FAVOURITE, N_("keep a picture; behind More, or as a reaction")),
    (Action.PUBLISH, N_("show your private picture to everyone")),
)


def help_card(
    link: CommandLink, examples: Sequence[Shown], row: ui.ActionRow[ui.LayoutView], contact: str = ""
) -> ui.LayoutView:
    """Return the page; `link` makes a clickable command, and `row` has the buttons of the examples."""
    parts: list[ui.Item[ui.LayoutView]] = [
        ui.TextDisplay(_begin(link)),
        ui.TextDisplay("\n".join(_example(*each) for each in examples)),
        row,
        ui.TextDisplay("\n".join([_("**Buttons on pictures**"), *map(_button, *zip(*_BUTTONS, strict=True))])),
        ui.TextDisplay(_more(link)),
        ui.TextDisplay(_for_moderators(link)),
    ]
    if contact:
        parts.append(ui.TextDisplay(_("Questions? Contact the bot's operator: {contact}", contact=contact)))
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts))
    return view


def _begin(link: CommandLink) -> str:
    title = _("**How to make a picture**")
    how = _(
        "Type {imagine} and describe your picture, or mention me with your description. Press an example to try it, "
        "or copy its command:",
        imagine=link("imagine"),
    )
    return f"{title}\n{how}"


def _example(name: str, prompt: str, params: FluxParams) -> str:
    """Return an example as a line to copy."""
    chosen = {"prompt": prompt} | {option: getattr(params, option) for option in OPTIONS}
    return labelled(name, f"`{spelt_out('imagine', chosen)}`")


def _button(action: Action, does: str) -> str:
    button = button_of(action)
    label = f"**{button.label}**"
    return labelled(f"{button.emoji} {label}" if button.emoji else label, _(does))


def _more(link: CommandLink) -> str:
    return _(
        "{defaults} sets the options that you usually want. {quota} shows what you have left, and {history} your "
        "pictures and favourites, also as a download. {privacy} sends you everything I store about you.",
        defaults=link("defaults"),
        quota=link("quota"),
        history=link("history"),
        style=link("style create"),
        privacy=link("privacy export"),
    )


def _for_moderators(link: CommandLink) -> str:
    lines = (
        _("**For moderators**"),
        _("{command}: set me up on one card", command=link("setup")),
        _("{command}: current limits and usage", command=link("limits show")),
        _("{command}: limits for each member", command=link("limits everyone")),
        _("{command}: where pictures are allowed", command=link("limits channels allow")),
        _("{command}: block a member", command=link("limits block")),
        _("{command}: delete a member's latest pictures", command=link("delete-pictures")),
        _("{command}: look at pictures before they're posted", command=link("review on")),
        _("{command}: a channel for pictures that enough members keep with ⭐", command=link("limits showcase")),
        _("{command}: pictures and credits by day, member, channel and style", command=link("usage")),
        _("{command}: a summary of each week in the audit log channel", command=link("limits summary")),
    )
    return "\n".join(lines)
