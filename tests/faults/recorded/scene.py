"""Both platforms as an older version of the bot left them: its order is unfinished, and its messages are there."""

import json
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection, Row, connect
from uuid import UUID

import aiohttp

from bot.picture.formats import ImageFormat
from bot.storage.images import key_of
from standins.apiframe.jobs import Pace
from tests.images import photo
from tests.stage import Stage

_MOVE = """UPDATE generations SET server_key = :server_key, guild_id = :guild, channel_id = :channel, user_id = :user,
    application_id = :application, message_id = :message, image_key = :image_key"""


async def set_scene(stage: Stage) -> None:
    """Give the one generation in the stage's databases the people, the job and the picture that it knows of."""
    with closing(connect(stage.folder / "imagine.db")) as database, database:
        database.row_factory = Row
        [recorded] = database.execute("SELECT * FROM generations")
        await _order(stage, str(UUID(recorded["id"])), recorded["job_id"])
        image_key = await _keep(stage.folder) if recorded["image_key"] else None
        message_id = await _post(stage) if recorded["message_id"] else None
        _move(database, stage, message_id, image_key)


async def _order(stage: Stage, idempotency_key: str, job_id: str) -> None:
    """Order and finish the recorded job."""
    stage.apiframe.pace = Pace(queued=60)
    order = {"prompt": "a red boat at dawn", "model": "flux-2-max"}
    headers = {"X-API-Key": stage.apiframe.api_key, "Idempotency-Key": idempotency_key}
    url = f"{stage.apiframe.base_url}/v2/images/generate"
    async with stage.browser.post(url, json=order, headers=headers) as answer:
        answer.raise_for_status()
    [job] = stage.jobs()
    job.id = job_id
    stage.apiframe.jobs.clear()
    stage.apiframe.book.add(job)
    stage.clock.wind(60 + job.pace.drawing)
    await stage.apiframe.until(lambda: job.finished)


async def _keep(folder: Path) -> str:
    """Keep a picture in place of the recorded one, and return its key, which its bytes have to fit."""
    file = folder / "kept.png"
    file.write_bytes(photo().content)
    key = await key_of(file, ImageFormat.PNG)
    (folder / "images" / key).parent.mkdir(parents=True)
    file.rename(folder / "images" / key)
    return key


async def _post(stage: Stage) -> int:
    """Post a picture as the bot did, and return its message's id."""
    form = aiohttp.FormData()
    form.add_field("payload_json", json.dumps({"attachments": [{"id": 0, "filename": "picture.png"}]}))
    form.add_field("files[0]", photo().content, filename="picture.png")
    url = f"{stage.discord.api_url}/channels/{stage.channel.id}/messages"
    async with stage.browser.post(url, data=form, headers={"Authorization": f"Bot {stage.discord.token}"}) as answer:
        answer.raise_for_status()
        return int((await answer.json())["id"])


def _move(database: Connection, stage: Stage, message_id: int | None, image_key: str | None) -> None:
    here = {
        "server_key": f"guild:{stage.guild.id}",
        "guild": stage.guild.id,
        "channel": stage.channel.id,
        "user": stage.alice.user.id,
        "application": stage.discord.application_id,
        "message": message_id,
        "image_key": image_key,
    }
    database.execute(_MOVE, here)
