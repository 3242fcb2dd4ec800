"""Discord fails on every call in turn: each is repeated until it succeeds, and takes effect once."""

import pytest

from standins.apiframe.faults import Fault, Kind
from standins.discord.faults import Wrong
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.faults.ledgers import Books
from tests.promises import DiscordFault
from tests.stage import GENERATION, Stage, has_picture, pictures_posted, text_of

pytestmark = [pytest.mark.shared_bot, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

PACE = {**GENERATION, "progress_seconds": 60}  # so that progress goes to the card once at most
STUMBLES: dict[str, Wrong] = {
    "500": {"status": 500},
    "503": {"status": 503},
    "503 after acting": {"status": 503, "after_acting": True},
    "429": {"status": 429, "retry_after": 0.2},
}
A_PICTURE: Wrong = {"with_file": True}
OF_AN_ANSWER: list[tuple[str, str, Wrong]] = [("PATCH", "/webhooks/*", A_PICTURE), ("PUT", "/channels/*", {})]
OF_A_REPLY: list[tuple[str, str, Wrong]] = [
    ("GET", "/applications/*/guilds/*/commands/permissions", {}),
    ("POST", "/channels/*/messages", {}),
    ("PATCH", "/channels/*/messages/*", A_PICTURE),
    ("PUT", "/channels/*", {}),
]
LOST: Wrong = {**A_PICTURE, "drop": True, "after_acting": True}


def arm(stage: Stage, calls: list[tuple[str, str, Wrong]], wrong: Wrong) -> None:
    """Make each of these calls fail once."""
    for method, path, call in calls:
        fault: Wrong = {**call, **wrong}
        stage.discord.faults.next(method, path, **fault)


@pytest.mark.promise(DiscordFault.DISCORD_CALL_FAILS)
@pytest.mark.parametrize("wrong", STUMBLES.values(), ids=STUMBLES)
async def test_every_call_for_an_answer_may_fail_once(stage: Stage, books: Books, wrong: Wrong) -> None:
    """One picture, in its card's place, although each call on the way to it went wrong at first."""
    async with stage.running(generation=PACE):
        arm(stage, OF_AN_ANSWER, wrong)
        picture = await stage.picture(await stage.imagine())
        await books.closed()
    assert stage.channel.messages_for(stage.alice) == [picture]
    assert stage.discord.faults.armed == []


@pytest.mark.promise(DiscordFault.DISCORD_CALL_FAILS)
@pytest.mark.parametrize("wrong", STUMBLES.values(), ids=STUMBLES)
async def test_every_call_for_a_reply_may_fail_once(stage: Stage, books: Books, wrong: Wrong) -> None:
    """A reaction leads to one more picture, whichever call went wrong at first."""
    async with stage.running(generation=PACE):
        first = await stage.picture(await stage.imagine())
        await books.closed()
        arm(stage, OF_A_REPLY, wrong)
        await stage.alice.reacts(first, "🎲")
        await stage.show_pictures(2)
        await books.closed()
    assert all(map(has_picture, stage.channel.messages_for(stage.alice)))
    assert stage.discord.faults.armed == []


@pytest.mark.promise(DiscordFault.DISCORD_CALL_FAILS)
@pytest.mark.parametrize("wrong", STUMBLES.values(), ids=STUMBLES)
async def test_looking_for_an_answer_that_was_lost_may_fail_once(stage: Stage, books: Books, wrong: Wrong) -> None:
    """The bot finds out whether the picture is already there, even if Discord fails, and it's posted once."""
    async with stage.running(generation=PACE):
        stage.discord.faults.next("PATCH", "/webhooks/*", **LOST)
        stage.discord.faults.next("GET", "/webhooks/*", **wrong)
        picture = await stage.picture(await stage.imagine())
        await books.closed()
    assert stage.channel.messages_for(stage.alice) == [picture]
    assert stage.discord.faults.armed == []
    assert pictures_posted(picture) == 1


@pytest.mark.promise(DiscordFault.DISCORD_CALL_FAILS)
@pytest.mark.parametrize("wrong", STUMBLES.values(), ids=STUMBLES)
async def test_looking_for_a_reply_that_was_lost_may_fail_once(stage: Stage, books: Books, wrong: Wrong) -> None:
    """The same for a picture that a reaction led to."""
    async with stage.running(generation=PACE):
        first = await stage.picture(await stage.imagine())
        await books.closed()
        stage.discord.faults.next("PATCH", "/channels/*/messages/*", **LOST)
        stage.discord.faults.next("GET", "/channels/*/messages/*", **wrong)
        await stage.alice.reacts(first, "🎲")
        [_, second] = await stage.show_pictures(2)
        await books.closed()
    assert stage.channel.messages_for(stage.alice) == [first, second]
    assert stage.discord.faults.armed == []
    assert pictures_posted(second) == 1


@pytest.mark.promise(DiscordFault.DISCORD_CALL_FAILS)
@pytest.mark.parametrize("wrong", [{"status": 500}, {"status": 429, "retry_after": 0.2}], ids=["500", "429"])
async def test_the_first_answer_may_fail_once(stage: Stage, books: Books, wrong: Wrong) -> None:
    """Even if the very card does not get through at first, there is one picture for one price."""
    async with stage.running(generation=PACE):
        stage.discord.faults.next("POST", "/interactions/*", **wrong)
        await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn")
        [picture] = await stage.show_pictures(1)
        await books.closed()
    assert stage.channel.messages_for(stage.alice) == [picture]
    assert len(stage.jobs()) == 1
    assert stage.discord.faults.armed == []


@pytest.mark.promise(DiscordFault.UPLOAD_TOO_LARGE)
@pytest.mark.parametrize("path", ["/webhooks/*", "/channels/*/messages"], ids=["card", "channel"])
async def test_an_upload_that_discord_finds_too_large_comes_smaller(stage: Stage, books: Books, path: str) -> None:
    """For any announced limit, the picture is scaled down until it's accepted, and says so."""
    method = "PATCH" if path.startswith("/webhooks") else "POST"
    stage.apiframe.faults.arm(Fault(Kind.HUGE, megabytes=0.9))
    async with stage.running(generation=PACE):
        interaction = await stage.imagine()
        if method == "POST":
            interaction.kill_token()
        stage.discord.faults.next(method, path, times=None, status=413, code=40005, over_bytes=500_000)
        [picture] = await stage.show_pictures(1)
        await books.closed()
    assert "smaller" in text_of(picture)
    assert stage.channel.messages_for(stage.alice) == [picture]


@pytest.mark.promise(DiscordFault.CARD_DELETED)
async def test_a_card_that_somebody_deleted_does_not_take_the_picture_along(stage: Stage, books: Books) -> None:
    """The picture is posted again, once."""
    stage.apiframe.faults.arm(Fault(Kind.SLOW, seconds=0.5))
    async with stage.running(generation=PACE):
        stage.discord.world.delete(await card(stage))
        [picture] = await stage.show_pictures(1)
        await books.closed()
    assert stage.channel.messages_for(stage.alice) == [picture]


@pytest.mark.promise(DiscordFault.PERMISSION_MISSING)
async def test_a_right_that_is_lost_meanwhile_sends_the_picture_to_the_person(stage: Stage, books: Books) -> None:
    """If the bot may not post any more and can't reach the card, the person gets a direct message with the picture."""
    talk = stage.alice.opens_direct_messages()
    stage.apiframe.faults.arm(Fault(Kind.SLOW, seconds=0.5))
    async with stage.running(generation=PACE):
        interaction = await stage.imagine()
        interaction.kill_token()
        stage.channel.overwrite(stage.guild.me, deny=Permission.SEND_MESSAGES)
        await stage.discord.world.until(lambda: any(map(has_picture, talk.messages_for(stage.alice))))
        await books.closed()
    assert len(talk.messages_for(stage.alice)) == 1


@pytest.mark.promise(DiscordFault.INTERACTION_TOKEN_DEAD)
async def test_a_dead_token_is_not_hammered(stage: Stage, books: Books) -> None:
    """Discord bans an address after 10,000 invalid requests: a picture costs a dead token two or three."""
    stage.apiframe.faults.arm(Fault(Kind.SLOW, seconds=1))
    async with stage.running(generation={**GENERATION, "progress_seconds": 0.05}):
        (await stage.imagine()).kill_token()
        await stage.show_pictures(1)
        await books.closed()
    assert stage.discord.limits.invalid_requests <= 3


async def card(stage: Stage) -> Message:
    interaction = await stage.imagine()
    assert interaction.original is not None
    return interaction.original


@pytest.mark.promise(DiscordFault.OLD_CARD_STAYS)
async def test_an_old_card_is_taken_away_later(stage: Stage, books: Books) -> None:
    """If the card beside a new post can't be deleted at first, it's deleted later."""
    async with stage.running(generation=PACE):
        stage.discord.faults.next("DELETE", "/channels/*", status=503)
        (await stage.imagine()).kill_token()
        [picture] = await stage.show_pictures(1)
        await books.closed()
    assert stage.channel.messages_for(stage.alice) == [picture]
    assert stage.discord.faults.armed == []
