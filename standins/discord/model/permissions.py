"""Permissions: Discord's bits, and its order of overwrites."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag


class Permission(IntFlag):
    """The bits that decide something in this world, with Discord's values."""

    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CONNECT = 1 << 20
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    USE_EXTERNAL_APPS = 1 << 50


NOTHING = Permission(0)
EVERYTHING = Permission(sum(Permission))
EVERYONE_AT_FIRST = (
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.CONNECT
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.USE_EXTERNAL_APPS
)
NOT_IN_DIRECT_MESSAGES = Permission.CONNECT | Permission.CREATE_PUBLIC_THREADS | Permission.SEND_MESSAGES_IN_THREADS
IN_DIRECT_MESSAGES = EVERYONE_AT_FIRST & ~NOT_IN_DIRECT_MESSAGES
OF_APPS_IN_GROUPS = Permission.ATTACH_FILES | Permission.EMBED_LINKS | Permission.MENTION_EVERYONE
OF_APPS_IN_DIRECT_MESSAGES = OF_APPS_IN_GROUPS | Permission.USE_EXTERNAL_EMOJIS
NEEDS_SENDING = Permission.EMBED_LINKS | Permission.ATTACH_FILES | Permission.MENTION_EVERYONE


@dataclass(frozen=True, slots=True)
class Overwrite:
    """A channel's grants and denials for one role or one member, by id."""

    target_id: int
    is_role: bool
    allow: Permission = NOTHING
    deny: Permission = NOTHING

    def payload(self) -> dict[str, object]:
        """Return Discord's JSON of this overwrite."""
        return {
            "id": str(self.target_id),
            "type": 0 if self.is_role else 1,
            "allow": str(int(self.allow)),
            "deny": str(int(self.deny)),
        }


def after_overwrites(
    base: Permission, overwrites: Iterable[Overwrite], *, everyone_id: int, role_ids: set[int], member_id: int
) -> Permission:
    """Apply a channel's overwrites in Discord's order: everyone, then all roles together, then the member."""
    by_id = {overwrite.target_id: overwrite for overwrite in overwrites}
    permissions = base
    if everyone := by_id.get(everyone_id):
        permissions = permissions & ~everyone.deny | everyone.allow
    roles = [
        overwrite for target, overwrite in by_id.items() if overwrite.is_role and target in role_ids - {everyone_id}
    ]
    deny = allow = NOTHING
    for overwrite in roles:
        deny |= overwrite.deny
        allow |= overwrite.allow
    permissions = permissions & ~deny | allow
    if own := by_id.get(member_id):
        permissions = permissions & ~own.deny | own.allow
    return permissions


def without_the_implied(permissions: Permission, *, thread: bool) -> Permission:
    """Take away what a denied permission takes with it: everything without seeing, embeds and files without sending."""
    if not permissions & Permission.VIEW_CHANNEL:
        return NOTHING
    sending = Permission.SEND_MESSAGES_IN_THREADS if thread else Permission.SEND_MESSAGES
    return permissions if permissions & sending else permissions & ~NEEDS_SENDING
