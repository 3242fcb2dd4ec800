"""Fields of a command's form or a modal: their HTML, and the values of a submitted form.

A field is shown by `templates/fields.html`, by its `look`. What a browser sends back under its name is read by the same
field, as the values that a `Person` takes; whether they will do is for the stand-in's Discord client to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from aiohttp.web import FileField
from multidict import MultiDictProxy

from standins.discord.client.options import OptionValue
from standins.discord.model.attachments import Upload

Form = MultiDictProxy[str | bytes | bytearray | FileField]


@dataclass(frozen=True, slots=True)
class Asked:
    """A field: the name under which its value is submitted, its label, and its description."""

    name: str
    label: str
    hint: str
    required: bool


@dataclass(frozen=True, slots=True)
class TextField:
    """Some text, on one line or several; with `completed`, the bot offers completions while it is typed."""

    look: ClassVar = "text"
    asked: Asked
    value: str = ""
    placeholder: str = ""
    several_lines: bool = True
    completed: bool = False

    def read(self, form: Form) -> list[OptionValue]:
        """Return the text, unless it is empty; a browser's line breaks become those that Discord sends."""
        return [text.replace("\r\n", "\n") for text in _texts(form, self.asked.name) if text]


@dataclass(frozen=True, slots=True)
class NumberField:
    """A number from `least` to `most`, where those are known."""

    look: ClassVar = "number"
    asked: Asked
    whole: bool
    least: float | None = None
    most: float | None = None
    completed: bool = False

    def read(self, form: Form) -> list[OptionValue]:
        """Return the number, None for an empty field, or the text if it isn't a number."""
        return [self._number(text) for text in _texts(form, self.asked.name) if text]

    def _number(self, text: str) -> OptionValue:
        try:
            return int(text) if self.whole else float(text)
        except ValueError:
            return text


@dataclass(frozen=True, slots=True)
class Choice:
    """One of those to choose from: `value` is what the browser sends, `means` is what that stands for."""

    value: str
    label: str
    means: OptionValue
    about: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One or several of some choices, as a menu (`select`), or as `radio` buttons or `checkbox`es that are all seen."""

    asked: Asked
    choices: tuple[Choice, ...]
    look: str = "select"
    placeholder: str = ""

    def read(self, form: Form) -> list[OptionValue]:
        """Return the values of the chosen options. An unknown choice is returned as its text."""
        meanings = {choice.value: choice.means for choice in self.choices}
        return [meanings.get(text, text) for text in _texts(form, self.asked.name) if text]


@dataclass(frozen=True, slots=True)
class TickField:
    """A box that is ticked or not."""

    look: ClassVar = "tick"
    asked: Asked
    ticked: bool = False

    def read(self, form: Form) -> list[OptionValue]:
        """Return whether it is ticked."""
        return [self.asked.name in form]


@dataclass(frozen=True, slots=True)
class DropField:
    """One file or several, which can be dropped."""

    look: ClassVar = "drop"
    asked: Asked
    several: bool = False

    def read(self, form: Form) -> list[OptionValue]:
        """Return the files."""
        return list(uploads(form, self.asked.name))


Field = TextField | NumberField | ChoiceField | TickField | DropField


def uploads(form: Form, name: str) -> list[Upload]:
    """Return the uploaded files of a field. An empty file input submits an empty file, which is left out."""
    sent = (part for part in form.getall(name, []) if isinstance(part, FileField))
    return [Upload(part.filename, part.file.read(), part.content_type) for part in sent]


def _texts(form: Form, name: str) -> Iterable[str]:
    return (part for part in form.getall(name, []) if isinstance(part, str))
