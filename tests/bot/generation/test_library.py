"""The member who plays on from a picture while the bot is busy with others' images."""

import asyncio
from pathlib import Path

from bot.generation.library import PictureLibrary
from bot.images.decoding import ImageWorker
from bot.images.still import SCANS_MAX
from bot.picture.formats import ImageFormat
from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from bot.storage.images import open_image_store
from bot.storage.reposts import RepostStore
from tests.bot.storage.examples import bare
from tests.faults.test_hostile_images import progressive_jpeg
from tests.images import image_bytes


async def test_a_picture_becomes_a_reference_while_others_are_decoded(tmp_path: Path, database: Database) -> None:
    """A known picture isn't inspected again, so that no request waits for a free decoder."""
    images, image_worker = open_image_store("", tmp_path), ImageWorker(at_once=1)
    slow, picture = tmp_path / "slow", tmp_path / "picture"
    slow.write_bytes(progressive_jpeg((6000, 6000), SCANS_MAX - 12))
    picture.write_bytes(image_bytes(size=(64, 48), kind="JPEG"))
    kept = {"image_key": await images.keep(picture, ImageFormat.JPEG), "image_width": 64, "image_height": 48}
    busy = asyncio.create_task(image_worker.inspect(slow))
    await asyncio.sleep(0)  # so that it has the room
    library = PictureLibrary(GenerationStore(database), RepostStore(database), images, image_worker)
    reference = await library.as_reference(bare().model_copy(update=kept))
    assert not busy.done()
    assert (reference.format, reference.width, reference.height) == (ImageFormat.JPEG, 64, 48)
    await busy
