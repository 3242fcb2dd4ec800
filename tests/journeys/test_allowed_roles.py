"""Pictures for members with certain roles only, however they ask."""

import pytest

from tests.journeys.answers import pressed, private_answer
from tests.journeys.moderators import drawn, moderator_of, refused, say
from tests.stage import Stage, text_of

pytestmark = pytest.mark.shared_bot

REFUSED = "Only members with one of these roles can make pictures here:"


@pytest.mark.own_bot
async def test_only_members_with_a_listed_role_can_draw(stage: Stage) -> None:
    """After a restart too; the refusal names the roles and pings nobody, and the list can be undone."""
    moderator, artist = moderator_of(stage), stage.guild.add_role("artists")
    bob = stage.joins("bob", roles=[artist])
    async with stage.running():
        answer = await say(stage, moderator, "/limits access allow", role=artist)
        assert f"<@&{artist.id}>: not listed →\u00a0**can draw**" in answer
        assert f"**Roles that can draw:** <@&{artist.id}>" in await say(stage, moderator, "/limits show")
    async with stage.running():
        asked = await private_answer(stage, await stage.imagine("a boat"))
        assert f"{REFUSED}** <@&{artist.id}>. Nothing was charged." in asked.text
        assert not asked.mentions.disturbed_anybody
        assert REFUSED in await say(stage, stage.alice, "/quota")
        await drawn(stage, bob)
        assert "none of the roles that can draw" in await say(stage, moderator, "/limits show", member=stage.alice)
        page = await private_answer(stage, await moderator.types("/limits history", stage.channel, rule="roles"))
        await pressed(stage, moderator, page, str(page.buttons[0]["custom_id"]))
        await drawn(stage, stage.alice)


async def test_buttons_reactions_and_mentions_are_refused_too(stage: Stage) -> None:
    """Nothing is ordered, whatever a member without the role does with somebody's picture."""
    moderator, artist = moderator_of(stage), stage.guild.add_role("artists")
    bob = stage.joins("bob", roles=[artist])
    async with stage.running():
        await say(stage, moderator, "/limits access allow", role=artist)
        picture = await drawn(stage, bob)
        orders = len(stage.orders())
        assert REFUSED in (await pressed(stage, stage.alice, picture, "🎲")).text
        before = set(stage.channel.messages)
        await stage.alice.reacts(picture, "🎲")
        await stage.alice.sends(stage.channel, f"<@{stage.discord.world.bot.id}> a boat")
        await stage.discord.world.until(
            lambda: (
                sum(REFUSED in text_of(message) for id_, message in stage.channel.messages.items() if id_ not in before)
                == 2
            )
        )
        assert len(stage.orders()) == orders


async def test_the_list_of_roles_ends_with_its_last_one(stage: Stage) -> None:
    """Removing the last role, or all at once, lets everyone draw; everybody has @everyone, and nobody a bot's role."""
    moderator, artist = moderator_of(stage), stage.guild.add_role("artists")
    async with stage.running():
        await say(stage, moderator, "/limits access allow", role=artist)
        assert "can draw →\u00a0**not listed**" in await say(stage, moderator, "/limits access remove", role=artist)
        await drawn(stage, stage.alice)
        await say(stage, moderator, "/limits access allow", role=artist)
        assert REFUSED in await refused(stage, stage.alice)
        await say(stage, moderator, "/limits access allow", role=stage.guild.everyone)
        await drawn(stage, stage.alice)
        await say(stage, moderator, "/limits access clear")
        await drawn(stage, stage.alice)
