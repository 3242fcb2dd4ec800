"""Credits of a server that are shared fairly: no member uses them up."""

import pytest

from tests.journeys.answers import pressed, private_answer
from tests.journeys.moderators import drawn, moderator_of, refused, say
from tests.stage import Stage, is_private

pytestmark = pytest.mark.shared_bot


@pytest.mark.own_bot
async def test_each_member_uses_a_share_of_the_credits_that_are_left(stage: Stage) -> None:
    """One member's share is used, after a restart too, others still have theirs, and every card says so."""
    moderator, bob = moderator_of(stage), stage.joins("bob")
    async with stage.running():
        await say(stage, moderator, "/limits server", credits_per_month=60)
        answer = await say(stage, moderator, "/limits share", percent=20)
        assert "Share of each member: off →\u00a0**20% a day of the credits left for this server**" in answer
        assert "nothing to share" not in answer
        shown = await say(stage, moderator, "/limits show")
        assert "**Share of each member:** 20% a day of the credits left for this server" in shown
        assert "Your share for 24 hours: 12 credits left" in await say(stage, stage.alice, "/quota")
        await drawn(stage, stage.alice)
    async with stage.running():
        sentence = await refused(stage, stage.alice)
        assert "You've used your share of this server's credits for today." in sentence
        assert "Each member can use 20% of the credits left for this server in 24 hours" in sentence
        assert "You can ask again <t:" in sentence
        await drawn(stage, bob)
        assert "share of the credits used" in await say(stage, moderator, "/limits show", member=stage.alice)
    assert len(stage.orders()) == 2


async def test_of_few_credits_everybody_still_gets_one_picture_a_day(stage: Stage) -> None:
    """Otherwise nobody could use the last credits; several pictures at once are more than the share."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits server", credits_per_month=50)
        await say(stage, moderator, "/limits share", percent=1)
        together = await stage.alice.types("/imagine", stage.channel, prompt="a boat", count=2)
        assert "used your share" in (await private_answer(stage, together)).text
        await drawn(stage, stage.alice)
        assert "used your share" in await refused(stage, stage.alice)


async def test_a_share_is_lifted_with_the_limits_and_can_be_undone(stage: Stage) -> None:
    """An unlimited member has none, and without a limit of the server there is nothing to share."""
    moderator, bob = moderator_of(stage), stage.joins("bob")
    async with stage.running():
        answer = await say(stage, moderator, "/limits share", percent=1)
        command = stage.discord.world.commands.named("limits", stage.guild.id).id
        nothing = "There is nothing to share yet: set the server's `credits_per_month` with"
        assert f"{nothing} </limits server:{command}>." in answer
        for _ in range(2):
            await drawn(stage, stage.alice)
        await say(stage, moderator, "/limits server", credits_per_month=80)
        await say(stage, moderator, "/limits member", member=bob, unlimited=True)
        for _ in range(2):
            await drawn(stage, bob)
        assert "used your share" in await refused(stage, stage.alice)
        assert nothing not in await say(stage, moderator, "/limits share")
        await drawn(stage, stage.alice)
        page = await private_answer(stage, await moderator.types("/limits history", stage.channel, rule="share"))
        assert is_private(page)
        await pressed(stage, moderator, page, str(page.buttons[0]["custom_id"]))
        assert "used your share" in await refused(stage, stage.alice)
