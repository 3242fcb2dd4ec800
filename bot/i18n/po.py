"""A strict reader of gettext's text files (`.po`), which says on which line something is wrong."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.errors import StartupError

_KEYWORD: Final = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d{1,2})\])?)\s+(.*)")
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE: Final = re.compile(r"\\(.)")
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_FOLLOWS: Final = {
    "msgctxt": {"", "msgstr"},
    "msgid": {"", "msgctxt", "msgstr"},
    "msgid_plural": {"msgid"},
    "msgstr": {"msgid", "msgid_plural", "msgstr"},
}


@dataclass(slots=True)
class Entry:
    """One message of a file: `line` is where its `msgid` stands, and `forms` are its translations by their numbers."""

    line: int = 0
    context: str | None = None
    id: str = ""
    plural: str | None = None
    forms: dict[int, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    is_fuzzy: bool = False

    @property
    def is_translated(self) -> bool:
        """Return True if the entry has a text that its translator is sure of."""
        return any(self.forms.values()) and not self.is_fuzzy


def read_po(path: Path) -> list[Entry]:
    """Return the messages of a file, its header with the id "" among them; raise `StartupError` with the line."""
    try:
        content = path.read_bytes()
    except OSError as cause:
        raise StartupError(f"{path} can't be read ({cause.strerror}).", "Let this user read it.") from cause
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        line = content[: cause.start].count(b"\n") + 1
        raise wrong(path, line, "this isn't UTF-8 text", "Save the file as UTF-8") from cause
    return list(_Reader(path).entries(text.split("\n")))


def wrong(path: Path, line: int, problem: str, remedy: str) -> StartupError:
    """Return the error for a line of a file."""
    return StartupError(f"{path}, line {line}: {problem}.", f"{remedy}, or remove the file from LOCALE_DIR.")


class _Reader:
    """Puts entries together line by line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entry = Entry()
        self._last = ""  # the keyword before
        self._form = 0

    def entries(self, lines: Iterable[str]) -> Iterator[Entry]:
        number = 0
        for number, line in enumerate(map(str.strip, lines), start=1):
            if line.startswith("#"):
                yield from self._finished(number)
                self._comment(line)
            elif line.startswith('"'):
                self._continue(number, self._string(number, line))
            elif line:
                keyword = _KEYWORD.fullmatch(line)
                if keyword is None:
                    raise self._wrong(number, f"“{line[:40]}” isn't a line of a .po file")
                if keyword[1] in {"msgid", "msgctxt"}:
                    yield from self._finished(number, keyword[1])
                self._begin(number, keyword)
        yield from self._finished(number)

    def _finished(self, number: int, begins: str = "msgctxt") -> Iterator[Entry]:
        """Yield the entry that ends before this line, if there is one."""
        if not self._last or (self._last == "msgctxt" and begins == "msgid"):
            return
        if self._last != "msgstr":
            raise self._wrong(number, "the message before has no msgstr")
        yield self._entry
        self._entry, self._last = Entry(), ""

    def _comment(self, line: str) -> None:
        if line.startswith("#~"):
            self._entry = Entry()  # the comments before belong to an obsolete message
        elif line.startswith("#,") and "fuzzy" in line:
            self._entry.is_fuzzy = True
        elif line.startswith("#."):
            self._entry.comments.append(line[2:].strip())

    def _begin(self, number: int, keyword: re.Match[str]) -> None:
        name = keyword[1].partition("[")[0]
        if self._last not in _FOLLOWS[name]:
            raise self._wrong(number, f"{keyword[1]} doesn't belong here")
        self._last, self._form = name, int(keyword[2] or 0)
        text = self._string(number, keyword[3])
        match name:
            case "msgctxt":
                self._entry.context = text
            case "msgid":
                self._entry.id, self._entry.line = text, number
            case "msgid_plural":
                self._entry.plural = text
            case _:
                if self._form in self._entry.forms or (keyword[2] is not None) != (self._entry.plural is not None):
                    raise self._wrong(number, f"{keyword[1]} doesn't belong here")
                self._entry.forms[self._form] = text

    def _continue(self, number: int, text: str) -> None:
        match self._last:
            case "msgctxt":
                self._entry.context = f"{self._entry.context or ''}{text}"
            case "msgid":
                self._entry.id += text
            case "msgid_plural":
                self._entry.plural = f"{self._entry.plural or ''}{text}"
            case "msgstr":
                self._entry.forms[self._form] += text
            case _:
                raise self._wrong(number, "this text has no msgid or msgstr before it")

    def _string(self, number: int, quoted: str) -> str:
        found = _STRING.fullmatch(quoted)
        if found is None:
            raise self._wrong(number, 'a text has to stand between two quotation marks, with \\" inside')
        unknown = next((each[1] for each in _ESCAPE.finditer(found[1]) if each[1] not in _ESCAPED), None)
        if unknown is not None:
            raise self._wrong(number, f"\\{unknown} means nothing in a .po file")
        return _ESCAPE.sub(lambda each: _ESCAPED[each[1]], found[1])

    def _wrong(self, number: int, problem: str) -> StartupError:
        return wrong(self._path, number, problem, "Correct it")
