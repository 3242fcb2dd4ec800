"""The calls to Discord that a start makes: tried again for some seconds, then a sentence says what is wrong."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final, TypeVar

import aiohttp
import discord
import structlog

from bot.errors import StartupError
from bot.gateway.call_failures import CallFailure, failure_of
from bot.gateway.undocumented import forget_failed_login, http_exception

log = structlog.get_logger(__name__)

T = TypeVar("T")

PAUSES_SECONDS: Final = (1.0, 2.0, 4.0)  # the supervisor restarts the process anyway
_REPEATED_BY_DISCORD_PY: Final = frozenset({429, 500, 502, 504, 524})


async def ask_discord(call: Callable[[], Awaitable[T]], pauses: Sequence[float] = PAUSES_SECONDS) -> T:
    """Return Discord's answer; retry passing errors after each pause, then raise the last one."""
    for pause in pauses:
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


async def log_in(client: discord.Client, token: str, pauses: Sequence[float] = PAUSES_SECONDS) -> None:
    """Log in, again where that may help; raise `discord.LoginFailure` if Discord doesn't accept the token."""

    async def once() -> None:
        try:
            await client.login(token)
        except Exception:
            await forget_failed_login(client)
            raise

    await ask_discord(once, pauses)


def single_try() -> aiohttp.TraceConfig:
    """Return a trace that keeps discord.py from repeating a request, which it would do for up to half a minute."""

    async def give_up(_: object, __: object, ended: aiohttp.TraceRequestEndParams) -> None:
        if ended.response.status in _REPEATED_BY_DISCORD_PY:
            raise http_exception(ended.response)

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(give_up)
    return trace


@contextmanager
def discord_answers() -> Iterator[None]:
    """Raise `StartupError` if Discord can't be reached, refuses requests, or another server answers."""
    try:
        yield
    except StartupError:
        raise
    except Exception as cause:
        raise _startup_error(cause) from cause


def token_refused() -> StartupError:
    """Return the error for a token that Discord rejects."""
    return StartupError("Discord doesn't accept DISCORD_TOKEN.", "Copy it again from the developer portal, under Bot.")


def _startup_error(cause: Exception) -> StartupError:
    words = _in_short(cause)
    if _is_rate_limited(cause):
        return StartupError(f"Discord has rate limited this address ({words}).", "Try again in a few minutes.")
    if failure_of(cause) in {CallFailure.NO_ANSWER, CallFailure.NOT_NOW}:
        return StartupError(
            f"Discord isn't responding at DISCORD_API_URL ({words}).",
            "Check the address and the network, and Discord's status page.",
        )
    return StartupError(f"Something other than Discord responds at DISCORD_API_URL ({words}).", "Check the address.")


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
