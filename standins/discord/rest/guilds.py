"""Finding servers, channels and members, under the bot's permissions."""

from standins.discord.errors import missing_access, missing_permissions, unknown
from standins.discord.model.channel_types import VOCAL
from standins.discord.model.channels import Channel
from standins.discord.model.guild_payloads import guild_payload
from standins.discord.model.guilds import Guild
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from standins.discord.model.world import World
from standins.discord.rest.calls import NO_CONTENT, Answer, Call, Route


class Finding:
    """Finds what a path means, as far as the bot may see it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def guild(self, call: Call) -> Guild:
        """Return the server; 10004 where there is none that the bot is in."""
        guild = self._world.guilds.get(call.id("guild_id"))
        if guild is None or not guild.has_bot:
            raise unknown("Guild", 10004)
        return guild

    def channel(self, call: Call, *needed: Permission) -> Channel:
        """Return the channel; 10003 if there is none, 50001 if the bot does not see it, 50013 without `needed`."""
        channel = self._world.channels.get(call.id("channel_id"))
        if channel is None:
            raise unknown("Channel", 10003)
        permissions = channel.permissions_of(self._world.bot)
        if not permissions & Permission.VIEW_CHANNEL:
            raise missing_access()
        if channel.type in VOCAL and not permissions & Permission.CONNECT:
            raise missing_access()  # a member who may not enter a voice channel may not read and write there either
        if any(not permissions & one for one in needed):
            raise missing_permissions()
        return channel

    def message(self, call: Call, *needed: Permission) -> Message:
        """Return the message; 10008 where there is none, or one that only lives by an interaction's token."""
        channel = self.channel(call, *needed)
        message = channel.messages.get(call.id("message_id"))
        if message is None or not message.lasting:
            raise unknown("Message", 10008)
        return message


class PlaceRoutes:
    """`/guilds/…` and `/channels/{id}` themselves."""

    def __init__(self, world: World, finding: Finding) -> None:
        self._world = world
        self._find = finding

    def routes(self) -> list[Route]:
        """Return what there is to call."""
        return [
            Route("GET", "/guilds/{guild_id}", self.guild),
            Route("GET", "/guilds/{guild_id}/channels", self.channels),
            Route("GET", "/guilds/{guild_id}/roles", self.roles),
            Route("GET", "/guilds/{guild_id}/members/{user_id}", self.member),
            Route("GET", "/channels/{channel_id}", self.channel),
            Route("POST", "/channels/{channel_id}/typing", self.type),
        ]

    def guild(self, call: Call) -> Answer:
        """Show a server."""
        return Answer(guild_payload(self._find.guild(call)))

    def channels(self, call: Call) -> Answer:
        """List a server's channels, without threads."""
        channels = self._find.guild(call).channels.values()
        return Answer([channel.payload() for channel in channels if not channel.is_thread])

    def roles(self, call: Call) -> Answer:
        """List a server's roles."""
        return Answer([role.payload() for role in self._find.guild(call).roles.values()])

    def member(self, call: Call) -> Answer:
        """Show a member."""
        member = self._find.guild(call).members.get(call.id("user_id"))
        if member is None:
            raise unknown("Member", 10007)
        return Answer(member.payload())

    def channel(self, call: Call) -> Answer:
        """Show a channel."""
        return Answer(self._find.channel(call).payload())

    def type(self, call: Call) -> Answer:
        """Show that the bot is typing."""
        channel = self._find.channel(call, Permission.SEND_MESSAGES)
        channel.typing += 1
        now = int(self._world.clock.now())
        body = {"channel_id": str(channel.id), "user_id": str(self._world.bot.id), "timestamp": now}
        guild_id = channel.guild.id if channel.guild else None
        body |= {"guild_id": str(guild_id)} if guild_id else {}
        self._world.news.tell("TYPING_START", body, guild_id=guild_id, subject=channel)
        return NO_CONTENT
