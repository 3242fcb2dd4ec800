"""The part of the deep check that talks to Apiframe: its free calls, and one picture of the smallest size."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from bot.apiframe.client import Apiframe
from bot.apiframe.download import Downloader
from bot.apiframe.errors import ApiframeError, OrderInDoubt
from bot.apiframe.order import MODEL
from bot.apiframe.wire import Job, JobAccepted, JobStatus
from bot.deep_check.card import FILE_NAME, small_image
from bot.deep_check.journal import Journal
from bot.errors import StartupError
from bot.picture.formats import SNIFF_BYTES, sniff
from bot.picture.params import FluxParams, OutputFormat, Resolution
from bot.settings import GenerationSettings

_PROMPT: Final = "A plain red circle on a white background"
_SMALLEST: Final = FluxParams(resolution=Resolution.HALF_MP, output_format=OutputFormat.JPG)
_ANSWER_SECONDS: Final = 30.0  # how long an interrupted check waits for the answer to its order
_LARGEST_BYTES: Final = 25 * 1024 * 1024
_RECENT: Final = timedelta(hours=1)
_SEE_DASHBOARD: Final = "Look for the job in your Apiframe dashboard."


class ApiframePart:
    """Makes the calls, and knows what to tell the operator afterwards.

    `job_id` is that of a picture that was ordered and not received; `in_doubt` means that there may be one.
    """

    def __init__(self, apiframe: Apiframe, downloader: Downloader, journal: Journal, folder: Path) -> None:
        self._apiframe = apiframe
        self._downloader = downloader
        self._journal = journal
        self._folder = folder
        self.credits: int | None = None
        self.price: float | None = None
        self.job_id: str | None = None
        self.in_doubt = False

    async def look(self) -> None:
        """Read the account, the price list and the newest jobs, and upload a small image: nothing of it costs."""
        with self._journal.step("Apiframe: account"):
            self.credits = (await self._apiframe.me()).credits
        with self._journal.step("Apiframe: price list"):
            model = next((each for each in await self._apiframe.models() if each.id == MODEL), None)
            self.price = None if model is None else model.cost_min
        with self._journal.step("Apiframe: list of jobs"):
            await self._apiframe.jobs_since(datetime.now(UTC) - _RECENT)
        with self._journal.step("Apiframe: upload an image"):
            path = self._folder / f"{FILE_NAME}.png"
            await asyncio.to_thread(path.write_bytes, small_image())
            await self._apiframe.upload(path, "image/png")

    async def picture(self, pace: GenerationSettings) -> Path:
        """Order a picture of the smallest size, wait for it, and return its file."""
        with self._journal.step("Apiframe: order a picture"):
            self.job_id = (await self._order()).job_id
        with self._journal.step("Apiframe: wait for the picture"):
            job = await self._ended(self.job_id, pace)
        with self._journal.step("Apiframe: download the picture"):
            path = self._folder / "picture"
            await self._downloader.download(
                job.images[0], path, max_bytes=_LARGEST_BYTES, deadline_seconds=pace.fetch_timeout_seconds
            )
            self.job_id = None
            return await asyncio.to_thread(_named_by_format, path)

    def tell_what_was_paid(self) -> None:
        """Tell the operator about a picture that was ordered and not received; the report doesn't have its id."""
        if self.job_id is not None:
            self._journal.console.print(
                f"A picture was ordered and not received: job {self.job_id} in your Apiframe dashboard. "
                "It's paid unless it fails.",
                highlight=False,
                soft_wrap=True,
            )
        elif self.in_doubt:
            self._journal.console.print(
                "You may have paid for a picture: look for a new job in your Apiframe dashboard.", soft_wrap=True
            )

    async def _order(self) -> JobAccepted:
        """Send one order, also to its end if the check is interrupted: the operator has to know what was paid for."""
        order = self._apiframe.write_order(_PROMPT, _SMALLEST)
        sending = asyncio.ensure_future(self._apiframe.submit(order, idempotency_key=f"deep-check-{uuid4()}"))
        self.in_doubt = True
        try:
            accepted = await asyncio.shield(sending)
        except asyncio.CancelledError:
            with suppress(ApiframeError, TimeoutError):
                self.job_id = (await asyncio.wait_for(sending, _ANSWER_SECONDS)).job_id
                self.in_doubt = False
            raise
        except ApiframeError as error:
            self.in_doubt = isinstance(error, OrderInDoubt)
            raise
        self.in_doubt = False
        return accepted

    async def _ended(self, job_id: str, pace: GenerationSettings) -> Job:
        """Return the finished job; raise `StartupError` if it has no picture, or not in time."""
        try:
            async with asyncio.timeout(pace.job_timeout_seconds):
                while (job := await self._apiframe.job(job_id)).status.is_running:  # noqa: ASYNC110  (Apiframe tells nobody)
                    await asyncio.sleep(pace.poll_seconds)
        except TimeoutError:
            raise StartupError("Apiframe hasn't finished the picture in time.", _SEE_DASHBOARD) from None
        if job.status is not JobStatus.COMPLETED:
            self.job_id = None  # Apiframe refunds it in full
            raise StartupError("Apiframe couldn't make the picture, and refunds it.", "Try again later.")
        if not job.images:
            raise StartupError("The finished job has no picture.", _SEE_DASHBOARD)
        return job


def _named_by_format(path: Path) -> Path:
    with path.open("rb") as file:
        found = sniff(file.read(SNIFF_BYTES))
    return path.rename(path.with_name(f"{FILE_NAME}.{found.suffix if found else 'png'}"))
