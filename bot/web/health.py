"""Health checks: `/healthz` shows that the process runs, and `/readyz` that members are served."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

Check = Callable[[], Awaitable[str | None]]
"""Returns what is missing before members are served, or None when nothing is."""


def health_routes(checks: Sequence[Check]) -> list[web.RouteDef]:
    """Return both routes; of several things that are missing, the first of `checks` is the reason."""

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"alive": True})  # only a loop that turns gets here

    async def ready(_: web.Request) -> web.Response:
        reason = await _first_reason(checks)
        return web.json_response({"ready": reason is None, "reason": reason}, status=200 if reason is None else 503)

    return [web.get("/healthz", alive), web.get("/readyz", ready)]


async def _first_reason(checks: Sequence[Check]) -> str | None:
    for check in checks:
        if reason := await check():
            return reason
    return None
