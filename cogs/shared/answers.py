"""Answers to interactions: each call goes through one translation, and is made again only where that is safe."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, TypeVar

import discord
import structlog
from discord import ui

from cogs.shared.discord_errors import (
    ALREADY_ACKNOWLEDGED,
    UNKNOWN_INTERACTION,
    NotAccepted,
    OutcomeUnknown,
    Refused,
    translate_discord_errors,
)
from cogs.shared.plainer import Plainer

log = structlog.get_logger(__name__)

T = TypeVar("T")
Files = Callable[[], Sequence[discord.File]]
"""Opens the files of a message, for each try anew, since one that was sent is closed."""

FORM_KEPT_SECONDS: Final = 6 * 3600.0  # Discord does not tell of a form that was closed, and each takes memory
_TRY_SECONDS: Final = 20.0  # Discord takes a first answer for 3; two tries end before a reservation is taken up anyway


async def answer_first(interaction: discord.Interaction[Any], send: Callable[[], Awaitable[T]]) -> T | None:
    """Return what the first answer returns; None if it got through in an earlier try, or if nobody can tell.

    Discord takes one first answer: asking again is how to look whether it has it. Raises `Refused` or
    `DeliveryUnavailable`.
    """
    for is_last in (False, True):
        try:
            with _translate_answer_errors():
                async with asyncio.timeout(_TRY_SECONDS):
                    return await send()
        except OutcomeUnknown as cause:
            log.warning("first_response_in_doubt", interaction=interaction.id, cause=str(cause))
            if interaction.response.is_done():  # discord.py makes no second one
                return None
        except NotAccepted as cause:
            if is_last:
                raise
            log.warning("first_response_not_accepted", interaction=interaction.id, cause=str(cause))
        except Refused as refusal:
            if refusal.code != ALREADY_ACKNOWLEDGED:
                raise
            return None
    return None


async def defer(interaction: discord.Interaction[Any], *, thinking: bool = True, private: bool = True) -> None:
    """Take the time for an answer, or with `thinking` off for a change of the message that was pressed."""

    async def send() -> object:
        if thinking:
            return await interaction.response.defer(ephemeral=private, thinking=True)
        return await interaction.response.defer()

    await answer_first(interaction, send)


async def open_form(interaction: discord.Interaction[Any], form: ui.Modal) -> None:
    """Answer with a form."""
    await answer_first(interaction, lambda: interaction.response.send_modal(form))


async def show(interaction: discord.Interaction[Any], view: ui.LayoutView, files: Files = list) -> int:
    """Put a view into the place of the first answer, with exactly these files, and return the message's id.

    An edit with an unknown outcome is repeated, which changes nothing; so is one that was not accepted.
    """
    try:
        return await _edit(interaction, view, files)
    except (OutcomeUnknown, NotAccepted) as cause:
        log.warning("edit_in_doubt", interaction=interaction.id, cause=str(cause))
        return await _edit(interaction, view, files)


async def _edit(interaction: discord.Interaction[Any], view: ui.LayoutView, files: Files) -> int:
    plainer = Plainer()
    while True:
        with plainer:
            shown, opened = plainer(view), files()
            with _translate_answer_errors():
                return (await interaction.edit_original_response(view=shown, attachments=opened)).id


async def say(interaction: discord.Interaction[Any], view: ui.LayoutView) -> None:
    """Show something privately, whether or not the interaction has been answered."""
    plainer = Plainer()
    while True:
        with plainer:
            shown = plainer(view)
            return await _say(
                interaction,
                partial(interaction.response.send_message, view=shown, ephemeral=True),
                partial(interaction.followup.send, view=shown, ephemeral=True, wait=True),
            )


async def say_words(interaction: discord.Interaction[Any], words: str, files: Files = list) -> None:
    """Say something privately, whether or not the interaction has been answered."""
    await _say(
        interaction,
        lambda: interaction.response.send_message(words, files=files(), ephemeral=True),
        lambda: interaction.followup.send(words, files=files(), ephemeral=True, wait=True),
    )


async def _say(
    interaction: discord.Interaction[Any],
    answer: Callable[[], Awaitable[object]],
    follow_up: Callable[[], Awaitable[object]],
) -> None:
    """Answer, or follow up where there is an answer already; a follow-up is made once, since there may be two."""
    if not await _is_answered_by(interaction, answer):
        with _translate_answer_errors():
            await follow_up()


async def _is_answered_by(interaction: discord.Interaction[Any], answer: Callable[[], Awaitable[object]]) -> bool:
    """Answer; return False where Discord has another answer already, also one of which discord.py does not know."""
    if interaction.response.is_done():
        return False
    try:
        with _translate_answer_errors():
            await answer()
    except (OutcomeUnknown, NotAccepted):
        if not interaction.response.is_done():
            await answer_first(interaction, answer)
    except Refused as refusal:
        if refusal.code != ALREADY_ACKNOWLEDGED:
            raise
        return False
    return True


@contextmanager
def _translate_answer_errors() -> Iterator[None]:
    """Translate as for every call; a 404 without a code is an interaction that is over, as a proxy passes it on."""
    try:
        with translate_discord_errors():
            yield
    except Refused as refusal:
        if refusal.is_gone and not refusal.code:
            raise Refused(str(refusal), refusal.status, UNKNOWN_INTERACTION) from None
        raise
