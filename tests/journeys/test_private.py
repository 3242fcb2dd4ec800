"""Private pictures: seen by one person, until that person publishes them."""

import asyncio

import pytest

from standins.apiframe.faults import Fault, Kind
from standins.discord.client.client import UnusableError
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.journeys.answers import changed, from_more, guessed_button, id_of, labels_of, pressed, private_answer
from tests.stage import Stage, is_private, text_of

pytestmark = pytest.mark.shared_bot


async def private_picture(stage: Stage, prompt: str = "a secret boat", *, spoiler: bool = False) -> Message:
    """Draw a picture that only Alice sees, and return its message once it is settled."""
    picture = await stage.picture(await stage.imagine(prompt, private=True, spoiler=spoiler))
    await stage.settled()
    return picture


async def published(stage: Stage, private: Message) -> Message:
    """Make Alice publish a picture, and return the public message."""
    await changed(stage, await stage.alice.presses(private, "Publish"), "everyone can see it")
    [picture] = stage.pictures()
    return picture


def in_public(stage: Stage) -> list[Message]:
    """Return the pictures that everybody sees."""
    return [message for message in stage.pictures() if not is_private(message)]


async def test_a_private_picture_is_seen_by_nobody_else(stage: Stage) -> None:
    """Card and picture are private from the start, and there is nothing to react to."""
    bob = stage.joins("bob")
    async with stage.running():
        picture = await private_picture(stage)
    assert is_private(picture)
    assert stage.channel.messages_for(bob) == []


async def test_a_private_pictures_id_helps_nobody_else(stage: Stage) -> None:
    """Not even moderators can act on another member's private picture by guessing its id."""
    moderator = stage.joins("mo", roles=[stage.guild.add_role("all", Permission.ADMINISTRATOR)])
    async with stage.running():
        picture = await private_picture(stage)
        for action in ("publish", "details", "delete", "deletenow", "reroll"):
            guess = guessed_button(stage, stage.channel, f"p:{action}:{id_of(picture)}")
            assert "can't find that picture" in (await pressed(stage, moderator, guess, "guessed")).text
    assert len(stage.orders()) == 1


@pytest.mark.own_bot
async def test_publishing_shows_it_to_everybody(stage: Stage) -> None:
    """After a restart too: the same file with its description, covered as before, with buttons and the die."""
    bob = stage.joins("bob")
    async with stage.running():
        private = await private_picture(stage, spoiler=True)
        before = private.attachments[0].read()
    async with stage.running():
        public = await published(stage, private)
        await stage.discord.world.until(lambda: "🎲" in public.reactions)
    assert not is_private(public)
    assert public in stage.channel.messages_for(bob)
    assert public.attachments[0].read() == before
    assert public.payload()["attachments"][0]["description"] == "a secret boat"
    assert "'spoiler': True" in str(public.components)
    assert labels_of(public) == ["Reroll", "Remix", "Edit", "Larger · 2048×2048", "⋯ More"]
    assert str(public.id) in private.text
    assert private.buttons == []
    assert private.attachments == ()


@pytest.mark.own_bot
async def test_pressing_twice_publishes_once(stage: Stage) -> None:
    """Two quick presses post one picture, and a guessed third, after a restart, finds it published."""
    async with stage.running():
        private = await private_picture(stage)
        presses = await asyncio.gather(*(stage.alice.presses(private, "Publish") for _ in range(2)))
        await asyncio.gather(*(press.answered() for press in presses))
        await changed(stage, presses[0], "everyone can see it")
        [public] = stage.pictures()
    async with stage.running():
        again = guessed_button(stage, stage.channel, f"p:publish:{id_of(public)}")
        await changed(stage, await stage.alice.presses(again, "guessed"), str(public.id))
    assert stage.pictures() == [public]


