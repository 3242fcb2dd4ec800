"""Moderators choose whose pictures they look at before they are posted."""

import asyncio

import pytest

from standins.discord.client.client import UnusableError
from standins.discord.client.options import InvalidOptionError, OptionValue
from standins.discord.model.attachments import Upload
from standins.discord.model.channel_types import ChannelType
from standins.discord.model.channels import Channel
from standins.discord.model.permissions import Permission
from tests.journeys.answers import pressed, private_answer
from tests.journeys.moderators import drawn, moderator_of, say
from tests.stage import Stage, text_of

pytestmark = pytest.mark.shared_bot

OFF = "Off: pictures are posted as soon as they're done."
UNCHANGED = "Nothing was changed."
NOT_A_MODERATOR = "You need the **Manage Server** permission."


def review_channel(stage: Stage, name: str = "decisions") -> Channel:
    """Return a channel that members don't see."""
    channel = stage.guild.add_channel(name)
    channel.overwrite(stage.guild.everyone, deny=Permission.VIEW_CHANNEL)
    channel.overwrite(stage.guild.bot_role, allow=Permission.VIEW_CHANNEL)
    return channel


def commands_of(stage: Stage, channel: Channel) -> dict[str, dict[str, OptionValue]]:
    """Return every command with options that it takes, in an order in which each does something."""
    return {
        "/review show": {},
        "/review on": {"channel": channel, "in_channel": stage.channel},
        "/review add": {"role": stage.guild.add_role("newcomers")},
        "/review remove": {"channel": stage.channel},
        "/review off": {},
    }


@pytest.mark.own_bot
async def test_the_review_of_everyone_is_shown_logged_and_undone_as_one(stage: Stage, database_url: str) -> None:
    """After a restart too, and an undo of turning it off restores all settings."""
    moderator, channel, log = moderator_of(stage), review_channel(stage), stage.guild.add_channel("log")
    async with stage.running(database_url=database_url):
        await say(stage, moderator, "/limits log", channel=log)
        assert OFF in await say(stage, moderator, "/review show")
        answer = await say(stage, moderator, "/review on", channel=channel)
        on = f"Review before posting: off →\u00a0**finished pictures · all members · <#{channel.id}>**"
        assert on in answer
        assert "⚠️" not in answer
        await say(stage, moderator, "/review on", until=10, hours=48)
        await stage.discord.world.until(lambda: any(on in text_of(each) for each in log.messages.values()))
    async with stage.running(database_url=database_url):
        shown = await say(stage, moderator, "/review show")
        for line in (
            f"Review channel: <#{channel.id}>",
            "Reviewed: finished pictures",
            "Review applies to: all members",
            "Review of a member ends: with 10 approved pictures",
            "Time to decide: 48 hours",
            "Pictures without a decision: rejected",
            "Rejected pictures: count against limits",
        ):
            assert f"\n{line}\n" in shown
        assert f"**Review before posting:** finished pictures · all members · <#{channel.id}>" in await say(
            stage, moderator, "/limits show"
        )
        off = await say(stage, moderator, "/review off")
        assert f"finished pictures · all members · <#{channel.id}> →\u00a0**off**" in off
        assert "keep" not in off
        assert OFF in await say(stage, moderator, "/review show")
        page = await private_answer(stage, await moderator.types("/limits history", stage.channel, rule="review"))
        assert page.text.count("/review on") == 2
        await pressed(stage, moderator, page, str(page.buttons[0]["custom_id"]))
        assert await say(stage, moderator, "/review show") == shown


async def test_each_setting_changes_alone(stage: Stage) -> None:
    """Options that are left out keep their value, and the answer has only those that changed, before → after."""
    moderator, channel, other = moderator_of(stage), review_channel(stage), review_channel(stage, "others")
    async with stage.running():
        await say(stage, moderator, "/review on", channel=channel)
        for options, line in (
            ({"what": "prompt"}, "Reviewed: finished pictures →\u00a0**prompts, before anything is paid**"),
            ({"until": 1}, "Review of a member ends: never →\u00a0**with 1 approved picture**"),
            ({"until": 0}, "Review of a member ends: with 1 approved picture →\u00a0**never**"),
            ({"hours": 1}, "Time to decide: 24 hours →\u00a0**1 hour**"),
            ({"at_deadline": "approve"}, "Pictures without a decision: rejected →\u00a0**approved**"),
            ({"charge_rejected": False}, "Rejected pictures: count against limits →\u00a0**are refunded**"),
            ({"channel": other}, f"Review channel: <#{channel.id}> →\u00a0**<#{other.id}>**"),
        ):
            answer = await say(stage, moderator, "/review on", **options)
            assert [each for each in answer.splitlines() if "→" in each] == [line]
        assert "No change" in await say(stage, moderator, "/review on", hours=1)
        shown = await say(stage, moderator, "/review show")
        assert "Reviewed: prompts, before anything is paid" in shown
        assert "Rejected pictures: are refunded" in shown


