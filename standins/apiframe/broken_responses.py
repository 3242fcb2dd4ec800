"""Responses that are deliberately broken. The contract tests leave them out."""

from aiohttp import web


class BrokenAnswer(web.Response):
    """An answer that a fault broke."""


def hang_up(request: web.Request) -> BrokenAnswer:
    """Cut the connection without another byte, like a router that dies. The returned response reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return BrokenAnswer()
