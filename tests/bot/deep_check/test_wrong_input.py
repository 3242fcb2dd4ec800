"""The operator gets a sentence for each thing that is wrong, and says or pays nothing for it."""

from collections.abc import Callable
from functools import reduce
from operator import or_

import pytest

from standins.apiframe.faults import Fault, Kind
from standins.discord.model.channel_types import ChannelType
from standins.discord.model.permissions import Permission
from standins.exchange import Exchange
from tests.bot.deep_check.deep_run import deep_check
from tests.bot.test_cli import imagine_bot, settings_of
from tests.stage import Stage


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "--deep"), "--deep needs --channel"),
        (("check", "--deep", "--channel", "pictures"), "--channel takes the id of a channel"),
        (("check", "--deep", "--channel", "0"), "--channel takes the id of a channel"),
        (("check", "--free"), "belong to `imagine-bot check --deep`"),
        (("check", "--channel", "1"), "belong to `imagine-bot check --deep`"),
        (("run", "--deep", "--channel", "1"), "only `imagine-bot check` does"),
    ],
)
async def test_flags_that_do_not_fit_are_named(stage: Stage, arguments: tuple[str, ...], words: str) -> None:
    ended = await imagine_bot(*arguments, **settings_of(stage))
    assert ended.code == 2
    assert words in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("name", ["DISCORD_TOKEN", "APIFRAME_API_KEY"])
async def test_missing_secret_is_named(stage: Stage, name: str) -> None:
    run = await deep_check(stage, "--free", **{name: ""})
    assert run.code == 1
    assert run.err.startswith(f"{name} isn't set.")


async def test_wrong_token_is_named(stage: Stage) -> None:
    run = await deep_check(stage, "--yes", DISCORD_TOKEN="wrong.token.here")
    assert run.code == 1
    assert "✗ Discord: log in: Discord doesn't accept DISCORD_TOKEN." in run.out
    assert stage.apiframe.charged == 0
    assert "wrong.token.here" not in run.all_text


async def test_wrong_key_is_named_and_discord_is_checked_anyway(stage: Stage) -> None:
    run = await deep_check(stage, "--yes", APIFRAME_API_KEY="afk_wrong")
    assert run.code == 1
    assert "✗ Apiframe: account: Apiframe rejects the API key." in run.out
    assert "✓ Discord: delete the card" in run.out
    assert "a picture: not checked. The steps before it failed." in run.out
    assert "afk_wrong" not in run.all_text


@pytest.mark.parametrize("setting", ["DISCORD_API_URL", "APIFRAME_BASE_URL"])
async def test_address_without_a_server_is_named(stage: Stage, setting: str) -> None:
    run = await deep_check(stage, "--free", GENERATION__POLL_SECONDS="0.1", **{setting: "http://127.0.0.1:1"})
    assert run.code == 1
    assert "isn't responding" in run.out or "could not be reached" in run.out
    assert "127.0.0.1:1" not in run.report
    assert "Traceback" not in run.err


def _unknown(_: Stage) -> int:
    return 1


def _category(stage: Stage) -> int:
    return stage.guild.add_channel("rooms", ChannelType.CATEGORY).id


def _direct(stage: Stage) -> int:
    return stage.discord.world.direct_messages_with(stage.alice.user).id


def _without(*permissions: Permission) -> Callable[[Stage], int]:
    def closed(stage: Stage) -> int:
        stage.channel.overwrite(stage.discord.world.bot, deny=reduce(or_, permissions))
        return stage.channel.id

    return closed