async def test_channels_and_roles_are_listed_one_by_one_and_undone_alone(stage: Stage) -> None:
    """An older addition can be undone without the newer one of another moderator."""
    moderator, other, channel = moderator_of(stage), moderator_of(stage), review_channel(stage)
    newcomers, second = stage.guild.add_role("newcomers"), stage.guild.add_channel("second")
    async with stage.running():
        answer = await say(stage, moderator, "/review on", channel=channel, in_channel=stage.channel)
        assert f"finished pictures · only listed channels and roles · <#{channel.id}>" in answer
        assert f"<#{stage.channel.id}>: not listed for review →\u00a0**reviewed**" in answer
        assert f"<@&{newcomers.id}>: not listed for review →\u00a0**reviewed**" in await say(
            stage, moderator, "/review add", role=newcomers
        )
        await say(stage, other, "/review add", channel=second)
        page = await private_answer(stage, await moderator.types("/limits history", stage.channel, rule="review"))
        await pressed(stage, moderator, page, str(page.buttons[1]["custom_id"]))
        shown = await say(stage, moderator, "/review show")
        listed = ", ".join(f"<#{each}>" for each in sorted((stage.channel.id, second.id)))
        assert f"Reviewed channels: {listed}" in shown
        assert "Reviewed roles" not in shown
        assert "reviewed →\u00a0**not listed for review**" in await say(
            stage, moderator, "/review remove", channel=second
        )
        last = await say(stage, moderator, "/review remove", channel=stage.channel)
        assert "Nobody would be reviewed. Add a channel or a role, or use `/review off`." in last
        assert f"Reviewed channels: <#{stage.channel.id}>" in await say(stage, moderator, "/review show")


@pytest.mark.own_bot
async def test_two_moderators_who_add_at_once_both_get_their_channel(stage: Stage, database_url: str) -> None:
    """Neither addition is lost, and each is a line of the audit log."""
    moderator, other, channel = moderator_of(stage), moderator_of(stage), review_channel(stage)
    added = [stage.guild.add_channel(f"c{number}") for number in range(6)]
    async with stage.running(database_url=database_url):
        await say(stage, moderator, "/review on", channel=channel, in_channel=stage.channel)
        people = [moderator, other] * 3
        typed = await asyncio.gather(
            *(who.types("/review add", stage.channel, channel=each) for who, each in zip(people, added, strict=True))
        )
        for interaction in typed:
            assert "**Saved.**" in (await private_answer(stage, interaction)).text
        shown = await say(stage, moderator, "/review show")
        assert all(f"<#{each.id}>" in shown for each in (stage.channel, *added))
        history = await say(stage, moderator, "/limits history", rule="review")
        assert history.count("/review add") == 5, "a page has five changes"


@pytest.mark.parametrize("denied", ["VIEW_CHANNEL", "SEND_MESSAGES", "ATTACH_FILES"])
async def test_a_review_channel_in_which_the_bot_cannot_post_is_refused(stage: Stage, denied: str) -> None:
    """With the missing permissions by name, and the settings stay as they were."""
    moderator, channel, closed = moderator_of(stage), review_channel(stage), stage.guild.add_channel("closed")
    closed.overwrite(stage.guild.everyone, deny=Permission[denied])
    name = denied.replace("_", " ").title()
    async with stage.running():
        for already_on in (False, True):
            if already_on:
                await say(stage, moderator, "/review on", channel=channel)
            answer = await say(stage, moderator, "/review on", channel=closed, hours=3)
            assert f"I can't post in <#{closed.id}>. I need: " in answer
            assert f"**{name}**" in answer
            assert answer.endswith(UNCHANGED)
        shown = await say(stage, moderator, "/review show")
        assert f"Review channel: <#{channel.id}>" in shown
        assert "24 hours" in shown


