"""Servers and what they are made of: roles, channels, threads, and direct messages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from standins.discord.model.attachments import MIB
from standins.discord.model.channel_payloads import channel_payload
from standins.discord.model.channel_types import THREADS, ChannelType
from standins.discord.model.command_permissions import CommandPermission, Subject
from standins.discord.model.permissions import (
    EVERYONE_AT_FIRST,
    EVERYTHING,
    IN_DIRECT_MESSAGES,
    NOTHING,
    Overwrite,
    Permission,
    after_overwrites,
    without_the_implied,
)
from standins.discord.model.users import HasUser, Member, User
from standins.discord.payload import Payload

if TYPE_CHECKING:
    from standins.discord.model.messages import Message
    from standins.discord.model.world import World

UPLOAD_LIMIT_BY_BOOST = (10 * MIB, 10 * MIB, 50 * MIB, 100 * MIB)


@dataclass(eq=False)
class Role:
    """A role of a server and what it permits."""

    id: int
    name: str
    permissions: Permission
    position: int
    mentionable: bool = False
    bot_id: int | None = None

    def payload(self) -> Payload:
        """Return Discord's JSON of the role; the one that came with a bot is managed, and names its bot."""
        tags = {} if self.bot_id is None else {"tags": {"bot_id": str(self.bot_id)}}
        return tags | {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(int(self.permissions)),
            "position": self.position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": self.bot_id is not None,
            "mentionable": self.mentionable,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }


@dataclass(eq=False)
class Channel:
    """A text channel, a thread (then with a parent), or direct messages and groups (then without a guild).

    Direct messages are those with the bot; where people talk among themselves, two or more, is a group.
    """

    world: "World"
    id: int
    name: str
    type: ChannelType = ChannelType.TEXT
    guild: "Guild | None" = None
    parent: "Channel | None" = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    recipients: list[User] = field(default_factory=list)
    messages: dict[int, "Message"] = field(default_factory=dict)
    typing: int = 0

    @property
    def is_thread(self) -> bool:
        """Say whether this is a thread."""
        return self.type in THREADS

    @property
    def is_group(self) -> bool:
        """Say whether people are among themselves here."""
        return self.type is ChannelType.GROUP

    @property
    def has_bot(self) -> bool:
        """Say whether the bot is here, as a member of the server or as the other end of direct messages."""
        return not self.is_group and (self.guild is None or self.guild.has_bot)

    @property
    def upload_limit(self) -> int:
        """Return how many bytes a file posted here may have."""
        return self.guild.upload_limit if self.guild else UPLOAD_LIMIT_BY_BOOST[0]

    def permissions_of(self, user: User) -> Permission:
        """Return what `user` may do here, overwrites included; nothing for who is not there at all."""
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
        """Grant or deny a role or a member something here, in place of what was set for them before."""
        target_id = target.id if isinstance(target, Role) else target.user.id
        self.overwrites[target_id] = Overwrite(target_id, isinstance(target, Role), allow, deny)
        guild_id = self.guild.id if self.guild else None
        self.world.news.tell("CHANNEL_UPDATE", self.payload(), guild_id=guild_id, subject=self)

    def add_thread(self, name: str, kind: ChannelType = ChannelType.PUBLIC_THREAD) -> "Channel":
        """Open a thread below this channel."""
        if self.guild is None:
            raise ValueError("only a server's channel has threads")
        thread = self.world.add_channel(name, kind, guild=self.guild, parent=self)
        self.world.news.tell("THREAD_CREATE", thread.payload(), guild_id=self.guild.id, subject=thread)
        return thread

    def delete(self) -> None:
        """Take the channel away, with everything in it."""
        del self.world.channels[self.id]
        if self.guild is not None:
            del self.guild.channels[self.id]
            self.world.news.tell("CHANNEL_DELETE", self.payload(), guild_id=self.guild.id, subject=self)

    def messages_for(self, person: HasUser) -> "list[Message]":
        """Return what this person sees here, oldest first: the public messages and their own ephemeral ones."""
        user = person.user
        if not self.permissions_of(user) & Permission.VIEW_CHANNEL:
            return []
        return [message for message in self.messages.values() if message.seen_by(user)]

    def payload(self) -> Payload:
        """Return Discord's JSON of the channel, whatever its kind."""
        return channel_payload(self)


