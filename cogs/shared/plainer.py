"""Messages without their decoration: a reason, or a picture, never hangs on a button that Discord does not take."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, overload

import structlog
from discord import MediaGalleryItem, ui

from cogs.shared.discord_errors import Refused
from cogs.ui.text import cut

log = structlog.get_logger(__name__)

View = ui.View | ui.LayoutView

_TEXT_MAX: Final = 4000  # Discord's bound for all words of a message with components
_PLAINEST: Final = 2  # refusals after which only words, pictures and files are left


class Plainer:
    """The tries of a message: as it is meant to look, without its buttons, and as bare words, pictures and files.

    One try is one entry: `while True: with plainer: return await send(plainer(view))`. Discord's refusal of a message's
    looks ends the block quietly, and the next try shows less; after the last one, and for every other refusal, it is
    raised.
    """

    def __init__(self) -> None:
        self._refused = 0

    def __enter__(self) -> None:
        """Begin a try."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        """Take a refusal of the message's looks, unless there is nothing left to leave out."""
        if not (isinstance(error, Refused) and error.is_for_its_looks) or self._refused == _PLAINEST:
            return False
        log.error("message_layout_refused", tries_before=self._refused, cause=str(error))
        self._refused += 1
        return True

    @overload
    def __call__(self, view: ui.LayoutView) -> ui.LayoutView: ...
    @overload
    def __call__(self, view: ui.View) -> ui.View: ...

    def __call__(self, view: View) -> View:
        """Return a view as this try may show it."""
        match self._refused, view:
            case 0, _:
                return view
            case _, ui.View():
                return view.clear_items()
            case 1, ui.LayoutView():
                return _without_buttons(view)
            case _:
                return _bare(view)


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
