"""Commands as links that members click, by the ids that Discord gave them."""

from bot.gateway.client import ImagineBot
from bot.i18n import command_registered, command_shown


def command_link(bot: ImagineBot, command: str) -> str:
    """Return a command such as `limits show` as a link, or as code if its id isn't known."""
    return link_of(command, bot.command_id(command.split(maxsplit=1)[0]))


def link_of(command: str, command_id: int | None) -> str:
    """Return a command such as `limits show` as a link by the id of `limits`, or as code without one.

    Clients open a link only by the names that a command is registered with, and show them whatever their language.
    """
    return f"`/{command_shown(command)}`" if command_id is None else f"</{command_registered(command)}:{command_id}>"