@dataclass(eq=False)
class Guild:
    """A server: its members, roles and channels, and how far it is boosted (0 to 3)."""

    world: "World"
    id: int
    name: str
    boost: int
    born: float
    members: dict[int, Member] = field(default_factory=dict)
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    command_permissions: dict[int, tuple[CommandPermission, ...]] = field(default_factory=dict)

    @property
    def everyone(self) -> Role:
        """Return the role that everybody has; its id is the server's."""
        return self.roles[self.id]

    @property
    def owner(self) -> Member:
        """Return the member who may do everything: the first who joined."""
        return next(iter(self.members.values()))

    @property
    def me(self) -> Member:
        """Return the bot as a member."""
        return self.members[self.world.bot.id]

    @property
    def bot_role(self) -> Role:
        """Return the role that came with the bot, which clients offer beside it when somebody types its name."""
        return next(role for role in self.roles.values() if role.bot_id == self.world.bot.id)

    @property
    def has_bot(self) -> bool:
        """Say whether the bot is a member."""
        return self.world.bot.id in self.members

    @property
    def upload_limit(self) -> int:
        """Return how many bytes a file posted in this server may have."""
        return UPLOAD_LIMIT_BY_BOOST[self.boost]

    def base_permissions(self, member: Member) -> Permission:
        """Return what a member may do before any channel's overwrites."""
        if member is self.owner:
            return EVERYTHING
        permissions = self.everyone.permissions
        for role in member.roles:
            permissions |= role.permissions
        return EVERYTHING if permissions & Permission.ADMINISTRATOR else permissions

    def add_role(self, name: str, permissions: Permission = NOTHING, *, mentionable: bool = False) -> Role:
        """Add a role above the existing ones."""
        role = Role(self.world.snowflakes.next(), name, permissions, len(self.roles), mentionable)
        self.roles[role.id] = role
        body = {"guild_id": str(self.id), "role": role.payload()}
        self.world.news.tell("GUILD_ROLE_CREATE", body, guild_id=self.id, subject=role)
        return role

    def add_channel(self, name: str, kind: ChannelType = ChannelType.TEXT) -> Channel:
        """Add a channel, of text if nothing else is said."""
        channel = self.world.add_channel(name, kind, guild=self)
        self.world.news.tell("CHANNEL_CREATE", channel.payload(), guild_id=self.id, subject=channel)
        return channel

    def add_member(self, who: str | User, *, roles: Iterable[Role] = ()) -> Member:
        """Let somebody join, by a new name or as a user who exists already."""
        user = self.world.add_user(who) if isinstance(who, str) else who
        member = Member(user, self, list(roles), self.world.clock.now())
        self.members[user.id] = member
        body = member.payload() | {"guild_id": str(self.id)}
        self.world.news.tell("GUILD_MEMBER_ADD", body, guild_id=self.id, subject=member)
        return member

    def throw_out_bot(self) -> None:
        """Remove the bot; it is told so, and then sees nothing of this server any more."""
        del self.members[self.world.bot.id]
        self.world.news.tell("GUILD_DELETE", {"id": str(self.id)}, guild_id=self.id, subject=self)

    def open_command(self, name: str) -> None:
        """Let everybody use the command `name`, whatever its default permissions: a server's owner may say so."""
        self.restrict_command(name, {self.everyone: True})

    def restrict_command(self, name: str | None, rules: "Mapping[Role | HasUser | Channel | Guild, bool]") -> None:
        """Say for whom and where a command (None: all of the app's) is on or off, in place of what was said before.

        `everyone` stands for all members, the server itself for all its channels; no rules at all mean the default.
        """
        target_id = self.world.application_id if name is None else self.world.commands.named(name, self).id
        self.command_permissions.pop(target_id, None)
        if rules:
            lines = (_command_permission(subject, allowed) for subject, allowed in rules.items())
            self.command_permissions[target_id] = tuple(lines)
        body = self.command_permissions_payload(target_id)
        self.world.news.tell("APPLICATION_COMMAND_PERMISSIONS_UPDATE", body, guild_id=self.id, subject=self)

    def command_permissions_payload(self, target_id: int) -> Payload:
        """Return Discord's JSON of what is set here for a command, or for the whole app by the application's id."""
        return {
            "id": str(target_id),
            "application_id": str(self.world.application_id),
            "guild_id": str(self.id),
            "permissions": [line.payload() for line in self.command_permissions.get(target_id, ())],
        }


def found_guild(world: "World", name: str, boost: int, *, with_bot: bool) -> Guild:
    """Make a server with its everyone role, an owner, and the bot if it was invited."""
    guild = Guild(world, world.snowflakes.next_guild(), name, boost, world.clock.now())
    guild.roles[guild.id] = Role(guild.id, "@everyone", EVERYONE_AT_FIRST, 0)
    owner = world.add_user(f"owner of {name}")
    guild.members[owner.id] = Member(owner, guild, [], guild.born)
    if with_bot:
        role = Role(world.snowflakes.next(), world.bot.name, NOTHING, 1, bot_id=world.bot.id)
        guild.roles[role.id] = role
        guild.members[world.bot.id] = Member(world.bot, guild, [role], guild.born)
    return guild


def _command_permission(subject: Role | HasUser | Channel | Guild, allowed: bool) -> CommandPermission:
    match subject:
        case Role():
            return CommandPermission(Subject.ROLE, subject.id, allowed)
        case Channel():
            return CommandPermission(Subject.CHANNEL, subject.id, allowed)
        case Guild():
            return CommandPermission(Subject.CHANNEL, subject.id - 1, allowed)
        case HasUser():
            return CommandPermission(Subject.USER, subject.user.id, allowed)
