"""Bad input gets a private sentence that says what to change, and nothing is spent."""

import pytest

from standins.discord.client.options import OptionValue
from standins.discord.model.interactions import Interaction
from standins.discord.model.permissions import Permission
from tests.images import bulky_photo, photo, text_called_image, torn_photo
from tests.promises import DiscordFault
from tests.stage import Stage, is_private, text_of

pytestmark = pytest.mark.shared_bot


def refusal(interaction: Interaction) -> str:
    """Return the private sentence that an interaction ended in; there is nothing beside it."""
    messages = [message for message in (interaction.original, *interaction.follow_ups) if message is not None]
    assert [is_private(message) for message in messages] == [True]
    return text_of(messages[0])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"width": 512}, "Add `height`"),
        ({"height": 512}, "Add `width`"),
        ({"aspect_ratio": "custom"}, "Add `width` and `height`"),
        ({"width": 512, "height": 512, "aspect_ratio": "16:9"}, "Leave out `aspect_ratio`"),
        ({"width": 512, "height": 512, "resolution": "2"}, "Leave out `resolution`"),
        ({"aspect_ratio": "0:5"}, "width to height"),
        ({"aspect_ratio": "abc"}, "width to height"),
        ({"aspect_ratio": "16/9"}, "width to height"),
        ({"aspect_ratio": "٣:٤"}, "width to height"),
        ({"aspect_ratio": "9:1"}, "from `1:8` to `8:1`"),
        ({"aspect_ratio": "1:9"}, "from `1:8` to `8:1`"),
        ({"aspect_ratio": "match_input_image"}, "Attach one as `image1`"),
        ({"resolution": "match_input_image"}, "Attach one as `image1`"),
    ],
)
async def test_combinations_that_make_no_sense_say_what_to_change(
    stage: Stage, options: dict[str, OptionValue], words: str
) -> None:
    """A refusal is private, names what to change, and nothing is submitted."""
    async with stage.running():
        assert words in refusal(await stage.imagine("a boat", **options))
    assert stage.orders() == []


async def test_the_widest_ratios_are_drawn(stage: Stage) -> None:
    """8:1 and 1:8 are what the bounds allow, and not beyond them."""
    async with stage.running():
        for ratio in ("8:1", "1:8"):
            await stage.picture(await stage.imagine("a boat", aspect_ratio=ratio))


async def test_a_blank_prompt_is_refused(stage: Stage) -> None:
    """A prompt needs more than spaces."""
    async with stage.running():
        assert "prompt is empty" in refusal(await stage.imagine("   "))
    assert stage.orders() == []


async def test_each_bad_image_is_named_by_its_number(stage: Stage) -> None:
    """A member who attaches several images learns which ones to replace, and the reason."""
    async with stage.running():
        interaction = await stage.imagine(
            "a boat", image1=photo(), image2=text_called_image(), image5=torn_photo(), image8=photo("b.png")
        )
        sentence = refusal(interaction)
    assert "`image2` is not a PNG, JPEG, WebP or GIF" in sentence
    assert "`image5` is damaged" in sentence
    assert "`image1`" not in sentence
    assert "`image8`" not in sentence
    assert stage.orders() == []


async def test_an_image_that_is_too_heavy_is_refused_by_what_discord_declares(stage: Stage) -> None:
    """Over 25 MB is refused without fetching it."""
    stage.guild.boost = 3
    async with stage.running():
        sentence = refusal(await stage.imagine("a boat", image3=bulky_photo()))
    assert "`image3` is over 25 MB" in sentence
    assert stage.orders() == []


async def test_an_image_that_vanished_can_be_attached_again(stage: Stage) -> None:
    """A dead attachment link and a bad image are different errors."""
    async with stage.running():
        interaction = await stage.alice.types("/imagine", stage.channel, prompt="a boat", image1=photo())
        stage.attached(interaction)[0].gone = True
        await interaction.answered()
        sentence = refusal(interaction)
    assert "I couldn't download `image1` from Discord. Please attach it again" in sentence


@pytest.mark.promise(DiscordFault.PERMISSION_MISSING)
@pytest.mark.parametrize(
    ("denied", "named"),
    [
        (Permission.ATTACH_FILES, "Attach Files"),
        (Permission.SEND_MESSAGES, "Send Messages"),
        (Permission.VIEW_CHANNEL, "View Channel"),
    ],
)
async def test_a_channel_where_the_bot_may_not_post_is_named_before_anything_is_spent(
    stage: Stage, denied: Permission, named: str
) -> None:
    """The missing permission is named, and nothing is submitted."""
    stage.channel.overwrite(stage.guild.me, deny=denied)
    async with stage.running():
        assert f"**{named}**" in refusal(await stage.imagine())
    assert stage.orders() == []


async def test_a_thread_needs_the_right_to_send_in_threads(stage: Stage) -> None:
    """In a thread it is the threads' permission that is named."""
    thread = stage.channel.add_thread("boats")
    stage.channel.overwrite(stage.guild.me, deny=Permission.SEND_MESSAGES_IN_THREADS)
    async with stage.running():
        interaction = await stage.alice.types("/imagine", thread, prompt="a boat")
        await interaction.answered()
        assert "**Send Messages in Threads**" in refusal(interaction)


async def test_a_limit_says_how_much_is_used_and_when_it_frees_up(stage: Stage) -> None:
    """The operator's limit is enforced, with numbers and a time in the message, and nothing is spent beyond it."""
    limits = {"member": {"images_per_hour": 1, "images_per_day": 5, "concurrent": 5}}
    async with stage.running(limits=limits):
        await stage.picture(await stage.imagine())
        sentence = refusal(await stage.imagine())
    assert "Pictures per hour: 1 of 1 used" in sentence
    assert "<t:" in sentence
    assert len(stage.orders()) == 1
