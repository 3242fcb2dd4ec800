"""Reactions by the bot's token."""

from standins.discord.errors import Refusal, missing_permissions, unknown
from standins.discord.model.emoji import CUSTOM, is_emoji
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from standins.discord.model.world import World
from standins.discord.rest.calls import NO_CONTENT, Answer, Call, Route
from standins.discord.rest.guilds import Finding

ALL = "/channels/{channel_id}/messages/{message_id}/reactions"
OF_EMOJI = ALL + "/{emoji_name}"
MOST_EMOJI = 20


class ReactionRoutes:
    """`/channels/{id}/messages/{id}/reactions…`."""

    def __init__(self, world: World, finding: Finding) -> None:
        self._world = world
        self._find = finding

    def routes(self) -> list[Route]:
        """Return what there is to call."""
        return [
            Route("PUT", OF_EMOJI + "/@me", self.add),
            Route("DELETE", OF_EMOJI + "/@me", self.take_back),
            Route("DELETE", OF_EMOJI + "/{user_id}", self.remove),
            Route("GET", OF_EMOJI, self.users),
            Route("DELETE", OF_EMOJI, self.remove_emoji),
            Route("DELETE", ALL, self.remove_all),
        ]

    def add(self, call: Call) -> Answer:
        """React as the bot; an emoji that nobody used yet needs Add Reactions."""
        message, emoji = self._find.message(call, Permission.READ_MESSAGE_HISTORY), call.parameters["emoji_name"]
        if emoji not in message.reactions:
            if not message.channel.permissions_of(self._world.bot) & Permission.ADD_REACTIONS:
                raise missing_permissions()
            if len(message.reactions) >= MOST_EMOJI:
                raise Refusal(400, 30010, f"Maximum number of reactions reached ({MOST_EMOJI})")
        if CUSTOM.fullmatch(emoji) is None and not is_emoji(emoji):
            raise Refusal(400, 10014, "Unknown Emoji")
        self._world.react(message, self._world.bot, emoji)
        return NO_CONTENT

    def take_back(self, call: Call) -> Answer:
        """Take the bot's own reaction away."""
        self._world.unreact(self._find.message(call), self._world.bot, call.parameters["emoji_name"])
        return NO_CONTENT

    def remove(self, call: Call) -> Answer:
        """Take somebody's reaction away."""
        message = self._manageable(call)
        user = self._world.users.get(call.id("user_id"))
        if user is None:
            raise unknown("User", 10013)
        self._world.unreact(message, user, call.parameters["emoji_name"])
        return NO_CONTENT

    def users(self, call: Call) -> Answer:
        """List who reacted with an emoji."""
        message = self._find.message(call, Permission.READ_MESSAGE_HISTORY)
        reaction = message.reactions.get(call.parameters["emoji_name"])
        return Answer([user.payload() for user in reaction.users] if reaction else [])

    def remove_emoji(self, call: Call) -> Answer:
        """Take all reactions with an emoji away."""
        self._clear(self._manageable(call), [call.parameters["emoji_name"]])
        return NO_CONTENT

    def remove_all(self, call: Call) -> Answer:
        """Take all reactions away."""
        message = self._manageable(call)
        self._clear(message, list(message.reactions))
        return NO_CONTENT

    def _manageable(self, call: Call) -> Message:
        if self._find.channel(call).guild is None:
            raise Refusal(403, 50003, "Cannot execute action on a DM channel")
        return self._find.message(call, Permission.MANAGE_MESSAGES)

    def _clear(self, message: Message, emoji: list[str]) -> None:
        for one in emoji:
            reaction = message.reactions.get(one)
            for user in list(reaction.users) if reaction else []:
                self._world.unreact(message, user, one)
