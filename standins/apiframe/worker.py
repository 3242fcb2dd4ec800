"""From a job to a picture: queueing, references, drawing, the result, and webhooks."""

import asyncio
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor

import aiohttp

from standins.apiframe.faults import Kind
from standins.apiframe.jobs import Image, Job, Status
from standins.apiframe.painter.noise import NoiseMaker
from standins.apiframe.painter.pictures import CONTENT_TYPES, Picture, draw
from standins.apiframe.painter.sizes import RATIOS, is_known_ratio, size_of
from standins.apiframe.references import Reference, Unfulfillable, fetch_references, not_fetched
from standins.apiframe.signing import sign
from standins.apiframe.validation import Event
from standins.apiframe.webhooks import Webhooks
from standins.apiframe.world import World

MAGIC_WORD = "contraband"  # a prompt with this word is refused, so that anybody can see what that looks like
REFUSED = "Content moderated: the prompt or an input image was flagged by the safety filter"
BROKEN = "The model failed to produce an output"
GLIMPSES = 12


class Studio:
    """Takes jobs and finishes each in its own time, drawing two at once in threads."""

    def __init__(self, world: World, session: aiohttp.ClientSession) -> None:
        self._world = world
        self._session = session
        self._webhooks = Webhooks(session, world.clock, world.faults, world.webhooks, world.api_key)
        self._easels = ThreadPoolExecutor(max_workers=2, thread_name_prefix="easel")
        self._noise = NoiseMaker()
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, job: Job) -> None:
        """Begin with a job; what becomes of it can be read from it."""
        self._start(self._live(job))

    async def close(self) -> None:
        """Drop all jobs where they are; raise what broke in one of them."""
        for task in self._tasks:
            task.cancel()
        outcomes = await asyncio.gather(*self._tasks, return_exceptions=True)
        self._easels.shutdown(wait=False, cancel_futures=True)
        for outcome in outcomes:
            if outcome is not None and not isinstance(outcome, asyncio.CancelledError):
                raise outcome

    def _start(self, work: Coroutine[None, None, None]) -> None:
        """Run `work` in the background until it ends or the worker closes."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        """Forget a task that ended well; one that broke is kept for `close` to tell."""
        if not task.cancelled() and task.exception() is None:
            self._tasks.discard(task)

    async def _live(self, job: Job) -> None:
        """Take a job from the queue to its end."""
        clock = self._world.clock
        await clock.sleep(job.accepted_at + job.pace.queued - clock.now())
        # By the clock, not by when this task gets to it: a test may have wound the clock since the job was accepted.
        job.status, job.started_at, job.progress = Status.PROCESSING, job.accepted_at + job.pace.queued, 0
        self._changed(job, "progress")
        try:
            job.references = await self._fetch_references(job.order.flux_params.input_images)
            self._moderate(job)
            job.images, _ = await asyncio.gather(self._images(job), self._show_progress(job, job.started_at))
        except Unfulfillable as reason:
            self._fail(job, str(reason))
        else:
            self._complete(job)

    async def _fetch_references(self, urls: Sequence[str]) -> list[Reference]:
        """Fetch the images behind a job's links; a fault may make the first link dead."""
        if urls and self._world.faults.take(Kind.DEAD_REFERENCES):
            raise not_fetched(1, 404)
        return await fetch_references(self._session, urls)

    def _moderate(self, job: Job) -> None:
        """Refuse what the model will not draw, or cannot."""
        if Kind.POLICY in job.faults or MAGIC_WORD in job.order.prompt.lower():
            raise Unfulfillable(REFUSED)
        if Kind.MODEL_FAILURE in job.faults:
            raise Unfulfillable(BROKEN)
        if not is_known_ratio(job.order.flux_params):
            raise Unfulfillable(f"aspect_ratio must be one of {', '.join(RATIOS)}")

    async def _show_progress(self, job: Job, begun: float) -> None:
        """Make the progress rise with the clock while the drawing takes its time."""
        slow = job.faults.get(Kind.SLOW)
        seconds = job.pace.drawing + (slow.seconds if slow else 0)
        while (elapsed := self._world.clock.now() - begun) < seconds:
            progress = min(99, int(100 * elapsed / seconds))
            if progress != job.progress:
                job.progress = progress
                self._changed(job, "progress")
            await self._world.clock.sleep(min(seconds / GLIMPSES, seconds - elapsed))
        if Kind.HANG in job.faults:
            await asyncio.Event().wait()

    async def _images(self, job: Job) -> list[Image]:
        """Draw the ordered image, or as many as a fault says."""
        count = 0 if Kind.NO_IMAGES in job.faults else 3 if Kind.THREE_IMAGES in job.faults else 1
        return [await self._image(job, number) for number in range(count)]

    async def _image(self, job: Job, number: int) -> Image:
        """Draw one image in a thread."""
        picture = _picture(job, number, smooth=self._world.smooth_pictures)
        loop = asyncio.get_running_loop()
        if huge := job.faults.get(Kind.HUGE):
            content = await loop.run_in_executor(self._easels, self._noise.make, picture, huge.megabytes)
        else:
            content = await loop.run_in_executor(self._easels, draw, picture)
        url = sign(f"{self._world.base_url}/cdn/results/{job.id}/{number}.{picture.output_format}")
        return Image(url, content, CONTENT_TYPES[picture.output_format])

    def _complete(self, job: Job) -> None:
        job.status, job.progress, job.finished_at = Status.COMPLETED, 100, self._world.clock.now()
        self._changed(job, "completed")

    def _fail(self, job: Job, reason: str) -> None:
        """End a job without a picture, and give its credits back."""
        job.status, job.error, job.finished_at = Status.FAILED, reason, self._world.clock.now()
        self._world.account.refund(job.cost)
        self._changed(job, "failed")

    def _changed(self, job: Job, event: Event) -> None:
        """Tell everybody who wants to know."""
        self._start(self._tell(job, event))
        self._world.changes.ring()

    async def _tell(self, job: Job, event: Event) -> None:
        await self._webhooks.tell(job, event)
        self._world.changes.ring()


def _picture(job: Job, number: int, *, smooth: bool) -> Picture:
    """Return the picture that a job orders. Further images of it differ by their seed."""
    flux = job.order.flux_params
    return Picture(
        prompt=job.order.prompt,
        seed=flux.seed if number == 0 else (flux.seed or 0) + number,
        size=size_of(flux, job.references[0].size if job.references else None),
        output_format=flux.output_format,
        quality=flux.output_quality,
        references=tuple(reference.content for reference in job.references),
        smooth=smooth,
    )
