"""The world in memory: everything that exists, and the few ways in which it changes."""

import secrets
from collections import ChainMap
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace

from standins.clock import Clock
from standins.discord.events import Event
from standins.discord.model.channel_types import ChannelType
from standins.discord.model.channels import Channel
from standins.discord.model.commands import Commands
from standins.discord.model.emoji import emoji_payload
from standins.discord.model.guild_payloads import guild_create, guild_joined, guild_payload
from standins.discord.model.guilds import Guild, found_guild
from standins.discord.model.interactions import Interaction, InteractionType
from standins.discord.model.messages import (
    Draft,
    Message,
    MessageFlag,
    MessageType,
    Reaction,
    Revision,
)
from standins.discord.model.platform import Platform
from standins.discord.model.stickers import Sticker, StickerFormat
from standins.discord.model.teams import Team
from standins.discord.model.users import HasUser, User
from standins.discord.payload import Payload
from standins.discord.reading import read_draft


class World:
    """Users, servers, channels, commands and interactions; every change of them is news."""

    def __init__(self, clock: Clock) -> None:
        self.platform = Platform(clock)
        self.clock, self.snowflakes = clock, self.platform.snowflakes
        self.news, self.cdn = self.platform.news, self.platform.cdn
        self.users, self.bot = self.platform.users, self.platform.bot
        self.add_user = self.platform.add_user
        self.application_id = self.platform.application_id
        self.commands = Commands(self.platform)
        self.guilds: dict[int, Guild] = {}
        self.private_channels: dict[int, Channel] = {}  # direct messages and groups
        self.interactions: dict[str, Interaction] = {}
        self.developer = self.add_user("developer")
        self.shows_role_mentions = False  # only the content of messages that mention the bot's role
        self.team: Team | None = None  # that owns the application in the developer's place

    @property
    def channels(self) -> Mapping[int, Channel]:
        """Return every channel by id: those of servers, direct messages, and groups."""
        return ChainMap(self.private_channels, *(guild.channels for guild in self.guilds.values()))

    def add_guild(self, name: str, *, boost: int = 0, with_bot: bool = True) -> Guild:
        """Found a server, boosted to level 0 to 3; without the bot, only what people installed for themselves works."""
        guild = found_guild(self.platform, self.commands, name, boost, with_bot=with_bot)
        self.guilds[guild.id] = guild
        if with_bot:
            self.news.tell("GUILD_CREATE", guild_create(guild), guild_id=guild.id, subject=guild)
        return guild

    def invite_bot(self, guild: Guild) -> None:
        """Add the bot to a server, as a moderator does with the invite link; it gets the server's content."""
        guild.let_bot_in()
        self.news.tell("GUILD_CREATE", guild_joined(guild), guild_id=guild.id, subject=guild)

    def make_community(self, guild: Guild, preferred_locale: str) -> None:
        """Turn a server into a community, with the language that its moderators choose for it."""
        guild.is_community, guild.preferred_locale = True, preferred_locale
        self.news.tell("GUILD_UPDATE", guild_payload(guild), guild_id=guild.id, subject=guild)

    def direct_messages_with(self, user: User) -> Channel:
        """Return the direct messages between a user and the bot, opened now if they were not."""
        for channel in self.private_channels.values():
            if channel.type is ChannelType.DIRECT and user in channel.recipients:
                return channel
        channel = self._add_private_channel(user.name, ChannelType.DIRECT)
        channel.recipients.append(user)
        return channel

    def add_group(self, name: str, *people: HasUser) -> Channel:
        """Add a group of people without the bot. Apps that they installed for themselves work there too."""
        group = self._add_private_channel(name, ChannelType.GROUP)
        group.recipients += [person.user for person in people]
        return group

    def _add_private_channel(self, name: str, kind: ChannelType) -> Channel:
        channel = Channel(self.platform, self.snowflakes.next(), name, kind)
        self.private_channels[channel.id] = channel
        return channel

    def add_sticker(self, name: str, content: bytes, kind: StickerFormat = StickerFormat.PNG) -> Sticker:
        """Add a sticker that people can send anywhere, served by the CDN without expiry."""
        sticker = Sticker(self.snowflakes.next(), name, kind)
        self.cdn.keep_sticker(sticker, content)
        return sticker

    async def until(self, true: Callable[[], object], timeout: float = 60) -> None:  # noqa: ASYNC109 - see News
        """Return once `true()` is, looked at after every change; TimeoutError after `timeout` real seconds."""
        await self.news.until(true, timeout)

    def subscribe(self) -> AbstractContextManager[AsyncIterator[Event]]:
        """Hand out an iterator over every event while a `with` block runs, for a live view."""
        return self.news.subscribed()

    def post(
        self,
        channel: Channel,
        author: User,
        draft: Draft,
        *,
        kind: MessageType = MessageType.DEFAULT,
        reference: Message | None = None,
        interaction: Interaction | None = None,
        nonce: str | int | None = None,
    ) -> Message:
        """Put a message into a channel. Only the interaction's person sees an ephemeral one."""
        message = Message(self.snowflakes.next(), channel, author, kind, [self._revision(author, draft)], nonce)
        message.reference, message.referenced_id = reference, reference.id if reference else None
        message.interaction = interaction
        if draft.flags & MessageFlag.EPHEMERAL and interaction is not None:
            message.visible_only_to = interaction.user
        channel.messages[message.id] = message
        self._tell_of("MESSAGE_CREATE", message)
        return message

    def _revision(self, author: User, draft: Draft) -> Revision:
        """Return how a message looks from now on; people read what the app wrote as their `reads` says."""
        if author is not self.bot:
            return Revision(self.clock.now(), draft)
        return Revision(self.clock.now(), read_draft(draft, self.platform.reads), sent=draft)

    def post_by_webhook(self, channel: Channel, name: str, draft: Draft, reference: Message | None = None) -> Message:
        """Put a message into a channel as another app's webhook does: its author is nobody with an account."""
        webhook = User(self.snowflakes.next(), name)
        kind = MessageType.REPLY if reference else MessageType.DEFAULT
        message = Message(
            self.snowflakes.next(), channel, webhook, kind, [Revision(self.clock.now(), draft)], webhook_id=webhook.id
        )
        message.reference, message.referenced_id = reference, reference.id if reference else None
        channel.messages[message.id] = message
        self._tell_of("MESSAGE_CREATE", message)
        return message

    def forward(self, message: Message, user: User, channel: Channel) -> Message:
        """Put what a message looks like now into another channel, without a word beside it."""
        now = self.clock.now()
        revision = Revision(now, Draft(flags=MessageFlag.HAS_SNAPSHOT))
        forward = Message(self.snowflakes.next(), channel, user, MessageType.DEFAULT, [revision])
        forward.forwarded = replace(message, history=list(message.history))
        channel.messages[forward.id] = forward
        self._tell_of("MESSAGE_CREATE", forward)
        return forward

    def edit(self, message: Message, draft: Draft) -> None:
        """Change a message's content from now on."""
        message.history.append(self._revision(message.author, draft))
        self._tell_of("MESSAGE_UPDATE", message)

    def _tell_of(self, event: str, message: Message) -> None:
        body = message.payload() | {"channel_type": int(message.channel.type)}
        guild = message.channel.guild
        if guild is not None and message.visible_only_to is None:
            body["guild_id"] = str(guild.id)
            if member := guild.members.get(message.author.id):
                body["member"] = member.payload(with_user=False)
        self._tell_in(message, event, body)

    def _tell_in(self, message: Message, event: str, body: Payload) -> None:
        """Emit an event about a message. The bot gets it if it's there."""
        channel = message.channel
        guild_id = channel.guild.id if channel.guild and message.visible_only_to is None else None
        self.news.tell(event, body, guild_id=guild_id, subject=message, for_bots=channel.has_bot)

    def delete(self, message: Message) -> None:
        """Take a message away."""
        message.deleted_at = self.clock.now()
        body = {"id": str(message.id)} | _place_of(message.channel)
        self._tell_in(message, "MESSAGE_DELETE", body)

    def react(self, message: Message, user: User, emoji: str) -> None:
        """Put an emoji below a message, once for each user."""
        emoji = message.spelling_of(emoji)
        reaction = message.reactions.setdefault(emoji, Reaction(emoji))
        if user in reaction.users:
            return
        reaction.users.append(user)
        body = self._reaction_event(message, user, emoji) | {"message_author_id": str(message.author.id)}
        if message.channel.guild is not None:
            body["member"] = message.channel.guild.members[user.id].payload()
        self._tell_in(message, "MESSAGE_REACTION_ADD", body)

    def unreact(self, message: Message, user: User, emoji: str) -> None:
        """Take a user's emoji away again, if it is there."""
        emoji = message.spelling_of(emoji)
        reaction = message.reactions.get(emoji)
        if reaction is None or user not in reaction.users:
            return
        reaction.users.remove(user)
        if not reaction.users:
            del message.reactions[emoji]
        body = self._reaction_event(message, user, emoji)
        self._tell_in(message, "MESSAGE_REACTION_REMOVE", body)

    def _reaction_event(self, message: Message, user: User, emoji: str) -> Payload:
        event: Payload = {"user_id": str(user.id), "message_id": str(message.id), "emoji": emoji_payload(emoji)}
        return event | {"burst": False, "type": 0} | _place_of(message.channel)

    def interact(
        self,
        kind: InteractionType,
        user: User,
        channel: Channel,
        body: Payload,
        *,
        message: Message | None = None,
        parent: Interaction | None = None,
    ) -> Interaction:
        """Ask something of the app in a person's name."""
        token = secrets.token_urlsafe(48)
        interaction = Interaction(
            self.platform, self.snowflakes.next(), token, kind, user, channel, body, self.clock.now(), message, parent
        )
        self.interactions[token] = interaction
        guild_id = channel.guild.id if channel.guild else None
        self.news.tell("INTERACTION_CREATE", interaction.payload(), guild_id=guild_id, subject=interaction)
        return interaction

    def open_interactions(self) -> list[Interaction]:
        """Return the interactions whose token still lives, the oldest first."""
        return [interaction for interaction in self.interactions.values() if interaction.is_open]

    def kill_tokens(self) -> None:
        """Invalidate the token of every interaction early."""
        for interaction in self.open_interactions():
            interaction.kill_token()
        self.news.ring()


def _place_of(channel: Channel) -> Payload:
    body = {"channel_id": str(channel.id)}
    return body | ({"guild_id": str(channel.guild.id)} if channel.guild else {})
