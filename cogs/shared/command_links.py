"""Commands as links that members click, by the ids that Discord gave them."""

from bot.gateway.client import ImagineBot


def command_link(bot: ImagineBot, command: str) -> str:
    """Return a command such as `limits show` as a link, or as code if its id isn't known."""
    command_id = bot.command_id(command.split(maxsplit=1)[0])
    return f"`/{command}`" if command_id is None else f"</{command}:{command_id}>"
