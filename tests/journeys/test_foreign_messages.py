"""References from messages of all kinds: forwarded ones, and those of other apps."""

import pytest

from standins.discord.model.attachments import Upload
from standins.discord.model.messages import Message, MessageFlag
from standins.discord.payload import Payload
from standins.discord.rules.message_rules import Drafting
from tests.images import image_bytes, photo
from tests.journeys.test_pointing import contents, fill_in, name
from tests.stage import Stage

pytestmark = pytest.mark.shared_bot

ELSEWHERE = "https://cats.example/cat.png"


async def forwarded(stage: Stage, *uploads: Upload) -> Message:
    """Make Bob write a message in another channel and forward it to this one."""
    bob = stage.joins("bob")
    first = await bob.sends(stage.guild.add_channel("elsewhere"), "my cats", attachments=uploads)
    return await bob.forwards(first, stage.channel)


def shown_by_an_app(stage: Stage, *components: Payload) -> Message:
    """Make another app post components."""
    app = stage.discord.world.add_user("Cats", bot=True)
    stage.joins(app)
    draft = Drafting(stage.channel, app, {}, 0).new({"flags": int(MessageFlag.COMPONENTS_V2), "components": components})
    return stage.discord.world.post(stage.channel, app, draft)


async def test_imagine_from_this_uses_the_images_of_a_forwarded_message(stage: Stage) -> None:
    """A forwarded message shows its images in a snapshot, and those are the references."""
    images = [photo("a.png", "teal"), photo("b.png", "red")]
    async with stage.running():
        await stage.picture(await fill_in(stage, await forwarded(stage, *images), "as a painting"))
    assert contents(stage) == [image.content for image in images]


async def test_a_mention_in_reply_to_a_forwarded_message_uses_its_images(stage: Stage) -> None:
    """The other way to point at a message takes the same images."""
    async with stage.running():
        shown = await forwarded(stage, photo(colour="teal"))
        await stage.alice.sends(stage.channel, f"{name(stage)} as a painting", reply_to=shown)
        await stage.show_pictures(1)
    assert contents(stage) == [photo(colour="teal").content]


@pytest.mark.parametrize("kind", ["accessory", "gallery", "inside a container"])
async def test_an_apps_image_from_another_host_is_fetched_from_discords_proxy(stage: Stage, kind: str) -> None:
    """The bot asks no host but Discord's, which shows the image under an address of its own."""
    stage.discord.world.cdn.keep_elsewhere(ELSEWHERE, image_bytes("teal"))
    media = {"media": {"url": ELSEWHERE}}
    section = {
        "type": 9,
        "components": [{"type": 10, "content": "A cat"}],
        "accessory": {"type": 11, **media},
    }
    gallery = {"type": 12, "items": [media]}
    components = {
        "accessory": section,
        "gallery": gallery,
        "inside a container": {"type": 17, "components": [section, gallery]},
    }
    async with stage.running():
        await stage.picture(await fill_in(stage, shown_by_an_app(stage, components[kind]), "as a painting"))
    assert contents(stage) == [image_bytes("teal")]
