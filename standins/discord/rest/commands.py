"""Registering commands, globally and for one server."""

from typing import Any

from standins.discord.errors import missing_access, unknown
from standins.discord.model.world import World
from standins.discord.rest.calls import NO_CONTENT, Answer, Call, Route

GLOBAL = "/applications/{application_id}/commands"
OF_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"


class CommandRoutes:
    """`/applications/{id}/commands…` and the same below `/guilds/{id}`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return what there is to call."""
        return [route for base in (GLOBAL, OF_GUILD) for route in self._routes_below(base)]

    def _routes_below(self, base: str) -> list[Route]:
        one = base + "/{command_id}"
        return [
            Route("GET", base, self.all),
            Route("PUT", base, self.replace),
            Route("POST", base, self.register),
            Route("GET", one, self.one),
            Route("PATCH", one, self.change),
            Route("DELETE", one, self.remove),
        ]

    def _scope(self, call: Call) -> int | None:
        if call.id("application_id") != self._world.application_id:
            raise unknown("Application", 10002)
        if "guild_id" not in call.parameters:
            return None
        guild_id = call.id("guild_id")
        if guild_id not in self._world.guilds:
            raise missing_access()
        return guild_id

    def all(self, call: Call) -> Answer:
        """List the commands, with their names in all languages only if the app asks for them."""
        listed = [command.registered for command in self._world.commands.all(self._scope(call))]
        wanted = call.query.get("with_localizations", "").lower() in ("1", "true")
        return Answer(listed if wanted else [_without_localizations(each) for each in listed])

    def replace(self, call: Call) -> Answer:
        """Make the given commands the only ones."""
        scope = self._scope(call)
        return Answer([command.registered for command in self._world.commands.replace(call.bodies, scope)])

    def register(self, call: Call) -> Answer:
        """Register one command, or overwrite the one of its name."""
        command, is_new = self._world.commands.register(call.body, self._scope(call))
        return Answer(command.registered, 201 if is_new else 200)

    def one(self, call: Call) -> Answer:
        """Show one command."""
        return Answer(self._world.commands.get(call.id("command_id"), self._scope(call)).registered)

    def change(self, call: Call) -> Answer:
        """Change one command."""
        changed = self._world.commands.change(call.id("command_id"), call.body, self._scope(call))
        return Answer(changed.registered)

    def remove(self, call: Call) -> Answer:
        """Take one command away."""
        self._world.commands.remove(call.id("command_id"), self._scope(call))
        return NO_CONTENT


def _without_localizations(part: Any) -> Any:  # noqa: ANN401  (JSON)
    match part:
        case dict():
            return {name: _without_localizations(each) for name, each in part.items() if "_localizations" not in name}
        case list():
            return [_without_localizations(each) for each in part]
        case _:
            return part
