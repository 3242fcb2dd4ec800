"""The log of an outage: one line each time, and a traceback only for unexpected errors."""

import errno
import traceback

import psycopg
import pytest
from sqlalchemy.exc import OperationalError, ProgrammingError
from structlog.typing import EventDict

from bot.errors import StorageUnavailable
from bot.outage_log import without_outage_traceback
from tests.promises import StorageFault

GONE = OperationalError("SELECT 1", {}, psycopg.OperationalError("connection refused\nIs the server running?"))
REASON = "OperationalError: connection refused"


def processed(error: Exception, event: str, **line: object) -> EventDict:
    """Return a line that is logged while an error is handled."""
    try:
        raise error
    except type(error):
        return without_outage_traceback(None, "warning", {"event": event.format(traceback.format_exc()), **line})


def test_a_traceback_in_the_text_of_an_outage_is_left_out() -> None:
    """DBOS formats tracebacks into its messages."""
    assert processed(GONE, "Exception polling schedules: {}") == {
        "event": "Exception polling schedules",
        "cause": REASON,
    }


@pytest.mark.promise(StorageFault.OUTAGE_LOG)
@pytest.mark.parametrize(
    ("outage", "reason"),
    [
        (GONE, REASON),
        (psycopg.OperationalError("gone"), "OperationalError: gone"),
        (StorageUnavailable("no room"), "no room"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
    ],
)
def test_the_traceback_of_an_outage_is_left_out(outage: Exception, reason: str) -> None:
    """Whichever way it is handed to the logger."""
    for exc_info in (True, outage, (type(outage), outage, None)):
        line = processed(outage, "DBOS failed to launch:", exc_info=exc_info)
        assert line == {"event": "DBOS failed to launch", "cause": reason}


@pytest.mark.promise(StorageFault.OUTAGE_LOG)
@pytest.mark.parametrize(
    "error", [ValueError("a mistake"), ProgrammingError("SELECT FROM", {}, Exception("syntax error"))]
)
def test_an_unforeseen_error_keeps_its_traceback(error: Exception) -> None:
    """In the text and beside it."""
    assert "Traceback" in processed(error, "Exception polling schedules: {}")["event"]
    assert processed(error, "DBOS failed to launch:", exc_info=error)["exc_info"] is error


def test_a_line_about_an_outage_without_a_traceback_stays_as_it_is() -> None:
    """Nothing is left out of it."""
    assert processed(GONE, "alerts_delayed", cause="OperationalError") == {
        "event": "alerts_delayed",
        "cause": "OperationalError",
    }
