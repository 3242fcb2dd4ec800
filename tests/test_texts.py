"""Texts that people read in Discord go through gettext: all sentences are marked for translation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from tests.messages.extraction import KEYWORDS

ROOT = Path(__file__).parents[1]
_MESSAGES = {"_", "ngettext", "pgettext", "N_", "NP_"}
# Some strings aren't for people: log lines, patterns, errors that nobody sees, and the texts that discord.py itself
# passes to its `Translator` (the descriptions of commands).
_NOT_SHOWN = {"debug", "info", "warning", "error", "exception", "compile", "describe", "TypeError", "ValueError"}
_NOT_SHOWN |= {"RuntimeError", "LookupError", "AssertionError", "StartupError", "record_unexpected", "getLogger"}
_NOT_SHOWN |= {"Group", "command", "context_menu", "ContextMenu", "TypeVar", "add_command", "Option", "CommandOption"}
_NOT_SHOWN |= {"CardGone", "OutcomeUnknown", "StorageUnavailable", "DatabaseUnavailable", "ImageStoreUnavailable"}
_NOT_SHOWN |= {"MessageOutOfReach", "NotAccepted", "locale_str", "sentence_for", "crash_point"}
_NOT_SHOWN |= {"create_task", "doing_of", "command_link", "link"}
_SHOWN_BY_BOT = {"InvalidRequest", "ReferenceRejected", "MissingPermission", "NotServing", "UserFacingError"}
# Files of `bot` whose strings are for people: they say what is wrong with a request.
_FOR_PEOPLE = re.compile(
    r"bot/(errors|picture/(params|request|options)|images/references|generation/(draft|library)|privacy/(export|results))\.py|cogs/.*"
)
# Two words, a word beside a value, and a label of one word.
_WORDS = re.compile(
    r"[A-Za-z]{2,}[,.:]? [A-Za-z]{2,}|"
    r"^(?:%\w|\{\w*\})? [a-z]{2,}|(?<![/A-Za-z])[A-Za-z]{2,}[,.:!?]? $|^[A-Z][a-z]{2,}[.!?…]?$"
)


def test_what_people_read_in_discord_goes_through_gettext() -> None:
    found = {path: list(_outside(tree, everything=bool(_FOR_PEOPLE.fullmatch(path)))) for path, tree in _sources()}
    assert {path: texts for path, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    "code",
    [
        'show("Your pictures")',
        'show("Saved.")',
        'show(f"{count} left")',
        'show("Left: " + number(count))',
        'show("%s left" % count)',
        'show("{} left".format(count))',
        'show(" and ".join(names))',
        'show(_("{what} is saved.", what="Your picture" if own else "This one"))',
        'show(ngettext("{count} {what}", "{count} {what}", 2, what="finished pictures"))',
    ],
)
def test_a_text_that_no_catalogue_has_is_found(code: str) -> None:
    """Also a part of one, and a value of a message."""
    assert list(_outside(ast.parse(code), everything=True)) != []


@pytest.mark.parametrize(
    "code",
    [
        'show(_("Your pictures"))',
        'show(_("Saved in {channel}.", channel=mention))',
        'show(ngettext("{count} picture", "{count} pictures", 2))',
        'log.info("picture_saved")',
        'show(f"{number(count)} / {number(most)}")',
        'def show():\n    """Show a picture."""',
    ],
)
def test_messages_and_the_log_pass(code: str) -> None:
    assert list(_outside(ast.parse(code), everything=True)) == []


def test_messages_are_whole_and_their_placeholders_have_names() -> None:
    for path, tree in _sources():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and _name(call) in _MESSAGES:
                assert not any(isinstance(each, ast.JoinedStr) for each in call.args), f"{path}:{call.lineno}"
                texts = [each.value for each in call.args if isinstance(each, ast.Constant)]
                assert not any(re.search(r"\{\d*[}:!]", str(text)) for text in texts), f"{path}:{call.lineno}"


def _sources() -> Iterator[tuple[str, ast.AST]]:
    for path in sorted([*ROOT.glob("cogs/**/*.py"), *ROOT.glob("bot/**/*.py")]):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def _outside(tree: ast.AST, *, everything: bool) -> Iterator[str]:
    """Yield the strings of two words and more that no message holds."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, everything)]
    while waiting:
        node, shown = waiting.pop()
        match node:
            case ast.Call():
                shown = _name(node) not in _NOT_SHOWN and (shown or _name(node) in _SHOWN_BY_BOT)
            case ast.FunctionDef(name=name):
                shown = shown and name not in _NOT_SHOWN
            case ast.Constant(value=str(text)) if shown and _WORDS.search(text):
                yield f"line {node.lineno}: {text}"
        waiting += [(child, shown) for child in ast.iter_child_nodes(node) if not _is_no_text(node, child)]


def _is_no_text(node: ast.AST, child: ast.AST) -> bool:
    """Return True for a string that stands as a statement, and for a message, whose values are texts."""
    match node:
        case ast.Expr():
            return isinstance(child, ast.Constant)
        case ast.Call() if _name(node) in _MESSAGES:
            return child in node.args
        case _:
            return False


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def test_babel_finds_every_message_and_plural_forms_have_the_same_placeholders() -> None:
    """Translators get whole messages: what the code calls, the extraction finds."""
    found = [
        (messages, path)
        for folder in ("bot", "cogs")
        for path, _, messages, _, _ in extract_from_dir(ROOT / folder, keywords=KEYWORDS)
    ]
    calls = sum(
        isinstance(node, ast.Call) and _name(node) in _MESSAGES and isinstance(node.args[0], ast.Constant)
        for _, tree in _sources()
        for node in ast.walk(tree)
    )
    assert len(found) == calls > 300
    plurals = [messages for messages, _ in found if isinstance(messages, tuple)]
    for singular, plural in plurals:
        assert _placeholders(singular) | {"count"} == _placeholders(plural) | {"count"}, plural


def _placeholders(message: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", message))


_GLUE = re.compile(r"\{\}(: | \()|, \{\}")
_NO_SENTENCES = {
    "cogs/limits/buttons.py",  # the name of a subcommand
    "cogs/styles/views.py",  # the words that are checked for blocked ones
    "cogs/ui/command_text.py",  # a command
    "cogs/ui/text.py",  # folded white space
    "cogs/pictures/actions.py",  # an error of a start
    "cogs/shared/picture_options.py",  # a description, which the command tree translates
    "cogs/shared/discord_errors.py",  # a cause in the log
}


def test_texts_of_several_parts_are_put_together_by_the_language() -> None:
    """`sentences`, `labelled`, `with_note`, `and_list` and `comma_list` know its signs; code doesn't."""
    found = [
        f"{path}:{getattr(node, 'lineno', 0)}"
        for path, tree in _sources()
        if path.startswith("cogs/") and path not in _NO_SENTENCES
        for node in ast.walk(tree)
        if _is_glued(node)
    ]
    assert found == []


def _is_glued(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=" " | ", "), attr="join")):
            return True
        case ast.JoinedStr(values=values):
            shape = "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in values)
            return _GLUE.search(shape) is not None
        case _:
            return False
