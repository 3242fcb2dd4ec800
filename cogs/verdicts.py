"""What Discord's refusals mean to the workflow: too large, not now, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import aiohttp
import discord

from bot.generation.delivery import DeliveryUnavailable, PictureTooLarge

_TOO_LARGE_CODE: Final = 40005


class Refused(Exception):
    """Say that Discord does not do what it was asked, and will not do it later either."""


@contextmanager
def translated(final: type[Exception]) -> Iterator[None]:
    """Turn what discord.py and aiohttp raise into `PictureTooLarge`, `DeliveryUnavailable`, or `final` for the rest.

    Nothing of theirs gets through: a durable step records what it raises, and discord.py's cannot be recorded.
    """
    try:
        yield
    except discord.HTTPException as refusal:
        if refusal.status == 413 or refusal.code == _TOO_LARGE_CODE:
            raise PictureTooLarge from None
        raise (DeliveryUnavailable if passes(refusal) else final)(str(refusal)) from None
    except discord.DiscordException as cause:
        raise final(str(cause)) from None
    except (aiohttp.ClientError, OSError, TimeoutError) as cause:  # no text of theirs: it may hold the token's address
        raise DeliveryUnavailable(type(cause).__name__) from None


def passes(refusal: discord.HTTPException) -> bool:
    """Say whether Discord may answer otherwise at another time.

    It is overrun, something broke on its side, or it does not know the bot's token until the operator sets a new one.
    """
    return refusal.status in {401, 429} or refusal.status >= 500
