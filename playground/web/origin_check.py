"""The page's access check: only a browser on this machine that shows the page itself, and no other site in it."""

from aiohttp import web
from aiohttp.typedefs import Handler

_POLICY = "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
_LOCAL_NAMES = ("127.0.0.1", "localhost")


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other sites' requests and foreign names for this address, and forbid the page to load anything else."""
    if (request.url.host or "") not in _LOCAL_NAMES:
        raise web.HTTPForbidden(text="The playground is for this machine alone.")
    if request.method != "GET" and request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise web.HTTPForbidden(text="Another site asked for that.")
    return await handler(request)


async def forbid_the_rest(_: web.Request, response: web.StreamResponse) -> None:
    """Send the rules with every answer; a signal, since an event stream is sent off before its handler returns."""
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
