"""A server's permission settings for the app's commands. Only people change them, so a bot can only read them."""

from standins.discord.errors import missing_access, unknown
from standins.discord.model.guilds import Guild
from standins.discord.model.world import World
from standins.discord.rest.calls import Answer, Call, Route

COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"


class CommandPermissionRoutes:
    """`/applications/{id}/guilds/{id}/commands/permissions`, and the same for one command."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return what there is to call."""
        return [
            Route("GET", f"{COMMANDS}/permissions", self.all),
            Route("GET", f"{COMMANDS}/{{command_id}}/permissions", self.one),
        ]

    def all(self, call: Call) -> Answer:
        """List the settings of every command that has any, and those of the app as a whole."""
        guild = self._guild(call)
        return Answer([guild.command_permissions_payload(target_id) for target_id in guild.command_permissions])

    def one(self, call: Call) -> Answer:
        """Show the settings of one command, or of the app by its own id; 10066 where there are none."""
        guild, target_id = self._guild(call), call.id("command_id")
        if target_id not in guild.command_permissions:
            raise unknown("application command permissions", 10066)
        return Answer(guild.command_permissions_payload(target_id))

    def _guild(self, call: Call) -> Guild:
        if call.id("application_id") != self._world.application_id:
            raise unknown("Application", 10002)
        guild = self._world.guilds.get(call.id("guild_id"))
        if guild is None or not guild.has_bot:
            raise missing_access()
        return guild
