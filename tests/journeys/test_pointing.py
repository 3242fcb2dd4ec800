"""References from other people's messages: mentioning the bot, and "Imagine from this"."""

import discord
import pytest

from cogs.shared.confirm import Question
from standins.discord.model.attachments import Upload
from standins.discord.model.interactions import Interaction
from standins.discord.model.messages import Message
from tests.images import COLOURS, photo, text_called_image
from tests.promises import ApiframeFault
from tests.stage import Stage, is_private, text_of

pytestmark = pytest.mark.shared_bot


def name(stage: Stage) -> str:
    """Return how people write the bot's name."""
    return f"<@{stage.discord.application_id}>"


def contents(stage: Stage, nth: int = 0) -> list[bytes]:
    """Return the references that Apiframe fetched for an order."""
    return [reference.content for reference in stage.jobs()[nth].references]


async def fill_in(stage: Stage, message: Message, prompt: str) -> Interaction:
    """Choose "Imagine from this" on a message, type a prompt, and send the form off."""
    form = await stage.alice.uses(message, "Imagine from this")
    await form.answered()
    submitted = await stage.alice.submits(form, {"What to draw": prompt})
    await submitted.answered()
    return submitted


async def test_a_mention_with_images_draws_in_a_reply(stage: Stage) -> None:
    """The text after the bot's name is the prompt, and the attachments are the references, in order."""
    async with stage.running():
        images = [photo("a.png", "blue"), photo("b.png", "green")]
        asked = await stage.alice.sends(stage.channel, f"{name(stage)} a red boat", attachments=images)
        [picture] = await stage.show_pictures(1)
    assert picture.reference is asked
    assert not picture.mentions.disturbed_anybody
    assert stage.orders()[0]["prompt"] == "a red boat"
    assert contents(stage) == [image.content for image in images]


async def test_a_mention_in_a_reply_takes_own_images_first(stage: Stage) -> None:
    """Own images come first, then those of the message replied to: here one that names the bot, so that it sees it."""
    own, shown = photo("own.png", "purple"), photo("shown.png", "green")
    async with stage.running():
        first = await stage.alice.sends(stage.channel, name(stage), attachments=[shown])
        await stage.alice.sends(stage.channel, f"{name(stage)} like this", attachments=[own], reply_to=first)
        await stage.show_pictures(1)
    assert contents(stage) == [own.content, shown.content]


async def test_a_reply_to_what_the_bot_cannot_see_says_so(stage: Stage) -> None:
    """Without the content intent a stranger's message comes empty: the bot says how to point at it instead."""
    bob = stage.joins("bob")
    async with stage.running():
        shown = await bob.sends(stage.channel, "my cat", attachments=[photo()])
        await stage.alice.sends(stage.channel, f"{name(stage)} as a painting", reply_to=shown)
        await stage.shows("Imagine from this")
    assert stage.orders() == []


async def test_a_mention_without_a_prompt_explains_itself(stage: Stage) -> None:
    """A mention with only the bot's name gets an explanation."""
    async with stage.running():
        await stage.alice.sends(stage.channel, name(stage))
        explained = await stage.shows("How to make a picture")
    assert not explained.mentions.disturbed_anybody
    assert stage.orders() == []


@pytest.mark.parametrize("chatter", ["what a fine day", "imagine a boat"])
async def test_talk_that_does_not_name_the_bot_draws_nothing(stage: Stage, chatter: str) -> None:
    """Neither chat nor an answer to a picture is an order."""
    async with stage.running():
        picture = await stage.picture(await stage.imagine())
        await stage.alice.sends(stage.channel, chatter, reply_to=picture)
        await stage.picture(await stage.imagine())
    assert len(stage.orders()) == 2


async def test_more_images_than_fit_are_named_before_anything_is_spent(stage: Stage) -> None:
    """With nine images, the ninth is named, and the first eight are used only after a yes."""
    images = [photo(f"{n}.png", colour) for n, colour in enumerate((*COLOURS, "white"))]
    async with stage.running():
        await stage.alice.sends(stage.channel, f"{name(stage)} all of them", attachments=images)
        question = await stage.shows("These would be left out: image 9")
        assert stage.orders() == []
        await stage.alice.presses(question, "Use the first 8")
        await stage.show_pictures(1)
        await stage.discord.world.until(lambda: question.deleted_at is not None)
    assert contents(stage) == [image.content for image in images[:8]]


