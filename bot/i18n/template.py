"""The messages that can be translated, with their places, from the template that ships with the catalogues."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from bot.i18n.catalogue import in_context
from bot.i18n.command_names import is_context_of_names
from bot.i18n.po import Entry, read_po

MENU: Final = "Menu of a message or a member"
"""The place of a name that may have spaces and capitals."""
_BOUND: Final = re.compile(r"(.+): at most (\d+) characters")
_NAME: Final = re.compile(r"(Command|Option of) (/[\w /-]+)")


@dataclass(frozen=True, slots=True)
class Template:
    """The messages by their keys, how long each may be, and which names have to differ from each other."""

    messages: Mapping[str, Entry]
    bounds: Mapping[str, int]
    menus: frozenset[str]
    siblings: Mapping[str, frozenset[str]]
    """The keys of names by the place that they share, such as `/limits`."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the template. Blocks."""
        messages, bounds, siblings = {}, {}, defaultdict(set)
        menus = set()
        for entry in read_po(path):
            key = key_of(entry)
            messages[key] = entry
            places = [found.groups() for comment in entry.comments if (found := _BOUND.fullmatch(comment))]
            if places:
                bounds[key] = min(int(most) for _, most in places)
            if any(place == MENU for place, _ in places):
                menus.add(key)
            for beside in _beside(place for place, _ in places):
                siblings[beside].add(key)
        return cls(messages, bounds, frozenset(menus), {place: frozenset(keys) for place, keys in siblings.items()})


def key_of(entry: Entry) -> str:
    """Return the key of a message, with its context if it has one; the singular stands for a plural."""
    return entry.id if entry.context is None else in_context(entry.context, entry.id)


def is_name(entry: Entry) -> bool:
    """Return True for the name of a command or an option."""
    return is_context_of_names(entry.context)


def _beside(places: Iterable[str]) -> Iterable[str]:
    """Yield where a name stands beside others: a command below its group, an option of its command."""
    for place in places:
        if place == MENU:
            yield place
        elif found := _NAME.fullmatch(place):
            yield found[2] if found[1] != "Command" else found[2].rpartition(" ")[0] or "/"
