"""Errors of Apiframe and of downloads, for the workflow and the operator's log, never for a member.

    BotError
    ├── Transient                  worth another try, see `bot.apiframe.retry`
    ├── ApiframeError
    │   ├── BadRequest             400, with the messages of each field
    │   ├── KeyRefused             401; 403, with its message
    │   ├── OutOfCredits           402, with both figures
    │   ├── NotFound               404
    │   ├── UnexpectedAnswer       anything that the contract does not foresee
    │   ├── OrderInDoubt           no job is known for an order, and there may be one
    │   ├── Conflict               409, transient but for orders
    │   ├── RateLimited            429, transient
    │   ├── Unavailable            5xx, no connection, an answer that is not Apiframe's JSON; transient
    │   └── TimedOut               no answer in time; transient
    └── DownloadError
        ├── DownloadRefused        a host, scheme or address that is not allowed
        ├── TooLarge               more bytes than the cap
        ├── NotAnImage             something else than a PNG, JPEG, WebP or GIF
        ├── Gone                   the server does not have this file, or not any more
        ├── DeadlinePassed         too slow
        └── Interrupted            cut short, no connection, 5xx; transient

No text of these holds a key, an address with its signature, or a body: they are logged. Each survives pickling, since
a durable step records what it raised.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Self

import aiohttp

from bot.errors import BotError


class Transient(BotError):
    """Mark a failure that may pass; `retry_after_seconds` is the requested pause, if any."""

    def __init__(self, sentence: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after_seconds = retry_after_seconds


class ApiframeError(BotError):
    """The root of Apiframe's errors and failures.

    `may_have_happened` is True where the request may have had its effect although nobody says so.
    """

    may_have_happened = False

    def although_it_may_have_happened(self) -> Self:
        """Return this error with `may_have_happened` set."""
        self.may_have_happened = True
        return self

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class BadRequest(ApiframeError):
    """Report a 400: `error` is Apiframe's summary, `details` maps a field's path to its error.

    Both may quote the request, so the text names only the fields.
    """

    def __init__(self, error: str, details: Mapping[str, Sequence[str]]) -> None:
        super().__init__(error, details)
        self.error = error
        self.details = details

    def __str__(self) -> str:
        return f"Apiframe did not accept {', '.join(self.details) or 'the request'}"


class KeyRefused(ApiframeError):
    """Report that the API key is missing, unknown, inactive or lacks a permission; `says` is why, if Apiframe tells."""

    def __init__(self, sentence: str, says: str = "") -> None:
        super().__init__(sentence, says)
        self.sentence = sentence
        self.says = says

    def __str__(self) -> str:
        return f"{self.sentence}: {self.says}" if self.says else self.sentence


class OutOfCredits(ApiframeError):
    """Report that the team cannot pay: credits `required` and `available`, None where Apiframe did not say."""

    def __init__(self, required: int | None, available: int | None) -> None:
        super().__init__(required, available)
        self.required = required
        self.available = available

    def __str__(self) -> str:
        return f"Apiframe wants {self.required} credits, the team has {self.available}"


class NotFound(ApiframeError):
    """Report that there is no such job, or that it belongs to somebody else."""


class UnexpectedAnswer(ApiframeError):
    """Report a status or a body that the contract does not foresee."""


class OrderInDoubt(ApiframeError):
    """Report that no job is known for an order, and that one may have been made; `refusal` is the last word on it."""

    def __init__(self, refusal: ApiframeError) -> None:
        super().__init__(refusal)
        self.refusal = refusal

    def __str__(self) -> str:
        return f"The order may have been accepted all the same: {self.refusal}"


class Conflict(ApiframeError, Transient):
    """Report that something else is under way with the same key, or that it belongs to something else."""


class RateLimited(ApiframeError, Transient):
    """Report that Apiframe wants fewer requests for a while."""


class Unavailable(ApiframeError, Transient):
    """Report that Apiframe can't be reached, or that another server responds instead."""


class TimedOut(ApiframeError, Transient):
    """Report that Apiframe didn't respond in time; the request may have had its effect."""


class DownloadError(BotError):
    """The root of errors that prevent a download."""


class DownloadRefused(DownloadError):
    """Report an address that we do not fetch from; names the host and never the whole address."""


class TooLarge(DownloadError):
    """Report a file of more than `limit_bytes`."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(limit_bytes)
        self.limit_bytes = limit_bytes

    def __str__(self) -> str:
        return f"The file has more than {self.limit_bytes} bytes"


class NotAnImage(DownloadError):
    """Report bytes that are not a PNG, JPEG, WebP or GIF."""


class Gone(DownloadError):
    """Report that the server doesn't have the file: expired, purged, or never there."""


class DeadlinePassed(DownloadError):
    """Report a download that took too long altogether."""


class Interrupted(DownloadError, Transient):
    """Report a download that broke off, or could not begin, for a reason that may pass."""


@contextmanager
def as_apiframe_errors() -> Iterator[None]:
    """Translate what aiohttp raises while talking to Apiframe.

    The causes are named but not chained: aiohttp's exceptions print addresses and request headers, our key among them.
    """
    try:
        yield
    except aiohttp.ConnectionTimeoutError as cause:
        raise TimedOut(f"Apiframe did not answer in time ({type(cause).__name__})") from None
    except TimeoutError as cause:  # before the next: aiohttp's timeouts are ClientErrors too
        late = TimedOut(f"Apiframe did not answer in time ({type(cause).__name__})")
        raise late.although_it_may_have_happened() from None
    except aiohttp.ClientConnectorError as cause:
        raise Unavailable(f"Apiframe could not be reached ({type(cause).__name__})") from None
    except aiohttp.ClientError as cause:
        lost = Unavailable(f"Apiframe could not be reached ({type(cause).__name__})")
        raise lost.although_it_may_have_happened() from None


@contextmanager
def as_download_errors() -> Iterator[None]:
    """Translate what aiohttp raises during a download; not chained, since its exceptions print signed addresses."""
    try:
        yield
    except (TimeoutError, aiohttp.ClientError) as cause:
        raise Interrupted(f"The download broke off ({type(cause).__name__})") from None
