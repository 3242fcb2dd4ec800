"""A message's JSON as words, pictures and buttons in reading order. Pure functions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from playground.terminal.markdown import Reader
from standins.discord.components import walk
from standins.discord.model.messages import MessageFlag
from standins.discord.payload import Payload
from standins.discord.rules import component_rules as kind

_RED = 0xED4245  # Discord's own red
_UNDER_WAY = frozenset({0x5865F2, 0xF0B232})  # the bot's blue and amber: more is to come
_THINKING = "-# is thinking…"


@dataclass(frozen=True, slots=True)
class Words:
    """A text in Discord's markdown."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that is shown: its file, its size in pixels, and its alt text."""

    file_name: str
    width: int
    height: int
    alt_text: str


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press."""

    label: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu to choose from, by its placeholder."""

    label: str


Part = Words | Picture | Button | Menu


@dataclass(frozen=True, slots=True)
class Card:
    """A message as it looks now; `colour` is that of its bar (0xRRGGBB), `private` says that one person sees it."""

    author: str
    parts: tuple[Part, ...]
    colour: int | None
    private: bool

    @property
    def has_picture(self) -> bool:
        """Return True if there is a picture."""
        return any(isinstance(part, Picture) for part in self.parts)

    @property
    def is_complete(self) -> bool:
        """Return True if there is a picture, and none is still being made beside it."""
        return self.has_picture and self.colour not in _UNDER_WAY

    @property
    def is_refusal(self) -> bool:
        """Return True if the message is an error: a bare sentence, or a card in Discord's red."""
        bare = self.colour is None and self.parts != (Words(_THINKING),)
        return bare or self.colour == _RED


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody's action, such as `/imagine` or `presses Remix`, and their inputs, each as name and text."""

    what: str
    details: tuple[tuple[str, str], ...] = ()

    @property
    def plain(self) -> str:
        """Return it as one line: `/imagine prompt: a red boat resolution: 2 MP`."""
        return " ".join([self.what, *(f"{name}: {words}" for name, words in self.details)])


def card_of(message: Payload) -> Card:
    """Read a message's JSON."""
    flags = MessageFlag(message["flags"])
    said = [_THINKING if flags & MessageFlag.LOADING else message["content"]]
    parts = [*(Words(words) for words in said if words), *_parts(message["components"], message["attachments"])]
    colours = [part.get("accent_color") for part in message["components"] if part["type"] == kind.CONTAINER]
    author = message["author"]["global_name"] or message["author"]["username"]
    return Card(author, tuple(parts), next(iter(colours), None), bool(flags & MessageFlag.EPHEMERAL))


def _parts(components: Sequence[Payload], attachments: Sequence[Payload]) -> Iterator[Part]:
    for component in walk(components):
        match component["type"]:
            case kind.TEXT:
                yield Words(component["content"])
            case kind.BUTTON:
                yield Button(component.get("label") or component["emoji"]["name"])
            case kind.STRING_SELECT:
                yield Menu(component.get("placeholder") or "")
            case kind.GALLERY:
                yield from (_picture(item, attachments) for item in component["items"])


def _picture(item: Payload, attachments: Sequence[Payload]) -> Picture:
    medium = item["media"]
    names = {attachment["id"]: attachment["filename"] for attachment in attachments}
    name = names.get(medium.get("attachment_id"), medium["url"])
    return Picture(name, medium.get("width") or 0, medium.get("height") or 0, item.get("description") or "")


def typed_words(command: Payload, registered: Payload) -> Deed:
    """Return a command from an interaction's data as its person saw it: choices by their labels, files by names."""
    declared = {option["name"]: option for option in registered["options"]}
    files = command.get("resolved", {}).get("attachments", {})
    options = []
    for option in command.get("options", []):
        value = option["value"]
        labels = {choice["value"]: choice["name"] for choice in declared[option["name"]].get("choices", [])}
        shown = files[value]["filename"] if value in files else labels.get(value, value)
        options.append((str(option["name"]), str(shown)))
    return Deed(f"/{command['name']}", tuple(options))


def plain_lines(part: Part, reader: Reader) -> list[str]:
    """Return a part as plain text."""
    match part:
        case Words(markdown=markdown):
            return reader.read(markdown).plain.split("\n")
        case Picture():
            return [f"[picture] {picture_words(part)}"]
        case Button(label=label):
            return [f"[button] {label}"]
        case Menu(label=label):
            return [f"[menu] {label}"]
        case _:
            assert_never(part)


def picture_words(picture: Picture) -> str:
    """Return a description of a picture that isn't shown."""
    size = f"{picture.width} × {picture.height}"
    return f"{picture.file_name} · {size} · alt text: {picture.alt_text}"
