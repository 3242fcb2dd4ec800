"""The images that a message shows, wherever it shows them."""

from collections.abc import Iterator, Sequence

import discord
from yarl import URL

from bot.i18n import N_, _
from bot.images.references import Attachment

_UNKNOWN_TYPE = "application/octet-stream"
_IMAGE_NAMES = (".png", ".jpg", ".jpeg", ".webp", ".gif")


def images_in(message: discord.Message, *, replied_to: bool = False) -> list[Attachment]:
    """Return the images of a message in the order in which it shows them, each once, with names for people."""
    found: dict[str, tuple[str, int]] = {}
    for url, size in _shown(message):
        found.setdefault(URL(url).path, (url, size))
    name = N_("image {number} of the message you replied to") if replied_to else N_("image {number}")
    return [Attachment(_(name, number=number), url, size) for number, (url, size) in enumerate(found.values(), start=1)]


def other_files(message: discord.Message) -> list[str]:
    """Return the names of a message's files that are not images by type or name, as their owner knows them.

    Discord takes every letter but Latin ones out of a file's name, and gives the whole one as the title.
    """
    others = [attachment for attachment in message.attachments if not _may_be_image(attachment)]
    return [attachment.title or attachment.filename for attachment in others]


def _may_be_image(attachment: discord.Attachment) -> bool:
    """Return True unless both type and name say something else: what it is, its bytes tell later."""
    declared = (attachment.content_type or _UNKNOWN_TYPE).lower()
    return declared.startswith(("image/", _UNKNOWN_TYPE)) or attachment.filename.lower().endswith(_IMAGE_NAMES)


def _shown(message: discord.Message) -> Iterator[tuple[str, int]]:
    """Yield address, type and bytes of the images in a message, and in those that it forwards."""
    yield from _shown_itself(message)
    for snapshot in message.message_snapshots:
        yield from _shown_itself(snapshot)


def _shown_itself(message: discord.Message | discord.MessageSnapshot) -> Iterator[tuple[str, int]]:
    for attachment in message.attachments:
        if _may_be_image(attachment):
            yield attachment.url, attachment.size
    for embed in message.embeds:
        for picture in (embed.image, embed.thumbnail):
            if url := picture.proxy_url or picture.url:
                yield url, 0
    for sticker in message.stickers:
        if sticker.format is discord.StickerFormatType.png:
            yield sticker.url, 0
    yield from _galleries(message.components)


def _galleries(components: Sequence[discord.Component]) -> Iterator[tuple[str, int]]:
    for component in components:
        match component:
            case discord.MediaGalleryComponent():
                for item in component.items:
                    yield _address(item.media), 0
            case discord.ThumbnailComponent():
                yield _address(component.media), 0
            case discord.SectionComponent():
                yield from _galleries([component.accessory])
            case discord.Container():
                yield from _galleries(component.children)
            case _:
                continue


def _address(media: discord.UnfurledMediaItem) -> str:
    """Return where Discord itself shows a medium: its proxy, where the medium lies on another host."""
    return media.url if media.attachment_id else media.proxy_url or media.url
