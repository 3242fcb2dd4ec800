"""Moderators pause drawing, slow it down, and let it go on."""

import pytest

from standins.discord.client.client import UnusableError
from tests.journeys.answers import pressed, private_answer
from tests.journeys.moderators import drawn, moderator_of, refused, say
from tests.stage import Stage, text_of

pytestmark = pytest.mark.shared_bot


@pytest.mark.own_bot
async def test_a_paused_server_draws_nothing_until_it_is_resumed(stage: Stage) -> None:
    """At every entry point, and after a restart; members read the reason, and a picture under way still comes."""
    moderator = moderator_of(stage)
    async with stage.running():
        picture = await drawn(stage, stage.alice)
        answer = await say(stage, moderator, "/pause", reason="quiz night", until="2h")
        assert "Drawing: not paused →\u00a0**paused, ends <t:" in answer
    async with stage.running():
        sentence = await refused(stage, stage.alice)
        assert "**Drawing is paused on this server.** The pause ends <t:" in sentence
        assert "Reason: quiz night. Nothing was charged. A moderator can resume it." in sentence
        assert "Drawing is paused" in (await pressed(stage, stage.alice, picture, "Reroll")).text
        await stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}> a boat")
        await stage.shows("Drawing is paused")
        assert "Drawing is paused" in await say(stage, stage.alice, "/quota")
        assert "**Drawing:** paused, ends <t:" in await say(stage, moderator, "/limits show")
        await say(stage, moderator, "/resume")
        await drawn(stage, stage.alice)
        assert "No change" in await say(stage, moderator, "/resume")


async def test_a_paused_channel_leaves_the_others(stage: Stage) -> None:
    """Its threads are paused too, and an undo resumes it."""
    moderator, elsewhere = moderator_of(stage), stage.guild.add_channel("elsewhere")
    thread = elsewhere.add_thread("boats")
    async with stage.running():
        answer = await say(stage, moderator, "/pause", channel=elsewhere)
        assert f"Drawing in <#{elsewhere.id}>: not paused →\u00a0**paused**" in answer
        assert "paused in this channel.** Nothing was charged" in await refused(stage, stage.alice, "a boat", elsewhere)
        assert "paused in this channel" in await refused(stage, stage.alice, "a boat", thread)
        await drawn(stage, stage.alice)
        assert f"**Drawing is paused:** in <#{elsewhere.id}>" in await say(stage, moderator, "/limits show")
        history = await private_answer(stage, await moderator.types("/limits history", stage.channel))
        await pressed(stage, moderator, history, "Undo")
        await stage.picture(await stage.alice.types("/imagine", elsewhere, prompt="a boat"))


async def test_a_slowdown_gives_everyone_a_cooldown(stage: Stage) -> None:
    """Also members without limits; a longer cooldown of their own stays."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits member", member=stage.alice, unlimited=True)
        answer = await say(stage, moderator, "/limits slowdown", cooldown=600)
        assert "Slowdown: off →\u00a0**a cooldown of 600 seconds for all, ends <t:" in answer
        await drawn(stage, stage.alice)
        sentence = await refused(stage, stage.alice)
        assert "**You need to wait between pictures.** Cooldown in seconds: 0 of 600 have passed." in sentence
        assert "It's set for the whole server." in sentence
        assert "**Slowdown:** a cooldown of 600 seconds for all" in await say(stage, moderator, "/limits show")
        await say(stage, moderator, "/limits slowdown")
        await drawn(stage, stage.alice)


async def test_only_moderators_pause_and_a_wrong_time_pauses_nothing(stage: Stage) -> None:
    """Discord hides both commands from members; if a server's owner shows them, the bot still refuses."""
    moderator = moderator_of(stage)
    async with stage.running():
        with pytest.raises(UnusableError):
            await stage.alice.types("/pause", stage.channel)
        stage.guild.open_command("pause")
        stage.guild.open_command("resume")
        for command in ("/pause", "/resume"):
            assert "You need the **Manage Server** permission." in await say(stage, stage.alice, command)
        assert "don't understand that time" in await say(stage, moderator, "/pause", until="soon")
        assert "time is in the past" in await say(stage, moderator, "/pause", until="2020-01-01")
        assert "don't understand that time" in await say(stage, moderator, "/limits slowdown", cooldown=5, until="x")
        picture = await drawn(stage, stage.alice)
        assert "a boat" in text_of(picture)
