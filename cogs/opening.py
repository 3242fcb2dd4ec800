"""The first answer to an interaction: always the card itself, always in time, or a private refusal."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

import discord
import structlog
from discord import ui
from pydantic import SecretStr

from bot.client import ImagineBot
from bot.errors import MissingPermission
from bot.generation.service import Generations
from bot.picture.generation import Generation
from bot.picture.origin import InteractionAnswer, Origin
from bot.picture.progress import Looking, Queued
from cogs.ui.cards import progress_card

log = structlog.get_logger(__name__)

GUARD_SECONDS = 2.0  # Discord waits 3; what is not decided by then gets a card that says so
_ALREADY_ACKNOWLEDGED = 40060  # our first try got through although its answer was lost
_LABELS = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "attach_files": "Attach Files",
}
_NO_MENTIONS = discord.AllowedMentions.none()

ImagineInteraction = discord.Interaction[ImagineBot]


async def answer(
    interaction: ImagineInteraction,
    prompt: str,
    reserving: Coroutine[Any, Any, Generation],
    generations: Generations,
    *,
    looks_at_images: bool,
) -> None:
    """Answer with the card of what `reserving` returns; what it raises goes on, with no card left behind."""
    began_at = datetime.now(UTC)
    work = asyncio.create_task(reserving)
    await asyncio.wait({work}, timeout=GUARD_SECONDS)
    early = not work.done()
    if early:
        await _show_early(interaction, prompt, work, generations, began_at, looks_at_images=looks_at_images)
    try:
        generation = await work
    except Exception:
        if early:
            await _take_away(interaction)
        raise
    card = progress_card(prompt, Queued(), generation.created_at, generation.usual_seconds)
    if early:
        message = await interaction.edit_original_response(view=card, allowed_mentions=_NO_MENTIONS)
        await generations.begin(generation, message.id)
    else:
        await _answer_and_begin(interaction, generation, card, generations)


async def _show_early(
    interaction: ImagineInteraction,
    prompt: str,
    work: asyncio.Task[Generation],
    generations: Generations,
    began_at: datetime,
    *,
    looks_at_images: bool,
) -> None:
    """Answer before the request is decided; if even that fails, whatever is reserved later is given back."""
    stage = Looking() if looks_at_images else Queued()
    try:
        await _send(interaction, progress_card(prompt, stage, began_at))
    except discord.HTTPException:
        generation = await work
        await generations.abandon(generation)
        raise


async def _answer_and_begin(
    interaction: ImagineInteraction, generation: Generation, card: ui.LayoutView, generations: Generations
) -> None:
    try:
        card_id = await _send(interaction, card)
    except discord.NotFound:  # too late: the person saw a failure, so there shall be none to pay for
        log.warning("answered_too_late", generation=str(generation.id))
        await generations.abandon(generation)
        return
    except (discord.HTTPException, OSError, TimeoutError) as cause:
        log.warning("answer_in_doubt", generation=str(generation.id), cause=type(cause).__name__)
        card_id = None
    await generations.begin(generation, card_id)


async def _send(interaction: ImagineInteraction, card: ui.LayoutView) -> int | None:
    """Answer with a card and return its message's id, or None where an earlier try of the same answer got through."""
    try:
        callback = await interaction.response.send_message(view=card, allowed_mentions=_NO_MENTIONS)
    except discord.HTTPException as refused:
        if refused.code == _ALREADY_ACKNOWLEDGED:
            return None
        raise
    return callback.message_id


async def _take_away(interaction: ImagineInteraction) -> None:
    try:
        await interaction.delete_original_response()
    except discord.HTTPException as cause:
        log.info("card_not_taken_away", cause=str(cause))


def check_may_post(interaction: ImagineInteraction) -> None:
    """Raise `MissingPermission`, naming what is missing, where a finished picture could not be posted."""
    send = "send_messages_in_threads" if isinstance(interaction.channel, discord.Thread) else "send_messages"
    needed = ("view_channel", send, "attach_files")
    missing = [f"**{_LABELS[name]}**" for name in needed if not getattr(interaction.app_permissions, name)]
    if missing:
        raise MissingPermission(
            f"I could not post the picture here: in this channel I am missing {' and '.join(missing)}. "
            "Ask a moderator to allow it, or use another channel. Nothing was spent."
        )


def origin_of(interaction: ImagineInteraction) -> Origin:
    """Return who asked, where, and with which right to be answered."""
    return Origin(
        guild_id=interaction.guild_id,
        channel_id=interaction.channel_id or 0,
        user_id=interaction.user.id,
        upload_limit_bytes=interaction.filesize_limit,
        answer=InteractionAnswer(
            application_id=interaction.application_id,
            token=SecretStr(interaction.token),
            expires_at=interaction.expires_at,
        ),
    )
