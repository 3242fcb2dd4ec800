"""Comparing a picture with the one that it was made from: both images side by side, and the words that changed."""

from collections.abc import Sequence
from pathlib import Path

import discord

from bot.errors import UserFacingError
from bot.generation.library import PictureLibrary
from bot.i18n import _
from bot.picture.generation import Derivation, Generation
from bot.picture.missing import Missing
from cogs.pictures.compare_view import Comparison, comparison_card
from cogs.shared.access import ImagineInteraction
from cogs.shared.answers import defer, show
from cogs.shared.picture_buttons import may_show

_SIDE_PIXELS = 1024  # larger than a thumbnail, since details are what people compare
_STEMS = ("before", "after")


class NothingBefore(UserFacingError):
    """Refuse to compare a picture that comes from no other one, or from one that this member may not see."""

    def __init__(self) -> None:
        super().__init__(_("I can't find the picture that this one was made from."))


class Compare:
    """Shows before and after to one member."""

    def __init__(self, library: PictureLibrary) -> None:
        self._library = library

    async def show(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Answer privately with both images and the words that changed; missing parts are named."""
        await defer(interaction)
        ancestors = await self._library.ancestors(generation)
        if not ancestors:
            raise NothingBefore
        before = ancestors[0]
        may_see = may_see_before(interaction, before)
        keys = [_key_before(generation, before, may_see=may_see), generation.shown_key]
        async with self._library.thumbnails(keys, _SIDE_PIXELS) as images:
            before_file, after_file = (_name(image, stem) for image, stem in zip(images, _STEMS, strict=True))
            words_before = before.request.prompt if may_see and before.deleted_at is None else None
            comparison = Comparison(generation, before, before_file, after_file, words_before)
            await show(interaction, comparison_card(comparison), lambda: _files(images))


def may_see_before(interaction: ImagineInteraction, before: Generation) -> bool:
    """Return True if a member may see an earlier picture here: their own, or one that stands where they may read."""
    if not may_show(interaction.channel, before):
        return False
    if interaction.user.id == before.origin.user_id:
        return True
    if before.request.private or before.was_sent_directly or before.origin.guild_id != interaction.guild_id:
        return False
    if before.origin.channel_id == interaction.channel_id:
        return True
    guild, member = interaction.guild, interaction.user
    place = None if guild is None else guild.get_channel_or_thread(before.origin.channel_id)
    if place is None or not isinstance(member, discord.Member):
        return False
    granted = place.permissions_for(member)
    return granted.view_channel and granted.read_message_history


def _key_before(generation: Generation, before: Generation, *, may_see: bool) -> str | None:
    """Return the key of the image before; everybody who sees an edit sees its first reference."""
    if generation.parent is not None and generation.parent.derivation is Derivation.EDIT:
        return generation.request.references[0].key if generation.request.references else None
    return before.shown_key if may_see and before.deleted_at is None else None


def _files(images: Sequence[Path | Missing]) -> list[discord.File]:
    pairs = zip(images, _STEMS, strict=True)
    return [discord.File(image, _named(image, stem)) for image, stem in pairs if not isinstance(image, Missing)]


def _name(image: Path | Missing, stem: str) -> str | Missing:
    return image if isinstance(image, Missing) else _named(image, stem)


def _named(image: Path, stem: str) -> str:
    return f"{stem}{image.suffix}"
