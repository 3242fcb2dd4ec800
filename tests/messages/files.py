"""The catalogues as files, with the same bytes for the same messages: no dates, no line numbers, no versions."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bot.i18n.languages import DOMAIN, FOLDER

TEMPLATE: Final = FOLDER / f"{DOMAIN}.pot"
LANGUAGES: Final = ("de", "es", "fr", "ja", "pt_BR", "uk", "zh_CN")
_WIDTH: Final = 120


class Messages(Catalog):
    """Messages whose header has only what a reader needs."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Return the language, its plural forms and the encoding."""
        own = [("Language", str(self.locale)), ("Plural-Forms", self.plural_forms)] if self.locale else []
        encoding = [("Content-Type", "text/plain; charset=UTF-8"), ("Content-Transfer-Encoding", "8bit")]
        return [*own, ("MIME-Version", "1.0"), *encoding]

    @mime_headers.setter
    def mime_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        """Ignore the headers of a file: ours follow from its language."""

    @property
    def header_comment(self) -> str:
        """Return the lines above the headers."""
        language = f"# {self.locale.english_name}." if self.locale else "# The messages of imagine-bot in English."
        return f"{language} `make messages` writes this file's order and comments; see docs/translating.md."

    @header_comment.setter
    def header_comment(self, comment: str | None) -> None:
        """Ignore the comment of a file."""

    def add(self, *parts: Any, **more: Any) -> Message:  # noqa: ANN401  (Babel's, of many types)
        """Add a message. A percent sign in it is one: placeholders have braces, so none is a format of `%`."""
        message = super().add(*parts, **more)
        message.flags.discard("python-format")
        return message


def po_of(language: str) -> Path:
    """Return the path of a language's translations."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(path: Path, language: str | None = None) -> Messages:
    """Return the messages of a file."""
    found = Messages(locale=language, fuzzy=False)
    with path.open("rb") as file:
        for message in read_po(file, locale=language):
            if message.id:
                found[message.id] = message
    return found


def updated(template: Messages, translations: Catalog, language: str) -> Messages:
    """Return the template with its translations; new messages have none, and those that left the code are gone."""
    found = Messages(locale=language, fuzzy=False)
    for message in template:
        if message.id:
            known = translations.get(message.id, message.context)
            found.add(
                message.id,
                known.string if known is not None and not known.fuzzy else None,
                locations=message.locations,
                flags=message.flags,
                auto_comments=message.auto_comments,
                user_comments=known.user_comments if known is not None else (),
                context=message.context,
            )
    return found


def as_po(messages: Messages) -> bytes:
    """Return messages as a text file."""
    file = BytesIO()
    write_po(file, messages, width=_WIDTH, sort_by_file=False, include_lineno=False, ignore_obsolete=True)
    return file.getvalue()


def as_mo(messages: Messages) -> bytes:
    """Return messages as a compiled file."""
    file = BytesIO()
    write_mo(file, messages)
    return file.getvalue()
