"""Answers that are no good on purpose: nobody shall hold them against the contract."""

from aiohttp import web


class BrokenAnswer(web.Response):
    """An answer that a fault broke."""


def hang_up(request: web.Request) -> BrokenAnswer:
    """Cut the connection without another byte, as a router does that dies; what is returned reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return BrokenAnswer()
