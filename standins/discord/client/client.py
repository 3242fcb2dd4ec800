"""The Discord client that everybody uses: the actions that it allows, and the requests that it sends."""

from dataclasses import dataclass, replace

from standins.discord.client.modals import FieldValue, FilledModal
from standins.discord.client.options import OptionCheck, OptionValue, resolve_channel, resolve_user
from standins.discord.components import walk
from standins.discord.model.attachments import MEGABYTE, Upload, attachment_of, title_of
from standins.discord.model.channels import Channel
from standins.discord.model.command_permissions import Standing, is_offered
from standins.discord.model.commands import USER_INSTALL, Command
from standins.discord.model.guilds import Guild
from standins.discord.model.interactions import Interaction, InteractionType, context_of
from standins.discord.model.localized import is_called
from standins.discord.model.messages import Draft, Mentions, Message, MessageType
from standins.discord.model.permissions import Permission
from standins.discord.model.roles import Role
from standins.discord.model.stickers import Sticker
from standins.discord.model.users import HasUser, User
from standins.discord.model.world import World
from standins.discord.payload import Payload
from standins.discord.rules.command_rules import ON_MESSAGE, ON_USER, SLASH
from standins.discord.rules.component_rules import BUTTON, LINK_STYLE, SELECTS, STRING_SELECT
from standins.discord.rules.mention_rules import EVERYTHING, mentions_in
from standins.discord.rules.message_rules import MOST_CHARACTERS


class UnusableError(Exception):
    """Something that this person's Discord client does not let them do here."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message as somebody has it in front of them before they send it."""

    text: str
    uploads: tuple[Upload, ...]
    embeds: tuple[Payload, ...]
    stickers: tuple[Sticker, ...]
    reply_to: Message | None
    pings: bool = True  # whom it replies to, as people can turn off

    @property
    def is_empty(self) -> bool:
        """Return True if there is nothing to send."""
        return not (self.text or self.uploads or self.stickers)


