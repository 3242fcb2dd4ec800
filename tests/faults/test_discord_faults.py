"""The member whose picture, or reason, meets a Discord that takes nothing, or takes it without saying so."""

from dataclasses import replace

import pytest

from standins.apiframe.faults import Fault, Kind
from standins.discord.faults import Wrong
from standins.discord.model.permissions import Permission
from tests.faults.ledgers import Books
from tests.images import photo
from tests.promises import DiscordFault
from tests.stage import GENERATION, Stage, has_picture, pictures_posted, text_of

pytestmark = [pytest.mark.shared_bot, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

NO_PROGRESS = {**GENERATION, "progress_seconds": 60}  # so that progress goes to the card once at most
CUT_OFF: list[Wrong] = [{"drop": True}, {"drop": True, "after_acting": True}]


@pytest.mark.promise(DiscordFault.POST_INTERRUPTED)
@pytest.mark.parametrize("wrong", CUT_OFF, ids=["before it was posted", "after it was posted"])
async def test_a_post_whose_answer_is_lost_is_made_once(stage: Stage, books: Books, wrong: Wrong) -> None:
    """A connection that breaks while the card becomes the picture leaves exactly one picture."""
    of_the_picture: Wrong = {**wrong, "with_file": True}
    stage.discord.faults.next("PATCH", "/webhooks/*", **of_the_picture)
    async with stage.running(generation=NO_PROGRESS):
        picture = await stage.picture(await stage.imagine())
        await books.closed()
    assert stage.channel.messages_for(stage.alice) == [picture]
    assert pictures_posted(picture) == 1
    assert stage.discord.faults.armed == []


@pytest.mark.promise(DiscordFault.POST_INTERRUPTED)
@pytest.mark.parametrize("wrong", CUT_OFF, ids=["before it was posted", "after it was posted"])
async def test_a_new_post_whose_answer_is_lost_is_made_once(stage: Stage, books: Books, wrong: Wrong) -> None:
    """The same holds where the token is dead and the picture is posted by the bot's own."""
    stage.discord.faults.next("POST", "/channels/*/messages", **wrong)
    async with stage.running(generation=NO_PROGRESS):
        (await stage.imagine()).kill_token()
        await stage.discord.world.until(stage.pictures)
        await books.closed()
    assert len(stage.channel.messages_for(stage.alice)) == 1


async def test_a_reason_that_discord_does_not_take_is_given_later(stage: Stage, books: Books) -> None:
    """A refused prompt is explained although the connection broke at the first try."""
    stage.apiframe.faults.arm(Fault(Kind.POLICY))
    stage.discord.faults.next("PATCH", "/webhooks/*", drop=True, saying="refused this prompt")
    async with stage.running(generation=NO_PROGRESS):
        interaction = await stage.imagine()
        reason = await stage.shows("refused this prompt")
        await books.closed()
    assert stage.discord.faults.armed == []
    assert reason is interaction.original
    assert stage.channel.messages_for(stage.alice) == [reason]


async def test_a_reason_outlives_the_token(stage: Stage, books: Books) -> None:
    """If the card can't be edited any more, the error message is posted in the channel and the card deleted."""
    stage.apiframe.faults.arm(Fault(Kind.POLICY))
    async with stage.running(generation=NO_PROGRESS):
        (await stage.imagine()).kill_token()
        reason = await stage.shows("refused this prompt")
        await books.closed()
    assert "Nothing was charged." in text_of(reason)
    assert stage.channel.messages_for(stage.alice) == [reason]


@pytest.mark.promise(DiscordFault.POST_INTERRUPTED)
@pytest.mark.parametrize("wrong", CUT_OFF, ids=["before it was posted", "after it was posted"])
async def test_a_reply_whose_answer_is_lost_is_made_once(stage: Stage, books: Books, wrong: Wrong) -> None:
    """A reaction whose card was posted into a breaking connection has one card, which becomes the picture."""
    async with stage.running(generation=NO_PROGRESS):
        first = await stage.picture(await stage.imagine())
        await books.closed()
        stage.discord.faults.next("POST", "/channels/*/messages", **wrong)
        await stage.alice.reacts(first, "🎲")
        await stage.show_pictures(2)
        await books.closed()
    assert all(map(has_picture, stage.channel.messages_for(stage.alice)))


async def test_where_the_bot_may_not_reply_it_posts(stage: Stage, books: Books) -> None:
    """Without the permission to read messages, a reroll still comes, but not as a reply."""
    async with stage.running(generation=NO_PROGRESS):
        first = await stage.picture(await stage.imagine())
        await books.closed()
        stage.channel.overwrite(stage.guild.me, deny=Permission.READ_MESSAGE_HISTORY)
        await stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}> a boat")
        second = next(each for each in await stage.show_pictures(2) if each is not first)
        await books.closed()
    assert second.reference is None


