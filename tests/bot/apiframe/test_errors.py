"""Errors as the operator reads them, and as a durable step stores them."""

import pickle

import pytest

from bot.apiframe.errors import (
    ApiframeError,
    BadRequest,
    DownloadError,
    KeyRefused,
    OutOfCredits,
    RateLimited,
    TooLarge,
    Transient,
)
from bot.errors import BotError

EVERY_SHAPE = [
    BadRequest("Validation failed", {"fluxParams.input_images": ["https://cdn.example/a.png?s3cret is no image"]}),
    KeyRefused("refused"),
    OutOfCredits(12, 3),
    RateLimited("later", 30.0),
    TooLarge(25_000_000),
]


@pytest.mark.parametrize("error", EVERY_SHAPE, ids=lambda error: type(error).__name__)
def test_survives_a_restart(error: BotError) -> None:
    """An error that a durable step recorded before a crash is the same after it."""
    after = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes, as the workflow library stores them
    assert (type(after), str(after), vars(after)) == (type(error), str(error), vars(error))


def test_fields_are_named_and_not_quoted() -> None:
    """A 400 names the fields in its text; what Apiframe quoted from the request stays in its details."""
    refusal = EVERY_SHAPE[0]
    assert "fluxParams.input_images" in str(refusal)
    assert "s3cret" not in f"{refusal} {refusal!r}"


def test_families() -> None:
    """Each error belongs to its family, and only some families are worth a retry."""
    assert all(isinstance(error, ApiframeError | DownloadError) for error in EVERY_SHAPE)
    assert [type(error) for error in EVERY_SHAPE if isinstance(error, Transient)] == [RateLimited]
