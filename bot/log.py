"""One line an event: for people on a terminal, as JSON otherwise, and never with a secret in it."""

import logging
import re
import sys
from typing import Final, Literal

import aiohttp
import discord
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.gateway.undocumented import CLIENT_LOGGER, COMMANDS_LOGGER, COMPLETION_ERROR_START, VOICE_WARNING_END
from bot.outage_log import without_outage_traceback

# The tokens of interactions and webhooks are parts of addresses, which libraries like to log.
_TOKEN_IN_ADDRESS = re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w.\-~%]+")
_MASK = r"\1***"
_UNKNOWN_INTERACTION: Final = 10062
_UNANSWERED = (discord.HTTPException, aiohttp.ClientError, OSError)  # a timeout is an OSError too
_OURS = ("bot", "cogs", "playground")
_QUIETER = {
    "aiohttp.access": logging.WARNING,
    "alembic": logging.WARNING,
    "dbos": logging.WARNING,
    CLIENT_LOGGER: logging.WARNING,
}


def configure_logging(level: str, style: Literal["auto", "console", "json"]) -> None:
    """Send every log line of this process, libraries' lines too, to standard error in one style.

    DEBUG is for our own lines: at that level, libraries print all traffic, with prompts and tokens in it.
    """
    as_console = style == "console" or (style == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        without_outage_traceback,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(as_console)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    chosen = logging.getLevelNamesMapping()[level]
    root.setLevel(max(chosen, logging.INFO))
    for name in _OURS:
        logging.getLogger(name).setLevel(chosen)
    for name, quietest in _QUIETER.items():
        logging.getLogger(name).setLevel(max(quietest, root.level))
    # DBOS gives its logger a handler of its own unless it has one; with this one its lines go our way instead.
    dbos_logger = logging.getLogger("dbos")
    dbos_logger.handlers[:] = [logging.NullHandler()]
    dbos_logger.propagate = True
    dbos_logger.addFilter(_not_about_leaving)
    logging.getLogger(COMMANDS_LOGGER).addFilter(_no_error_of_a_completion)
    logging.getLogger(CLIENT_LOGGER).addFilter(_not_about_voice)


def mask_tokens(line: str) -> str:
    """Return a line with the tokens in addresses replaced by asterisks."""
    return _TOKEN_IN_ADDRESS.sub(_MASK, line)


def _renderers(as_console: bool) -> list[Processor]:
    # Tracebacks without local variables: those hold tokens and prompts.
    if as_console:
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback), _masked]
    return [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        _masked,
    ]


def _masked(_: WrappedLogger, __: str, line: EventDict | str) -> str:
    return mask_tokens(str(line))


def _not_about_leaving(record: logging.LogRecord) -> bool:
    # A workflow that is left for the next start is cancelled on purpose, and no warning is due.
    return not record.getMessage().startswith("Asyncio task cancelled")


def _not_about_voice(record: logging.LogRecord) -> bool:
    # At every start it warns that what voice takes is not installed, which nobody needs here.
    return not record.getMessage().endswith(VOICE_WARNING_END)


def _no_error_of_a_completion(record: logging.LogRecord) -> bool:
    # A member who types on has got another completion in the meantime; Discord ignores a late one. If no completion
    # gets through, the options can still be typed, and other lines show that Discord fails.
    cause = record.exc_info[1] if record.exc_info else None
    if str(record.msg).startswith(COMPLETION_ERROR_START) and isinstance(cause, _UNANSWERED):
        record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
        record.msg, record.args = f"{record.getMessage()}: {type(cause).__name__}", None
    return not (isinstance(cause, discord.NotFound) and cause.code == _UNKNOWN_INTERACTION)
