"""Which pictures one comes from and which were made from it, as lines of text: linked where that is right."""

from collections.abc import Iterator, Sequence

from discord.utils import format_dt

from bot.i18n import _, ngettext
from bot.picture.generation import Derivation, Generation
from cogs.ui.cards import picture_link


def made_from(picture: Generation, ancestors: Sequence[Generation]) -> Iterator[str]:
    """Yield a line for each picture that this one comes from, the nearest first."""
    child = picture
    for ancestor in ancestors:
        if child.parent is not None:
            yield f"↑ {_parent_label(child.parent.derivation)}: {_described(ancestor)}"
        child = ancestor
    if child.parent is not None:
        yield _("↑ and older pictures")


def made_of_it(children: Sequence[Generation], count: int, most: int) -> Iterator[str]:
    """Yield a line for each of the first `most` pictures that were made from one, and for the `count` of them all."""
    for child in children[:most]:
        if child.parent is not None:
            yield f"↳ {_child_label(child.parent.derivation)}: {_described(child)}"
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


def _parent_label(derivation: Derivation) -> str:
    match derivation:
        case Derivation.REROLL:
            return _("Reroll of")
        case Derivation.REMIX:
            return _("Remix of")
        case Derivation.EDIT:
            return _("Made from")
        case Derivation.LARGER:
            return _("Larger version of")
        case Derivation.RETRY:
            return _("Second try after")


def _child_label(derivation: Derivation) -> str:
    match derivation:
        case Derivation.REROLL:
            return _("Reroll")
        case Derivation.REMIX:
            return _("Remix")
        case Derivation.EDIT:
            return _("Made from this one")
        case Derivation.LARGER:
            return _("Larger version")
        case Derivation.RETRY:
            return _("Second try")
