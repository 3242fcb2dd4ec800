"""The moderator who shows off what members keep, and the members whose pictures are shown."""

import pytest

from standins.discord.client.person import Person
from standins.discord.components import walk
from standins.discord.model.channel_types import ChannelType
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.journeys.answers import changed, from_more, pressed, private_answer
from tests.journeys.moderators import moderator_of, say
from tests.journeys.test_favourites import STAR, starred
from tests.journeys.test_privacy import draws, is_forgotten
from tests.promises import Attack, DiscordFault
from tests.stage import Stage, has_picture

pytestmark = pytest.mark.shared_bot


def shown_in(channel: Channel, member: Person) -> list[Message]:
    """Return the pictures of a showcase, as a member sees them."""
    return [each for each in channel.messages_for(member) if each.author.bot and has_picture(each)]


async def opens(stage: Stage, stars: int = 1, name: str = "showcase") -> Channel:
    """Make a moderator name a new channel as the showcase."""
    channel = stage.guild.add_channel(name)
    assert "Saved" in await say(stage, moderator_of(stage), "/limits showcase", channel=channel, stars=stars)
    return channel


async def is_shown(stage: Stage, channel: Channel, count: int = 1) -> list[Message]:
    """Wait until a showcase has this many pictures."""
    await stage.discord.world.until(lambda: len(shown_in(channel, stage.alice)) == count)
    return shown_in(channel, stage.alice)


HIDDEN_BY = {"hidden history": Permission.READ_MESSAGE_HISTORY, "closed voice": Permission.CONNECT}


def private_place(stage: Stage, place: str) -> Channel:
    """Return a place that Alice and Bob read and @everyone can't; the bot sees it too."""
    if place == "private thread":
        return stage.channel.add_thread("secrets", ChannelType.PRIVATE_THREAD)
    hidden = HIDDEN_BY.get(place, Permission.VIEW_CHANNEL)
    closed = stage.guild.add_channel("closed", ChannelType.VOICE if place == "closed voice" else ChannelType.TEXT)
    for member in stage.guild.members.values():
        closed.overwrite(member, allow=hidden)
    closed.overwrite(stage.guild.everyone, deny=hidden)
    return closed.add_thread("deeper") if place == "its thread" else closed


async def test_a_picture_that_reaches_its_stars_is_shown_once(stage: Stage) -> None:
    """With its file, a link, its member's name and no ping; further stars and removed ones change nothing."""
    fans = [stage.joins(f"fan{number}") for number in range(3)]
    async with stage.running():
        channel = await opens(stage, stars=2)
        picture = await draws(stage, stage.alice, "a red *boat*", spoiler=True)
        await fans[0].reacts(picture, STAR)
        await starred(stage, 1)
        assert shown_in(channel, stage.alice) == []
        await pressed(stage, fans[1], await pressed(stage, fans[1], picture, "⋯ More"), "Favourite")
        [shown] = await is_shown(stage, channel)
        assert f"<@{stage.alice.id}>" in shown.text
        assert "a red \\*boat\\*" in shown.text
        assert shown.payload()["mentions"] == []
        assert shown.buttons[0]["url"].endswith(f"/{stage.channel.id}/{picture.id}")
        [item] = next(part["items"] for part in walk(shown.components) if "items" in part)
        assert item["spoiler"]
        await fans[0].unreacts(picture, STAR)
        await fans[2].reacts(picture, STAR)
        await fans[0].reacts(picture, STAR)
        await starred(stage, 3)
        assert shown_in(channel, stage.alice) == [shown]


async def test_the_members_own_star_and_a_bots_do_not_count(stage: Stage) -> None:
    """A picture needs the stars of other people."""
    bob, robot = stage.joins("bob"), stage.joins(stage.discord.world.platform.add_user("robot", bot=True))
    async with stage.running():
        channel = await opens(stage)
        picture = await draws(stage, stage.alice)
        await robot.reacts(picture, STAR)
        await stage.alice.reacts(picture, STAR)
        await starred(stage, 1)
        assert shown_in(channel, stage.alice) == []
        await bob.reacts(picture, STAR)
        await is_shown(stage, channel)


async def test_a_deleted_picture_leaves_the_showcase(stage: Stage) -> None:
    """Deleted by its member, by a moderator who takes its message away, or with all that its member has here."""
    bob = stage.joins("bob")
    async with stage.running():
        channel = await opens(stage)
        pictures = [await draws(stage, stage.alice, f"boat {number}") for number in range(3)]
        for count, picture in enumerate(pictures, start=1):
            await bob.reacts(picture, STAR)
            await is_shown(stage, channel, count)
        asked = await from_more(stage, stage.alice, pictures[0], "Delete")
        await changed(stage, await stage.alice.presses(asked, "Delete"), "Deleted.")
        await is_shown(stage, channel, 2)
        await stage.discord.person(stage.guild.owner).deletes(pictures[1])
        await is_shown(stage, channel, 1)
        await is_forgotten(stage, stage.alice)
        await is_shown(stage, channel, 0)


async def test_a_picture_that_was_taken_out_does_not_come_back(stage: Stage) -> None:
    """A moderator who deletes the showcase's message has the last word, whatever stars come."""
    bob, carol = stage.joins("bob"), stage.joins("carol")
    async with stage.running():
        channel = await opens(stage)
        picture = await draws(stage, stage.alice)
        await bob.reacts(picture, STAR)
        [shown] = await is_shown(stage, channel)
        await stage.discord.person(stage.guild.owner).deletes(shown)
        await carol.reacts(picture, STAR)
        await starred(stage, 2)
        await bob.reacts(await draws(stage, stage.alice, "another"), STAR)
        assert [each.id for each in await is_shown(stage, channel)] != [shown.id]


