"""Servers and their members."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from standins.discord.model.channel_types import ChannelType
from standins.discord.model.channels import UPLOAD_LIMIT_BY_BOOST, Channel
from standins.discord.model.command_permissions import CommandPermission, Subject
from standins.discord.model.commands import Commands
from standins.discord.model.permissions import EVERYONE_AT_FIRST, EVERYTHING, NOTHING, Permission
from standins.discord.model.platform import Platform
from standins.discord.model.roles import Role
from standins.discord.model.users import HasUser, User
from standins.discord.payload import Payload, iso


@dataclass(eq=False)
class Member:
    """A user in one server, with roles there."""

    account: User
    guild: "Guild"
    roles: list[Role] = field(default_factory=list)
    joined: float = 0.0

    @property
    def user(self) -> User:
        """Return the account of this member."""
        return self.account

    @property
    def id(self) -> int:
        """Return the account's snowflake."""
        return self.account.id

    @property
    def name(self) -> str:
        """Return the account's name."""
        return self.account.name

    def gains(self, *roles: Role) -> None:
        """Get roles, and let the bot know where it may."""
        self.roles += [role for role in roles if role not in self.roles]
        self._tell_of_update()

    def loses(self, *roles: Role) -> None:
        """Lose roles, and let the bot know where it may."""
        self.roles = [role for role in self.roles if role not in roles]
        self._tell_of_update()

    def _tell_of_update(self) -> None:
        body = self.payload() | {"guild_id": str(self.guild.id)}
        self.guild.platform.news.tell("GUILD_MEMBER_UPDATE", body, guild_id=self.guild.id, subject=self)

    def payload(self, *, with_user: bool = True) -> Payload:
        """Return Discord's JSON of the member; message events carry it without the user."""
        body: Payload = {
            "roles": [str(role.id) for role in self.roles],
            "joined_at": iso(self.joined),
            "nick": None,
            "avatar": None,
            "banner": None,
            "premium_since": None,
            "communication_disabled_until": None,
            "pending": False,
            "mute": False,
            "deaf": False,
            "flags": 0,
        }
        return body | ({"user": self.account.payload()} if with_user else {})


@dataclass(eq=False)
class Guild:
    """A server: its members, roles and channels, and how far it is boosted (0 to 3)."""

    platform: Platform
    commands: Commands
    id: int
    name: str
    boost: int
    born: float
    members: dict[int, Member] = field(default_factory=dict)
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    command_permissions: dict[int, tuple[CommandPermission, ...]] = field(default_factory=dict)
    system_channel: Channel | None = None  # for Discord's own messages, and for greetings
    preferred_locale: str = "en-US"  # which moderators can choose once the server is a community
    is_community: bool = False

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
        return self.members[self.platform.bot.id]

    @property
    def bot_role(self) -> Role:
        """Return the role that came with the bot, which clients offer beside it when somebody types its name."""
        return next(role for role in self.roles.values() if role.bot_id == self.platform.bot.id)

    @property
    def has_bot(self) -> bool:
        """Return True if the bot is a member."""
        return self.platform.bot.id in self.members

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

    @property
    def features(self) -> list[str]:
        """Return what the server has that not every server has."""
        return ["COMMUNITY"] if self.is_community else []

    def add_role(self, name: str, permissions: Permission = NOTHING, *, mentionable: bool = False) -> Role:
        """Add a role above the existing ones."""
        role = Role(self.platform.snowflakes.next(), name, permissions, len(self.roles), mentionable)
        self.roles[role.id] = role
        body = {"guild_id": str(self.id), "role": role.payload()}
        self.platform.news.tell("GUILD_ROLE_CREATE", body, guild_id=self.id, subject=role)
        return role

    def remove_role(self, role: Role) -> None:
        """Delete a role, which nobody has then."""
        del self.roles[role.id]
        for member in self.members.values():
            member.roles = [each for each in member.roles if each is not role]
        body = {"guild_id": str(self.id), "role_id": str(role.id)}
        self.platform.news.tell("GUILD_ROLE_DELETE", body, guild_id=self.id, subject=self)

    def add_channel(self, name: str, kind: ChannelType = ChannelType.TEXT) -> Channel:
        """Add a channel, of text if nothing else is said."""
        channel = Channel(self.platform, self.platform.snowflakes.next(), name, kind, self)
        self.channels[channel.id] = channel
        self.platform.news.tell("CHANNEL_CREATE", channel.payload(), guild_id=self.id, subject=channel)
        return channel

    def add_member(self, who: str | User, *, roles: Iterable[Role] = ()) -> Member:
        """Add a member with a new name, or an existing user."""
        user = self.platform.add_user(who) if isinstance(who, str) else who
        member = Member(user, self, list(roles), self.platform.clock.now())
        self.members[user.id] = member
        body = member.payload() | {"guild_id": str(self.id)}
        self.platform.news.tell("GUILD_MEMBER_ADD", body, guild_id=self.id, subject=member)
        return member

    def let_bot_in(self) -> None:
        """Make the bot a member, with the role that comes with it."""
        bot = self.platform.bot
        role = Role(self.platform.snowflakes.next(), bot.name, NOTHING, len(self.roles), bot_id=bot.id)
        self.roles[role.id] = role
        self.members[bot.id] = Member(bot, self, [role], self.platform.clock.now())

    def throw_out_bot(self) -> None:
        """Remove the bot. It gets an event, and then sees nothing of this server any more."""
        role = self.bot_role
        del self.members[self.platform.bot.id], self.roles[role.id]
        self.platform.news.tell("GUILD_DELETE", {"id": str(self.id)}, guild_id=self.id, subject=self)

    def open_command(self, name: str) -> None:
        """Allow everybody to use the command `name`, regardless of its default permissions, as a server's owner can."""
        self.restrict_command(name, {self.everyone: True})

    def restrict_command(self, name: str | None, rules: "Mapping[Role | HasUser | Channel | Guild, bool]") -> None:
        """Set for whom and where a command (None: all of the app's) is on or off, replacing the earlier settings.

        `everyone` stands for all members, the server itself for all its channels; no rules at all mean the default.
        """
        target_id = self.platform.application_id if name is None else self.commands.named(name, self.id).id
        self.command_permissions.pop(target_id, None)
        if rules:
            lines = (_command_permission(subject, allowed) for subject, allowed in rules.items())
            self.command_permissions[target_id] = tuple(lines)
        body = self.command_permissions_payload(target_id)
        self.platform.news.tell("APPLICATION_COMMAND_PERMISSIONS_UPDATE", body, guild_id=self.id, subject=self)

    def command_permissions_payload(self, target_id: int) -> Payload:
        """Return Discord's JSON of the settings for a command, or for the whole app by the application's id."""
        return {
            "id": str(target_id),
            "application_id": str(self.platform.application_id),
            "guild_id": str(self.id),
            "permissions": [line.payload() for line in self.command_permissions.get(target_id, ())],
        }


def found_guild(platform: Platform, commands: Commands, name: str, boost: int, *, with_bot: bool) -> Guild:
    """Make a server with its everyone role, an owner, and the bot if it was invited."""
    guild = Guild(platform, commands, platform.snowflakes.next_guild(), name, boost, platform.clock.now())
    guild.preferred_locale = platform.locale
    guild.roles[guild.id] = Role(guild.id, "@everyone", EVERYONE_AT_FIRST, 0)
    owner = platform.add_user(f"owner of {name}")
    guild.members[owner.id] = Member(owner, guild, [], guild.born)
    if with_bot:
        guild.let_bot_in()
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
