"""The pipeline of every REST request: faults, token, limits, the body, the route, and the observers."""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from aiohttp import web

from standins.clock import Clock
from standins.discord.errors import Refusal, not_found, unauthorized
from standins.discord.faults import Fault, Faults, Sent
from standins.discord.garbled import JSON, Garbled, garble
from standins.discord.rate_limits import RateLimits, Ruling
from standins.discord.rest.bodies import Bodies, Body
from standins.discord.rest.calls import Answer, Call, Route
from standins.discord.rest.not_imitated import not_imitated
from standins.discord.rules.request_rules import check_body, check_query
from standins.exchange import Exchange, Observer

API = "/api/v10"
VERSIONS = (API, "/api/v9")
MAJOR = ("channel_id", "guild_id", "application_id", "webhook_id", "webhook_token", "interaction_token")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A status, a JSON body (None for none) and headers, about to be sent."""

    status: int
    body: object
    headers: dict[str, str]


IGNORED = Outcome(500, None, {})


class Door:
    """Lets a request through to its route, or turns it away as Discord would."""

    def __init__(
        self, *, token: str, clock: Clock, faults: Faults, limits: RateLimits, bodies: Bodies, observers: list[Observer]
    ) -> None:
        self._token = token
        self._clock = clock
        self._faults = faults
        self._limits = limits
        self._bodies = bodies
        self._observers = observers

    def install(self, router: web.UrlDispatcher, imitated: Sequence[Route]) -> None:
        """Serve these routes below each version; there, what else Discord has is 501 or 405, and other paths 404."""
        every = sorted([*imitated, *not_imitated(imitated)], key=_most_literal_first)
        for base in VERSIONS:
            for template, routes in groupby(every, lambda route: route.template):
                router.add_route("*", base + template, self._serving({route.method: route for route in routes}))
            router.add_route("*", base + "/{rest:.*}", self._refusing)

    def _serving(self, routes: Mapping[str, Route]) -> Handler:
        async def serve(request: web.Request) -> web.StreamResponse:
            route = routes.get(request.method)
            return _method_not_allowed(routes) if route is None else await self._serve(route, request)

        return serve

    async def _refusing(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(None, request)

    async def _serve(self, route: Route | None, request: web.Request) -> web.StreamResponse:
        path = _below_version(request.rel_url.raw_path)
        body = await self._bodies.read(request)
        fault = self._faults.take(request.method, _below_version(request.path), _sent(request, body))
        if fault is not None and fault.delay:
            await self._clock.sleep(fault.delay)
        outcome = self._act(route, request, body) if fault is None or fault.acts else IGNORED
        if outcome is IGNORED or outcome.status >= 400:
            self._bodies.discard(body)
        if fault is not None and fault.drop:
            return _cut_off(request)
        if fault is not None and fault.status is not None:
            outcome = _failed(fault, fault.status, outcome)
        if fault is not None:
            outcome = _altered(fault, outcome)
        self._limits.note_answer(outcome.status)
        if fault is None or not fault.breaks_the_document:
            self._tell_observers(request, path, body, outcome)
        return _response(outcome, None if fault is None else fault.garbled)

    def _act(self, route: Route | None, request: web.Request, body: Body) -> Outcome:
        ruling = self._ruling(route, request)
        if ruling.retry_after is not None:
            return Outcome(429, ruling.body(), ruling.headers)
        try:
            self._check_token(route, request)
            answer = _answer(route, request, body)
        except Refusal as refusal:
            return Outcome(refusal.status, refusal.body(), ruling.headers)
        return Outcome(answer.status, answer.body, ruling.headers)

    def _ruling(self, route: Route | None, request: web.Request) -> Ruling:
        if route is None:
            return Ruling({})
        major = "+".join(request.match_info[name] for name in MAJOR if name in request.match_info)
        return self._limits.rule(route.method, route.template, major, counts_globally=route.counts_globally)

    def _check_token(self, route: Route | None, request: web.Request) -> None:
        given = request.headers.get("Authorization", "")
        if (route is None or route.needs_token) and given != f"Bot {self._token}":
            raise unauthorized()

    def _tell_observers(self, request: web.Request, path: str, body: Body, outcome: Outcome) -> None:
        exchange = Exchange(
            method=request.method,
            path=path,
            query=dict(request.query),
            request_headers=dict(request.headers),
            request_body=body.json,
            request_files={f"files[{number}]": upload.filename for number, upload in body.uploads.items()},
            request_content_type=request.headers.get("Content-Type", ""),
            status=outcome.status,
            response_headers=dict(outcome.headers),
            response_body=outcome.body,
        )
        for observer in self._observers:
            observer(exchange)


def _most_literal_first(route: Route) -> tuple[list[bool], str]:
    """Sort `…/commands/permissions` before `…/commands/{command_id}`, which would match it too."""
    return [segment.startswith("{") for segment in route.template.split("/")], route.template


def _below_version(path: str) -> str:
    return next(path.removeprefix(base) for base in VERSIONS if path.startswith(base))


def _method_not_allowed(allowed: Iterable[str]) -> web.Response:
    refusal = Refusal(405, 0, "405: Method Not Allowed")
    return web.json_response(refusal.body(), status=refusal.status, headers={"Allow": ", ".join(sorted(allowed))})


def _sent(request: web.Request, body: Body) -> Sent:
    return Sent(request.content_length or 0, len(body.uploads), json.dumps(body.json, ensure_ascii=False))


def _answer(route: Route | None, request: web.Request, body: Body) -> Answer:
    if route is None:
        raise not_found()
    if body.refusal is not None and route.reads_body:
        raise body.refusal
    operation = f"{route.method} {route.template}"
    check_query(operation, request.query)
    check_body(operation, body.json)
    return route.handle(Call(dict(request.match_info), dict(request.query), body.json, body.uploads))


def _failed(fault: Fault, status: int, outcome: Outcome) -> Outcome:
    headers = dict(outcome.headers)
    if status == 429:
        headers |= {"Retry-After": str(fault.retry_after or 0), "Via": "1.1 google", "X-RateLimit-Scope": "shared"}
    return Outcome(status, fault.body(status), headers)


def _altered(fault: Fault, outcome: Outcome) -> Outcome:
    body = outcome.body if fault.rewrite is None else fault.rewrite(outcome.body)
    headers = {name: value for name, value in outcome.headers.items() if name.lower() != fault.without_header.lower()}
    return Outcome(fault.succeeds_with or outcome.status, body, headers)


def _cut_off(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _response(outcome: Outcome, garbled: Garbled | None = None) -> web.Response:
    if outcome.body is None and garbled is None:
        return web.Response(status=outcome.status, headers=outcome.headers)
    text, content_type = b"" if outcome.body is None else json.dumps(outcome.body).encode(), JSON
    if garbled is not None:
        text, content_type = garble(text, garbled)
    return web.Response(body=text, status=outcome.status, headers=outcome.headers | {"Content-Type": content_type})
