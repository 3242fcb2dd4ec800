"""Reasons to refuse a change of styles, and the sentences."""

from collections.abc import Sequence
from typing import Final

from bot.errors import InvalidRequest
from bot.i18n import _, and_list, ngettext, sentences
from bot.limits.rulebook import Rulebook
from bot.picture.invisible import has_something_to_see
from bot.picture.style import Style, StyleContent, check_note
from bot.storage.styles import StyleTransaction

STYLES_OF_MEMBER: Final = 20
STYLES_OF_SERVER: Final = 50


def unknown_style(name: str, nearest: Sequence[str], outcome: str) -> InvalidRequest:
    """Return the refusal of a name that no style has, with the nearest names, and what became of the request."""
    shown = "".join(each for each in " ".join(name.split()).replace("`", "'") if each.isprintable())
    known = and_list([f"`{each}`" for each in nearest])
    words = [
        _("There is no style `{style}` here.", style=shown)
        if has_something_to_see(shown)
        else _("There is no style of that name here."),
        _("The nearest names: {names}.", names=known)
        if nearest
        else _("There are no others here yet: `/style create` makes one."),
        outcome,
    ]
    return InvalidRequest(sentences(filter(None, words)))


def check_room(content: StyleContent, notes: Sequence[str], count: int) -> None:
    """Raise `InvalidRequest` for bad content, or too many images, before any of the `count` new ones is downloaded."""
    content.check(more_images=count)
    for note in notes:
        check_note(note)
    if len(notes) > count:
        raise InvalidRequest(
            ngettext(
                "There are more notes than images: {count} image. Nothing was saved.",
                "There are more notes than images: {count} images. Nothing was saved.",
                count,
            )
        )


def check_free(transaction: StyleTransaction, name: str) -> None:
    """Raise `InvalidRequest` for a name that another style of the owner has."""
    if transaction.find(name) is not None:
        raise InvalidRequest(
            _("There is already a style `{style}`. Choose another name, or change it with `/style edit`.", style=name)
        )


def check_unused(rules: Rulebook, style: Style) -> None:
    """Raise `InvalidRequest` for a style that a channel has."""
    channels = [f"<#{id_}>" for id_, each in rules.channel_styles.items() if each.style_id == style.id]
    if channels:
        raise InvalidRequest(
            _(
                "`{style}` is the style of {channels}. Choose another one there with `/limits channels style`, or "
                "none. Nothing was deleted.",
                style=style.name,
                channels=and_list(channels),
            )
        )


def check_count(count: int, *, is_servers: bool) -> None:
    """Raise `InvalidRequest` for an owner who has as many styles as one can have."""
    most = STYLES_OF_SERVER if is_servers else STYLES_OF_MEMBER
    if count < most:
        return
    if is_servers:
        sentence = _(
            "This server has {most} styles, which is the most. Delete one first. Nothing was saved.", most=most
        )
    else:
        sentence = _("You have {most} styles, which is the most. Delete one first. Nothing was saved.", most=most)
    raise InvalidRequest(sentence)