async def test_a_review_that_does_not_work_any_more_says_why(stage: Stage) -> None:
    """A channel that everybody reads is a warning, and so is one that the bot lost, or a list without anybody."""
    moderator, channel = moderator_of(stage), stage.guild.add_channel("open")
    newcomers, second = stage.guild.add_role("newcomers"), stage.guild.add_channel("second")
    async with stage.running():
        everybody = f"⚠️ Everybody can read <#{channel.id}>, also what a moderator rejects."
        assert everybody in await say(stage, moderator, "/review on", channel=channel, role=newcomers)
        await say(stage, moderator, "/review add", channel=second)
        assert everybody in await say(stage, moderator, "/review show")
        private = channel.add_thread("decisions", ChannelType.PRIVATE_THREAD)
        assert "⚠️" not in await say(stage, moderator, "/review on", channel=private)
        second.delete()
        assert "⚠️" not in await say(stage, moderator, "/review show")
        stage.guild.remove_role(newcomers)
        private.delete()
        shown = await say(stage, moderator, "/review show")
        assert f"⚠️ I can't post in <#{private.id}>. I need: **View Channel**" in shown
        assert "⚠️ Nobody is reviewed, because no listed channel or role exists any more." in shown
        nobody = await say(stage, moderator, "/review remove", deleted=True)
        assert "Nobody would be reviewed." in nobody
        await say(stage, moderator, "/review on", channel=channel, in_channel=stage.channel)
        cleared = await say(stage, moderator, "/review remove", deleted=True)
        assert f"<#{second.id}>: reviewed →\u00a0**not listed for review**" in cleared
        assert f"<@&{newcomers.id}>: reviewed →\u00a0**not listed for review**" in cleared
        assert f"Reviewed channels: <#{stage.channel.id}>\n" in await say(stage, moderator, "/review show")


async def test_moderators_read_that_the_bot_may_not_read_the_review_channels_history(stage: Stage) -> None:
    """When they choose the channel, and in the settings; the review is on in any case."""
    moderator, channel = moderator_of(stage), review_channel(stage)
    channel.overwrite(stage.guild.bot_role, allow=Permission.VIEW_CHANNEL, deny=Permission.READ_MESSAGE_HISTORY)
    warning = f"⚠️ I can't read earlier messages in <#{channel.id}>."
    async with stage.running():
        answer = await say(stage, moderator, "/review on", channel=channel)
        assert "Saved" in answer
        assert warning in answer
        assert "I need: **Read Message History**" in await say(stage, moderator, "/review show")
        channel.overwrite(stage.guild.bot_role, allow=Permission.VIEW_CHANNEL)
        assert "⚠️" not in await say(stage, moderator, "/review show")


async def test_requests_of_age_restricted_channels_need_such_a_review_channel(stage: Stage) -> None:
    """A warning says so while such a channel is reviewed, and pictures are allowed in it."""
    moderator, channel = moderator_of(stage), review_channel(stage)
    adult = stage.guild.add_channel("adults")
    warning = f"⚠️ <#{channel.id}> isn't age-restricted, so I can't show requests"
    async with stage.running():
        assert warning not in await say(stage, moderator, "/review on", channel=channel)
        adult.restrict_age()
        assert warning in await say(stage, moderator, "/review show")
        await say(stage, moderator, "/limits channels deny", channel=adult)
        assert warning not in await say(stage, moderator, "/review show")
        await say(stage, moderator, "/limits channels clear")
        assert warning not in await say(stage, moderator, "/review on", in_channel=stage.channel)
        assert warning in await say(stage, moderator, "/review add", channel=adult)
        channel.restrict_age()
        assert "⚠️" not in await say(stage, moderator, "/review show")


async def test_a_file_of_rules_brings_the_review_back(stage: Stage) -> None:
    """With its settings and both lists, as one change."""
    moderator, channel, newcomers = moderator_of(stage), review_channel(stage), stage.guild.add_role("newcomers")
    async with stage.running():
        await say(stage, moderator, "/review on", channel=channel, in_channel=stage.channel, until=3)
        await say(stage, moderator, "/review add", role=newcomers)
        shown = await say(stage, moderator, "/review show")
        exported = await private_answer(stage, await moderator.types("/limits export", stage.channel))
        file = Upload("rules.json", exported.attachments[0].read(), "application/json")
        await say(stage, moderator, "/review off")
        question = await private_answer(stage, await moderator.types("/limits import", stage.channel, file=file))
        assert "**Import 3 changes?**" in question.text
        await pressed(stage, moderator, question, "Import")
        assert await say(stage, moderator, "/review show") == shown