@pytest.mark.promise(Attack.PRIVATE_SHOWN)
async def test_age_restricted_pictures_stay_among_themselves(stage: Stage) -> None:
    """They're shown in an age-restricted showcase only, from threads too."""
    bob = stage.joins("bob")
    adults = stage.guild.add_channel("adults")
    adults.restrict_age()
    thread = adults.add_thread("more")
    async with stage.running():
        channel = await opens(stage)
        for count, place in enumerate((adults, thread), start=1):
            picture = await stage.picture(await stage.alice.types("/imagine", place, prompt="a boat"))
            await stage.settled()
            await bob.reacts(picture, STAR)
            await starred(stage, count)
        await bob.reacts(await draws(stage, stage.alice, "harmless"), STAR)
        [shown] = await is_shown(stage, channel)
        assert "harmless" in shown.text


@pytest.mark.promise(Attack.PRIVATE_SHOWN)
async def test_a_private_picture_is_never_shown(stage: Stage) -> None:
    """Nobody else can star it, and its member's star doesn't count, whatever a button says."""
    async with stage.running():
        channel = await opens(stage)
        secret = await draws(stage, stage.alice, "a secret", private=True)
        await from_more(stage, stage.alice, secret, "Favourite")
        await starred(stage, 1)
        assert shown_in(channel, stage.alice) == []


@pytest.mark.promise(Attack.PRIVATE_SHOWN)
@pytest.mark.parametrize("place", ["private channel", "its thread", "private thread", *HIDDEN_BY])
async def test_pictures_of_places_that_not_everybody_reads_are_never_shown(stage: Stage, place: str) -> None:
    """Though people who read the place star the picture, and the showcase works."""
    bob = stage.joins("bob")
    source = private_place(stage, place)
    async with stage.running():
        channel = await opens(stage)
        picture = await stage.picture(await stage.alice.types("/imagine", source, prompt="a secret"))
        await stage.settled()
        await bob.reacts(picture, STAR)
        await starred(stage, 1)
        await bob.reacts(await draws(stage, stage.alice, "harmless"), STAR)
        [shown] = await is_shown(stage, channel)
        assert "harmless" in shown.text


@pytest.mark.promise(DiscordFault.SHOWCASE_CLOSED)
@pytest.mark.parametrize("trouble", ["gone", "closed"])
async def test_a_showcase_that_cannot_be_written_to_waits_for_the_next_star(stage: Stage, trouble: str) -> None:
    """The star is kept, nobody sees an error, and once the showcase works the next star shows the picture."""
    bob, carol = stage.joins("bob"), stage.joins("carol")
    async with stage.running():
        channel = await opens(stage)
        picture = await draws(stage, stage.alice)
        if trouble == "gone":
            channel.delete()
        else:
            channel.overwrite(stage.guild.everyone, deny=Permission.SEND_MESSAGES)
        await bob.reacts(picture, STAR)
        await starred(stage, 1)
        if trouble == "gone":
            channel = await opens(stage, name="another")
        else:
            channel.overwrite(stage.guild.everyone, allow=Permission.SEND_MESSAGES)
        await carol.reacts(picture, STAR)
        await starred(stage, 2)
        await is_shown(stage, channel)


@pytest.mark.promise(DiscordFault.SHOWCASE_CLOSED)
async def test_a_star_during_a_refused_attempt_is_tried_too(stage: Stage) -> None:
    """Discord refuses the first attempt after the second star: the picture is shown, once, without a third."""
    bob, carol = stage.joins("bob"), stage.joins("carol")
    async with stage.running():
        channel = await opens(stage)
        picture = await draws(stage, stage.alice)
        faults = stage.discord.faults
        faults.next("POST", f"/channels/{channel.id}/messages", status=403, code=50001, delay=60)
        await bob.reacts(picture, STAR)
        await stage.discord.world.until(lambda: not faults.armed)
        await carol.reacts(picture, STAR)
        await starred(stage, 2)
        assert shown_in(channel, stage.alice) == []
        stage.clock.wind(60)
        await is_shown(stage, channel)


async def test_moderators_name_the_showcase_and_undo_it(stage: Stage) -> None:
    """It stands in the settings and in the audit log, and Undo brings the one before back; others may not."""
    first, second = stage.guild.add_channel("first"), stage.guild.add_channel("second")
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits showcase", channel=first, stars=2)
        changes = await say(stage, moderator, "/limits showcase", channel=second, stars=5)
        assert f"<#{first.id}> from 2 stars →\u00a0**<#{second.id}> from 5 stars**" in changes
        assert f"**Showcase:** <#{second.id}> from 5 stars" in await say(stage, moderator, "/limits show")
        page = await private_answer(stage, await moderator.types("/limits history", stage.channel))
        await moderator.presses(page, "Undo")
        await stage.discord.world.until(lambda: "undone" in page.text)
        assert f"**Showcase:** <#{first.id}> from 2 stars" in await say(stage, moderator, "/limits show")
        await say(stage, moderator, "/limits showcase")
        assert "**Showcase:** off" in await say(stage, moderator, "/limits show")


async def test_a_showcase_needs_a_channel_that_takes_files(stage: Stage) -> None:
    """The message names the missing permission, and nothing is changed."""
    channel = stage.guild.add_channel("showcase")
    channel.overwrite(stage.guild.everyone, deny=Permission.ATTACH_FILES)
    async with stage.running():
        words = await say(stage, moderator_of(stage), "/limits showcase", channel=channel)
    assert "**Attach Files**" in words
    assert "Nothing was changed" in words
