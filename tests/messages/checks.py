"""Mistakes in a translation that nobody has to know the language for."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from babel.messages.catalog import Message

from bot.i18n.command_names import is_context_of_names
from bot.i18n.locale_dir import is_valid_name
from bot.i18n.placeholders import placeholders_in
from bot.i18n.template import MENU

_BOUND: Final = re.compile(r".+: at most (\d+) characters")
_PLACEHOLDER: Final = re.compile(r"\{[^{}]*\}")
_MARKDOWN: Final = {
    "bold": re.compile(r"\*\*"),
    "line break": re.compile(r"\n"),
    "small print": re.compile(r"^-# ", re.MULTILINE),
    "list": re.compile(r"^- ", re.MULTILINE),
    "quote": re.compile(r"^> ", re.MULTILINE),
    "heading": re.compile(r"^#{1,3} ", re.MULTILINE),
    "link": re.compile(r"\]\("),
    "spoiler": re.compile(r"\|\|"),
    "crossed out": re.compile(r"~~"),
}
_CODE: Final = re.compile(r"`[^`]*`")
_MENTION: Final = re.compile(r"(?<![\w/<])/[a-z][a-z-]*(?: [a-z-]+)*")
_SYMBOL: Final = re.compile(r"<[^>]*>|[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_COUNT: Final = {"count", "count:,"}


def forms_of(message: Message) -> tuple[str, ...]:
    """Return the translation of a message, or its plural forms."""
    return tuple(message.string) if isinstance(message.string, list | tuple) else (str(message.string or ""),)


def mistakes_in(message: Message) -> Iterator[str]:
    """Yield a sentence for each mistake in the translation of a message."""
    source = message.id if isinstance(message.id, str) else message.id[-1]
    is_plural = not isinstance(message.id, str)
    for form in forms_of(message):
        if form:
            yield from _differences(source, form, is_plural=is_plural)
            yield from _too_long(message, form)
            yield from _invalid_name(message, form)


def _differences(source: str, form: str, *, is_plural: bool) -> Iterator[str]:
    allowed = _COUNT if is_plural else set()
    theirs, ours = _placeholders(form), _placeholders(source)
    if theirs - allowed != ours - allowed or not theirs <= ours:
        yield f"placeholders {sorted(theirs)} instead of {sorted(ours)} in {form!r}"
    for name, pattern in _MARKDOWN.items():
        if len(pattern.findall(form)) != len(pattern.findall(source)):
            yield f"{name} differs in {form!r}"
    if Counter(_CODE.findall(form)) != Counter(_CODE.findall(source)):
        yield f"code differs in {form!r}"
    if form.count("`") % 2:
        yield f"a code without an end in {form!r}"
    theirs_named, ours_named = (_MENTION.findall(_CODE.sub("", text)) for text in (form, source))
    if Counter(theirs_named) != Counter(ours_named):
        yield f"commands {theirs_named} instead of {ours_named} in {form!r}"
    if Counter(_SYMBOL.findall(form)) != Counter(_SYMBOL.findall(source)):
        yield f"symbols differ in {form!r}"
    if (form[:1].isspace(), form[-1:].isspace()) != (source[:1].isspace(), source[-1:].isspace()):
        yield f"a space at an end of {form!r}"


def _placeholders(text: str) -> set[str]:
    try:
        return placeholders_in(text)
    except ValueError:
        return {"a broken one"}


def _too_long(message: Message, form: str) -> Iterator[str]:
    bounds = [int(found[1]) for comment in message.auto_comments if (found := _BOUND.fullmatch(comment))]
    if bounds and len(_PLACEHOLDER.sub("", form)) > min(bounds):
        yield f"{len(form)} characters, at most {min(bounds)}, in {form!r}"


def _invalid_name(message: Message, form: str) -> Iterator[str]:
    in_menu = any(comment.startswith(MENU) for comment in message.auto_comments)
    if is_context_of_names(message.context) and not in_menu and not is_valid_name(form):
        yield f"Discord takes no command or option {form!r}"
