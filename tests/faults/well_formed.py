"""Payloads that conform to Discord's documents, for all fuzzed events; their values aren't checked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from cogs.ui.picture_buttons import Action
from standins.discord.client.options import resolve_user
from standins.discord.model.channels import Channel
from standins.discord.model.commands import Command
from standins.discord.model.emoji import emoji_payload
from standins.discord.model.interactions import Interaction, InteractionType
from standins.discord.model.messages import Draft, Message, MessageFlag, MessageType, Revision
from standins.discord.model.users import User
from standins.discord.model.world import World
from standins.discord.payload import Payload
from standins.discord.rules import command_rules as kind
from standins.discord.rules.component_rules import BUTTON, STRING_SELECT, TEXT_INPUT
from standins.discord.rules.modal_rules import LABEL

ACTIONS = (*Action, "boat")
OTHER_BUTTONS = (
    *("limits:change:everyone:0", "limits:change:server:0", "limits:change:role:1", "limits:change:member:{user}"),
    *("limits:open:channels", "limits:open:words", "limits:open:log", "limits:open:showcase"),
    *("limits:open:history",),
    *("limits:undo:1:0", "limits:undo:999999999:999999", "limits:history:0", "limits:history:999999"),
    *(
        "h:{user:x}:0:::::",
        "h:{user:x}:99999:f:1:9999:1:boat",
        f"h:{'f' * 16}:0::{'f' * 16}:0:{'f' * 9}:",
        "h:1:0:::::",
        "history",
    ),
    *(
        "z:{user:x}:0:::::",
        "z:{user:x}:999999:f:1:9999:1:boat",
        f"z:{'f' * 16}:0::{'f' * 16}:0:{'f' * 9}:",
        "z:1:0:::::",
    ),
    *("style:copy:1", "style:adopt:1", "style:delete:1", "style:copy:999999999", "style:delete:999999999"),
    *("cancel", "boat", "p:reroll:"),
    *("privacy:forget:{user}", "privacy:forget:1", f"privacy:forget:{'9' * 20}"),
)
T = TypeVar("T")
EASY = {kind.STRING: "a red boat", kind.INTEGER: 7, kind.BOOLEAN: True, kind.NUMBER: 1.0}


@dataclass(frozen=True, slots=True)
class Scribe:
    """Writes a person's messages in a channel; `values` override the fields, None means a fitting value."""

    world: World
    user: User
    channel: Channel
    pick: int = 0
    values: Sequence[object] = ()

    def command(self) -> Payload:
        """Return a slash command with its options: those that must be, and as many others as there are values."""
        command, path, declared = self._picked(self._leaves())
        resolved: dict[str, Payload] = {}
        ordered = sorted(declared, key=lambda option: not option.get("required"))
        count = max(len(self.values), sum(bool(option.get("required")) for option in declared))
        options = [self._filled(option, index, resolved) for index, option in enumerate(ordered[:count])]
        return _named(command) | {"options": _wrapped(options, path), "resolved": resolved}

    def completion(self) -> Payload:
        """Return a slash command that is still being typed."""
        leaves = [
            (command, path, option)
            for command, path, declared in self._leaves()
            for option in declared
            if option.get("autocomplete")
        ]
        command, path, option = self._picked(leaves)
        typed = {"name": option["name"], "type": option["type"], "value": self._value(0, "1"), "focused": True}
        return _named(command) | {"options": _wrapped([typed], path)}

    def menu(self, message: Message) -> Payload:
        """Return a command from a message's menu, or from a person's."""
        command = self._picked([each for each in self.world.commands.all() if each.type != kind.SLASH])
        if command.type == kind.ON_USER:
            users: dict[str, Payload] = {}
            return _named(command) | {"target_id": resolve_user(self.user, self.channel, users), "resolved": users}
        target = str(message.id)
        return _named(command) | {"target_id": target, "resolved": {"messages": {target: message.payload()}}}

    def press(self, pictures: Sequence[str]) -> Payload:
        """Return the press of a button that somebody made up."""
        buttons = [f"p:{action}:{picture}" for action in ACTIONS for picture in pictures]
        others = [
            each.replace("{user}", str(self.user.id)).replace("{user:x}", f"{self.user.id:x}") for each in OTHER_BUTTONS
        ]
        return {"component_type": BUTTON, "id": 2, "custom_id": self._value(0, self._picked([*buttons, *others]))}

    def choice(self, pictures: Sequence[str]) -> Payload:
        """Return a choice from the history's menu."""
        values = list(self.values) or [self._picked(pictures)]
        return {"component_type": STRING_SELECT, "id": 2, "custom_id": "history", "values": values}

    def opener(self, opened: Sequence[Interaction]) -> Interaction | None:
        """Return what opened the form that is sent off, or None for a form that never was open."""
        return self._picked([*opened, None])

    def form(self, opened: Sequence[Interaction]) -> Payload:
        """Return a form that was sent off."""
        opener = self.opener(opened)
        modal = (opener and opener.modal) or {"custom_id": "boat", "components": []}
        fields = [each for each in modal["components"] if each["type"] == LABEL]
        return {
            "custom_id": modal["custom_id"],
            "components": [
                {"type": LABEL, "id": field["id"], "component": self._field(field["component"], index)}
                for index, field in enumerate(fields)
            ],
        }

    def reaction(self, message: Message) -> Payload:
        """Return a die below a message."""
        where = {"channel_id": str(self.channel.id), "message_author_id": str(message.author.id)}
        body = where | {"user_id": str(self.user.id), "message_id": str(message.id), "burst": False, "type": 0}
        return body | {"emoji": emoji_payload("🎲")} | self._membership(with_user=True)

    def mention(self, answered: Message) -> Payload:
        """Return a message that names the bot, perhaps in reply to another."""
        words = f"<@{self.world.application_id}> {self._value(0, 'a red boat')}"
        revision = Revision(self.world.clock.now(), Draft(words))
        message = Message(self.world.snowflakes.next(), self.channel, self.user, MessageType.DEFAULT, [revision])
        if self.pick % 2 and answered.channel is self.channel:
            message.type, message.reference = MessageType.REPLY, answered
        return message.payload() | self._membership(with_user=False)

    def showing(self, body: Payload) -> Message:
        """Return a message of the bot's with the component that was used."""
        draft = Draft(components=(row_with(body),), flags=MessageFlag.COMPONENTS_V2)
        revision = Revision(self.world.clock.now(), draft)
        return Message(self.world.snowflakes.next(), self.channel, self.world.bot, MessageType.DEFAULT, [revision])

    def _membership(self, *, with_user: bool) -> Payload:
        guild = self.channel.guild
        if guild is None:
            return {}
        return {"guild_id": str(guild.id), "member": guild.members[self.user.id].payload(with_user=with_user)}

    def _leaves(self) -> list[tuple[Command, list[Payload], list[Payload]]]:
        return [
            (command, path, declared)
            for command in self.world.commands.all()
            if command.type == kind.SLASH
            for path, declared in _leaves(command.registered.get("options", []), [])
        ]

    def _picked(self, choices: Sequence[T]) -> T:
        return choices[self.pick % len(choices)]

    def _value(self, index: int, fitting: object) -> object:
        given = self.values[index] if index < len(self.values) else None
        return fitting if given is None else given

    def _filled(self, option: Payload, index: int, resolved: dict[str, Payload]) -> Payload:
        choices = option.get("choices") or []
        fitting = choices[0]["value"] if choices else EASY.get(option["type"]) or self._id(option["type"], resolved)
        return {"name": option["name"], "type": option["type"], "value": self._value(index, fitting)}

    def _id(self, option_type: int, resolved: dict[str, Payload]) -> str:
        match option_type:
            case kind.CHANNEL:
                resolved.setdefault("channels", {})[str(self.channel.id)] = self.channel.payload() | {
                    "permissions": "0"
                }
                return str(self.channel.id)
            case kind.ROLE if self.channel.guild is not None:
                role = self.channel.guild.everyone
                resolved.setdefault("roles", {})[str(role.id)] = role.payload()
                return str(role.id)
            case kind.ATTACHMENT:
                resolved.setdefault("attachments", {})["5"] = self._attachment()
                return "5"
            case _:
                return resolve_user(self.user, self.channel, resolved)

    def _attachment(self) -> Payload:
        url = f"{self.world.cdn.address}/ephemeral-attachments/1/5/gone.png"
        return {"id": "5", "filename": "gone.png", "size": 9, "url": url, "proxy_url": url, "content_type": "image/png"}

    def _field(self, field: Payload, index: int) -> Payload:
        spelt: Payload = {"type": field["type"], "id": field["id"], "custom_id": field["custom_id"]}
        if field["type"] == TEXT_INPUT:
            return spelt | {"value": self._value(index, field.get("value") or "a red boat")}
        return spelt | {"values": [self._value(index, "1")]}


