"""Log lines about a foreseen outage: one line with the reason, whichever library writes a traceback."""

import sys
from typing import Final

from structlog.typing import EventDict, WrappedLogger

from bot.errors import StorageUnavailable, foreseen_outage
from bot.storage.database_failures import database_outage

_TRACEBACK: Final = "Traceback (most recent call last)"


def without_outage_traceback(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Replace the traceback of an outage by its reason; all other errors keep theirs."""
    error = _logged_error(line)
    outage = None if error is None else _outage(error)
    if outage is None:
        return line
    head, _, _ = str(line["event"]).partition(_TRACEBACK)
    kept = {name: value for name, value in line.items() if name != "exc_info"}
    return kept | {"event": (head.splitlines() or [""])[0].rstrip(": "), "cause": outage.reason}


def _logged_error(line: EventDict) -> BaseException | None:
    """Return the error whose traceback a line has: in `exc_info`, or in its text, as DBOS writes it."""
    match line.get("exc_info"):
        case BaseException() as error:
            return error
        case (_, BaseException() as error, _):
            return error
        case True:
            return sys.exception()
        case _:
            return sys.exception() if _TRACEBACK in str(line.get("event")) else None


def _outage(error: BaseException) -> StorageUnavailable | None:
    return database_outage(error) or foreseen_outage(error)
