"""Users, and the direct messages with them."""

from standins.discord.errors import invalid_form, unknown
from standins.discord.model.world import World
from standins.discord.rest.calls import Answer, Call, Route


class UserRoutes:
    """`/users/…`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return what there is to call."""
        return [
            Route("GET", "/users/@me", self.me),
            Route("GET", "/users/{user_id}", self.user),
            Route("POST", "/users/@me/channels", self.open_direct_messages),
        ]

    def me(self, _: Call) -> Answer:
        """Say who the bot is."""
        private = {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}
        return Answer(self._world.bot.payload() | private)

    def user(self, call: Call) -> Answer:
        """Say who somebody is."""
        user = self._world.users.get(call.id("user_id"))
        if user is None:
            raise unknown("User", 10013)
        return Answer(user.payload())

    def open_direct_messages(self, call: Call) -> Answer:
        """Open, or find, the direct messages with somebody."""
        recipient = str(call.body.get("recipient_id", ""))
        if not recipient.isdigit():
            raise invalid_form(("recipient_id",), "NUMBER_TYPE_COERCE", f'Value "{recipient}" is not snowflake.')
        user = self._world.users.get(int(recipient))
        if user is None or user is self._world.bot:
            raise invalid_form(("recipient_id",), "INVALID_RECIPIENT", "Invalid Recipient(s)")
        return Answer(self._world.direct_messages_with(user).payload())
