"""The member whose Discord answers what nobody can read, at every call there is: one picture, for one price."""

import pytest
from structlog.testing import capture_logs

from bot.errors import StartupError
from bot.picture.generation import State
from standins.apiframe.faults import Fault, Kind
from standins.discord.faults import Wrong
from standins.discord.garbled import Garbled
from standins.discord.model.messages import Message
from tests.faults.ledgers import Books
from tests.promises import DiscordFault
from tests.stage import GENERATION, Stage, has_picture, text_of

pytestmark = [
    pytest.mark.shared_bot,
    pytest.mark.usefixtures("database_url"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

PACE = {**GENERATION, "progress_seconds": 60}  # so that nothing but what counts goes to the card
NO_PICTURE = 5000  # bytes, which a card without one does not have
GARBLED: dict[str, Wrong] = {
    "empty": {"garbled": Garbled.EMPTY},
    "cut": {"garbled": Garbled.CUT},
    "a web page": {"garbled": Garbled.HTML},
    "another content type": {"garbled": Garbled.OTHER_TYPE},
    "other JSON": {"garbled": Garbled.OTHER_JSON},
    "204": {"status": 204, "garbled": Garbled.EMPTY, "after_acting": True},
    "500, cut": {"status": 500, "garbled": Garbled.CUT},
    "503, cut, after acting": {"status": 503, "garbled": Garbled.CUT, "after_acting": True},
    "429 without retry_after": {"status": 429, "retry_after": None},
    "429 as a web page": {"status": 429, "garbled": Garbled.HTML},
    "403 as a web page": {"status": 403, "garbled": Garbled.HTML},
}
STARTING = ["/users/@me", "/oauth2/applications/@me", "/gateway/bot"]
each_kind = pytest.mark.parametrize("wrong", GARBLED.values(), ids=GARBLED)


@pytest.mark.promise(DiscordFault.DISCORD_UNREADABLE)
@pytest.mark.matrix
@each_kind
async def test_an_answer_that_nobody_can_read_costs_no_picture(stage: Stage, books: Books, wrong: Wrong) -> None:
    """The first answer, the edit of the card and the reaction are each garbled once: the picture stands there once."""
    async with stage.running(generation=PACE):
        for method, path in [("POST", "/interactions/*"), ("PATCH", "/webhooks/*"), ("PUT", "/channels/*")]:
            stage.discord.faults.next(method, path, **wrong)
        await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn")
        [picture] = await stage.show_pictures(1, timeout=30)
        await delivered(stage, books, 1)
    assert stage.channel.messages_for(stage.alice) == [picture]
    assert stage.discord.faults.armed == []


@pytest.mark.promise(DiscordFault.RATE_LIMIT_WITHOUT_PAUSE)
async def test_a_rate_limit_without_a_time_is_no_unreadable_answer(stage: Stage, books: Books) -> None:
    """Discord did not do it, so the picture's edit is repeated, and no line says that its answer made no sense."""
    with capture_logs() as lines:
        async with stage.running(generation=PACE):
            stage.discord.faults.next("PATCH", "/webhooks/*", status=429, retry_after=None, with_file=True)
            picture = await stage.picture(await stage.imagine(), timeout=30)
            await delivered(stage, books, 1)
    assert times_posted(picture) == 1
    assert stage.discord.faults.armed == []
    assert not [line for line in lines if line["event"] == "discord_response_invalid"]


@pytest.mark.promise(DiscordFault.DISCORD_UNREADABLE)
@pytest.mark.matrix
@each_kind
async def test_a_look_that_nobody_can_read_is_taken_again(stage: Stage, books: Books, wrong: Wrong) -> None:
    """Whether a lost edit got through is looked for until it is known."""
    async with stage.running(generation=PACE):
        stage.discord.faults.next("PATCH", "/webhooks/*", drop=True, after_acting=True, over_bytes=NO_PICTURE)
        stage.discord.faults.next("GET", "/webhooks/*", **wrong)
        picture = await stage.picture(await stage.imagine(), timeout=30)
        await delivered(stage, books, 1)
    assert stage.channel.messages_for(stage.alice) == [picture]
    assert times_posted(picture) == 1
    assert stage.discord.faults.armed == []


@pytest.mark.promise(DiscordFault.DISCORD_UNREADABLE)
@pytest.mark.matrix
@each_kind
async def test_a_reply_that_nobody_can_read_is_made_once(stage: Stage, books: Books, wrong: Wrong) -> None:
    """A reaction leads to one more picture, whichever of its calls was garbled."""
    async with stage.running(generation=PACE):
        first = await stage.picture(await stage.imagine())
        await books.closed()
        for method, path in [
            ("GET", "/applications/*/guilds/*/commands/permissions"),
            ("POST", "/channels/*/messages"),
            ("PATCH", "/channels/*/messages/*"),
            ("PUT", "/channels/*"),
        ]:
            stage.discord.faults.next(method, path, **wrong)
        await stage.alice.reacts(first, "🎲")
        await stage.show_pictures(2, timeout=30)
        await delivered(stage, books, 2)
    assert all(map(has_picture, stage.channel.messages_for(stage.alice)))
    assert len(stage.channel.messages_for(stage.alice)) == 2
    assert stage.discord.faults.armed == []


@pytest.mark.promise(DiscordFault.DISCORD_UNREADABLE)
@pytest.mark.matrix
@each_kind
async def test_a_post_that_nobody_can_read_is_made_once(stage: Stage, books: Books, wrong: Wrong) -> None:
    """If the card can't be reached, there is one new message, and the card is gone."""
    async with stage.running(generation=PACE):
        stage.discord.faults.next("POST", "/channels/*/messages", **wrong)
        stage.discord.faults.next("DELETE", "/channels/*", **wrong)
        (await stage.imagine()).kill_token()
        [picture] = await stage.show_pictures(1, timeout=30)
        await delivered(stage, books, 1)
    assert stage.channel.messages_for(stage.alice) == [picture]
    assert stage.discord.faults.armed == []


@pytest.mark.promise(DiscordFault.DISCORD_UNREADABLE)
@pytest.mark.matrix
@each_kind
async def test_a_direct_message_that_nobody_can_read_is_sent_once(stage: Stage, books: Books, wrong: Wrong) -> None:
    """If the channel is gone, the person has the picture once, whichever call was garbled."""
    talk = stage.alice.opens_direct_messages()
    stage.apiframe.faults.arm(Fault(Kind.SLOW, seconds=0.5))
    async with stage.running(generation=PACE):
        await stage.imagine()
        stage.channel.delete()
        for method, path in [
            ("GET", f"/users/{stage.alice.user.id}"),
            ("POST", "/users/@me/channels"),
            ("POST", f"/channels/{talk.id}/messages"),
        ]:
            stage.discord.faults.next(method, path, **wrong)
        await stage.discord.world.until(lambda: any(map(has_picture, talk.messages_for(stage.alice))), 30)
        await delivered(stage, books, 1)
    assert len(talk.messages_for(stage.alice)) == 1
    assert stage.discord.faults.armed == []


@pytest.mark.promise(DiscordFault.DISCORD_UNREADABLE)
@pytest.mark.matrix
@each_kind
async def test_a_refusal_is_heard_of_whatever_became_of_the_first_answer(
    stage: Stage, books: Books, wrong: Wrong
) -> None:
    """An impossible request gets an error message, once."""
    async with stage.running(generation=PACE):
        stage.discord.faults.next("POST", "/interactions/*", **wrong)
        await stage.alice.types("/imagine", stage.channel, prompt="a boat", width=512)
        refusal = await stage.shows("height")
        assert await books.all() == []
    assert stage.channel.messages_for(stage.alice) == [refusal]


@pytest.mark.promise(DiscordFault.DISCORD_UNREADABLE)
@pytest.mark.matrix
@each_kind
async def test_a_deferred_answer_comes_whatever_became_of_the_deferral(
    stage: Stage, books: Books, wrong: Wrong
) -> None:
    """`/quota` shows the figures, although both of its calls were garbled."""
    async with stage.running(generation=PACE):
        stage.discord.faults.next("POST", "/interactions/*", **wrong)
        stage.discord.faults.next("PATCH", "/webhooks/*", **wrong)
        await stage.alice.types("/quota", stage.channel)
        await stage.shows("**Your quota**")
        assert await books.all() == []
    assert stage.discord.faults.armed == []


@pytest.mark.promise(DiscordFault.DISCORD_UNREADABLE)
@pytest.mark.matrix
@each_kind
@pytest.mark.own_bot
async def test_a_start_looks_again_what_became_of_the_commands(stage: Stage, wrong: Wrong) -> None:
    """A garbled look at the commands, or a garbled registration, does not end the start."""
    for method in ("GET", "PUT"):
        stage.discord.faults.next(method, "/applications/*/commands", **wrong)
    async with stage.running():
        await stage.picture(await stage.imagine())
    assert stage.discord.faults.armed == []


@pytest.mark.promise(DiscordFault.START_UNREADABLE)
@pytest.mark.matrix
@each_kind
@pytest.mark.own_bot
async def test_a_start_asks_again_after_an_answer_that_nobody_can_read(stage: Stage, wrong: Wrong) -> None:
    """Each answer of the login and the gateway's address are garbled once: the bot starts."""
    for path in STARTING:
        stage.discord.faults.next("GET", path, **wrong)
    async with stage.running():
        pass
    assert stage.discord.faults.armed == []


@pytest.mark.promise(DiscordFault.START_UNREADABLE)
@pytest.mark.parametrize("path", STARTING)
@pytest.mark.own_bot
async def test_a_start_that_discord_wants_later_is_said_so(stage: Stage, path: str) -> None:
    """A rate limit that stays is neither silence nor another service."""
    stage.discord.faults.next("GET", path, times=None, status=429, retry_after=None)
    with pytest.raises(StartupError, match=r"^Discord has rate limited this address \("):
        async with stage.running():
            pass


@pytest.mark.promise(DiscordFault.DISCORD_WRONG_SERVER)
@pytest.mark.matrix
@pytest.mark.parametrize("path", STARTING)
@pytest.mark.parametrize("garbled", list(Garbled))
async def test_an_address_at_which_something_else_answers_is_said_so(stage: Stage, path: str, garbled: Garbled) -> None:
    """The message distinguishes another service's address from one without a response."""
    stage.discord.faults.next("GET", path, times=None, garbled=garbled)
    with pytest.raises(StartupError, match="Something other than Discord responds at DISCORD_API_URL"):
        async with stage.running():
            pass


async def delivered(stage: Stage, books: Books, count: int) -> None:
    """Check the ledger: this many pictures, all delivered, each ordered and paid for once."""
    written = await books.closed()
    assert [each.state for each in written] == [State.DELIVERED] * count
    assert sum(each.credits or 0 for each in written) == stage.apiframe.charged
    assert len(stage.jobs()) == count
    assert not any("broke" in text_of(each) for each in stage.channel.messages_for(stage.alice))


def times_posted(message: Message) -> int:
    """Return how often a picture was put into a message."""
    return sum(bool(revision.draft.attachments) for revision in message.history)
