"""Channels, threads and direct messages."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from standins.discord.model.attachments import MIB
from standins.discord.model.channel_types import THREADS, ChannelType
from standins.discord.model.permissions import (
    EVERYTHING,
    IN_DIRECT_MESSAGES,
    NOTHING,
    Overwrite,
    Permission,
    after_overwrites,
    without_the_implied,
)
from standins.discord.model.platform import Platform
from standins.discord.model.roles import Role
from standins.discord.model.users import HasUser, User
from standins.discord.payload import Payload, iso

if TYPE_CHECKING:
    from standins.discord.model.guilds import Guild
    from standins.discord.model.messages import Message

UPLOAD_LIMIT_BY_BOOST = (10 * MIB, 10 * MIB, 50 * MIB, 100 * MIB)
_VOICE: Payload = {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
_FORUM: Payload = {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None}
# What only one kind of channel has: those for voices (2, 13), and those made of threads (15, 16).
_PARTICULARS: dict[int, Payload] = {2: _VOICE, 13: _VOICE, 15: _FORUM, 16: _FORUM}


@dataclass(eq=False)
class Channel:
    """A text channel, a thread (then with a parent), or direct messages and groups (then without a guild).

    Direct messages are those with the bot; a conversation between people, two or more, is a group.
    """

    platform: Platform
    id: int
    name: str
    type: ChannelType = ChannelType.TEXT
    guild: "Guild | None" = None
    parent: "Channel | None" = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    recipients: list[User] = field(default_factory=list)
    messages: dict[int, "Message"] = field(default_factory=dict)
    typing: int = 0
    nsfw: bool = False  # age-restricted; a thread is as its channel is

    @property
    def is_deleted(self) -> bool:
        """Return True if the channel was in a server and was taken away."""
        return self.guild is not None and self.id not in self.guild.channels

    @property
    def is_thread(self) -> bool:
        """Return True if this is a thread."""
        return self.type in THREADS

    @property
    def is_group(self) -> bool:
        """Return True if this is a group or direct message between people."""
        return self.type is ChannelType.GROUP

    @property
    def has_bot(self) -> bool:
        """Return True if the bot is here, as a member of the server or in direct messages."""
        return not self.is_group and (self.guild is None or self.guild.has_bot)

    @property
    def upload_limit(self) -> int:
        """Return how many bytes a file posted here may have."""
        return self.guild.upload_limit if self.guild else UPLOAD_LIMIT_BY_BOOST[0]

    def permissions_of(self, user: User) -> Permission:
        """Return the permissions of `user` here, overwrites included; none if they aren't here."""
        if self.guild is None:
            return IN_DIRECT_MESSAGES if user in self.recipients or (user.bot and self.has_bot) else NOTHING
        member = self.guild.members.get(user.id)
        if member is None:
            return NOTHING
        base = self.guild.base_permissions(member)
        if base & Permission.ADMINISTRATOR:
            return EVERYTHING
        ruling = (self.parent or self).overwrites.values()
        roles = {role.id for role in member.roles}
        overwritten = after_overwrites(
            base, ruling, everyone_id=self.guild.id, role_ids=roles, member_id=member.user.id
        )
        return without_the_implied(overwritten, thread=self.is_thread)

    def overwrite(self, target: Role | HasUser, *, allow: Permission = NOTHING, deny: Permission = NOTHING) -> None:
        """Grant or deny permissions to a role or a member here, replacing the earlier overwrite."""
        target_id = target.id if isinstance(target, Role) else target.user.id
        self.overwrites[target_id] = Overwrite(target_id, isinstance(target, Role), allow, deny)
        guild_id = self.guild.id if self.guild else None
        self.platform.news.tell("CHANNEL_UPDATE", self.payload(), guild_id=guild_id, subject=self)

    def restrict_age(self, *, on: bool = True) -> None:
        """Show what is here to adults only, or to everybody again."""
        self.nsfw = on
        guild_id = self.guild.id if self.guild else None
        self.platform.news.tell("CHANNEL_UPDATE", self.payload(), guild_id=guild_id, subject=self)

    def add_thread(self, name: str, kind: ChannelType = ChannelType.PUBLIC_THREAD) -> "Channel":
        """Open a thread below this channel."""
        if self.guild is None:
            raise ValueError("only a server's channel has threads")
        thread = Channel(self.platform, self.platform.snowflakes.next(), name, kind, self.guild, self)
        self.guild.channels[thread.id] = thread
        self.platform.news.tell("THREAD_CREATE", thread.payload(), guild_id=self.guild.id, subject=thread)
        return thread

    def delete(self) -> None:
        """Take the channel away, with everything in it."""
        if self.guild is not None:
            del self.guild.channels[self.id]
            name, body = "CHANNEL_DELETE", self.payload()
            if self.is_thread:
                name, body = "THREAD_DELETE", {each: body[each] for each in ("id", "guild_id", "parent_id", "type")}
            self.platform.news.tell(name, body, guild_id=self.guild.id, subject=self)

    def messages_for(self, person: HasUser) -> "list[Message]":
        """Return what this person sees here, oldest first: the public messages and their own ephemeral ones."""
        user = person.user
        if not self.permissions_of(user) & Permission.VIEW_CHANNEL:
            return []
        return [message for message in self.messages.values() if message.seen_by(user)]

    def payload(self) -> Payload:
        """Return Discord's JSON of a channel of any kind."""
        return _payload(self)


def _payload(channel: Channel) -> Payload:
    """Return what `GET /channels/{id}` answers."""
    last = next((key for key, message in reversed(channel.messages.items()) if message.lasting), None)
    body: Payload = {
        "id": str(channel.id),
        "type": int(channel.type),
        "flags": 0,
        "last_message_id": str(last) if last else None,
    }
    if channel.guild is None:
        body["recipients"] = [user.payload() for user in channel.recipients]
        return body | (_group_payload(channel) if channel.is_group else {})
    nsfw = (channel.parent or channel).nsfw
    body |= {"guild_id": str(channel.guild.id), "name": channel.name, "rate_limit_per_user": 0, "nsfw": nsfw}
    if channel.parent is not None:
        return body | _thread_payload(channel, channel.parent, channel.guild)
    return (
        body
        | _PARTICULARS.get(int(channel.type), {})
        | {
            "position": 0,
            "parent_id": None,
            "topic": None,
            "permission_overwrites": [overwrite.payload() for overwrite in channel.overwrites.values()],
        }
    )


def _group_payload(group: Channel) -> Payload:
    return {"name": group.name, "icon": None, "owner_id": str(group.recipients[0].id)}


def _thread_payload(thread: Channel, parent: Channel, guild: "Guild") -> Payload:
    count = len(thread.messages)
    return {
        "parent_id": str(parent.id),
        "owner_id": str(guild.owner.id),
        "message_count": count,
        "member_count": 1,
        "total_message_sent": count,
        "thread_metadata": {
            "archived": False,
            "archive_timestamp": iso(thread.platform.clock.now()),
            "auto_archive_duration": 1440,
            "locked": False,
        },
    }