@pytest.mark.promise(DiscordFault.THREAD_ARCHIVED)
async def test_a_picture_finds_its_way_into_an_archived_thread(stage: Stage, books: Books) -> None:
    """Messages of an archived thread cannot be edited: the picture is posted, which opens the thread again."""
    async with stage.running(generation=NO_PROGRESS):
        stage.discord.faults.next("PATCH", "/webhooks/*", status=400, code=50083, with_file=True)
        await stage.imagine()
        [picture] = await stage.show_pictures(1)
        await books.closed()
    assert stage.channel.messages_for(stage.alice) == [picture]


async def test_an_early_card_whose_answer_is_lost_strands_nothing(stage: Stage, books: Books) -> None:
    """Whether or not the card that says "looking at the images" got through, the picture comes."""
    slow = replace(photo(), drip_bytes_per_second=len(photo().content) / 2.5)
    stage.discord.faults.next("POST", "/interactions/*", drop=True)
    async with stage.running(generation=NO_PROGRESS):
        await stage.alice.types("/imagine", stage.channel, prompt="a boat", image1=slow)
        await stage.show_pictures(1)
        await books.closed()


async def test_a_press_does_not_wait_for_a_server_s_overrides(stage: Stage, books: Books) -> None:
    """If Discord doesn't say who may use the command, only the channel's permissions decide."""
    async with stage.running(generation=NO_PROGRESS):
        first = await stage.picture(await stage.imagine())
        await books.closed()
        stage.discord.faults.next("GET", "/applications/*/guilds/*/commands/permissions", times=9, drop=True)
        await stage.picture(await stage.alice.presses(first, "Reroll"))
        await books.closed()


@pytest.mark.promise(DiscordFault.CHANNEL_DELETED)
async def test_a_channel_that_is_gone_sends_the_picture_to_the_person(stage: Stage, books: Books) -> None:
    """A paid picture reaches the member although its channel was deleted in the meantime."""
    talk = stage.alice.opens_direct_messages()
    stage.apiframe.faults.arm(Fault(Kind.SLOW, seconds=1))
    async with stage.running(generation=NO_PROGRESS):
        await stage.imagine()
        stage.channel.delete()
        await stage.discord.world.until(lambda: any(map(has_picture, talk.messages_for(stage.alice))))
        await books.closed()


async def test_a_picture_that_can_be_posted_nowhere_says_what_it_cost(stage: Stage, books: Books) -> None:
    """If no file is accepted, the card says that it was drawn, its price, and that another try draws a new one."""
    stage.apiframe.faults.arm(Fault(Kind.SLOW, seconds=1))
    stage.discord.faults.next("POST", "/users/@me/channels", times=9, status=403, code=50007)
    async with stage.running(generation=NO_PROGRESS):
        await stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}> a boat")
        await stage.apiframe.until(stage.jobs)
        stage.channel.overwrite(stage.guild.me, deny=Permission.ATTACH_FILES)
        reason = await stage.shows("can't post it here or message you")
        [undelivered] = await books.closed()
    assert undelivered.credits == stage.apiframe.charged > 0
    assert f"It cost {undelivered.credits} credits." in text_of(reason)
    assert "Trying again makes a new picture" in text_of(reason)
    assert [button["label"] for button in reason.buttons] == ["Try again"]
