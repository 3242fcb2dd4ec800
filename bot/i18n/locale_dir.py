"""The operator's own language files in `LOCALE_DIR`: languages that we lack, and other words for some messages."""

import gettext
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog
from babel.messages.plurals import get_plural

from bot.errors import StartupError
from bot.i18n.catalogue import Key
from bot.i18n.locales import LOCALES
from bot.i18n.placeholders import names_in, placeholders_in
from bot.i18n.po import Entry, read_po, wrong
from bot.i18n.template import Template, is_name, key_of

log = structlog.get_logger(__name__)

_NAME: Final = re.compile(r"[-_'\w\u0900-\u097F\u0E00-\u0E7F]+")
_PLURAL_FORMS: Final = re.compile(r"nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*([^;]+);?")
_COUNTS: Final = (*range(200), 1_000, 1_000_000)  # among them is one for each form of every language
_FILE: Final = Path("LC_MESSAGES", "messages.po")

PluralForm = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class OwnMessages:
    """The messages of one file, and where each name stands in it."""

    path: Path
    messages: dict[Key, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


def read_locale_dir(
    folder: Path, template: Template, plural_forms: Mapping[str, PluralForm]
) -> Mapping[str, OwnMessages]:
    """Return the messages of each language in a folder; raise `StartupError` for the first mistake. Blocks.

    `plural_forms` are those of the languages that ship with the bot.
    """
    try:
        next(folder.iterdir(), None)  # `glob` finds nothing in a folder that can't be read
    except OSError as cause:
        problem = f"LOCALE_DIR: {folder} can't be read ({cause.strerror})."
        raise StartupError(
            problem, "Create this folder and let this user read it, or leave LOCALE_DIR empty."
        ) from cause
    found: dict[str, OwnMessages] = {}
    for path, name in _files(folder):
        if name in found:
            raise StartupError(f"{path} and {found[name].path} are of the same language.", "Keep one of them.")
        found[name] = _own(path, name, template, plural_forms.get(name) or plural_form_of(name))
    return found


def plural_form_of(name: str) -> PluralForm:
    """Return which plural form a language has for each number."""
    return _compiled(get_plural(name).plural_expr)


def _compiled(expression: str) -> PluralForm:
    form: PluralForm = gettext.c2py(expression)  # it has no public name
    return form


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield each file with the name of its language, such as `pt_BR`."""
    known = {name: name for name in LOCALES.values()} | dict(LOCALES)
    for path in sorted([*folder.glob("*.po"), *folder.glob(f"*/{_FILE.as_posix()}")]):
        said = path.stem if path.parent == folder else path.parents[1].name
        name = known.get(said) or known.get(said.replace("_", "-"))
        if name is None:
            raise StartupError(
                f"{path}: Discord has no language {said!r}.", f"Name the file after one of these: {_choices()}."
            )
        yield path, name


def _choices() -> str:
    return ", ".join(sorted(set(LOCALES.values())))


def _own(path: Path, name: str, template: Template, form_of: PluralForm) -> OwnMessages:
    own, entries = OwnMessages(path), read_po(path)
    count, form_in_file = _plural_forms(path, name, entries)
    for entry in entries:
        if entry.id and entry.is_translated and _is_known(path, entry, template):
            if key_of(entry) in own.lines:
                first = own.lines[key_of(entry)]
                raise wrong(path, entry.line, f"this message is in line {first} already", "Keep one of them")
            _check(path, entry, template)
            if entry.plural is not None:
                own.messages.update(_forms(path, entry, count, form_in_file, form_of))
            else:
                own.messages[key_of(entry)] = entry.forms[0]
            own.lines[key_of(entry)] = entry.line
    return own


def _plural_forms(path: Path, name: str, entries: list[Entry]) -> tuple[int, PluralForm]:
    """Return the plural forms that the header of a file declares, or else those of its language."""
    header = next((entry for entry in entries if not entry.id), None)
    declared = re.search(r"^Plural-Forms:(.*)$", header.forms.get(0, ""), re.MULTILINE) if header else None
    if header is None or declared is None or "EXPRESSION" in declared[1]:
        return int(get_plural(name).num_plurals), plural_form_of(name)
    found = _declared_forms(declared[1].strip())
    if found is None:
        rule = "Write it like “nplurals=2; plural=(n != 1);”"
        raise wrong(path, header.line, "Plural-Forms can't be read", rule)
    return found


def _declared_forms(declared: str) -> tuple[int, PluralForm] | None:
    """Return the number of forms and which one a number has; None if that can't be read."""
    parts = _PLURAL_FORMS.fullmatch(declared)
    if parts is None:
        return None
    try:
        count, form = int(parts[1]), _compiled(parts[2].strip())
        return (count, form) if all(0 <= form(number) < count for number in _COUNTS) else None
    except (ValueError, RecursionError, ZeroDivisionError):
        return None


def _forms(
    path: Path, entry: Entry, count: int, form_in_file: PluralForm, form_of: PluralForm
) -> Iterator[tuple[Key, str]]:
    """Yield the plural forms of a message, by the numbers that its language has for them."""
    if set(entry.forms) != set(range(count)) or not all(entry.forms.values()):
        raise wrong(path, entry.line, f"this message needs the plural forms 0 to {count - 1}", "Write each of them")
    for number in _COUNTS:
        yield (entry.id, form_of(number)), entry.forms[form_in_file(number)]


def _is_known(path: Path, entry: Entry, template: Template) -> bool:
    """Return True if the bot has this message; log one that it doesn't have."""
    if key_of(entry) in template.messages:
        return True
    log.warning("translation_unused", file=str(path), line=entry.line, message=entry.id[:60])
    return False


def _check(path: Path, entry: Entry, template: Template) -> None:
    """Raise `StartupError` for a text that can't stand in its message's place."""
    key = key_of(entry)
    known = template.messages[key]
    if (known.plural is None) != (entry.plural is None):
        raise wrong(path, entry.line, "this message has plural forms in one place only", "Copy it from messages.pot")
    _check_placeholders(path, entry, known)
    bound = template.bounds.get(key)
    for form in entry.forms.values():
        if bound is not None and len(form) > bound:
            raise wrong(
                path, entry.line, f"“{form[:40]}” has {len(form)} characters, and Discord takes {bound}", "Shorten it"
            )
        if is_name(entry) and key not in template.menus and not is_valid_name(form):
            raise wrong(
                path,
                entry.line,
                f"Discord takes no command or option “{form}”",
                "Use lower-case letters, digits, - and _ without spaces",
            )


def _check_placeholders(path: Path, entry: Entry, message: Entry) -> None:
    """Raise `StartupError` for a placeholder that the message doesn't have, or for a format that may not fit it."""
    sources = (message.id, message.plural or "")
    known = {each for source in sources for each in (*placeholders_in(source), *names_in(source))}
    for form in entry.forms.values():
        try:
            unknown = sorted(placeholders_in(form) - known)
        except ValueError as cause:
            problem = "a placeholder has no closing brace, or no opening one"
            raise wrong(path, entry.line, problem, "Correct it") from cause
        if unknown:
            listed = ", ".join(f"{{{each}}}" for each in sorted(known)) or "none"
            raise wrong(
                path, entry.line, f"this message has no placeholder {{{unknown[0]}}}", f"Use its own ({listed})"
            )


def is_valid_name(name: str) -> bool:
    """Return True if Discord takes a name for a command or an option."""
    return bool(_NAME.fullmatch(name)) and name == name.lower()
