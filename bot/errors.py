"""The tree of errors that are meant for people.

    BotError
    ├── UserFacingError            its text is shown to the person who asked, privately where Discord allows
    │   ├── InvalidRequest         options that make no sense together, or a value out of bounds
    │   ├── ReferenceRejected      a reference image that cannot be used, named by its number
    │   ├── MissingPermission      the bot may not answer in this channel
    │   ├── NotServing             the bot is starting or stopping
    │   ├── bot.limits.ledger.LimitRefused      a limit is reached; carries the verdict
    │   ├── bot.limits.ledger.AdmissionRefused  a blocked member, a closed channel, a blocked word
    │   ├── bot.generation.album.PictureUnknown no such picture, or not for this person
    │   └── in `cogs`, beside the feature       who may not, and where not
    ├── bot.limits.ledger.AlreadyReserved       this event has its picture already: nobody is told anything
    └── StartupError               its text is shown to the operator, who finds the setting named in it

`bot.apiframe.errors` hangs a branch of its own under `BotError`: no person ever reads those, the workflow turns them
into a `bot.picture.failure.Failure`, which `cogs.ui` puts into words.
"""

import logging
import secrets


class BotError(Exception):
    """Be the root of every error that this project raises on purpose."""


class UserFacingError(BotError):
    """Carry a sentence for the person who asked: what is wrong and what to change."""


class InvalidRequest(UserFacingError):
    """Refuse options that make no sense, before anything is spent."""


class ReferenceRejected(UserFacingError):
    """Refuse one or more reference images, each named by its number."""


class MissingPermission(UserFacingError):
    """Refuse a channel in which the bot could not post the picture."""


class NotServing(UserFacingError):
    """Refuse new work while the bot starts or stops."""


class StartupError(BotError):
    """Explain in one sentence why the process cannot start, and what the operator can do."""


def record_unexpected(error: BaseException, doing: str) -> str:
    """Log an error that nobody foresaw and return the number that finds its line, for the person to quote."""
    reference = secrets.token_hex(4)
    logging.getLogger("bot").error("unexpected error %s while %s", reference, doing, exc_info=error)
    return reference
