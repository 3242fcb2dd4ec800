"""The calls to Discord that a start makes: tried again for some seconds, then a sentence says what is wrong."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final, TypeVar

import discord
import structlog
from discord.utils import MISSING

from bot.errors import StartupError
from bot.gateway.call_failures import CallFailure, failure_of

log = structlog.get_logger(__name__)

T = TypeVar("T")

_PAUSES_SECONDS: Final = (1.0, 2.0, 4.0)  # whatever supervises the process starts it again anyway


async def ask_discord(call: Callable[[], Awaitable[T]]) -> T:
    """Return what Discord answers; try again for some seconds what may pass, then raise what the last try raised."""
    for pause in _PAUSES_SECONDS:
        try:
            return await call()
        except StartupError:
            raise
        except Exception as cause:
            if failure_of(cause) is CallFailure.REFUSED:
                raise
            log.warning("discord_asked_again", cause=_in_short(cause), pause_seconds=pause)
        await asyncio.sleep(pause)
    return await call()


async def log_in(client: discord.Client, token: str) -> None:
    """Log in, again where that may help; raise `discord.LoginFailure` if Discord does not accept the token."""

    async def once() -> None:
        try:
            await client.login(token)
        except Exception:
            await client.http.close()
            client.http.connector = MISSING  # or the next login would use the one that is closed
            raise

    await ask_discord(once)


@contextmanager
def discord_answers() -> Iterator[None]:
    """Raise `StartupError` where Discord cannot be reached, wants no requests, or something else answers.

    What goes wrong in a cog as it is loaded is none of Discord's, although discord.py wraps it.
    """
    try:
        yield
    except StartupError:
        raise
    except Exception as cause:
        raise StartupError(_sentence(cause)) from cause


def _sentence(cause: Exception) -> str:
    words = _in_short(cause)
    if _is_rate_limited(cause):
        return f"Discord asks to wait ({words}): too many requests came from here. Start again in some minutes."
    if failure_of(cause) in {CallFailure.NO_ANSWER, CallFailure.NOT_NOW}:
        return f"Discord does not answer at DISCORD_API_URL ({words}): check address and network."
    return f"Something answers at DISCORD_API_URL, but not as Discord does ({words}): check the address."


def _is_rate_limited(cause: BaseException | None) -> bool:
    match cause:
        case discord.RateLimited() | discord.HTTPException(status=HTTPStatus.TOO_MANY_REQUESTS):
            return True
        case KeyError(args=("retry_after",)):  # discord.py looks for it in every 429
            return True
        case discord.GatewayNotFound():
            return _is_rate_limited(cause.__cause__)
        case _:
            return False


def _in_short(cause: Exception) -> str:
    return f"{type(cause).__name__} {getattr(cause, 'status', '')}".rstrip()
