"""Channels of other kinds than text: those for voices, and those made of threads."""

import pytest

from standins.discord.model.channel_types import ChannelType
from standins.discord.model.permissions import Permission
from tests.journeys.moderators import drawn, moderator_of, refused, say
from tests.stage import Stage

pytestmark = pytest.mark.shared_bot


@pytest.mark.parametrize("kind", [ChannelType.FORUM, ChannelType.MEDIA])
async def test_a_channel_made_of_threads_can_be_put_on_the_list(stage: Stage, kind: ChannelType) -> None:
    """Forums and media channels are offered, and their posts follow them."""
    gallery = stage.guild.add_channel("gallery", kind)
    post = gallery.add_thread("a post")
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits channels deny", channel=gallery)
        assert "does not let me draw" in await refused(stage, stage.alice, "a boat", post)
        await drawn(stage, stage.alice)


@pytest.mark.parametrize("kind", [ChannelType.VOICE, ChannelType.STAGE])
async def test_a_voice_channel_that_the_bot_may_not_enter_is_refused_before_anything_is_spent(
    stage: Stage, kind: ChannelType
) -> None:
    """Its chat takes no messages of those who lack Connect, so the bot names that permission."""
    talk = stage.guild.add_channel("talk", kind)
    talk.overwrite(stage.guild.everyone, deny=Permission.CONNECT)
    async with stage.running():
        assert "**Connect**" in await refused(stage, stage.alice, "a boat", talk)
        await stage.alice.sends(talk, f"<@{stage.discord.application_id}> a boat")
        await drawn(stage, stage.alice)
    assert len(stage.orders()) == 1


@pytest.mark.parametrize("kind", [ChannelType.VOICE, ChannelType.STAGE, ChannelType.NEWS])
async def test_a_chat_of_another_kind_shows_pictures(stage: Stage, kind: ChannelType) -> None:
    """A mention there is drawn as in a text channel."""
    talk = stage.guild.add_channel("talk", kind)
    async with stage.running():
        await stage.alice.sends(talk, f"<@{stage.discord.application_id}> a boat")
        await stage.discord.world.until(lambda: any(each.attachments for each in talk.messages.values()), 30)


@pytest.mark.parametrize("kind", [ChannelType.NEWS, ChannelType.VOICE])
async def test_the_log_can_go_into_every_channel_with_messages(stage: Stage, kind: ChannelType) -> None:
    """`/limits log` takes more than text channels."""
    alerts = stage.guild.add_channel("notices", kind)
    async with stage.running():
        assert f"<#{alerts.id}>" in await say(stage, moderator_of(stage), "/limits log", channel=alerts)