class ClientApp:
    """Checks what a person wants against what their client would show them, then lets it happen."""

    def __init__(self, world: World) -> None:
        self._world = world

    def type(self, user: User, name: str, channel: Channel, options: dict[str, OptionValue]) -> Interaction:
        """Send a slash command with its options."""
        command, path = self._slash(user, name, channel)
        typed = self._check(user, channel).typed(command, path, options)
        body = _named(command) | {"options": typed.options}
        if typed.resolved:
            body["resolved"] = typed.resolved
        return self._world.interact(InteractionType.COMMAND, user, channel, body)

    def complete(
        self, user: User, name: str, channel: Channel, option: str, text: str, others: dict[str, OptionValue]
    ) -> Interaction:
        """Ask the app to complete one option of a slash command."""
        command, path = self._slash(user, name, channel)
        options = self._check(user, channel).completing(command, path, option, text, others)
        body = _named(command) | {"options": options}
        return self._world.interact(InteractionType.AUTOCOMPLETE, user, channel, body)

    def _check(self, user: User, channel: Channel) -> OptionCheck:
        return OptionCheck(channel, user.locale, upload_limit=channel.upload_limit)

    def _slash(self, user: User, spelt: str, channel: Channel) -> tuple[Command, list[str]]:
        name, *path = spelt.removeprefix("/").split()
        return self._usable(user, name, SLASH, channel), path

    def use_on_message(self, user: User, message: Message, name: str) -> Interaction:
        """Send a command from a message's menu."""
        self._see(user, message)
        command = self._usable(user, name, ON_MESSAGE, message.channel)
        resolved = {"messages": {str(message.id): message.payload()}}
        body = _named(command) | {"target_id": str(message.id), "resolved": resolved}
        return self._world.interact(InteractionType.COMMAND, user, message.channel, body)

    def use_on_person(self, user: User, target: User, name: str, channel: Channel | None) -> Interaction:
        """Send a command from a person's menu."""
        where = channel or self._world.direct_messages_with(user)
        command = self._usable(user, name, ON_USER, where)
        resolved: dict[str, Payload] = {}
        body = _named(command) | {"target_id": resolve_user(target, where, resolved), "resolved": resolved}
        return self._world.interact(InteractionType.COMMAND, user, where, body)

    def offers(self, user: User, kind: int, channel: Channel) -> list[Command]:
        """Return the commands of a kind that a client lists for a person in a channel, by name."""
        known = self._world.commands.known(kind, channel.guild.id if channel.guild else None)
        return [command for command in known if self._is_usable(user, command.name, kind, channel)]

    def _is_usable(self, user: User, name: str, kind: int, channel: Channel) -> bool:
        try:
            self._usable(user, name, kind, channel)
        except UnusableError:
            return False
        return True

    def _usable(self, user: User, name: str, kind: int, channel: Channel) -> Command:
        guild = channel.guild
        command = self._named(user, name, kind, guild)
        if command is None:
            raise UnusableError(f"The app has registered no command {name!r} here.")
        contexts = command.registered["contexts"]
        if contexts is not None and context_of(channel) not in contexts:
            raise UnusableError(f"{name!r} is not offered in this kind of place.")
        self._refuse_unless_installed(command, user, channel)
        permissions = channel.permissions_of(user)
        if not permissions & Permission.USE_APPLICATION_COMMANDS:
            raise UnusableError(f"{user.name} may not use commands in #{channel.name}.")
        if guild and not permissions & Permission.ADMINISTRATOR and not _is_offered(command, user, channel, guild):
            needed = command.default_permissions
            default = "" if needed is None else f", which needs {needed!r} by default"
            raise UnusableError(f"{guild.name} does not offer {user.name} in #{channel.name} {name!r}{default}.")
        return command

    def _named(self, user: User, name: str, kind: int, guild: Guild | None) -> Command | None:
        """Return the command that somebody means by its name, or by the name that their client shows."""
        guild_id = guild.id if guild else None
        known = self._world.commands.known(kind, guild_id)
        return self._world.commands.usable(name, kind, guild_id) or next(
            (command for command in known if is_called(command.registered, name, user.locale)), None
        )

    def _refuse_unless_installed(self, command: Command, user: User, channel: Channel) -> None:
        if channel.has_bot:
            return
        if not user.has_installed_the_app or USER_INSTALL not in command.registered["integration_types"]:
            where = channel.guild.name if channel.guild else channel.name
            raise UnusableError(f"The app is in {where} neither for everybody nor for {user.name}.")

    def press(self, user: User, message: Message, wanted: str) -> Interaction:
        """Press a button, found by label, custom id or emoji."""
        self._see(user, message)
        for button in message.buttons:
            if wanted in (button.get("label"), button.get("custom_id"), (button.get("emoji") or {}).get("name")):
                return self._press(user, message, button)
        labels = [button.get("label") or button.get("custom_id") for button in message.buttons]
        raise UnusableError(f"The message has no button {wanted!r}, only {labels}.")

    def _press(self, user: User, message: Message, button: Payload) -> Interaction:
        if button["disabled"]:
            raise UnusableError(f"The button {button.get('label')!r} is greyed out.")
        if button["style"] == LINK_STYLE:
            raise UnusableError(f"The button only opens {button['url']}.")
        body = {"component_type": BUTTON, "custom_id": button["custom_id"], "id": button["id"]}
        return self._world.interact(InteractionType.COMPONENT, user, message.channel, body, message=message)

    def select(self, user: User, message: Message, wanted: str, values: list[OptionValue]) -> Interaction:
        """Choose in a select menu, found by custom id or placeholder."""
        self._see(user, message)
        menus = [part for part in walk(message.components) if part["type"] in SELECTS]
        menu = next((one for one in menus if wanted in (one["custom_id"], one.get("placeholder"))), None)
        if menu is None or menu["disabled"]:
            raise UnusableError(f"The message has no menu {wanted!r} that can be used.")
        if not menu["min_values"] <= len(values) <= menu["max_values"]:
            raise UnusableError(f"{menu['min_values']} to {menu['max_values']} have to be chosen, not {len(values)}.")
        resolved: dict[str, Payload] = {}
        chosen = [_chosen(menu, value, message.channel, resolved) for value in values]
        body = {"component_type": menu["type"], "custom_id": menu["custom_id"], "id": menu["id"], "values": chosen}
        body |= {"resolved": resolved} if resolved else {}
        return self._world.interact(InteractionType.COMPONENT, user, message.channel, body, message=message)

    def submit(self, user: User, opened_by: Interaction, fields: dict[str, FieldValue]) -> Interaction:
        """Send off the modal that an interaction opened."""
        if opened_by.modal is None or opened_by.user is not user:
            raise UnusableError(f"No modal is open before {user.name}.")
        body = FilledModal(opened_by.channel, opened_by.modal, fields).body
        return self._world.interact(
            InteractionType.MODAL, user, opened_by.channel, body, message=opened_by.message, parent=opened_by
        )

    def send(self, user: User, channel: Channel, written: Written) -> Message:
        """Write a message."""
        self._refuse_unless(user, channel, Permission.SEND_MESSAGES)
        if written.uploads:
            self._refuse_unless(user, channel, Permission.ATTACH_FILES)
        if any(len(upload.content) > channel.upload_limit for upload in written.uploads):
            raise UnusableError(f"A file is over {channel.upload_limit // MEGABYTE} MB, the most that is taken here.")
        if written.is_empty or len(written.text) > MOST_CHARACTERS:
            raise UnusableError("A message has 1 to 2000 characters, a file or a sticker.")
        if written.reply_to is not None:
            self._refuse_unless_answerable(user, written.reply_to)
        kept = [(self._world.cdn.keep_upload(upload, channel.id), upload) for upload in written.uploads]
        attachments = tuple(
            attachment_of(file, upload.description, title=title_of(upload.filename)) for file, upload in kept
        )
        embeds = tuple({"type": "rich"} | embed for embed in written.embeds)
        draft = Draft(written.text, embeds, attachments=attachments, stickers=written.stickers)
        mentions = _mentions(draft, channel, user, written.reply_to, pings=written.pings)
        draft = replace(draft, mentions=mentions)
        kind = MessageType.REPLY if written.reply_to else MessageType.DEFAULT
        return self._world.post(channel, user, draft, kind=kind, reference=written.reply_to)

    def _refuse_unless_answerable(self, user: User, message: Message) -> None:
        self._see(user, message)
        if message.visible_only_to is not None:
            raise UnusableError("Nobody can reply to a message that only one person sees.")

    def edit(self, user: User, message: Message, text: str) -> None:
        """Change the words of one's own message; a reply goes on to mention whom it replies to, or not to."""
        self._see(user, message)
        if message.author is not user:
            raise UnusableError("Only its author can edit a message.")
        answered, draft = message.reference, replace(message.draft, content=text)
        pings = answered is not None and answered.author in message.mentions.users
        self._world.edit(
            message, replace(draft, mentions=_mentions(draft, message.channel, user, answered, pings=pings))
        )

    def forward(self, user: User, message: Message, channel: Channel) -> Message:
        """Forward a message that the user sees."""
        self._see(user, message)
        self._refuse_unless(user, channel, Permission.SEND_MESSAGES)
        return self._world.forward(message, user, channel)

    def delete(self, user: User, message: Message) -> None:
        """Delete a message."""
        if message.author is not user:
            self._refuse_unless(user, message.channel, Permission.MANAGE_MESSAGES)
        self._world.delete(message)

    def react(self, user: User, message: Message, emoji: str) -> None:
        """Put an emoji below a message; one that is there already needs no permission."""
        self._see(user, message)
        if message.visible_only_to is not None:
            raise UnusableError("Nobody can react to a message that only one person sees.")
        if message.spelling_of(emoji) not in message.reactions:
            self._refuse_unless(user, message.channel, Permission.ADD_REACTIONS)
        self._world.react(message, user, emoji)

    def unreact(self, user: User, message: Message, emoji: str) -> None:
        """Take one's own emoji away again."""
        self._world.unreact(message, user, emoji)

    def direct_messages_with(self, user: User) -> Channel:
        """Return the direct messages between a user and the bot."""
        return self._world.direct_messages_with(user)

    def _see(self, user: User, message: Message) -> None:
        if message not in message.channel.messages_for(user):
            raise UnusableError(f"{user.name} does not see this message.")

    def _refuse_unless(self, user: User, channel: Channel, needed: Permission) -> None:
        if channel.is_thread and needed is Permission.SEND_MESSAGES:
            needed = Permission.SEND_MESSAGES_IN_THREADS
        if not channel.permissions_of(user) & needed:
            label = (needed.name or "").replace("_", " ").title()  # as the client's settings call it
            raise UnusableError(f"{user.name} lacks the permission {label} in #{channel.name}.")


