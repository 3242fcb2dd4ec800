"""Messages without their decoration: a reason, or a picture, never hangs on a button that Discord does not take."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any, Final, TypeVar, overload

import structlog
from discord import MediaGalleryItem, ui

from cogs.shared.discord_errors import Refused
from cogs.ui.text import cut

log = structlog.get_logger(__name__)

T = TypeVar("T")
View = ui.View | ui.LayoutView

_TEXT_MAX: Final = 4000  # Discord's bound for all words of a message with components


class Plainer:
    """One try of a message: as it is meant to look, without its buttons, or as bare words, pictures and files."""

    def __init__(self, tries_before: int) -> None:
        self._tries_before = tries_before

    @overload
    def __call__(self, view: ui.LayoutView) -> ui.LayoutView: ...
    @overload
    def __call__(self, view: ui.View) -> ui.View: ...

    def __call__(self, view: View) -> View:
        """Return a view as this try may show it."""
        match self._tries_before, view:
            case 0, _:
                return view
            case _, ui.View():
                return view.clear_items()
            case 1, ui.LayoutView():
                return _without_buttons(view)
            case _:
                return _bare(view)


async def send_plainer_if_refused(send: Callable[[Plainer], Awaitable[T]]) -> T:
    """Return what `send` returns, which is called with less and less of a message while Discord refuses its looks."""
    for tries_before in range(2):
        try:
            return await send(Plainer(tries_before))
        except Refused as refusal:
            if not refusal.is_for_its_looks:
                raise
            log.error("message_layout_refused", tries_before=tries_before, cause=str(refusal))
    return await send(Plainer(2))


def _without_buttons(view: ui.LayoutView) -> ui.LayoutView:
    left = ui.LayoutView(timeout=view.timeout)
    for part in _no_buttons_in(view.children):
        left.add_item(part)
    return left


def _no_buttons_in(parts: Iterable[ui.Item[Any]]) -> Iterator[ui.Item[Any]]:
    for part in parts:
        match part:
            case ui.ActionRow():
                continue
            case ui.Section():
                yield from part.children
            case ui.Container():
                yield ui.Container(*_no_buttons_in(part.children), accent_colour=part.accent_colour)
            case _:
                yield part


def _bare(view: ui.LayoutView) -> ui.LayoutView:
    parts = list(view.walk_children())
    words = "\n".join(part.content for part in parts if isinstance(part, ui.TextDisplay))
    bare = ui.LayoutView(timeout=view.timeout)
    bare.add_item(ui.TextDisplay(cut(words, _TEXT_MAX)))
    for part in parts:
        match part:
            case ui.MediaGallery():
                items = [MediaGalleryItem(item.media.url, spoiler=item.spoiler) for item in part.items]
                bare.add_item(ui.MediaGallery(*items))
            case ui.File():
                bare.add_item(ui.File(part.media.url, spoiler=part.spoiler))
    return bare