@pytest.mark.own_bot
async def test_a_publication_that_was_cut_short_is_not_repeated(stage: Stage) -> None:
    """If Discord's response is lost, another press after a restart finds the post, however late."""
    async with stage.running():
        private = await private_picture(stage)
        stage.discord.faults.next("POST", "/channels/*/messages", times=9, status=503, after_acting=True)
        refused = await private_answer(stage, await stage.alice.presses(private, "Publish"))
        assert "try again in a minute" in refused.text
        stage.discord.faults.clear()
        [posted] = in_public(stage)
    stage.clock.wind(600)
    async with stage.running():
        assert await published(stage, private) is posted


async def test_a_published_picture_is_a_public_one(stage: Stage) -> None:
    """Anybody rerolls it, publicly, and the message's menu knows it; its private parent is not linked to."""
    bob = stage.joins("bob")
    async with stage.running():
        first = await private_picture(stage)
        child = await stage.picture(await stage.alice.presses(first, "Reroll"))
        assert is_private(child)
        await stage.settled()
        await changed(stage, await stage.alice.presses(child, "Publish"), "everyone can see it")
        public = next(message for message in stage.pictures() if not is_private(message))
        details = await private_answer(stage, await bob.uses(public, "Picture details"))
        assert "Reroll of: private picture" in details.text
        assert str(first.id) not in details.text
        assert "private:" not in details.text
        grandchild = await stage.picture(await bob.presses(public, "Reroll"))
    assert not is_private(grandchild)
    assert str(public.id) in text_of(grandchild)


async def test_where_the_bot_may_not_post_it_stays_private(stage: Stage) -> None:
    """The missing permission is named, and the picture can be published once it is granted."""
    async with stage.running():
        private = await private_picture(stage)
        stage.channel.overwrite(stage.guild.me, deny=Permission.ATTACH_FILES)
        refused = await private_answer(stage, await stage.alice.presses(private, "Publish"))
        assert "Attach Files" in refused.text
        stage.channel.overwrite(stage.guild.me)
        await published(stage, private)


async def test_a_picture_too_large_for_the_channel_is_published_smaller(stage: Stage) -> None:
    """A picture over the channel's limit is published as a smaller copy that says so."""
    stage.apiframe.faults.arm(Fault(Kind.HUGE, megabytes=11))
    async with stage.running():
        private = await stage.picture(await stage.imagine(private=True, output_format="png"))
        await stage.settled()
        await stage.alice.presses(private, "Publish")
        await stage.discord.world.until(lambda: in_public(stage))
    [public] = in_public(stage)
    assert public.attachments[0].file.size <= 10 * 1024 * 1024
    assert "smaller copy" in public.text


async def test_public_pictures_have_nothing_to_publish(stage: Stage) -> None:
    """Only private pictures have the button."""
    async with stage.running():
        picture = await stage.picture(await stage.imagine())
        with pytest.raises(UnusableError):
            await stage.alice.presses(picture, "Publish")


async def test_a_guest_publishes_too(stage: Stage) -> None:
    """If only one person installed the app, two quick presses publish once; only moderators can delete."""
    guild = stage.discord.world.add_guild("Elsewhere", with_bot=False)
    channel, alice = guild.add_channel("general"), stage.discord.person(guild.add_member(stage.alice.user))
    alice.user.has_installed_the_app = True
    async with stage.running(allow_user_install=True):
        private = await stage.picture(await alice.types("/imagine", channel, prompt="a boat", private=True))
        await stage.settled()
        presses = await asyncio.gather(*(alice.presses(private, "Publish") for _ in range(2)))
        await asyncio.gather(*(press.answered() for press in presses))
        await changed(stage, presses[0], "everyone can see it")
        public = [message for message in channel.messages_for(alice) if message.attachments]
        assert [is_private(message) for message in public] == [False]
        question = await from_more(stage, alice, public[0], "Delete")
        refused = await private_answer(stage, await alice.presses(question, "Delete"))
        assert "doesn't let me delete" in refused.text
