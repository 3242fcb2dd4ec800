"""The two ways to watch a channel: edited in place on a terminal, or a line for every change elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from PIL import Image
from rich.box import Box
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from playground.terminal.cards import Card, Deed, Part, Picture, Words, card_of, picture_words, plain_lines
from playground.terminal.halfblocks import half_blocks
from playground.terminal.markdown import Reader
from standins.discord.model.messages import Message

_BAR = Box("╻   \n" + "┃   \n" * 6 + "╹   \n")
_NARROWEST, _WIDEST, _CARD_WIDEST = 40, 72, 100
_ROWS_FOR_WORDS = 14
_BLURPLE = "#8ea1f9"


class View(Protocol):
    """Something that shows a channel."""

    def show(self, messages: Sequence[Message]) -> None:
        """Show how the channel looks now."""


@contextmanager
def open_view(console: Console, reader: Callable[[], Reader], who: str, deed: Deed) -> Iterator[View]:
    """Show what `who` did, and yield what shows the rest; it leaves the last state on the screen."""
    if console.file.isatty() and not console.is_dumb_terminal:
        with Live(console=console, auto_refresh=False) as live:
            yield LiveView(live, reader, who, deed)
    else:
        console.out(f"{who}: {deed.plain}", highlight=False)
        yield PlainView(console, reader)


class PlainView:
    """Prints the changes of each message, without control codes."""

    def __init__(self, console: Console, reader: Callable[[], Reader]) -> None:
        self._console = console
        self._reader = reader
        self._shown: dict[int, tuple[Part, ...]] = {}

    def show(self, messages: Sequence[Message]) -> None:
        """Print the parts that were not there before."""
        for message in messages:
            card = card_of(message.payload())
            before = self._shown.get(message.id, ())
            self._shown[message.id] = card.parts
            for part in card.parts:
                if part not in before:
                    self._print(card, part)

    def _print(self, card: Card, part: Part) -> None:
        author = f"{card.author} (only you see this)" if card.private else card.author
        for line in plain_lines(part, self._reader()):
            self._console.out(f"{author}: {line}", highlight=False)


class LiveView:
    """Draws the channel again at every change, with its pictures in colour where the terminal can do that."""

    def __init__(self, live: Live, reader: Callable[[], Reader], who: str, deed: Deed) -> None:
        self._live = live
        self._reader = reader
        self._heading = _heading(who, deed)

    def show(self, messages: Sequence[Message]) -> None:
        """Draw the channel."""
        drawn = [self._message(message, card_of(message.payload())) for message in messages]
        self._live.update(Padding(Group(self._heading, *drawn), (1, 0, 0, 0)), refresh=True)

    def _message(self, message: Message, card: Card) -> RenderableType:
        heading = Text.assemble("\n", (card.author, "bold"), " ", (" APP ", "white on #5865f2"))
        if card.private:
            heading.append("  only you see this", "dim")
        parts = [drawn for part in card.parts for drawn in self._part(message, part)]
        colour = f"#{card.colour:06x}" if card.colour is not None else "dim"
        width = min(_CARD_WIDEST, self._live.console.width)
        return Group(heading, Panel(Group(*parts), box=_BAR, border_style=colour, width=width))

    def _part(self, message: Message, part: Part) -> Iterator[RenderableType]:
        match part:
            case Picture():
                if pixels := self._pixels(message, part):
                    yield pixels
                yield Text(picture_words(part), "dim")
            case Words(markdown=markdown):
                yield self._reader().read(markdown)
            case _:
                yield Text(f" {part.label} ", "white on grey23")

    def _pixels(self, message: Message, picture: Picture) -> Text | None:
        console = self._live.console
        room = console.width - 4
        if console.no_color or console.color_system not in {"256", "truecolor"} or room < _NARROWEST:
            return None
        file = next((one.file for one in message.attachments if one.filename == picture.file_name), None)
        if file is None:
            return None
        with Image.open(file.on_disk) as image:
            return half_blocks(image, min(room, _WIDEST), max(8, console.height - _ROWS_FOR_WORDS))


def _heading(who: str, deed: Deed) -> Text:
    text = Text.assemble((who, "bold"), " ", (deed.what, f"bold {_BLURPLE}"))
    for name, value in deed.details:
        text.append_text(Text.assemble("  ", (f"{name}: ", "dim"), value))
    return text
