"""The disk stores the images of pictures, and none of rejected requests."""

import shutil

import pytest

from standins.discord.model.attachments import Upload
from tests.images import photo, torn_photo
from tests.journeys.answers import private_answer
from tests.journeys.moderators import moderator_of, say
from tests.promises import Attack
from tests.stage import Stage

pytestmark = pytest.mark.shared_bot

ONE_AN_HOUR = {"member": {"images_per_hour": 1}}


async def refused(stage: Stage, *images: Upload) -> str:
    """Make Alice send a request with images, and return the error message."""
    attached = {f"image{number}": image for number, image in enumerate(images, start=1)}
    return (await private_answer(stage, await stage.imagine("a boat", **attached))).text


def kept(stage: Stage) -> list[bytes]:
    return [file.read_bytes() for file in (stage.folder / "images").rglob("*.*")]


@pytest.mark.promise(Attack.REJECTED_IMAGES)
async def test_images_of_a_request_that_a_limit_refuses_are_not_kept(stage: Stage) -> None:
    """However often somebody asks who has used up what they may, nothing of it stays on the disk."""
    async with stage.running(limits=ONE_AN_HOUR):
        await stage.picture(await stage.imagine())
        await stage.settled()
        before = kept(stage)
        for colour in ("black", "blue"):
            assert "1 of 1" in await refused(stage, photo(colour=colour))
    assert kept(stage) == before


@pytest.mark.promise(Attack.REJECTED_IMAGES)
async def test_a_good_image_beside_a_torn_one_is_not_kept(stage: Stage) -> None:
    """One image that is refused takes the others along."""
    async with stage.running():
        assert "`image2` is damaged" in await refused(stage, photo(), torn_photo())
    assert kept(stage) == []


@pytest.mark.promise(Attack.REJECTED_IMAGES)
async def test_what_another_picture_uses_stays_when_the_same_is_refused(stage: Stage) -> None:
    """The same bytes are kept once, and a refusal takes them from nobody."""
    async with stage.running(limits=ONE_AN_HOUR):
        await stage.picture(await stage.imagine(image1=photo()))
        await stage.settled()
        await refused(stage, photo())
    assert photo().content in kept(stage)


async def test_a_request_whose_images_cannot_be_kept_costs_nothing(stage: Stage) -> None:
    """A member who reads that nothing can be saved gets no picture and has used up nothing."""
    async with stage.running(limits=ONE_AN_HOUR):
        folder = stage.folder / "images"
        shutil.rmtree(folder)
        folder.write_bytes(b"")  # so that nothing can be kept
        assert "can't save anything" in await refused(stage, photo())
        folder.unlink()
        folder.mkdir()
        await stage.picture(await stage.imagine())  # the one that the limit allows
    assert len(stage.orders()) == 1


@pytest.mark.promise(Attack.REJECTED_IMAGES)
@pytest.mark.parametrize("image", [photo(), torn_photo()], ids=["whole", "torn"])
async def test_nobody_looks_at_the_images_of_who_is_blocked(stage: Stage, image: Upload) -> None:
    """Attachments of a blocked member cost neither space nor time."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits block", member=stage.alice)
        assert "blocked" in await refused(stage, image)
    assert kept(stage) == []
