"""A member deletes everything while Discord rejects some of it: the rest is deleted."""

import pytest

from standins.discord.model.permissions import Permission
from tests.journeys.test_privacy import draws, is_forgotten, sees_only
from tests.promises import DeletionFault
from tests.stage import Stage


@pytest.mark.promise(DeletionFault.DELETIONS_FAIL)
@pytest.mark.parametrize("status", [400, 403, 503])
async def test_a_message_that_is_gone_does_not_keep_the_others(stage: Stage, status: int) -> None:
    """A moderator took the first one away, and Discord does not open the person's direct messages to look there."""
    async with stage.running():
        pictures = [await draws(stage, stage.alice, prompt) for prompt in ("one", "two", "three")]
        stage.discord.world.delete(pictures[0])
        stage.discord.faults.next("POST", "/users/@me/channels", times=None, status=status)
        await is_forgotten(stage, stage.alice)
        await stage.show_pictures(0)


@pytest.mark.promise(DeletionFault.CHANNEL_HIDDEN)
async def test_a_channel_that_is_opened_again_is_cleared(stage: Stage) -> None:
    """While the bot cannot see it, its messages are remembered, and those elsewhere go; then they follow."""
    other = stage.guild.add_channel("other")
    async with stage.running():
        await draws(stage, stage.alice, "one")
        await stage.picture(await stage.alice.types("/imagine", other, prompt="two"))
        await stage.settled()
        stage.channel.overwrite(stage.guild.me, deny=Permission.VIEW_CHANNEL)
        await is_forgotten(stage, stage.alice, other)
        await sees_only(stage, stage.alice, channel=other)
        assert len(stage.pictures()) == 1
    stage.channel.overwrite(stage.guild.me, allow=Permission.VIEW_CHANNEL)
    async with stage.running():
        await stage.show_pictures(0)