async def test_what_cannot_be_reviewed_is_refused_with_a_sentence(stage: Stage) -> None:
    """And nothing is half applied: the card and the audit log are as before."""
    moderator, channel = moderator_of(stage), review_channel(stage)
    thread, gone = channel.add_thread("decisions"), stage.guild.add_role("gone")
    async with stage.running():
        stage.guild.remove_role(gone)
        itself = "Moderators decide in"
        for command, options, sentence in (
            ("on", {"hours": 3}, "Fill in `channel` too: the channel in which moderators decide."),
            ("on", {"channel": channel, "in_channel": channel}, itself),
            ("on", {"channel": thread, "in_channel": channel}, itself),
            ("on", {"channel": channel, "everyone": False}, "Nobody would be reviewed."),
            ("on", {"channel": channel, "everyone": True, "in_channel": stage.channel}, "Leave out `in_channel`"),
            ("on", {"channel": channel, "role": stage.guild.everyone}, "@everyone is every member: use"),
            ("on", {"channel": channel, "role": stage.guild.bot_role}, "belongs to a bot, and no member can have it"),
            ("on", {"channel": channel, "role": gone}, "isn't a role of this server any more."),
            ("add", {"channel": stage.channel}, "Nothing is reviewed yet. Use `/review on` first."),
            ("remove", {"channel": stage.channel}, "Nothing is reviewed yet. Use `/review on` first."),
            ("remove", {"deleted": True}, "Nothing is reviewed yet. Use `/review on` first."),
        ):
            answer = await say(stage, moderator, f"/review {command}", **options)
            assert sentence in answer
            assert answer.endswith(UNCHANGED)
        assert OFF in await say(stage, moderator, "/review show")
        assert "Nothing has been changed yet" in await say(stage, moderator, "/limits history")
        await say(stage, moderator, "/review on", channel=thread)
        for command, options, sentence in (
            ("add", {"channel": stage.channel}, "Everyone is reviewed already."),
            ("add", {}, "Choose a channel or a role."),
            ("remove", {}, "Choose a channel or a role."),
            ("on", {"in_channel": channel}, itself),
        ):
            answer = await say(stage, moderator, f"/review {command}", **options)
            assert sentence in answer
            assert answer.endswith(UNCHANGED)
        assert "Review applies to: all members" in await say(stage, moderator, "/review show")


@pytest.mark.parametrize("options", [{"hours": 0}, {"hours": 169}, {"until": -1}, {"until": 1001}, {"what": "style"}])
async def test_values_out_of_bounds_cannot_be_typed(stage: Stage, options: dict[str, OptionValue]) -> None:
    """Discord itself knows the bounds."""
    moderator, channel = moderator_of(stage), review_channel(stage)
    async with stage.running():
        with pytest.raises(InvalidOptionError):
            await moderator.types("/review on", stage.channel, channel=channel, **options)


async def test_only_moderators_review(stage: Stage) -> None:
    """Discord doesn't offer the commands to others, and if the owner opens them, the bot rejects them."""
    moderator, channel = moderator_of(stage), review_channel(stage)
    commands = commands_of(stage, channel)
    async with stage.running():
        group = stage.discord.world.commands.named("review", stage.guild.id).registered
        assert {f"/review {option['name']}" for option in group["options"]} == set(commands)
        for command, options in commands.items():
            with pytest.raises(UnusableError):
                await stage.alice.types(command, stage.channel, **options)
        stage.guild.open_command("review")
        for command, options in commands.items():
            assert NOT_A_MODERATOR in await say(stage, stage.alice, command, **options), command
        assert "Nothing has been changed yet" in await say(stage, moderator, "/limits history")
        for command, options in commands.items():
            assert UNCHANGED not in await say(stage, moderator, command, **options), command


async def test_a_list_without_a_review_reviews_nobody(stage: Stage) -> None:
    """After `/review on` was undone, later additions to its list stay, and pictures are posted at once."""
    moderator, channel = moderator_of(stage), review_channel(stage)
    second = stage.guild.add_channel("second")
    async with stage.running():
        await say(stage, moderator, "/review on", channel=channel, in_channel=second)
        await say(stage, moderator, "/review add", channel=stage.channel)
        page = await private_answer(stage, await moderator.types("/limits history", stage.channel, rule="review"))
        await pressed(stage, moderator, page, str(page.buttons[1]["custom_id"]))
        assert OFF in await say(stage, moderator, "/review show")
        await drawn(stage, stage.alice)
        answer = await say(stage, moderator, "/review on", channel=channel)
        assert "Review applies to: all members" in answer
        assert f"<#{stage.channel.id}>: reviewed →\u00a0**not listed for review**" in answer
