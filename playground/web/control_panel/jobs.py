"""Apiframe's jobs in the control panel: their parameters, progress and price."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from aiohttp import web
from markupsafe import Markup

from playground.web.control_panel.forms import MOST_CREDITS, MOST_SECONDS, CreditsForm, PaceForm, read_form
from playground.web.live import Region
from playground.web.rendering import Renderer
from playground.web.viewer import Seat
from standins.apiframe.jobs import Job, iso
from standins.apiframe.uploads import sniffed_type
from standins.apiframe.world import World

_JOBS_SHOWN = 20
_KEPT = {"Cache-Control": "private, max-age=3600"}  # an image of a job never changes


class JobsPanel:
    """Apiframe's account and jobs: their state, and settings."""

    def __init__(self, renderer: Renderer, apiframe: World) -> None:
        self._renderer = renderer
        self._apiframe = apiframe

    def regions(self) -> Mapping[str, Region]:
        """Return what changes by itself."""
        return {"jobs": self._html}

    def routes(self) -> Sequence[web.RouteDef]:
        """Return where the forms lead, and where the images of jobs are."""
        return [
            web.post("/curtain/credits", self._set_credits),
            web.post("/curtain/pace", self._set_pace),
            web.get("/curtain/jobs/{job}/pictures/{number:[0-9]+}", self._picture),
            web.get("/curtain/jobs/{job}/references/{number:[0-9]+}", self._reference),
        ]

    def _html(self, _: Seat) -> Markup:
        jobs = self._apiframe.book.newest_first()
        return self._renderer.html(
            "curtain-jobs.html",
            apiframe=self._apiframe,
            most_credits=MOST_CREDITS,
            most_seconds=MOST_SECONDS,
            jobs=jobs[:_JOBS_SHOWN],
            older=len(jobs[_JOBS_SHOWN:]),
            unfinished=sum(not job.finished for job in jobs),
            iso=iso,
            pretty=_pretty,
        )

    async def _set_credits(self, request: web.Request) -> web.Response:
        self._apiframe.account.credits = (await read_form(request, CreditsForm)).credits
        self._apiframe.changes.ring()
        return web.Response(status=204)

    async def _set_pace(self, request: web.Request) -> web.Response:
        self._apiframe.pace = replace(self._apiframe.pace, drawing=(await read_form(request, PaceForm)).seconds)
        self._apiframe.changes.ring()
        return web.Response(status=204)

    async def _picture(self, request: web.Request) -> web.Response:
        return _nth([image.content for image in self._job(request).images], request)

    async def _reference(self, request: web.Request) -> web.Response:
        return _nth([reference.content for reference in self._job(request).references], request)

    def _job(self, request: web.Request) -> Job:
        job = self._apiframe.jobs.get(request.match_info["job"])
        if job is None:
            raise web.HTTPNotFound(text="There is no such job.")
        return job


def _nth(images: Sequence[bytes], request: web.Request) -> web.Response:
    """Answer with the image that the address counts, from 0."""
    number = int(request.match_info["number"])
    if number >= len(images):
        raise web.HTTPNotFound(text="There is no such image.")
    return web.Response(body=images[number], content_type=sniffed_type(images[number]), headers=_KEPT)


def _pretty(received: Mapping[str, object]) -> str:
    return json.dumps(received, indent=2, ensure_ascii=False)
