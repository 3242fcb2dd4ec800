"""The operator runs a deep check: what it does, what it costs, and what it finds."""

import asyncio
import json
import re

import pytest

from standins.exchange import Exchange
from tests.bot.deep_check.deep_run import deep_check
from tests.bot.deep_check.test_deviations import MESSAGES, replaced
from tests.contracts.recording import press_button
from tests.stage import Stage


async def test_stand_ins_have_no_deviation(stage: Stage) -> None:
    """Every answer and event of both stand-ins is as expected, and the check exits with 0."""
    run = await deep_check(stage, "--yes")
    assert run.code == 0, run.all_text
    assert "Found no deviations in " in run.out
    assert "✗" not in run.out
    assert "and 7 events" in run.out
    assert "## Deviations\n\nNone." in run.report
    assert "## New fields, which are not wrong\n\nNone." in run.report
    assert run.err == ""


async def test_deep_check_leaves_nothing_on_discord(stage: Stage) -> None:
    """The card and the command are gone, and commands that were there before are untouched."""
    stage.discord.world.commands.register({"name": "kept", "description": "Kept"}, None)
    stage.discord.world.commands.register({"name": "also-kept", "description": "Kept"}, stage.guild.id)
    run = await deep_check(stage, "--free")
    assert run.code == 0, run.all_text
    assert stage.channel.messages_for(stage.alice) == []
    assert [command.name for command in stage.discord.world.commands.all()] == ["kept"]
    assert [command.name for command in stage.discord.world.commands.all(stage.guild.id)] == ["also-kept"]
    assert stage.discord.gateway.connected == []


async def test_bot_that_runs_stays_connected(stage: Stage) -> None:
    """With the same token, a bot keeps its session, and still makes a picture."""
    async with stage.running():
        sessions = [session.id for session in stage.discord.gateway.connected]
        run = await deep_check(stage, "--free")
        assert run.code == 0, run.all_text
        assert [session.id for session in stage.discord.gateway.connected] == sessions
        await stage.picture(await stage.imagine())


async def test_deep_check_works_in_a_thread(stage: Stage) -> None:
    run = await deep_check(stage, "--free", channel=stage.channel.add_thread("thread").id)
    assert run.code == 0, run.all_text


async def test_picture_costs_what_was_said(stage: Stage) -> None:
    """One picture of the smallest size is ordered, once, at the lowest price."""
    run = await deep_check(stage, "--yes")
    [job] = stage.jobs()
    assert job.order.flux_params.resolution == "0.5MP"
    assert stage.apiframe.charged == job.cost
    assert f"costs about {job.cost} credits of the 10,000 that are left" in run.out


async def test_free_check_charges_nothing(stage: Stage) -> None:
    """`--free` leaves out the picture, and checks everything else: also the edit with an attached image."""
    run = await deep_check(stage, "--free")
    assert run.code == 0, run.all_text
    assert stage.jobs() == []
    assert stage.apiframe.charged == 0
    assert len(stage.apiframe.uploads) == 1
    assert "a picture: not checked. --free leaves it out." in run.out
    assert "| discord PATCH /channels/{channel_id}/messages/{message_id} | 200 |" in run.report


async def test_nobody_is_charged_who_could_not_be_asked(stage: Stage) -> None:
    """Without a terminal, --yes or --free, the check sends no request at all and says what to add."""
    asked: list[Exchange] = []
    stage.discord.observers.append(asked.append)
    stage.apiframe.observers.append(asked.append)
    run = await deep_check(stage)
    assert (run.code, asked, run.report) == (1, [], "")
    assert "nobody can be asked" in run.err
    assert "--yes" in run.err
    assert "--free" in run.err


async def test_variables_of_the_environment_agree_to_nothing(stage: Stage) -> None:
    """A variable named YES may belong to anybody."""
    run = await deep_check(stage, YES="true", FREE="true", DEEP="true", CHANNEL="1")
    assert run.code == 1
    assert "nobody can be asked" in run.err


async def test_missing_credits_are_named_before_the_order(stage: Stage) -> None:
    stage.apiframe.account.credits = 3
    run = await deep_check(stage, "--yes")
    assert run.code == 1
    assert "costs 7 credits, and 3 are left" in run.err
    assert stage.channel.messages_for(stage.alice) == []


@pytest.mark.parametrize("after_acting", [True, False])
@pytest.mark.parametrize("path", ["/applications/*/guilds/*/commands", MESSAGES])
async def test_lost_answer_leaves_nothing_behind(stage: Stage, path: str, after_acting: bool) -> None:
    """The connection breaks after Discord made a command or a card, or before: the check finds out, and cleans up."""
    stage.discord.faults.next("POST", path, drop=True, after_acting=after_acting)
    run = await deep_check(stage, "--free")
    assert run.code == 1, run.all_text
    assert stage.channel.messages_for(stage.alice) == []
    assert stage.discord.world.commands.all(stage.guild.id) == []
    assert "Traceback" not in run.err


async def test_press_of_a_button_is_checked_if_the_operator_wants_it(stage: Stage) -> None:
    """With `--interactive`, the operator presses the card's button, and the interaction is compared and answered."""
    pressing = asyncio.create_task(press_button(stage.discord, stage.channel, stage.alice))
    run = await deep_check(stage, "--free", "--interactive")
    await pressing
    assert run.code == 0, run.all_text
    assert "✓ Discord: event INTERACTION_CREATE" in run.out
    assert "✓ Discord: answer the interaction" in run.out
    assert stage.channel.messages_for(stage.alice) == []


async def test_button_cannot_be_pressed_otherwise(stage: Stage) -> None:
    """Members could press it, and get no answer."""
    run = await deep_check(stage, "--free")
    assert "interactions: not checked. --interactive checks a button that you press." in run.out
    [card] = stage.channel.messages.values()
    assert '"disabled": true' in json.dumps(card.history[0].draft.components)


async def test_unforeseen_error_gets_a_code_that_finds_it_in_the_log(stage: Stage) -> None:
    """Zero shards are valid JSON, and nobody can connect to them."""
    stage.discord.faults.next("GET", "/gateway/bot", rewrite=replaced(0, "shards"))
    run = await deep_check(stage, "--free")
    assert run.code == 1
    shown = re.search(r"The log has it under the code (\w+)\.", run.out)
    assert shown is not None
    assert f"unexpected error {shown[1]} while running the deep check" in run.err
    assert "✓ Discord: delete the card" in run.out