def _mentions(draft: Draft, channel: Channel, user: User, answered: Message | None, *, pings: bool) -> Mentions:
    allowed = EVERYTHING if pings else EVERYTHING | {"replied_user": False}
    return mentions_in(draft, channel, user, allowed, answered)


def _is_offered(command: Command, user: User, channel: Channel, guild: Guild) -> bool:
    needed = command.default_permissions
    by_default = needed is None or bool(needed and channel.permissions_of(user) & needed == needed)
    place = channel.parent or channel
    standing = Standing(guild.id, place.id, user.id, frozenset(role.id for role in guild.members[user.id].roles))
    of_command, of_app = (guild.command_permissions.get(one, ()) for one in (command.id, guild.platform.application_id))
    return is_offered(standing, of_command, of_app, by_default=by_default)


def _named(command: Command) -> Payload:
    body: Payload = {"id": str(command.id), "name": command.name, "type": command.type}
    guild_id = command.registered.get("guild_id")
    return body | ({"guild_id": guild_id} if guild_id else {})


def _chosen(menu: Payload, value: OptionValue, channel: Channel, resolved: dict[str, Payload]) -> str:
    if menu["type"] == STRING_SELECT:
        for option in menu["options"]:
            if value in (option["value"], option["label"]):
                return str(option["value"])
    elif isinstance(value, HasUser):
        return resolve_user(value.user, channel, resolved)
    elif isinstance(value, Channel):
        return resolve_channel(value, resolved)
    elif isinstance(value, Role):
        resolved.setdefault("roles", {})[str(value.id)] = value.payload()
        return str(value.id)
    raise UnusableError(f"{value!r} cannot be chosen here.")
