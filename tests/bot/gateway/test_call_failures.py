"""The engineer who asks what a failed call to Discord means."""

import json
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.gateway.call_failures import CallFailure, failure_of

JSON, PAGE = "application/json", "text/html"


def answered(status: int, content_type: str = JSON) -> discord.HTTPException:
    """Return what discord.py raises for an answer."""
    response: Any = SimpleNamespace(status=status, reason="", headers={"Content-Type": content_type})
    return discord.HTTPException(response, {"code": 0, "message": ""} if content_type == JSON else "<html>")


CASES = [
    *((answered(status), CallFailure.REFUSED) for status in (400, 403, 404, 413)),
    *((answered(status, PAGE), CallFailure.REFUSED) for status in (400, 413)),
    *((answered(status, PAGE), CallFailure.UNREADABLE) for status in (403, 404)),
    *((answered(status), CallFailure.NOT_NOW) for status in (401, 429)),
    *((answered(status, kind), CallFailure.NO_ANSWER) for status in (500, 503) for kind in (JSON, PAGE)),
    (discord.RateLimited(9), CallFailure.NOT_NOW),
    (discord.ClientException(), CallFailure.REFUSED),
    (aiohttp.ClientPayloadError(), CallFailure.NO_ANSWER),
    (aiohttp.ServerDisconnectedError(), CallFailure.NO_ANSWER),
    (ConnectionResetError(), CallFailure.NO_ANSWER),
    (TimeoutError(), CallFailure.NO_ANSWER),
    (json.JSONDecodeError("", "", 0), CallFailure.UNREADABLE),
    (UnicodeDecodeError("utf-8", b"", 0, 1, ""), CallFailure.UNREADABLE),
    (KeyError("id"), CallFailure.UNREADABLE),
    (KeyError("retry_after"), CallFailure.NOT_NOW),
    (TypeError(), CallFailure.UNREADABLE),
    (AttributeError(), CallFailure.UNREADABLE),
    (RecursionError(), CallFailure.UNREADABLE),
]


@pytest.mark.parametrize(("error", "failure"), CASES, ids=[f"{type(e).__name__} {e}".strip() for e, _ in CASES])
def test_each_failure_has_one_meaning(error: Exception, failure: CallFailure) -> None:
    """Refused, not now, no answer, or one that nobody can read."""
    assert failure_of(error) is failure


@pytest.mark.parametrize("status", [503, 404])
def test_a_gateway_that_is_not_found_means_what_its_answer_meant(status: int) -> None:
    """discord.py hides the answer behind an error of its own."""
    hidden = discord.GatewayNotFound()  # type: ignore[no-untyped-call]  # discord.py gives it none
    hidden.__cause__ = answered(status)
    assert failure_of(hidden) is failure_of(answered(status))
