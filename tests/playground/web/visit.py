"""A visitor's browser at the control panel, and the objects behind it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from playground.app import FarEnds, open_far_ends
from playground.bot_process import BotProcess
from playground.web.page import Backstage, open_page
from playground.web.pulse import Pulse
from standins.apiframe.jobs import Job, Pace


@dataclass
class Visit:
    """A visitor's browser on the page, and the objects behind it."""

    ends: FarEnds
    bot: BotProcess
    pulse: Pulse
    browser: aiohttp.ClientSession
    address: str

    async def page(self) -> str:
        async with self.browser.get(self.address) as response:
            assert response.status == 200
            return await response.text()

    async def region(self, name: str) -> str:
        """Return the HTML of one panel as the page has it now."""
        found = re.search(rf'<section id="{name}">(.*?)</section>', await self.page(), re.DOTALL)
        assert found is not None
        return found[1]

    async def words(self, name: str) -> str:
        """Return what one panel says, without its tags."""
        return " ".join(re.sub(r"<[^>]+>", " ", await self.region(name)).split())

    async def sends(self, path: str, **fields: str) -> int:
        """Send a form, and return the status of the answer."""
        async with self.browser.post(self.address + path, data=fields) as response:
            return response.status

    async def setting(self, board: str, switch: str) -> str:
        """Return which button of a switch is pressed."""
        [form] = re.findall(
            rf'<form hx-post="/curtain/{board}/{switch}".*?</form>', await self.region(board), re.DOTALL
        )
        [pressed] = re.findall(r'value="(\w+)" aria-pressed="true"', form)
        return str(pressed)

    async def orders(self, prompt: str = "a red boat", **flux: object) -> int:
        """Ask Apiframe for a small picture, as the bot would, and return the status of the answer."""
        body = {"prompt": prompt, "model": "flux-2-max", "fluxParams": {"width": 256, "height": 256, **flux}}
        key = {"X-API-Key": self.ends.apiframe.api_key}
        url = f"{self.ends.apiframe.base_url}/v2/images/generate"
        async with self.browser.post(url, json=body, headers=key) as response:
            return response.status

    async def asks_discord(self) -> int:
        """Ask Discord something, as the bot would, and return the status of the answer."""
        headers = {"Authorization": f"Bot {self.ends.discord.token}"}
        async with self.browser.get(f"{self.ends.discord.api_url}/users/@me", headers=headers) as response:
            return response.status

    async def finished(self) -> Job:
        """Return the newest job once it has ended."""
        job = self.ends.apiframe.book.newest_first()[0]
        await self.ends.apiframe.until(lambda: job.finished)
        return job

    async def until_words(self, region: str, pattern: str) -> None:
        """Wait until a panel says what a pattern describes."""
        async with asyncio.timeout(10):
            async for _ in self.pulse.follow():
                if re.search(pattern, await self.words(region)):
                    return

    async def until_serving(self) -> None:
        await self.ends.discord.world.until(lambda: self.ends.discord.gateway.connected)


@asynccontextmanager
async def open_visit() -> AsyncIterator[Visit]:
    """Open the page, without the bot at first; pictures take no time."""
    pulse = Pulse()
    async with open_far_ends() as ends, aiohttp.ClientSession() as browser:
        ends.apiframe.pace = Pace(queued=0, drawing=0)
        bot = BotProcess(ends.environment(), ends.folder, pulse.ring)
        async with open_page(Backstage(ends.discord, ends.apiframe, ends.town, bot, pulse), 0) as address:
            yield Visit(ends, bot, pulse, browser, address.rstrip("/"))
        await bot.kill()