def as_interaction(scribe: Scribe, kind_: InteractionType, body: Payload, message: Message | None) -> Interaction:
    """Return an interaction of a person with the app, which Discord remembers without telling of it."""
    world, number = scribe.world, scribe.world.snowflakes.next()
    interaction = Interaction(
        world.platform, number, f"token-{number}", kind_, scribe.user, scribe.channel, body, world.clock.now(), message
    )
    world.interactions[interaction.token] = interaction
    return interaction


def _leaves(options: list[Payload], path: list[Payload]) -> Iterator[tuple[list[Payload], list[Payload]]]:
    inner = [each for each in options if each["type"] in (kind.SUBCOMMAND, kind.GROUP)]
    if not inner:
        yield path, options
    for each in inner:
        yield from _leaves(each.get("options", []), [*path, {"name": each["name"], "type": each["type"]}])


def _wrapped(options: list[Payload], path: list[Payload]) -> list[Payload]:
    for layer in reversed(path):
        options = [layer | {"options": options}]
    return options


def _named(command: Command) -> Payload:
    return {"id": str(command.id), "name": command.name, "type": command.type}


def row_with(body: Payload) -> Payload:
    """Return a row with the button or the menu that was used."""
    component = {"id": 2, "custom_id": body["custom_id"], "type": body["component_type"], "disabled": False}
    if body["component_type"] == BUTTON:
        component |= {"style": 2, "label": "guessed"}
    else:
        options = [{"label": "guessed", "value": value, "default": False} for value in body["values"]]
        component |= {"placeholder": "guessed", "options": options, "min_values": 1, "max_values": 1}
    return {"type": 1, "id": 1, "components": [component]}
