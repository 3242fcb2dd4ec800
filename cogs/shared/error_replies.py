"""The message for an error, for every command, button, form and menu."""

import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import discord
import structlog
from discord import app_commands

from bot.errors import UserFacingError, foreseen_outage, record_unexpected
from bot.generation.discord_port import DeliveryUnavailable
from bot.i18n import N_, _
from bot.limits.ledger import AdmissionRefused, LimitRefused
from cogs.shared.answers import say_words
from cogs.shared.discord_errors import UNKNOWN_INTERACTION, Refused
from cogs.ui.refusals import admission_sentence, refusal_sentence
from cogs.ui.text import SENTENCE_MAX, cut, plain

log = structlog.get_logger(__name__)

_STALE_COMMAND = N_("This command has changed. Restart Discord (Ctrl+R) and try again.")
_NOT_NOW = N_("Discord isn't accepting my answers right now. Please try again in a minute.")
_OVER = frozenset({UNKNOWN_INTERACTION, 10015, 50027})  # the other two: unknown webhook, dead token


@asynccontextmanager
async def errors_answered(interaction: discord.Interaction, give_back: Callable[[], str] = str) -> AsyncIterator[None]:
    """Tell the person about whatever the block raises, since discord.py would only log it.

    `give_back` returns what the person typed and would lose.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001  (a guard that let something through would be none)
        await reply_with_error(interaction, error, give_back=give_back())


async def reply_with_error(interaction: discord.Interaction, error: BaseException, *, give_back: str = "") -> None:
    """Say privately what an error means, whether or not the interaction has been answered.

    `give_back` is what the person typed and would lose: it comes along as a file.
    """
    if _says_nobody_waits(innermost(error)):
        log.info("no_recipient", doing=doing_of(interaction), cause=str(innermost(error)))
        return
    sentence = cut(sentence_for(error, doing_of(interaction)), SENTENCE_MAX)
    if interaction.type is discord.InteractionType.autocomplete:
        return  # there is no place for words

    def files() -> list[discord.File]:
        return [discord.File(io.BytesIO(give_back.encode()), "your-words.txt")] if give_back else []

    try:
        await say_words(interaction, sentence, files)
    except (Refused, DeliveryUnavailable) as cause:
        if _says_nobody_waits(cause):
            log.info("no_recipient", doing=doing_of(interaction), cause=str(cause))
        else:
            record_unexpected(cause, "telling somebody about an error")


def sentence_for(error: BaseException, doing: str) -> str:
    """Return our sentence where it was meant for people, and a number that finds the log line where it was not."""
    if outage := foreseen_outage(innermost(error)):
        record_unexpected(outage, doing)
        return str(outage)
    match innermost(error):
        case LimitRefused(exceeded=exceeded):
            return refusal_sentence(exceeded)
        case AdmissionRefused(reason=reason):
            return admission_sentence(reason)
        case UserFacingError() as meant:
            return str(meant)
        case app_commands.TransformerError() as wrong:
            return _(
                "**{value}** isn't possible here. Please choose a value from the list.", value=plain(str(wrong.value))
            )
        case app_commands.CommandSignatureMismatch() | app_commands.CommandNotFound():
            return _(_STALE_COMMAND)
        case DeliveryUnavailable():
            return _(_NOT_NOW)
        case unexpected:
            return _(
                "Something went wrong on my end. If it keeps happening, send the operator this code: `{code}`",
                code=record_unexpected(unexpected, doing),
            )


def _says_nobody_waits(error: BaseException) -> bool:
    """Return True if an interaction is over: it has a response already, or its time or its token has expired."""
    return isinstance(error, Refused | discord.HTTPException) and error.code in _OVER


def innermost(error: BaseException) -> BaseException:
    """Return what a command raised, out of discord.py's wrapping."""
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error


def doing_of(interaction: discord.Interaction) -> str:
    """Return what an interaction was about, for the log."""
    if interaction.command is not None:
        return f"answering {interaction.command.qualified_name}"
    return f"answering {dict(interaction.data or {}).get('custom_id')}"
