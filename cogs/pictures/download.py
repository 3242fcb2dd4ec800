"""Downloading the pictures of a filter: a private archive for each part, with its progress before it comes."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Self

import discord
import structlog
from discord import ui
from discord.ext import commands

from bot.errors import UserFacingError
from bot.generation.discord_port import DeliveryUnavailable
from bot.generation.history_archive import ArchivePart, HistoryArchive, Report
from bot.i18n import _
from bot.picture.history_filter import HistoryFilter
from bot.waiting import is_set_within
from cogs.pictures.download_view import ARCHIVE, part_card, progress_words
from cogs.pictures.history_access import check_filter
from cogs.pictures.history_view import DOWNLOAD_ID, PageAsked, nothing_found
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.answers import defer, show
from cogs.shared.discord_errors import Refused
from cogs.shared.file_limits import REQUEST_MAX_BYTES
from cogs.shared.persistent import PersistentItem, cog_of
from cogs.ui.notes import note

log = structlog.get_logger(__name__)

_PROGRESS_SECONDS = 2.0


class DownloadUnderWay(UserFacingError):
    """Refuse a second download while a first one is being packed."""

    def __init__(self) -> None:
        super().__init__(_("I'm already packing a download for you. Please wait a moment."))


class Downloads(commands.Cog):
    """Sends archives, one at a time to each member."""

    def __init__(self, archive: HistoryArchive) -> None:
        self._archive = archive
        self._under_way: set[int] = set()

    async def send(self, interaction: ImagineInteraction, asked: HistoryFilter, first: int) -> None:
        """Put the part from a picture on into the place of a deferred answer."""
        user_id = interaction.user.id
        if user_id in self._under_way:
            raise DownloadUnderWay
        self._under_way.add(user_id)
        try:
            await self._send(interaction, asked, first)
        finally:
            self._under_way.remove(user_id)

    async def _send(self, interaction: ImagineInteraction, asked: HistoryFilter, first: int) -> None:
        limit_bytes = min(interaction.filesize_limit, REQUEST_MAX_BYTES)
        server_key, viewer_id = origin_of(interaction).server_key, interaction.user.id
        async with AsyncExitStack() as stack:
            async with _progress(interaction) as report:
                packing = self._archive.part(
                    server_key, asked, first, viewer_id=viewer_id, limit_bytes=limit_bytes, report=report
                )
                part = await stack.enter_async_context(packing)
            if part is None:
                await show(interaction, note(nothing_found(asked, own=viewer_id == asked.user_id)))
                return
            await show(
                interaction, part_card(part, asked, _rows(part, asked)), lambda: [discord.File(part.path, ARCHIVE)]
            )


def _rows(part: ArchivePart, asked: HistoryFilter) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return the button to the next part, if there is one."""
    if part.is_last:
        return []
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    return [row.add_item(DownloadButton(PageAsked(asked, part.after), _("Next part")))]


class DownloadButton(PersistentItem[ui.Button[ui.LayoutView]], template=DOWNLOAD_ID):
    """A button that downloads the pictures of a filter, from one of them on."""

    def __init__(self, asked: PageAsked, label: str = "") -> None:
        super().__init__(ui.Button(label=label or _("Download"), emoji="⬇️", custom_id=asked.download_id))
        self._asked = asked

    @classmethod
    async def from_custom_id(cls, _i: discord.Interaction, _b: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls(PageAsked.parse(match))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Send the part privately, as another message."""
        check_filter(interaction, self._asked.filter)
        await defer(interaction)
        await cog_of(interaction, Downloads).send(interaction, self._asked.filter, self._asked.number)


@asynccontextmanager
async def _progress(interaction: ImagineInteraction) -> AsyncIterator[Report]:
    """Show how far the packing has come, every two seconds until the block ends."""
    latest = (0, 0)
    packed = asyncio.Event()

    def report(done: int, of: int) -> None:
        nonlocal latest
        latest = (done, of)

    async def keep_showing() -> None:
        while not await is_set_within(packed, _PROGRESS_SECONDS):
            try:
                await show(interaction, note(progress_words(*latest)))
            except (Refused, DeliveryUnavailable) as cause:  # the archive comes without it
                log.info("progress_not_shown", interaction=interaction.id, cause=str(cause))

    showing = asyncio.create_task(keep_showing(), name=f"download {interaction.id}")
    try:
        yield report
    finally:
        packed.set()
        await showing
