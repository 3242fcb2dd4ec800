"""The endpoint for Prometheus: `/metrics`."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder


def metrics_routes(registry: CollectorRegistry, refresh: Callable[[], Awaitable[None]]) -> list[web.RouteDef]:
    """Return the route of the registry's figures; `refresh` brings those up to date that nobody counts along."""

    async def metrics(request: web.Request) -> web.Response:
        await refresh()
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        return web.Response(body=encode(registry), headers={"Content-Type": content_type})

    return [web.get("/metrics", metrics)]
