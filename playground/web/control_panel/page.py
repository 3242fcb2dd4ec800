"""The control panel: the bot and both platforms, with their state and faults."""

from collections.abc import Mapping, Sequence

from aiohttp import web
from markupsafe import Markup

from playground.bot_process import BotProcess
from playground.web.control_panel.bot import BotPanel
from playground.web.control_panel.connection import ConnectionPanel
from playground.web.control_panel.fault_list import OF_APIFRAME, OF_DISCORD
from playground.web.control_panel.faults import SwitchPanel
from playground.web.control_panel.jobs import JobsPanel
from playground.web.control_panel.switches import Setting, Switchboard
from playground.web.live import Region
from playground.web.rendering import Renderer
from playground.web.viewer import Seat
from standins.apiframe.world import World
from standins.discord.server import DiscordStandIn


class Curtain:
    """The panels behind the curtain, the same for everybody who looks."""

    def __init__(self, renderer: Renderer, discord: DiscordStandIn, apiframe: World, bot: BotProcess) -> None:
        discord_changed, apiframe_changed = discord.world.news.ring, apiframe.changes.ring
        of_apiframe = SwitchPanel(renderer, "Apiframe", Switchboard(apiframe.faults, OF_APIFRAME), apiframe_changed)
        of_discord = SwitchPanel(renderer, "Discord", Switchboard(discord.faults, OF_DISCORD), discord_changed)
        self._boards = (of_apiframe, of_discord)
        self._of_apiframe = of_apiframe
        self._bot = BotPanel(renderer, bot, discord.gateway, discord_changed)
        self._panels = (
            self._bot,
            JobsPanel(renderer, apiframe),
            of_apiframe,
            ConnectionPanel(renderer, discord),
            of_discord,
        )

    def regions(self) -> Mapping[str, Region]:
        """Return what changes by itself: ids of elements, and how to fill them."""
        return {name: region for panel in self._panels for name, region in panel.regions().items()}

    def warning(self, _: Seat) -> Markup:
        """Return how many faults are active, for visitors who see only the chat; empty if there are none."""
        count_on = sum(board.count_on for board in self._boards)
        return Markup("{} {} on").format(count_on, "fault" if count_on == 1 else "faults") if count_on else Markup("")

    def bot_chip(self, seat: Seat) -> Markup:
        """Return the bot's state for visitors who see only the chat; empty while it answers."""
        return self._bot.chip(seat)

    def fail_next_picture(self) -> None:
        """Make the model break down on the next picture."""
        self._of_apiframe.set("model", Setting.NEXT)

    def routes(self) -> Sequence[web.RouteDef]:
        """Return where the forms lead."""
        return [route for panel in self._panels for route in panel.routes()]
