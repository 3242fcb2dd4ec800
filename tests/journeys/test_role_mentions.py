"""Mentions of the bot's own role, which Discord's list offers beside the bot."""

import pytest

from tests.stage import Stage, text_of

pytestmark = pytest.mark.shared_bot


def role(stage: Stage) -> str:
    """Return how people write the name of the bot's role."""
    stage.guild.bot_role.mentionable = True
    return f"<@&{stage.guild.bot_role.id}>"


async def test_a_mention_of_the_bots_role_draws_where_discord_shows_the_words(stage: Stage) -> None:
    """The role counts as the bot's name, and isn't part of the prompt."""
    stage.discord.world.shows_role_mentions = True
    async with stage.running():
        asked = await stage.alice.sends(stage.channel, f"{role(stage)} a red boat")
        [picture] = await stage.show_pictures(1)
    assert picture.reference is asked
    assert stage.orders()[0]["prompt"] == "a red boat"


async def test_a_mention_of_the_bots_role_explains_itself_where_discord_hides_the_words(stage: Stage) -> None:
    """The person learns to mention the bot, and not its role."""
    async with stage.running():
        await stage.alice.sends(stage.channel, f"{role(stage)} a red boat")
        explained = await stage.shows("not my role")
    assert not explained.mentions.disturbed_anybody
    assert stage.orders() == []


async def test_a_mention_of_another_role_is_none_of_the_bots_business(stage: Stage) -> None:
    """Only the role that came with the bot is the bot's."""
    stage.discord.world.shows_role_mentions = True
    painters = stage.guild.add_role("painters", mentionable=True)
    async with stage.running():
        await stage.alice.sends(stage.channel, f"<@&{painters.id}> a red boat")
        await stage.picture(await stage.imagine("a blue boat"))
    assert [order["prompt"] for order in stage.orders()] == ["a blue boat"]


async def test_roles_in_a_prompt_become_their_names(stage: Stage) -> None:
    """Beside a mention of the bot, its own role is left out and another is called by its name."""
    stage.discord.world.shows_role_mentions = True
    painters = stage.guild.add_role("painters", mentionable=True)
    async with stage.running():
        words = f"<@{stage.discord.application_id}> {role(stage)} a boat full of <@&{painters.id}>"
        await stage.alice.sends(stage.channel, words)
        [picture] = await stage.show_pictures(1)
    assert stage.orders()[0]["prompt"] == "a boat full of painters"
    assert "painters" in text_of(picture)
