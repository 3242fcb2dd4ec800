"""Which pictures one comes from and which were made from it, as lines of text: linked where that is right."""

from collections.abc import Iterator, Sequence
from typing import Final

from discord.utils import format_dt

from bot.i18n import N_, _, ngettext
from bot.picture.generation import Derivation, Generation
from cogs.ui.cards import picture_link

_PARENTS: Final = {
    Derivation.REROLL: N_("↑ Reroll of: {picture}"),
    Derivation.REMIX: N_("↑ Remix of: {picture}"),
    Derivation.EDIT: N_("↑ Made from: {picture}"),
    Derivation.LARGER: N_("↑ Larger version of: {picture}"),
    Derivation.RETRY: N_("↑ Retry of: {picture}"),
}
_CHILDREN: Final = {
    Derivation.REROLL: N_("↳ Reroll: {picture}"),
    Derivation.REMIX: N_("↳ Remix: {picture}"),
    Derivation.EDIT: N_("↳ Made from this one: {picture}"),
    Derivation.LARGER: N_("↳ Larger version: {picture}"),
    Derivation.RETRY: N_("↳ Retry: {picture}"),
}


def made_from(picture: Generation, ancestors: Sequence[Generation]) -> Iterator[str]:
    """Yield a line for each picture that this one comes from, the nearest first."""
    child = picture
    for ancestor in ancestors:
        if child.parent is not None:
            yield _(_PARENTS[child.parent.derivation], picture=_described(ancestor))
        child = ancestor
    if child.parent is not None:
        yield _("↑ and older pictures")


def made_of_it(children: Sequence[Generation], count: int, most: int) -> Iterator[str]:
    """Yield a line for each of the first `most` pictures that were made from one, and for the `count` of them all."""
    for child in children[:most]:
        if child.parent is not None:
            yield _(_CHILDREN[child.parent.derivation], picture=_described(child))
    if left := count - min(most, len(children)):
        yield ngettext("↳ and {count} more picture", "↳ and {count} more pictures", left)


def _described(picture: Generation) -> str:
    """Return a link to a picture, or what it is instead: deleted, for one person only, or failed."""
    if picture.deleted_at is not None:
        return _("deleted picture")
    if picture.request.private:
        return _("private picture")
    if picture.was_sent_directly:
        return _("picture in direct messages")
    link = picture_link(picture)
    if link is None:
        return _("failed request")
    shown = _("[this picture]({link})", link=link)
    seed = _("seed `{seed}`", seed=picture.request.params.seed)
    return " · ".join([shown, seed, format_dt(picture.created_at, "R")])
