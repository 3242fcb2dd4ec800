"""One message as somebody reads it: what its template fills in, in Discord's JSON and in the reader's words."""

from dataclasses import dataclass

from markupsafe import Markup

from playground.web.fields import Choice
from playground.web.files import PICTURES, address_of, file_behind
from playground.web.menus import choices_of
from playground.web.reading import Reading
from playground.web.timestamps import time_element
from playground.web.viewer import Seat
from standins.discord.model.interactions import Interaction, InteractionType
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from standins.discord.payload import Payload
from standins.discord.rules.command_rules import GROUP, SLASH, SUBCOMMAND

_QUOTED_CHARACTERS = 120
_LARGEST_PICTURE = (540, 400)  # pixels of the page, so that a conversation stays one; a click shows it whole


@dataclass(frozen=True, slots=True)
class Source:
    """A file of a message: its address on the page, and whether a browser shows it as a picture."""

    address: str
    name: str
    size: int
    is_picture: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """The message that another one answers, in a line; there is no `message` where the reader does not see it."""

    message: Message | None
    line: str


@dataclass(frozen=True, slots=True)
class Summons:
    """The invocation of the app: `/limits show`, or the name of a message's or a person's command, and its user."""

    who: str
    command: str


@dataclass(frozen=True, slots=True)
class Look:
    """A message, who reads it from where, and how they read; `failed` is the id of a press that had no answer."""

    message: Message
    seat: Seat
    reading: Reading
    failed: int | None = None

    @property
    def moment(self) -> Markup:
        """Return when it was written."""
        return time_element(self.message.timestamp, "t")

    @property
    def is_private(self) -> bool:
        """Return True if nobody else sees it."""
        return self.message.visible_only_to is not None

    @property
    def may_react(self) -> bool:
        """Return True if the reader may add a new emoji below it."""
        return self._may(Permission.ADD_REACTIONS)

    @property
    def may_answer(self) -> bool:
        """Return True if the reader may reply to it."""
        return self._may(Permission.SEND_MESSAGES)

    @property
    def may_delete(self) -> bool:
        """Return True if the reader may delete it."""
        return self._may(Permission.MANAGE_MESSAGES) or (not self.is_private and self.message.author is self.seat.user)

    def _may(self, needed: Permission) -> bool:
        return not self.is_private and bool(self.seat.channel.permissions_of(self.seat.user) & needed)

    @property
    def summons(self) -> Summons | None:
        """Return what command it answers; what a button led to is a reply instead."""
        asked = self.message.interaction
        while isinstance(asked, Interaction) and asked.parent is not None:
            asked = asked.parent
        if not isinstance(asked, Interaction) or asked.type is not InteractionType.COMMAND:
            return None
        return Summons(asked.user.name, spelt(asked))

    @property
    def quote(self) -> Quote | None:
        """Return the message that it answers, if it does."""
        if self.message.referenced_id is None:
            return None
        answered = self.message.reference
        if answered is None or not answered.seen_by(self.seat.user):
            return Quote(None, "The original message is gone.")
        return Quote(answered, self._in_a_line(answered))

    def _in_a_line(self, message: Message) -> str:
        text = self.reading.first_line(message.text)
        if not text:
            return "is thinking…" if message.is_loading else "Go to the message"
        return text if len(text) <= _QUOTED_CHARACTERS else f"{text[: _QUOTED_CHARACTERS - 1]}…"

    def source(self, link: str) -> Source | None:
        """Return the file behind a link of the message, if it is one of Discord's; the page loads nothing else."""
        file = file_behind(link, self.message.channel.platform.cdn)
        if file is None:
            return None
        address = address_of(file, self.message, self.seat)
        return Source(address, file.filename, file.size, file.content_type in PICTURES)

    def choices(self, menu: Payload) -> tuple[Choice, ...]:
        """Return what a select menu of the message offers."""
        return choices_of(menu, self.seat.channel, self.seat.user)


def spelt(asked: Interaction) -> str:
    """Return a command as it was chosen, with its subcommands."""
    if asked.data["type"] != SLASH:
        return str(asked.data["name"])
    path, options = [asked.data["name"]], asked.data.get("options", [])
    while options and options[0]["type"] in (SUBCOMMAND, GROUP):
        path.append(options[0]["name"])
        options = options[0].get("options", [])
    return f"/{' '.join(path)}"


def fitted(width: int, height: int) -> tuple[int, int]:
    """Return the size at which a picture is shown in a message: smaller if need be, never larger."""
    most_wide, most_high = _LARGEST_PICTURE
    scale = min(1, most_wide / width, most_high / height)
    return max(1, round(width * scale)), max(1, round(height * scale))
