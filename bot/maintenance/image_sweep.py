"""Deleting images that nothing needs any more."""

from datetime import datetime, timedelta

from bot.storage.generations import GenerationStore
from bot.storage.images import ImageStore
from bot.storage.styles import StyleStore


class ImageSweep:
    """Deletes images that are older than the operator keeps them, but not those of styles and unfinished pictures.

    A picture in a style can be made again for as long as any other, also if the style has lost its image since.
    """

    def __init__(self, images: ImageStore, styles: StyleStore, pictures: GenerationStore, retention: timedelta) -> None:
        self._images = images
        self._styles = styles
        self._pictures = pictures
        self._retention = retention

    async def run(self, now: datetime) -> int:
        """Delete them, and return their number."""
        expired = now - self._retention
        in_use = await self._styles.images_in_use(since=expired) | await self._pictures.images_in_use()
        return await self._images.sweep(expired, in_use)
