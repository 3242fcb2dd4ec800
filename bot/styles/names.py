"""The names of all styles in memory, since a completion can't wait for the database."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from bot.picture.style import StyleName, name_key, owner_of_member
from bot.storage.notified import NotifiedRows
from bot.storage.styles import STYLES_CHANGED, StyleStore

_NEAREST: Final = 3


class StyleNames:
    """Completes and suggests names: a member's own first, then the server's that aren't called the same."""

    def __init__(self, store: StyleStore) -> None:
        self._store = store
        self._names: dict[str, Sequence[StyleName]] = {}
        self._one_at_a_time = asyncio.Lock()  # or an answer from before a change could replace one from after it
        self.kept = NotifiedRows("style names", self._read_all, {STYLES_CHANGED: self.read})

    def usable(self, user_id: int, server_key: str) -> Sequence[StyleName]:
        """Return the styles that a member can use in a server."""
        own = self._names.get(owner_of_member(user_id), ())
        taken = {name_key(each.name) for each in own}
        servers = [] if server_key == owner_of_member(user_id) else self._names.get(server_key, ())
        return [*own, *(each for each in servers if name_key(each.name) not in taken)]

    def of(self, owner: str) -> Sequence[StyleName]:
        """Return the styles of one owner."""
        return self._names.get(owner, ())

    def nearest(self, name: str, known: Iterable[StyleName]) -> Sequence[str]:
        """Return up to three names that are like another one, the nearest first; any three if none is like it."""
        by_key = {name_key(each.name): each.name for each in known}
        close = get_close_matches(name_key(name), by_key, n=_NEAREST, cutoff=0.0)
        return [by_key[each] for each in close]

    async def read(self, *owners: str) -> None:
        """Read the names of some owners again; raise `StorageUnavailable`."""
        async with self._one_at_a_time:
            found = _by_owner(await self._store.names(owners))
            for owner in owners:
                self._names[owner] = found.get(owner, [])

    async def _read_all(self) -> None:
        async with self._one_at_a_time:
            self._names = dict(_by_owner(await self._store.names()))


def _by_owner(names: Iterable[StyleName]) -> dict[str, list[StyleName]]:
    found: defaultdict[str, list[StyleName]] = defaultdict(list)
    for each in names:
        found[each.owner].append(each)
    return found


def matching(names: Iterable[StyleName], typed: str) -> Iterator[StyleName]:
    """Yield the names that begin with a typed text, and then those that contain it."""
    key, later = name_key(typed), []
    for each in names:
        place = name_key(each.name).find(key)
        if place == 0:
            yield each
        elif place > 0:
            later.append(each)
    yield from later
