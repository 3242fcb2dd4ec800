"""The least that makes a picture: order, wait, download, upload. A line with a number on standard input orders one.

It waits by asking every `POLL_SECONDS`, or, where there is a `WEBHOOK_PORT`, until a webhook comes, which it believes.
"""

import asyncio
import json
import os
import sys
from collections import defaultdict

import aiohttp
from aiohttp import web
from yarl import URL

APIFRAME = os.environ["APIFRAME_BASE_URL"] + "/v2"
KEY = {"X-API-Key": os.environ["APIFRAME_API_KEY"]}
MESSAGES = f"{os.environ['DISCORD_API_URL']}/channels/{os.environ['CHANNEL_ID']}/messages"
TOKEN = {"Authorization": f"Bot {os.environ['DISCORD_TOKEN']}"}
POLL_SECONDS = float(os.environ.get("POLL_SECONDS", "0"))
PORT = int(os.environ.get("WEBHOOK_PORT", "0"))
TOLD = {"webhookUrl": f"http://127.0.0.1:{PORT}/", "webhookEvents": ["completed"]} if PORT else {}

done: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)


async def draw(session: aiohttp.ClientSession, prompt: str) -> None:
    """Make one picture and post it."""
    body = {"prompt": prompt, "model": "flux-2-max", "fluxParams": {"seed": 1}} | TOLD
    async with session.post(f"{APIFRAME}/images/generate", json=body, headers=KEY) as answer:
        job_id = (await answer.json())["jobId"]
    while True:
        if PORT:
            await done[job_id].wait()
        async with session.get(f"{APIFRAME}/jobs/{job_id}", headers=KEY) as answer:
            job = await answer.json()
        if job["status"] == "COMPLETED":
            break
        await asyncio.sleep(POLL_SECONDS)
    async with session.get(URL(job["result"]["images"][0], encoded=True)) as answer:
        picture = await answer.read()
    form = aiohttp.FormData()
    form.add_field("payload_json", json.dumps({"content": prompt}), content_type="application/json")
    form.add_field("files[0]", picture, filename="picture.jpg", content_type="image/jpeg")
    async with session.post(MESSAGES, data=form, headers=TOKEN) as answer:
        answer.raise_for_status()


async def hear(request: web.Request) -> web.Response:
    """Wake the picture that a webhook is about."""
    done[(await request.json())["jobId"]].set()
    return web.Response()


async def main() -> None:
    """Draw the ordered pictures concurrently, until the orders end."""
    app = web.Application()
    app.add_routes([web.post("/", hear)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", PORT).start()
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as pictures:
        print("ready", flush=True)
        while number := await asyncio.to_thread(sys.stdin.readline):
            pictures.create_task(draw(session, f"a red boat at dawn, number {number.strip()}"))
    await runner.cleanup()


asyncio.run(main())
