"""The page that `/help` and a mention show, with links to the commands of this bot."""

from functools import partial

from discord import ui

from bot.gateway.client import ImagineBot
from bot.i18n import _
from cogs.shared.command_links import command_link
from cogs.shared.examples import EXAMPLES, examples_row
from cogs.ui.help import help_card


class HelpPage:
    """Makes the page, the same for everybody."""

    def __init__(self, bot: ImagineBot) -> None:
        self._bot = bot

    def card(self) -> ui.LayoutView:
        """Return the page."""
        examples = [(_(example.label), _(example.prompt), example.params) for example in EXAMPLES]
        contact = self._bot.settings.operator_contact
        return help_card(partial(command_link, self._bot), examples, examples_row(), contact)
