"""The figures: `/usage` for moderators, and `/quota` for everybody's own."""

import csv
import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from bot.limits.policy import Limit, Scope
from bot.limits.rulebook import Rulebook
from bot.runner import BotRunner
from standins.apiframe.faults import Fault, Kind
from standins.discord import UnusableError
from standins.discord.client.options import OptionValue
from standins.discord.client.person import Person
from standins.discord.components import walk
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.journeys.answers import private_answer
from tests.stage import Stage, is_private

pytestmark = pytest.mark.shared_bot


@pytest.fixture
def mo(stage: Stage) -> Person:
    """A moderator of the server."""
    return stage.joins("mo", roles=[stage.guild.add_role("moderators", Permission.MANAGE_GUILD)])


async def asks(stage: Stage, who: Person, command: str, **options: OptionValue) -> Message:
    """Make a person type a command, and return the response."""
    answer = await private_answer(stage, await who.types(command, stage.channel, **options))
    assert is_private(answer)
    assert not answer.mentions.disturbed_anybody
    return answer


async def draws(stage: Stage, who: Person, count: int = 1) -> None:
    """Make a person draw pictures, one after the other."""
    for _ in range(count):
        await stage.picture(await stage.imagine_as(who, "a red boat"))
    await stage.settled()


async def sets(stage: Stage, bot: BotRunner, rules: Rulebook) -> None:
    """Set these rules for the server."""
    key = f"guild:{stage.guild.id}"
    await bot.services.moderation.change(key, stage.alice.id, "/limits", lambda _: rules)


def description_in(answer: Message) -> str:
    """Return the alternative text of the chart."""
    [item] = next(part["items"] for part in walk(answer.components) if "items" in part)
    return str(item["description"])


def table_in(answer: Message) -> list[dict[str, str]]:
    [table] = [each for each in answer.attachments if each.filename == "usage.csv"]
    return list(csv.DictReader(io.StringIO(table.read().decode(), newline="")))


@pytest.mark.own_bot
async def test_a_moderator_sees_what_was_drawn_spent_and_refused(stage: Stage, mo: Person, database_url: str) -> None:
    """The chart with its description, the sums, each member's figures, and the same as a table."""
    bob = stage.joins("bob")
    async with stage.running(database_url=database_url, limits={"member": {"images_per_day": 2}}):
        await draws(stage, bob)
        await draws(stage, stage.alice, 2)
        await stage.imagine()
        answer = await asks(stage, mo, "/usage", csv=True)
    costs = [job.cost for job in stage.jobs()]
    assert f"**3** pictures · **{sum(costs)}** credits · **1** refusal\n" in answer.text
    assert f"1. <@{stage.alice.id}>: **2** pictures · **{sum(costs[1:])}** credits · **1** refusal\n" in answer.text
    assert f"2. <@{bob.id}>: **1** picture · **{costs[0]}** credits" in answer.text
    assert [(row["user_id"], row["pictures"], row["credits"], row["refusals"]) for row in table_in(answer)] == [
        (str(stage.alice.id), "0", "0", "1"),
        (str(stage.alice.id), "2", str(sum(costs[1:])), "0"),
        (str(bob.id), "1", str(costs[0]), "0"),
    ]
    assert {row["day"] for row in table_in(answer)} == {datetime.now(UTC).date().isoformat()}
    assert Image.open(io.BytesIO(answer.attachments[0].read())).size == (1200, 900)
    assert f"3 pictures · {sum(costs)} credits · 1 refusal." in description_in(answer)


@pytest.mark.own_bot
async def test_usage_is_by_channel_and_style_too(stage: Stage, mo: Person, database_url: str) -> None:
    """The card sums each channel, also one that was deleted, and each style; a member's own style stays unnamed."""
    other = stage.guild.add_channel("second")
    async with stage.running(database_url=database_url):
        await asks(stage, mo, "/style create", name="Oil", frame="oil: {prompt}", server=True)
        await asks(stage, stage.alice, "/style create", name="Secret", frame="ink: {prompt}")
        await stage.picture(await stage.alice.types("/imagine", stage.channel, prompt="a boat", style="Oil"))
        await stage.picture(await stage.alice.types("/imagine", stage.channel, prompt="a boat", style="Secret"))
        await stage.picture(await stage.alice.types("/imagine", other, prompt="a boat"))
        await stage.settled()
        answer = await asks(stage, mo, "/usage", csv=True)
        assert f"- <#{stage.channel.id}>: **2** pictures" in answer.text
        assert f"- <#{other.id}>: **1** picture" in answer.text
        assert "- Oil: **1** picture" in answer.text
        assert "- members' own or deleted styles: **1** picture" in answer.text
        assert "- no style: **1** picture" in answer.text
        assert "Secret" not in answer.text
        rows = {(row["channel_id"], row["style"], row["pictures"]) for row in table_in(answer)}
        assert rows == {(str(stage.channel.id), "Oil", "1"), (str(stage.channel.id), "", "1"), (str(other.id), "", "1")}
        in_style = await asks(stage, mo, "/usage", style="oil", channel=stage.channel, member=stage.alice)
        assert "**1** picture ·" in in_style.text
        assert "Refusals aren't counted" in in_style.text
        nothing = await asks(stage, mo, "/usage", style="Oil", channel=other)
        assert "No picture from the last 30 days matches" in nothing.text
        unknown = await asks(stage, mo, "/usage", style="Secret")
        assert "no style" in unknown.text.lower()
        other.delete()
        assert "- deleted channel: **1** picture" in (await asks(stage, mo, "/usage")).text


