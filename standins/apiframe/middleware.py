"""Steps that every request passes through: recording, authentication and faults."""

import json
from collections.abc import Mapping

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from standins.apiframe.broken_responses import BrokenAnswer, hang_up
from standins.apiframe.errors import Refusal, broken, rate_limited
from standins.apiframe.faults import Kind
from standins.apiframe.world import World
from standins.exchange import Exchange

OPEN_ROUTES = {"models", "cdn", None}
BLOCKED = "<!doctype html><title>Attention Required!</title><h1>Sorry, you have been blocked</h1>"
HTML = "<!doctype html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>"


def gate(world: World) -> list[Middleware]:
    """Return the middlewares, the outermost first."""
    return [_watch(world), _word_refusals, _trouble(world), _admit(world)]


def _watch(world: World) -> Middleware:
    """Show each exchange of the API to the observers, but for answers that a fault broke on purpose."""

    @web.middleware
    async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
        body, files = await _body(request), dict[str, str]()
        world.files_of_request.set(files)  # the upload fills it in
        response = await handler(request)
        if request.path.startswith("/v2/") and not isinstance(response, BrokenAnswer):
            exchange = _exchange(request, body, files, response)
            for observer in world.observers:
                observer(exchange)
        world.changes.ring()
        return response

    return watch


@web.middleware
async def _word_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every refusal, ours or the router's, as JSON."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return refusal.response()
    except web.HTTPException as refusal:
        methods = {"Allow": allow} if (allow := refusal.headers.get("Allow")) else None
        return Refusal(refusal.status, refusal.reason, methods).response()


def _trouble(world: World) -> Middleware:
    """Apply the armed faults before and after the response is made."""

    @web.middleware
    async def trouble(request: web.Request, handler: Handler) -> web.StreamResponse:
        route, faults = request.match_info.route.name, world.faults
        if stalled := faults.take(Kind.STALLED, route):
            await world.clock.sleep(stalled.seconds)
        if faults.take(Kind.LOST_REQUEST, route):
            return hang_up(request)
        if limited := faults.take(Kind.RATE_LIMITED, route):
            raise rate_limited(limited.seconds, now=world.clock.now() if limited.dated else None)
        if page := faults.take(Kind.PROXY_PAGE, route):
            return BrokenAnswer(text=BLOCKED, content_type="text/html", status=page.status)
        if error := faults.take(Kind.SERVER_ERROR, route):
            return _broken(error.status)
        if faults.take(Kind.HTML, route):
            return BrokenAnswer(text=HTML, content_type="text/html")
        response = await handler(request)
        rewrite = next((change for name, change in faults.rewrites.items() if name == route), None)
        if rewrite is not None and isinstance(response, web.Response):
            response = BrokenAnswer(
                text=json.dumps(rewrite(json.loads(response.text or ""))),
                content_type="application/json",
                status=response.status,
            )
        return hang_up(request) if faults.take(Kind.LOST_ANSWER, route) else response

    return trouble


def _broken(status: int) -> web.StreamResponse:
    """Answer with an error; one of the caller's that the documents do not know counts as broken, too."""
    if status >= 500:
        raise broken(status)
    return BrokenAnswer(text=json.dumps(broken(status).body), content_type="application/json", status=status)


def _admit(world: World) -> Middleware:
    """Accept callers with the right key, up to their rate limit."""

    @web.middleware
    async def admit(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.match_info.route.name not in OPEN_ROUTES:
            world.account.admit(request.headers.get("X-API-Key"))
        return await handler(request)

    return admit


async def _body(request: web.Request) -> object:
    """Return the request's JSON, None where it has none that can be read."""
    if request.content_type != "application/json" or not request.can_read_body:
        return None
    try:
        return json.loads(await request.read())
    except ValueError:
        return None


def _exchange(request: web.Request, body: object, files: Mapping[str, str], response: web.StreamResponse) -> Exchange:
    """Record the request and the response."""
    text = response.text if isinstance(response, web.Response) else None
    return Exchange(
        method=request.method,
        path=request.path,
        query=dict(request.query),
        request_headers=dict(request.headers),
        request_body=body,
        request_files=files,
        request_content_type=request.content_type,
        status=response.status,
        response_headers=dict(response.headers),
        response_body=json.loads(text) if text else None,
    )
