"""The one way through which every call to Discord goes, so that a failed one means the same everywhere."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import discord
import structlog

from bot.gateway.call_failures import CallFailure, failure_of
from bot.generation.discord_port import DeliveryUnavailable, PictureTooLarge

log = structlog.get_logger(__name__)

ALREADY_ACKNOWLEDGED: Final = 40060  # an earlier try of this answer got through
UNKNOWN_INTERACTION: Final = 10062  # its time is over
_TOO_LARGE_CODE: Final = 40005
_WORDS_MAX: Final = 500  # of an answer in a log line: a proxy answers with a page
# 400s that have nothing to do with how a message looks: answered already, an archived thread, no right to reply.
_NOT_FOR_ITS_LOOKS: Final = frozenset({ALREADY_ACKNOWLEDGED, 50083, 160002})


class Refused(Exception):
    """Say that Discord does not do what it was asked, and will not do it later either."""

    def __init__(self, words: str, status: int = 0, code: int = 0) -> None:
        super().__init__(words, status, code)
        self.status = status
        self.code = code

    def __str__(self) -> str:
        return str(self.args[0])

    @property
    def is_gone(self) -> bool:
        """Return True if there is nothing at the other end, such as a message that was deleted."""
        return self.status == 404

    @property
    def is_forbidden(self) -> bool:
        """Return True if the bot may not do that there."""
        return self.status == 403

    @property
    def is_for_its_looks(self) -> bool:
        """Return True if the message might be taken with less in it."""
        return self.status == 400 and self.code not in _NOT_FOR_ITS_LOOKS


class OutcomeUnknown(DeliveryUnavailable):
    """Say that Discord may have done what it was asked, and that nobody can tell without looking."""


class NotAccepted(DeliveryUnavailable):
    """Say that Discord did not do what it was asked, and that discord.py did not ask again."""


@contextmanager
def translate_discord_errors(final: type[Exception] = Refused) -> Iterator[None]:
    """Turn whatever a call to Discord raises into `PictureTooLarge`, `DeliveryUnavailable`, or `final` for the rest.

    A `DeliveryUnavailable` is an `OutcomeUnknown` where Discord may have done it. Nothing of discord.py's gets through:
    a durable step records what it raises, and discord.py's cannot be recorded. Only the call belongs inside, for what
    else goes wrong there would pass for an answer that cannot be read.
    """
    try:
        yield
    except (Refused, DeliveryUnavailable, PictureTooLarge):
        raise
    except Exception as error:  # noqa: BLE001  (all that a call raises is to be translated; see `failure_of`)
        raise _translated(error, final) from None


def _translated(error: Exception, final: type[Exception]) -> Exception:
    match failure_of(error):
        case CallFailure.REFUSED:
            return _refusal(error, final)
        case CallFailure.NOT_NOW if isinstance(error, KeyError):  # discord.py repeats a 429 that names a pause
            return NotAccepted("rate limited without a pause")
        case CallFailure.NOT_NOW:
            return DeliveryUnavailable(_words(error))
        case CallFailure.NO_ANSWER if isinstance(error, discord.HTTPException):
            return OutcomeUnknown(_words(error))
        case CallFailure.NO_ANSWER:  # no text of theirs: it may hold the token's address
            return OutcomeUnknown(type(error).__name__)
        case CallFailure.UNREADABLE:
            *_, stumbled_in = traceback.extract_tb(error.__traceback__)
            where = f"{stumbled_in.name}:{stumbled_in.lineno}"
            log.warning("discord_response_invalid", cause=type(error).__name__, where=where)
            return OutcomeUnknown(f"unreadable answer ({type(error).__name__})")


def _refusal(error: Exception, final: type[Exception]) -> Exception:
    status, code = (error.status, error.code) if isinstance(error, discord.HTTPException) else (0, 0)
    if status == 413 or code == _TOO_LARGE_CODE:
        return PictureTooLarge()
    return final(_words(error), status, code) if issubclass(final, Refused) else final(_words(error))


def _words(error: Exception) -> str:
    return str(error)[:_WORDS_MAX]