async def test_a_refunded_picture_was_not_used(stage: Stage, mo: Person) -> None:
    """A picture that the model rejects costs nothing, and so isn't counted."""
    stage.apiframe.faults.arm(Fault(Kind.POLICY, times=1))
    async with stage.running():
        await stage.imagine()
        await stage.shows("refused this prompt")
        await stage.settled()
        assert "Nobody asked for a picture here in the last 7 days" in (await asks(stage, mo, "/usage", days=7)).text


@pytest.mark.own_bot
async def test_one_member_can_be_looked_at_alone(stage: Stage, mo: Person, database_url: str) -> None:
    """Only their figures are shown and summed; of somebody without any, a sentence says so."""
    bob = stage.joins("bob")
    async with stage.running(database_url=database_url):
        await draws(stage, bob)
        await draws(stage, stage.alice)
        answer = await asks(stage, mo, "/usage", days=90, member=bob, csv=True)
        assert [row["user_id"] for row in table_in(answer)] == [str(bob.id)]
        assert "**1** picture ·" in answer.text
        assert "last 90 days" in answer.text
        nothing = await asks(stage, mo, "/usage", member=mo, csv=True)
    assert f"<@{mo.id}> didn't ask for a picture here in the last 30 days" in nothing.text
    assert nothing.attachments == ()


async def test_a_member_who_has_left_still_counts(stage: Stage, mo: Person) -> None:
    """The figures do not need their name."""
    bob = stage.joins("bob")
    async with stage.running():
        await draws(stage, bob)
        await draws(stage, stage.alice)
        stage.guild.members.pop(bob.id)
        assert f"<@{bob.id}>: **1** picture" in (await asks(stage, mo, "/usage")).text


async def test_only_moderators_see_the_servers_figures(stage: Stage) -> None:
    """Discord doesn't offer it to others; if the owner opened it to everybody, the bot still rejects them."""
    async with stage.running():
        await draws(stage, stage.alice)
        with pytest.raises(UnusableError):
            await stage.alice.types("/usage", stage.channel)
        stage.guild.restrict_command("usage", {stage.guild.everyone: True})
        refused = await asks(stage, stage.alice, "/usage", member=stage.alice)
    assert "**Manage Server**" in refused.text
    assert refused.attachments == ()


async def test_a_quota_says_what_is_left_and_who_set_it(stage: Stage) -> None:
    """Each effective limit with the rest of it, for the member and for the server in total."""
    rules = Rulebook(server={Limit.IMAGES_PER_DAY: 9}, everyone={Limit.IMAGES_PER_DAY: 4, Limit.MAX_REFERENCES: 2})
    async with stage.running() as bot:
        await sets(stage, bot, rules)
        await draws(stage, stage.alice)
        answer = await asks(stage, stage.alice, "/quota")
    mine, together = answer.text.split("**Left for this server**")
    assert "in progress" not in mine
    assert "▰▰▰▰▱ Pictures per day: 3 of 4\n-# set for everyone\n" in mine
    assert "▰▰▰▰▱ Pictures per hour: 59 of 60\n▰" in mine
    assert "Reference images per picture: 2\n" in mine
    assert "▰▰▰▰▱ Pictures per day: 8 of 9\n-# set for the server" in together


async def test_a_quota_that_is_used_up_says_when_it_frees_up(stage: Stage) -> None:
    """As a timestamp that Discord shows in the reader's own time, or as a text if it's never allowed."""
    limits = {Limit.IMAGES_PER_HOUR: 1, Limit.CREDITS_PER_MONTH: 1, Limit.COOLDOWN: 600}
    rules = Rulebook().with_limits(Scope.MEMBER, stage.alice.id, limits | {Limit.CONCURRENT: 0})
    async with stage.running() as bot:
        await draws(stage, stage.alice)
        await sets(stage, bot, rules)
        text = (await asks(stage, stage.alice, "/quota")).text
    for words in ("▱▱▱▱▱ Pictures per hour: 0 of 1", "▱▱▱▱▱ Credits in 30 days: 0 of 1", "Cooldown in seconds: 600"):
        line = text.split(words)[1].split("\n")[1]
        assert line.startswith("-# set for you · more <t:")
    assert "▱▱▱▱▱ Pictures at once: 0 of 0\n-# set for you · none allowed right now" in text


async def test_a_picture_that_is_being_made_is_in_the_quota(stage: Stage) -> None:
    """A member who reached the limit sees the unfinished pictures."""
    stage.apiframe.faults.arm(Fault(Kind.HANG, times=1))
    async with stage.running(limits={"member": {"concurrent": 1}}):
        await stage.imagine()
        text = (await asks(stage, stage.alice, "/quota")).text
    assert "1 of your pictures is in progress." in text
    assert "more when a picture is done" in text


async def test_a_blocked_member_is_told_so_in_the_quota(stage: Stage, mo: Person) -> None:
    """The block is above the numbers."""
    async with stage.running():
        await asks(stage, mo, "/limits block", member=stage.alice, reason="spam")
        assert "You're blocked" in (await asks(stage, stage.alice, "/quota")).text


async def test_a_member_sees_their_own_chart_and_nobody_elses(stage: Stage) -> None:
    """Before the first picture there is a sentence in its place."""
    bob = stage.joins("bob")
    async with stage.running():
        await draws(stage, bob, 2)
        before = await asks(stage, stage.alice, "/quota", chart=True)
        assert "Type `/imagine`" in before.text
        assert before.attachments == ()
        await draws(stage, stage.alice)
        after = await asks(stage, stage.alice, "/quota", chart=True)
    assert "**1** picture ·" in after.text
    assert [each.filename for each in after.attachments] == ["usage.png"]
    assert "1 picture ·" in description_in(after)
