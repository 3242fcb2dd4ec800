"""Roles whose members get more: the sum holds, and every card says what it consists of."""

import pytest

from bot.limits.bounds import BOUNDS
from bot.limits.policy import Limit
from tests.journeys.answers import private_answer
from tests.journeys.moderators import drawn, moderator_of, refused, say
from tests.stage import Stage

pytestmark = pytest.mark.shared_bot


async def test_a_roles_extra_is_added_to_everyones_limit(stage: Stage) -> None:
    """Two roles add up; the member with both gets exactly the sum, and reads how it comes about."""
    moderator = moderator_of(stage)
    boosters, helpers = stage.guild.add_role("boosters"), stage.guild.add_role("helpers")
    zoe = stage.joins("zoe", roles=[boosters, helpers])
    async with stage.running():
        await say(stage, moderator, "/limits everyone", images_per_day=1)
        answer = await say(stage, moderator, "/limits extra", role=boosters, images_per_day=1)
        assert f"<@&{boosters.id}> · Pictures per day: nothing extra →\u00a0**+1 extra**" in answer
        await say(stage, moderator, "/limits extra", role=helpers, images_per_day=1)
        total = f"1 for everyone + 1 for <@&{boosters.id}> + 1 for <@&{helpers.id}>"
        assert total in await say(stage, zoe, "/quota")
        assert total in await say(stage, moderator, "/limits show", member=zoe)
        shown = await say(stage, moderator, "/limits show", role=boosters)
        assert f"Pictures per day: 2 · 1 for everyone + 1 for <@&{boosters.id}>" in shown
        assert f"<@&{boosters.id}>: Pictures per day: +1" in await say(stage, moderator, "/limits show")
        for _ in range(3):
            await drawn(stage, zoe)
        assert "Pictures per day: 3 of 3 used." in await refused(stage, zoe)
        await drawn(stage, stage.alice)
        assert "Pictures per day: 1 of 1 used." in await refused(stage, stage.alice)


@pytest.mark.own_bot
async def test_an_extra_outlives_a_restart_and_can_be_undone_and_removed(stage: Stage) -> None:
    """A change of the role's other limits keeps it; 0, a reset and an undo remove it."""
    moderator = moderator_of(stage)
    boosters = stage.guild.add_role("boosters")
    extra = f"<@&{boosters.id}>: Pictures per day: +5"
    async with stage.running():
        await say(stage, moderator, "/limits everyone", images_per_day=1)
        await say(stage, moderator, "/limits extra", role=boosters, images_per_day=5)
        await say(stage, moderator, "/limits role", role=boosters, images_per_hour=3)
    async with stage.running():
        assert f"Pictures per hour: 3 · {extra.partition(': ')[2]}" in await say(stage, moderator, "/limits show")
        await say(stage, moderator, "/limits extra", role=boosters, images_per_day=0)
        assert extra.partition(": ")[2] not in await say(stage, moderator, "/limits show")
        history = await private_answer(stage, await moderator.types("/limits history", stage.channel))
        await private_answer(stage, await moderator.presses(history, "Undo"))
        assert extra.partition(": ")[2] in await say(stage, moderator, "/limits show")
        await say(stage, moderator, "/limits reset", scope="role", role=boosters)
        assert f"<@&{boosters.id}>" not in await say(stage, moderator, "/limits show")


async def test_nothing_can_be_added_to_a_limit_that_everyone_lacks(stage: Stage) -> None:
    """The answer names the limits and the command that sets them, and nothing is saved, not even what could be."""
    moderator = moderator_of(stage)
    boosters = stage.guild.add_role("boosters")
    async with stage.running():
        await say(stage, moderator, "/limits everyone", images_per_day=1)
        answer = await say(stage, moderator, "/limits extra", role=boosters, images_per_day=5, images_per_hour=2)
        assert answer == (
            "A role's extra is added to everyone's limit, and everyone has none for: Pictures per hour. Set it first "
            "with `/limits everyone`. Nothing was changed."
        )
        assert "Fill in at least one option" in await say(stage, moderator, "/limits extra", role=boosters)
        assert f"<@&{boosters.id}>" not in await say(stage, moderator, "/limits show")


async def test_the_operators_limit_stays_the_most(stage: Stage) -> None:
    """However much roles add, nobody gets more than the operator allows."""
    moderator = moderator_of(stage)
    boosters = stage.guild.add_role("boosters")
    zoe = stage.joins("zoe", roles=[boosters])
    async with stage.running():
        most = int(BOUNDS[Limit.IMAGES_PER_HOUR].most)
        await say(stage, moderator, "/limits everyone", images_per_hour=10)
        await say(stage, moderator, "/limits extra", role=boosters, images_per_hour=most)
        assert "Pictures per hour: 60 of 60" in await say(stage, zoe, "/quota")