@pytest.mark.parametrize(
    ("channel_of", "words"),
    [
        (_unknown, "There is no channel with this id."),
        (_category, "This isn't a channel for messages on a server."),
        (_direct, "This isn't a channel for messages on a server."),
        (_without(Permission.VIEW_CHANNEL), "The bot can't see this channel."),
        (_without(Permission.SEND_MESSAGES), "Give it there: Send Messages"),
        (
            _without(Permission.ATTACH_FILES, Permission.ADD_REACTIONS),
            "Give it there: Attach Files, Add Reactions.",
        ),
        (_without(Permission.READ_MESSAGE_HISTORY), "Give it there: Read Message History."),
    ],
    ids=["unknown", "category", "direct", "invisible", "no posting", "no files, no reactions", "no history"],
)
async def test_channel_that_cannot_be_used_is_explained(
    stage: Stage, channel_of: Callable[[Stage], int], words: str
) -> None:
    """Before anything is posted or paid, a sentence says what to change."""
    run = await deep_check(stage, "--yes", channel=channel_of(stage))
    assert run.code == 1
    assert words in run.out
    assert stage.apiframe.charged == 0
    assert stage.channel.messages_for(stage.alice) == []
    assert "Traceback" not in run.err


async def test_last_connections_to_the_gateway_are_left_to_the_bot(stage: Stage) -> None:
    """With few identifies left for the day, events aren't checked, and everything else is."""
    stage.discord.gateway.identifies.leave(100, 3600)
    run = await deep_check(stage, "--free")
    assert run.code == 0, run.all_text
    assert stage.discord.gateway.identifies.left == 100
    assert "events: not checked. Few connections to the gateway are left for today." in run.out
    assert "✓ Discord: delete the card" in run.out


async def test_order_without_an_answer_is_repeated_with_its_own_key(stage: Stage) -> None:
    """Apiframe took the order and the connection broke: the same key gets the same job, which is paid once."""
    stage.apiframe.faults.arm(Fault(Kind.LOST_ANSWER, route="generate"))
    run = await deep_check(stage, "--yes")
    [job] = stage.jobs()
    assert stage.apiframe.charged == job.cost
    assert run.code == 0, run.all_text
    assert "| apiframe POST /v2/images/generate |  | 1 |" in run.report


async def test_failed_picture_is_refunded_and_said(stage: Stage) -> None:
    stage.apiframe.faults.arm(Fault(Kind.MODEL_FAILURE))
    run = await deep_check(stage, "--yes")
    assert run.code == 1
    assert "Apiframe couldn't make the picture, and refunds it." in run.out
    assert "not received" not in run.out
    assert "✓ Discord: edit the card, with a picture" in run.out
    assert stage.apiframe.charged == 0


async def test_paid_picture_that_cannot_be_downloaded_is_named_to_the_operator(stage: Stage) -> None:
    """The job's id is on the terminal, and not in the report."""
    stage.apiframe.faults.arm(Fault(Kind.MISSING, times=None))
    run = await deep_check(stage, "--yes")
    [job] = stage.jobs()
    assert run.code == 1
    assert f"A picture was ordered and not received: job {job.id} in your Apiframe dashboard." in run.out
    assert job.id not in run.report


async def test_server_that_takes_no_commands_is_explained(stage: Stage) -> None:
    """The invite link was without the scope for commands; everything else is checked."""
    stage.discord.faults.next("POST", "/applications/*/guilds/*/commands", status=403, code=50001)
    run = await deep_check(stage, "--free")
    assert run.code == 1
    assert "✗ Discord: register a command: The bot may not register commands on this server. Invite it again" in run.out
    assert "✓ Discord: delete the card" in run.out
    assert "1 failed step and no deviations" in run.out


async def test_report_that_cannot_be_written_is_named_before_anything_is_done(stage: Stage) -> None:
    asked: list[Exchange] = []
    stage.apiframe.observers.append(asked.append)
    in_the_way = stage.folder / "file"
    in_the_way.touch()
    run = await deep_check(stage, "--yes", DATA_DIR=str(in_the_way))
    assert (run.code, asked) == (1, [])
    assert "DATA_DIR: the report" in run.err
    assert "Traceback" not in run.err


async def test_rate_limit_is_waited_for_and_no_deviation(stage: Stage) -> None:
    """Discord documents it, discord.py waits, and the log doesn't have the address with its ids."""
    stage.discord.faults.next("PATCH", "/channels/*/messages/*", status=429, retry_after=0.1)
    run = await deep_check(stage, "--free")
    assert run.code == 0, run.all_text
    assert "| discord PATCH /channels/{channel_id}/messages/{message_id} | 429 | 1 |" in run.report
    assert run.err == ""
