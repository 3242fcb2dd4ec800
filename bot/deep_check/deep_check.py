"""The deep check as a whole: both parts, the consent between them, the cleanup, and the report."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pydantic import SecretStr
from rich.console import Console

from bot.apiframe.client import open_apiframe
from bot.apiframe.download import open_downloader
from bot.apiframe.hosts import AllowedHosts
from bot.apiframe.retry import RetryPolicy
from bot.deep_check.apiframe_part import ApiframePart
from bot.deep_check.card import FILE_NAME, small_image
from bot.deep_check.consent import ask_for_consent, check_consent_is_possible
from bot.deep_check.discord_part import INTERACTIONS, DiscordPart
from bot.deep_check.gateway import RecordingClient
from bot.deep_check.journal import Journal, PartEnded
from bot.deep_check.recorder import Recorder
from bot.deep_check.report import new_report, save_report, summary
from bot.deep_check.shapes import ShapeTable
from bot.deep_check.verdicts import Judge
from bot.errors import StartupError
from bot.gateway.client import point_discord_at
from bot.settings import Settings

_RETRY_SECONDS: Final = 20.0  # an order is only repeated with its own key, so it's paid once
_PICTURE: Final = "Apiframe: a picture"
_BEFORE: Final = """\
This check uses your accounts once:
- It posts a card in the channel, edits it, reacts to it, and deletes it.
- It registers a command that only administrators see, and removes it.
- It connects to Discord's gateway, which allows that 1,000 times a day. A bot that is running stays connected.
- It reads your Apiframe account, and uploads a small image, which costs nothing.
"""
_ONE_PICTURE: Final = "- It orders one picture of the smallest size, and says first what that costs.\n"
_NO_PICTURE: Final = "- It orders no picture, so nothing is charged.\n"


@dataclass(frozen=True, slots=True)
class DeepCheck:
    """The operator's request.

    The check uses one channel, orders no picture if `free`, doesn't ask about its price with `yes`, and waits for the
    operator to press a button if `interactive`.
    """

    channel_id: int
    free: bool = False
    yes: bool = False
    interactive: bool = False


async def deep_check(settings: Settings, token: SecretStr, key: SecretStr, asked: DeepCheck) -> None:
    """Run the check and save its report; raise `StartupError` if anything is wrong."""
    check_consent_is_possible(free=asked.free, yes=asked.yes)
    report = new_report(settings.data_dir)
    _cancel_when_interrupted()
    console = Console()
    recorder = Recorder(str(settings.discord_api_url), str(settings.apiframe_base_url))
    journal = Journal(console, Judge(ShapeTable.load()), recorder)
    console.print(_BEFORE + (_NO_PICTURE if asked.free else _ONE_PICTURE), highlight=False, soft_wrap=True)
    try:
        await run_parts(settings, token, key, asked, journal, recorder)
    finally:
        save_report(journal, report, settings)
        console.print(f"\n{summary(journal)}\nReport: {report}", highlight=False, soft_wrap=True)
    if journal.has_failed:
        raise StartupError(
            "The deep check found something.",
            "Do what the ✗ lines say. If they don't say what to do, attach the report to a bug report: it has no "
            "secrets, ids, names or prompts.",
        )


def _cancel_when_interrupted() -> None:
    """Cancel this task on Ctrl+C and SIGTERM, also where a shell has made its background processes ignore Ctrl+C."""
    if task := asyncio.current_task():
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)


async def run_parts(
    settings: Settings, token: SecretStr, key: SecretStr, asked: DeepCheck, journal: Journal, recorder: Recorder
) -> None:
    """Make all calls, and clean up after them."""
    point_discord_at(str(settings.discord_api_url))
    with TemporaryDirectory(prefix="deep-check-") as folder:
        async with (
            _open_apiframe_part(settings, key, journal, recorder, Path(folder)) as apiframe,
            RecordingClient(recorder) as client,
        ):
            discord = DiscordPart(client, journal, recorder, asked.channel_id)
            run = _Run(settings, asked, journal, discord, apiframe, Path(folder))
            try:
                await run.all(token.get_secret_value())
            except PartEnded:
                journal.skip("Discord: the other steps", "They need the one that failed.")
            finally:
                await discord.clean_up()
                apiframe.tell_what_was_paid()


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of both parts, each step after those that it needs."""

    settings: Settings
    asked: DeepCheck
    journal: Journal
    discord: DiscordPart
    apiframe: ApiframePart
    folder: Path

    async def all(self, token: str) -> None:
        """Go through both parts; raise `PartEnded` if no card can be posted."""
        has_account = await self._look_at_apiframe()
        await self.discord.prepare(token)
        why_no_picture = await self._why_no_picture(has_account)
        await self.discord.commands()
        await self.discord.post(can_be_pressed=self.asked.interactive)
        await self._press()
        await self.discord.edit(await self._picture(why_no_picture))
        await self.discord.react()
        await self.discord.delete()

    async def _look_at_apiframe(self) -> bool:
        try:
            await self.apiframe.look()
        except PartEnded:
            return False
        return True

    async def _press(self) -> None:
        if self.asked.interactive:
            await self.discord.press()
        else:
            self.journal.skip(INTERACTIONS, "--interactive checks a button that you press.")

    async def _why_no_picture(self, has_account: bool) -> str:
        """Return why no picture is ordered; nothing if one is."""
        if self.asked.free:
            return "--free leaves it out."
        if not has_account:
            return "The steps before it failed."
        has_agreed = await ask_for_consent(
            self.journal.console, self.apiframe.price, self.apiframe.credits, yes=self.asked.yes
        )
        return "" if has_agreed else "You didn't agree to its price."

    async def _picture(self, why_not: str) -> Path:
        """Return the file of a new picture, or of a small image without a price."""
        if why_not:
            self.journal.skip(_PICTURE, why_not)
        else:
            with suppress(PartEnded):
                return await self.apiframe.picture(self.settings.generation)
        path = self.folder / f"{FILE_NAME}.png"
        await asyncio.to_thread(path.write_bytes, small_image())
        return path


@asynccontextmanager
async def _open_apiframe_part(
    settings: Settings, key: SecretStr, journal: Journal, recorder: Recorder, folder: Path
) -> AsyncIterator[ApiframePart]:
    base_url = str(settings.apiframe_base_url)
    hosts = AllowedHosts(settings.apiframe_result_hosts, base_url)
    async with (
        open_apiframe(
            base_url, key, retries=RetryPolicy(total_seconds=_RETRY_SECONDS), tracing=[recorder.trace()]
        ) as apiframe,
        open_downloader(hosts, tracing=[recorder.trace(downloads=True)]) as downloader,
    ):
        yield ApiframePart(apiframe, downloader, journal, folder)