async def test_a_question_that_was_answered_leaves_no_buttons_behind(stage: Stage) -> None:
    """A private question goes as well: what it offered is done, and pressing again would do nothing."""
    images = [photo(f"{n}.png", colour) for n, colour in enumerate((*COLOURS, "white"))]
    async with stage.running():
        shown = await stage.alice.sends(stage.channel, "my cats", attachments=images)
        submitted = await fill_in(stage, shown, "all of them")
        question = submitted.original
        assert question is not None
        assert is_private(question)
        await stage.picture(await stage.alice.presses(question, "Use the first 8"))
        await stage.discord.world.until(lambda: submitted.original is None)
    assert contents(stage) == [image.content for image in images[:8]]


@pytest.mark.english  # it asks the question itself
async def test_a_question_that_nobody_answers_goes(stage: Stage) -> None:
    """When its buttons stop to work, they are not there any more."""
    gone: list[discord.Message] = []

    async def answered(_: discord.Interaction) -> None:
        raise AssertionError

    async def delete_messages(message: discord.Message) -> None:
        gone.append(message)
        await message.delete()

    async with stage.running() as bot:
        question = Question(stage.alice.user.id, "Go on", answered, delete_messages, timeout_seconds=0.05)
        question.message = await bot.bot.get_partial_messageable(stage.channel.id).send("Shall I?", view=question)
        await stage.discord.world.until(lambda: not stage.channel.messages_for(stage.alice))
    assert len(gone) == 1


async def test_a_bad_image_in_a_mention_is_named(stage: Stage) -> None:
    """A mention's refusal is a short reply that names the image."""
    async with stage.running():
        await stage.alice.sends(stage.channel, f"{name(stage)} a boat", attachments=[photo(), text_called_image()])
        await stage.shows("`image 2` is not a PNG")
    assert stage.orders() == []


async def test_a_file_in_a_mention_that_is_no_image_is_named(stage: Stage) -> None:
    """Nobody pays for a picture that was drawn without what they attached for it."""
    notes = Upload("notes.txt", b"a red boat", "text/plain")
    async with stage.running():
        await stage.alice.sends(stage.channel, f"{name(stage)} what my notes say", attachments=[photo(), notes])
        await stage.shows("without this file: notes")
    assert stage.orders() == []


async def test_imagine_from_this_uses_anybody_s_images(stage: Stage) -> None:
    """The command on a message uses its images, by any author, and asks for a prompt."""
    bob = stage.joins("bob")
    async with stage.running():
        shown = await bob.sends(stage.channel, "my cat", attachments=[photo("a.png", "teal"), photo("b.png", "red")])
        await stage.picture(await fill_in(stage, shown, "as a painting"))
    assert stage.orders()[0]["prompt"] == "as a painting"
    assert contents(stage) == [photo(colour="teal").content, photo(colour="red").content]


async def test_imagine_from_this_uses_a_picture_of_the_bot_once(stage: Stage) -> None:
    """A picture stands in a gallery and among the attachments of its message, and is one reference."""
    async with stage.running():
        picture = await stage.picture(await stage.imagine("a boat", output_format="png"))
        await stage.picture(await fill_in(stage, picture, "at night"))
    assert contents(stage, 1) == [stage.jobs()[0].images[0].content]


@pytest.mark.promise(ApiframeFault.CONTENT_TYPE)
@pytest.mark.parametrize("declared", ["text/plain", "IMAGE/PNG"])
async def test_an_attached_image_is_what_its_bytes_are(stage: Stage, declared: str) -> None:
    """An image is accepted everywhere, with any declared type."""
    mistyped = Upload("a.png", photo().content, declared)
    async with stage.running():
        await stage.picture(await stage.imagine(image1=mistyped))
        shown = await stage.alice.sends(stage.channel, "my cat", attachments=[mistyped])
        await stage.picture(await fill_in(stage, shown, "as a painting"))
    assert contents(stage) == contents(stage, 1) == [photo().content]


@pytest.mark.promise(ApiframeFault.ESCAPED_LINK)
async def test_an_embed_s_image_is_fetched_as_discord_spells_its_address(stage: Stage) -> None:
    """Discord's proxy answers one spelling of a link only, and its links have %3F and %3D in the path."""
    address = "https://example.org/it%27s%7Ea%2Fcat%3A1.png"
    link = {"url": address, "proxy_url": stage.discord.world.cdn.keep_elsewhere(address, photo().content)}
    async with stage.running():
        shown = await stage.alice.sends(stage.channel, "see", embeds=[{"image": link}])
        await stage.picture(await fill_in(stage, shown, "as a painting"))
    assert contents(stage) == [photo().content]


async def test_imagine_from_a_message_without_images_says_so(stage: Stage) -> None:
    """Nothing to use is a private sentence."""
    async with stage.running():
        shown = await stage.alice.sends(stage.channel, "just words")
        interaction = await stage.alice.uses(shown, "Imagine from this")
        await interaction.answered()
    assert interaction.original is not None
    assert is_private(interaction.original)
    assert "can't find an image" in text_of(interaction.original)
