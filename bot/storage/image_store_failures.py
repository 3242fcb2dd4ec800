"""Failures of an image store: wrong settings, or a temporary outage, each in a few words."""

import re
from dataclasses import dataclass
from errno import EROFS
from typing import Final

from obstore.exceptions import PermissionDeniedError, UnauthenticatedError

from bot.errors import PASSING, StorageUnavailable

_NO_CREDENTIALS: Final = "there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_METADATA: Final = r"169\.254\.|latest/api/token"  # the source of credentials for machines on AWS
_REASONS: Final = (
    (r"<Code>NoSuchBucket<", "the bucket does not exist"),
    (r"<Code>(?:InvalidAccessKeyId|SignatureDoesNotMatch|InvalidClientTokenId)<", "the credentials are not accepted"),
    (_METADATA, _NO_CREDENTIALS),
    (r"<Code>(\w+)<", "the server says {}"),
    (r": ([^:|\n]+) \(os error \d+\)", "{}"),
    (r"status code: (\d+)", "the server says {}"),
    (r"HTTP error", "the server does not answer"),
    (r"redirect without LOCATION", "the bucket is in another region"),
)
# S3 answers 400 to a request whose body came too slowly, and 409 to one that met another.
_PASSING_ANSWER: Final = r"<Code>(?:RequestTimeout|OperationAborted|SlowDown)<|status code: (?:408|429|5\d\d)"
SETTINGS_REMEDY: Final = (
    "Check the address, the permissions and, for s3://, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and "
    "AWS_ENDPOINT_URL."
)


@dataclass(frozen=True, slots=True)
class StoreFailure:
    """Why a request to the store failed, and whether it will until somebody changes something."""

    reason: str
    is_lasting: bool


class ImageStoreUnavailable(StorageUnavailable):
    """Say that the folder or bucket does not do what it should, and whether that may pass."""

    def __init__(self, failure: StoreFailure) -> None:
        super().__init__(failure.reason)
        self.is_lasting = failure.is_lasting

    @property
    def problem(self) -> str:
        """Return the problem as a sentence for the operator."""
        words = "can't be used" if self.is_lasting else "isn't available right now"
        return f"The image store in IMAGE_STORE_URL {words}: {self.reason}."

    @property
    def remedy(self) -> str:
        """Return what the operator can do."""
        return SETTINGS_REMEDY if self.is_lasting else f"Try again later. {SETTINGS_REMEDY}"


def store_failure(cause: BaseException) -> StoreFailure:
    """Return what an exception of obstore's means."""
    said = str(cause)
    return StoreFailure(_reason(cause, said), _is_lasting(said))


def _reason(cause: BaseException, said: str) -> str:
    """Return the error in a few words, without addresses."""
    for pattern, words in _REASONS:
        if found := re.search(pattern, said):
            return words.format(*found.groups())
    match cause:
        case FileNotFoundError():
            return "the folder or bucket does not exist"
        case PermissionDeniedError() | UnauthenticatedError():
            return "access is denied"
        case _:
            return type(cause).__name__


def _is_lasting(said: str) -> bool:
    """Return False for a server that is away or busy and for a disk that is full; what nobody knows lasts."""
    if re.search(_METADATA, said):
        return True
    if re.search(_PASSING_ANSWER, said):
        return False
    if found := re.search(r"\(os error (\d+)\)", said):
        number = int(found.group(1))
        return number == EROFS or number not in PASSING
    return "HTTP error" not in said
