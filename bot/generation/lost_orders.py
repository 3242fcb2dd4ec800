"""Orders whose answer was lost: looked for among the jobs that Apiframe lists."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog

from bot.apiframe.client import Apiframe
from bot.apiframe.errors import ApiframeError, NotFound
from bot.apiframe.wire import Job
from bot.picture.generation import Generation
from bot.storage.generations import GenerationStore

log = structlog.get_logger(__name__)

_CLOCKS_DIFFER_BY: Final = timedelta(minutes=10)  # a job is known by its prompt and seed: a few more cost requests only
_READ_AT_MOST: Final = 100  # of jobs that none of our pictures has: others may use the same key
_UNREADABLE_AT_MOST: Final = 3  # more than those aren't single unreadable jobs, but an outage of Apiframe
_PAUSES_SECONDS: Final = (0.0, 2.0, 6.0)  # an order that Apiframe is still taking in may not be listed yet


class LostOrders:
    """Finds the job of an order that Apiframe may have taken without our hearing of it."""

    def __init__(self, store: GenerationStore, apiframe: Apiframe, pause: Callable[[float], Awaitable[None]]) -> None:
        self._store = store
        self._apiframe = apiframe
        self._pause = pause

    async def find(self, generation: Generation) -> str | None:
        """Return the id of the job, which belongs to the generation from now on, or None if it's unknown."""
        for seconds in _PAUSES_SECONDS:
            await self._pause(seconds)
            if found := await self.look(generation):
                return found
        return None

    async def look(self, generation: Generation) -> str | None:
        """Look once, and return what `find` returns."""

        async def accept(job_id: str) -> bool:
            return await self._store.accept(generation.id, job_id, datetime.now(UTC))

        return await self._look(generation, accept)

    async def find_late(self, generation: Generation) -> None:
        """Store the job of a picture that timed out, if it's found now, so that its price can be checked."""

        async def name(job_id: str) -> bool:
            return await self._store.name_job(generation.id, job_id)

        await self._look(generation, name)

    async def _look(self, generation: Generation, claim: Callable[[str], Awaitable[bool]]) -> str | None:
        try:
            candidates = await self._candidates(generation)
        except ApiframeError as cause:
            log.error("lost_order_search_failed", generation=str(generation.id), cause=str(cause))
            return None
        for job_id in candidates:
            if await claim(job_id):
                log.warning("lost_order_found", generation=str(generation.id), job_id=job_id)
                return job_id
        return None

    async def _candidates(self, generation: Generation) -> Sequence[str]:
        """Return the jobs without a generation that were ordered by its words and seed, the likeliest first."""
        asked_at = generation.submitted_at or generation.created_at
        listed = await self._apiframe.jobs_since(asked_at - _CLOCKS_DIFFER_BY)
        made_at = {job.id: job.created_at or asked_at for job in listed if job.id is not None}
        free = made_at.keys() - await self._store.claimed(list(made_at))
        nearest = sorted(free, key=lambda job_id: abs(made_at[job_id] - asked_at))
        jobs = await self._read(nearest[:_READ_AT_MOST])
        ours = {job_id: job.input for job_id, job in jobs.items() if _is_of(generation, job)}
        # The same words and seed may have been ordered in two sizes.
        return sorted(ours, key=lambda job_id: ours[job_id] != generation.order)

    async def _read(self, job_ids: Sequence[str]) -> dict[str, Job]:
        """Return the jobs that can be read."""
        jobs: dict[str, Job] = {}
        unreadable = 0
        for job_id in job_ids:
            try:
                jobs[job_id] = await self._apiframe.job(job_id)
            except NotFound:  # listed, and gone since
                continue
            except ApiframeError as cause:
                log.warning("listed_job_not_read", job_id=job_id, cause=str(cause))
                unreadable += 1
                if unreadable > _UNREADABLE_AT_MOST:
                    break
        return jobs


def _is_of(generation: Generation, job: Job) -> bool:
    request, ordered = generation.request, job.input
    return bool(ordered) and (ordered.get("prompt"), _seed(ordered)) == (request.ordered_prompt, request.params.seed)


def _seed(ordered: dict[str, Any]) -> object:
    flux_params = ordered.get("fluxParams")
    return flux_params.get("seed") if isinstance(flux_params, dict) else ordered.get("seed")
