"""Sentences for the operator about a step that failed."""

from http import HTTPStatus
from typing import Final

import discord

from bot.apiframe.errors import ApiframeError, DownloadError, KeyRefused, OrderInDoubt, OutOfCredits
from bot.errors import StartupError, record_unexpected
from bot.gateway.call_failures import CallFailure, failure_of
from bot.gateway.client import FATAL_CLOSE_CODES
from bot.gateway.startup_calls import token_refused

_UNREADABLE: Final = (KeyError, ValueError, TypeError, AttributeError, IndexError)
_UNKNOWN_CHANNEL, _NO_ACCESS, _NO_PERMISSION = 10003, 50001, 50013
_COPY_ID: Final = "Turn on Developer Mode in Discord's settings, right-click the channel, and choose Copy Channel ID."
PERMISSIONS_NEEDED: Final = (
    "Give the bot View Channel, Send Messages, Attach Files, Add Reactions and Read Message History there, or name "
    "another channel."
)


def explain(error: Exception) -> str:
    """Return what went wrong and what to do, without any value of an answer."""
    if isinstance(error, StartupError):
        return str(error)
    return _of_apiframe(error) or _of_discord(error)


def _of_apiframe(error: Exception) -> str | None:
    match error:
        case KeyRefused():
            return "Apiframe rejects the API key. Copy it again from your dashboard to APIFRAME_API_KEY."
        case OutOfCredits():
            return "There aren't enough credits. Add some in your Apiframe dashboard, or use --free."
        case OrderInDoubt():
            return "Apiframe didn't confirm the order, so a picture may have been paid for."
        case ApiframeError() | DownloadError():
            return f"{error}."
        case _:
            return None


def _of_discord(error: Exception) -> str:
    match error:
        case discord.LoginFailure():
            return str(token_refused())
        case discord.HTTPException():
            return _refusal(error)
        case discord.ConnectionClosed():
            return " ".join(FATAL_CLOSE_CODES.get(error.code, ("Discord closed the gateway.", "Try again.")))
        case _ if isinstance(error, _UNREADABLE):
            return f"discord.py can't read the answer ({type(error).__name__})."
        case _ if failure_of(error) is CallFailure.NO_ANSWER:
            return f"Discord isn't responding ({type(error).__name__}). Check DISCORD_API_URL and the network."
        case _:
            return f"Something unexpected went wrong. The log has it under the code {_recorded(error)}."


def _recorded(error: Exception) -> str:
    return record_unexpected(error, "running the deep check")


def _refusal(error: discord.HTTPException) -> str:
    if error.code == _UNKNOWN_CHANNEL:
        return f"There is no channel with this id. {_COPY_ID}"
    if error.code == _NO_ACCESS:
        return f"The bot can't see this channel. {PERMISSIONS_NEEDED}"
    if error.code == _NO_PERMISSION:
        return f"The bot lacks a permission in the channel. {PERMISSIONS_NEEDED}"
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        return "Discord has rate limited this address. Try again in a few minutes."
    return f"Discord answered {error.status} (code {error.code})."
