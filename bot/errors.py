"""The tree of errors that are meant for people.

    BotError
    ├── UserFacingError            its text is shown to the person who asked, privately where Discord allows
    │   ├── InvalidRequest         options that make no sense together, or a value out of bounds
    │   ├── ReferenceRejected      a reference image that cannot be used, named by its number
    │   ├── MissingPermission      the bot may not answer in this channel
    │   ├── NotServing             the bot is starting or stopping
    │   ├── StorageUnavailable     the database, the image store or the disk takes nothing right now
    │   ├── bot.limits.ledger.LimitRefused      a limit is reached; carries the verdict
    │   ├── bot.limits.ledger.AdmissionRefused  a blocked member, a closed channel, a blocked word
    │   ├── bot.generation.library.PictureUnknown no such picture, or not for this person
    │   ├── bot.generation.library.AgeRestrictedPicture  a picture that may not be used or shown here
    │   └── in `cogs`, beside the feature       who may not, and where not
    ├── bot.limits.ledger.AlreadyReserved       this event has its picture already; no message
    └── StartupError               for the operator: the problem, and what to do about it

`bot.apiframe.errors` hangs a branch of its own under `BotError`: no person ever reads those, the workflow turns them
into a `bot.picture.failure.Failure`, which `cogs.ui` puts into words.
"""

import errno
import logging
import secrets
from typing import Final

from bot.i18n import _

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_DISK_FAILS: Final = frozenset({errno.EIO, errno.EROFS, errno.ESTALE, errno.EBUSY, errno.ENOLCK})
_TOO_MUCH_AT_ONCE: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN, errno.ENOBUFS})
_NETWORK_FAILS: Final = frozenset(
    {
        *(errno.ENETDOWN, errno.ENETUNREACH, errno.ENETRESET, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ETIMEDOUT),
        *(errno.ECONNABORTED, errno.ECONNREFUSED, errno.ECONNRESET, errno.ENOTCONN, errno.EPIPE),
    }
)
PASSING: Final = _NO_ROOM | _DISK_FAILS | _TOO_MUCH_AT_ONCE | _NETWORK_FAILS
"""Of an `OSError`: the machine lacks something or a part of it fails, which may pass; the rest are mistakes of ours."""


class BotError(Exception):
    """Be the root of every error that this project raises on purpose."""


class UserFacingError(BotError):
    """Carry a message for the person who sent the request: the problem, and the change that fixes it."""


class InvalidRequest(UserFacingError):
    """Refuse options that make no sense, before anything is spent."""


class ReferenceRejected(UserFacingError):
    """Refuse one or more reference images, each named by its number."""


class MissingPermission(UserFacingError):
    """Refuse a channel in which the bot could not post the picture."""


class NotServing(UserFacingError):
    """Refuse new work while the bot starts or stops."""


class StorageUnavailable(UserFacingError):
    """Report that a read or write isn't possible right now; `reason` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return _("I can't save anything right now. Nothing was charged. Please try again in a few minutes.")


class StartupError(BotError):
    """Explain to the operator why a command failed: the `problem` and its `remedy`, each in whole sentences."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem} {self.remedy}"


def foreseen_outage(error: BaseException) -> StorageUnavailable | None:
    """Return the outage that an error stands for, such as a full disk, or None if it is something else."""
    match error:
        case StorageUnavailable():
            return error
        case OSError(errno=number) if number in PASSING:
            return StorageUnavailable(error.strerror or errno.errorcode[number])
        case _:
            return None


def record_unexpected(error: BaseException, doing: str) -> str:
    """Log an error that nobody foresaw and return the number that finds its line, for the person to quote.

    A foreseen outage is one line without a traceback.
    """
    reference = secrets.token_hex(4)
    if outage := foreseen_outage(error):
        logging.getLogger("bot").error("storage unavailable %s while %s: %s", reference, doing, outage.reason)
    else:
        logging.getLogger("bot").error("unexpected error %s while %s", reference, doing, exc_info=error)
    return reference
