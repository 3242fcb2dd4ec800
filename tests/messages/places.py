"""The places that a message goes to, and how long Discord lets it be there, as far as the code itself says so."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

BOUNDS: Final[Mapping[tuple[str, str], tuple[str, int]]] = {
    ("Button", "label"): ("Button", 80),
    ("ButtonSpec", "label"): ("Button", 80),
    ("SelectOption", "label"): ("Line of a menu", 100),
    ("SelectOption", "description"): ("Line of a menu", 100),
    ("Select", "placeholder"): ("Menu", 150),
    ("UserSelect", "placeholder"): ("Menu", 150),
    ("RoleSelect", "placeholder"): ("Menu", 150),
    ("ChannelSelect", "placeholder"): ("Menu", 150),
    ("TextInput", "placeholder"): ("Field of a form", 100),
    ("Label", "text"): ("Field of a form", 45),
    ("Label", "description"): ("Field of a form", 100),
    ("__init__", "title"): ("Title of a form", 45),
    ("MediaGalleryItem", "description"): ("Text of an image", 1024),
}
"""Discord's bounds, in characters, by the call and the argument in which a message stands."""
TABLES: Final[Mapping[tuple[str, str], tuple[str, int]]] = {
    ("ui/amounts.py", "LIMIT_LABELS"): ("Field of a form", 45),
    ("ui/defaults.py", "LABELS"): ("Field of a form", 45),
    ("limits/setup_card.py", "_LABELS"): ("Line of a menu", 100),
}
"""Likewise of the messages in a table."""
Marked = tuple[str | None, str]
"""The context of a message, if it has one, and its text."""
_MARKS: Final = frozenset({"_", "N_", "ngettext", "pgettext", "NP_"})
_WITH_CONTEXT: Final = frozenset({"pgettext", "NP_"})
_BUTTON_LABEL: Final = 2  # the position of `ButtonSpec.label`


def places_in(folder: Path) -> Mapping[Marked, set[str]]:
    """Return what to tell translators about messages, such as `Button: at most 80 characters`."""
    found: dict[Marked, set[str]] = defaultdict(set)
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call():
                    placed = list(_placed(node))
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.Dict(values=values)):
                    bound = TABLES.get((path.relative_to(folder).as_posix(), name))
                    placed = [(*bound, message) for value in values for message in _messages(value)] if bound else []
                case _:
                    continue
            for place, most, message in placed:
                found[message].add(place_words(place, most))
    return found


def place_words(place: str, most: int) -> str:
    """Return a place and its bound in words; `bot.i18n.template` reads them again."""
    return f"{place}: at most {most} characters"


def _placed(call: ast.Call) -> Iterator[tuple[str, int, Marked]]:
    name = _name(call)
    arguments = [(keyword.arg or "", keyword.value) for keyword in call.keywords]
    if name == "ButtonSpec":
        arguments += [("label", each) for each in call.args[_BUTTON_LABEL : _BUTTON_LABEL + 1]]
    for argument, value in arguments:
        if (name, argument) in BOUNDS:
            for message in _messages(value):
                yield *BOUNDS[name, argument], message


def _messages(value: ast.AST) -> Iterator[Marked]:
    """Yield the messages that an argument can be."""
    match value:
        case ast.Call() if _name(value) in _MARKS:
            texts = [
                each.value for each in value.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
            context = texts.pop(0) if _name(value) in _WITH_CONTEXT else None
            yield from ((context, text) for text in texts)
        case ast.IfExp(body=body, orelse=otherwise):
            yield from _messages(body)
            yield from _messages(otherwise)


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(value=ast.Name(id=name)):
            return name
        case ast.Subscript(value=ast.Attribute(attr=name)):
            return name
        case _:
            return ""
