"""The member whose Discord refuses in ways that nobody foresaw: the picture finds another way, or an honest end."""

import pytest

from bot.picture.failure import FailureKind
from bot.picture.generation import State
from standins.apiframe.faults import Fault, Kind
from standins.discord.model.permissions import Permission
from tests.bot.web.scrape import counted
from tests.faults.ledgers import Books
from tests.journeys.test_privacy import asks, unpacked
from tests.promises import DiscordFault
from tests.stage import GENERATION, Stage, has_picture, text_of

pytestmark = [pytest.mark.shared_bot, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

NO_PROGRESS = {**GENERATION, "progress_seconds": 60}  # so that progress goes to the card once at most
REASON = "refused this prompt"
UNFORESEEN = [400, 405, 410]


@pytest.mark.promise(DiscordFault.POST_REJECTED)
@pytest.mark.parametrize("status", UNFORESEEN)
async def test_a_channel_that_refuses_for_whatever_reason_sends_the_picture_to_the_person(
    stage: Stage, books: Books, status: int
) -> None:
    """Neither the card nor the channel takes it, and the person gets it directly."""
    talk = stage.alice.opens_direct_messages()
    stage.discord.faults.next("PATCH", "/webhooks/*", times=None, status=status)
    stage.discord.faults.next("POST", f"/channels/{stage.channel.id}/messages", times=None, status=status)
    async with stage.running(generation=NO_PROGRESS):
        await stage.imagine()
        await stage.discord.world.until(lambda: any(map(has_picture, talk.messages_for(stage.alice))))
        [generation] = await books.closed()
    assert generation.state is State.DELIVERED


@pytest.mark.promise(DiscordFault.POST_REJECTED)
@pytest.mark.parametrize("status", UNFORESEEN)
@pytest.mark.own_bot  # its metrics have to count one picture
async def test_a_picture_that_nobody_takes_ends_as_undeliverable(stage: Stage, books: Books, status: int) -> None:
    """Its channel is gone and its member accepts no messages: the ledger has the price, and it counts."""
    stage.apiframe.faults.arm(Fault(Kind.SLOW, seconds=1))
    stage.discord.faults.next("POST", "/users/@me/channels", times=None, status=status)
    async with stage.running(generation=NO_PROGRESS) as bot:
        await stage.imagine()
        stage.channel.delete()
        metrics = await counted(stage, bot, 1)
        [generation] = await books.closed()
    assert generation.failure is not None
    assert generation.failure.kind is FailureKind.UNDELIVERABLE
    assert generation.credits == stage.apiframe.charged
    assert metrics.of("imagine_pictures_total", outcome="undeliverable") == 1


@pytest.mark.promise(DiscordFault.TOKEN_REJECTED)
async def test_a_bot_token_that_is_refused_delays_the_picture(stage: Stage, books: Books) -> None:
    """Until the operator has set a new one it waits, and then it becomes the reply's card; nothing is broken."""
    async with stage.running(generation=NO_PROGRESS):
        refused = [
            stage.discord.faults.next("PATCH", "/channels/*", status=401, with_file=True),
            stage.discord.faults.next("GET", "/channels/*", status=401),
        ]
        await stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}> a boat")
        [picture] = await stage.show_pictures(1)
        [generation] = await books.closed()
    assert [fault.times for fault in refused] == [0, 0]
    assert [each for each in stage.channel.messages_for(stage.alice) if each.author.bot] == [picture]
    assert generation.state is State.DELIVERED


@pytest.mark.promise(DiscordFault.TOKEN_REJECTED)
async def test_a_reason_waits_for_the_bot_token_too(stage: Stage, books: Books) -> None:
    """Why there is no picture is said once the bot may speak again."""
    stage.apiframe.faults.arm(Fault(Kind.POLICY))
    async with stage.running(generation=NO_PROGRESS):
        refused = stage.discord.faults.next("PATCH", "/channels/*", status=401, saying=REASON)
        await stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}> a boat")
        await stage.shows(REASON)
        await books.closed()
    assert refused.times == 0
    assert len([each for each in stage.channel.messages_for(stage.alice) if each.author.bot]) == 1


@pytest.mark.promise(DiscordFault.POST_REJECTED)
async def test_a_picture_that_could_not_be_posted_is_in_the_persons_copy(stage: Stage, books: Books) -> None:
    """The error message says where it is, and that it counts; a paid picture isn't lost."""
    stage.apiframe.faults.arm(Fault(Kind.SLOW, seconds=1))
    stage.discord.faults.next("POST", "/users/@me/channels", times=None, status=403, code=50007)
    async with stage.running(generation=NO_PROGRESS):
        (await stage.imagine()).kill_token()
        stage.channel.overwrite(stage.guild.me, deny=Permission.ATTACH_FILES)
        reason = await stage.shows("can't post it here or message you")
        [generation] = await books.closed()
        stage.channel.overwrite(stage.guild.me)
        files = unpacked(await asks(stage, stage.alice, "/privacy export"))
    assert "You can get it with `/privacy export`" in text_of(reason)
    assert generation.credits == stage.apiframe.charged > 0
    assert files[f"images/{generation.image_key}"] == stage.jobs()[0].images[0].content
