"""Failures of calls to Discord: the one list of exceptions of discord.py and aiohttp, for `bot` and for `cogs`."""

from enum import Enum, auto
from typing import Final

import aiohttp
import discord

_NOT_NOW: Final = frozenset({401, 429})  # until the operator sets a new token, or until the rush is over
_DEAD_TOKEN: Final = 50027  # of an interaction, which no operator can renew
_ALSO_SAID_BY_PROXIES: Final = frozenset({400, 413})  # in a page of their own, of a request that Discord never sees


class CallFailure(Enum):
    """The outcome of a call that raised."""

    REFUSED = auto()  # Discord did not do it, and will not do it later either
    NOT_NOW = auto()  # Discord did not do it, and may later
    NO_ANSWER = auto()  # nobody knows whether Discord did it: the connection broke, or a server did
    UNREADABLE = auto()  # nobody knows either: something answered, and not as Discord does


def failure_of(error: Exception) -> CallFailure:
    """Return what an exception means that a call to Discord raised.

    discord.py trusts what it is sent: an answer that is empty, cut, a web page or of another shape ends in a
    `ValueError`, `KeyError`, `TypeError` or `AttributeError`. So whatever is not known here is an unreadable answer. A
    429 that does not say when to come back is known: it ends in a `KeyError` of that name.
    """
    match error:
        case discord.HTTPException():
            return _failure_of_status(error)
        case discord.GatewayNotFound(__cause__=discord.HTTPException() as cause):
            return failure_of(cause)
        case discord.RateLimited() | KeyError(args=("retry_after",)):  # discord.py looks for it in every 429
            return CallFailure.NOT_NOW
        case discord.DiscordException():
            return CallFailure.REFUSED
        case aiohttp.ClientError() | OSError():  # a timeout is an OSError too
            return CallFailure.NO_ANSWER
        case _:
            return CallFailure.UNREADABLE


def _failure_of_status(error: discord.HTTPException) -> CallFailure:
    if error.status >= 500:
        return CallFailure.NO_ANSWER
    if error.status in _NOT_NOW and error.code != _DEAD_TOKEN:
        return CallFailure.NOT_NOW
    if error.status in _ALSO_SAID_BY_PROXIES or "json" in error.response.headers.get("Content-Type", ""):
        return CallFailure.REFUSED
    return CallFailure.UNREADABLE  # Discord gives a reason
