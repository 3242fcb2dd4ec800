"""The operator whose process dies at the worst moment, and the member who gets one picture for one price anyway."""

import signal
import sqlite3
from collections.abc import Callable

import pytest

from bot.generation.crash_points import CRASH_POINTS
from bot.picture.failure import FailureKind
from bot.picture.generation import State
from standins.apiframe.faults import Fault, Kind
from standins.discord.model.interactions import TOKEN_LIVES_SECONDS, Interaction
from standins.discord.model.messages import Message
from tests.faults.machine import SLOW, Machine
from tests.promises import ApiframeFault, Attack, ProcessFault
from tests.stage import Stage, is_private, text_of

KILLED = -signal.SIGKILL
ON_SQLITE = [("sqlite", point) for point in CRASH_POINTS]
ON_POSTGRESQL = [
    ("postgresql", point)
    for point in ("answered, not yet enqueued", "submitted, not yet saved", "posted, not yet saved")
]
AROUND_THE_POST = ["about to post", "posted, not yet saved", "settled, not yet finished"]
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.promise(ProcessFault.SIGKILL)
@pytest.mark.parametrize(("database_url", "point"), ON_SQLITE + ON_POSTGRESQL, indirect=["database_url"])
async def test_a_crash_costs_neither_a_second_price_nor_a_second_picture(
    stage: Stage, machine: Machine, point: str
) -> None:
    """Killed at `point` and started again, the bot has ordered once, paid once and posted once."""
    await asks_and_dies(stage, machine, point)
    await machine.starts()
    await machine.one_picture_for_one_price()


@pytest.mark.matrix
@pytest.mark.promise(ProcessFault.SIGKILL)
@sqlite_only
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("reserved, not yet answered", "about to submit"),
        ("answered, not yet enqueued", "enqueued, not yet started"),
        ("submitted, not yet saved", "submitted, not yet saved"),
        ("completed, not yet fetched", "kept, not yet delivered"),
        ("posted, not yet saved", "posted, not yet saved"),
        ("posted, not yet saved", "settled, not yet finished"),
    ],
)
async def test_crashing_again_while_recovering_changes_nothing(
    stage: Stage, machine: Machine, first: str, second: str
) -> None:
    """Two deaths in a row, the second on the way back, still lead to one picture for one price."""
    await asks_and_dies(stage, machine, first)
    again = await machine.starts(crash_at=[second])
    assert await again.ended() == KILLED
    await machine.starts()
    await machine.one_picture_for_one_price()


@pytest.mark.promise(Attack.DAMAGED_COPY)
@sqlite_only
async def test_a_kept_picture_that_was_damaged_is_downloaded_again(stage: Stage, machine: Machine) -> None:
    """Bytes that changed in the image store while the bot was down are not what the member gets."""
    await asks_and_dies(stage, machine, "kept, not yet delivered")
    [kept] = [each for each in (stage.folder / "images").rglob("*.*") if each.is_file()]
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2])
    await machine.starts()
    picture = await machine.one_picture_for_one_price()
    assert picture.attachments[0].read() == whole


def token_is_killed(interaction: Interaction) -> None:
    interaction.kill_token()


def sixteen_minutes_pass(interaction: Interaction) -> None:
    interaction.platform.clock.wind(TOKEN_LIVES_SECONDS + 60)


@pytest.mark.matrix
@pytest.mark.promise(ProcessFault.SIGKILL_TOKEN_DEAD)
@sqlite_only
@pytest.mark.parametrize("point", AROUND_THE_POST)
@pytest.mark.parametrize("dies", [token_is_killed, sixteen_minutes_pass])
async def test_the_token_dies_with_the_process(
    stage: Stage, machine: Machine, point: str, dies: Callable[[Interaction], None]
) -> None:
    """If the right to answer is over when the bot is back, the picture is in the channel once, and its card is gone."""
    interaction = await asks_and_dies(stage, machine, point)
    dies(interaction)
    await machine.starts()
    await machine.one_picture_for_one_price()


@pytest.mark.promise(ProcessFault.SIGKILL_BUSY_CHANNEL)
@sqlite_only
@pytest.mark.parametrize("chatter", [0, 150], ids=["quiet", "busy"])
async def test_a_picture_posted_without_a_token_is_not_posted_again(
    stage: Stage, machine: Machine, chatter: int
) -> None:
    """One that went into the channel by the bot's own token is found there, long after its nonce is forgotten.

    However much was said before and since.
    """
    bot = await machine.starts(crash_at=["posted, not yet saved"])
    stage.apiframe.pace = SLOW
    interaction = await stage.imagine()
    await stage.apiframe.until(stage.jobs)
    interaction.kill_token()
    said = await chats(stage, chatter)
    stage.clock.wind(SLOW.drawing)
    assert await bot.ended() == KILLED
    [began] = await machine.books.all()
    sixteen_minutes_pass(interaction)
    said += await chats(stage, chatter)
    again = await machine.starts(crash_at=["posted, not yet saved"])
    assert await again.ended() == KILLED
    said += await chats(stage, chatter)
    await machine.starts()
    [ended] = await machine.books.closed()
    assert ended.delivery_began_at == began.delivery_began_at
    for message in said:
        stage.discord.world.delete(message)
    await machine.one_picture_for_one_price()


async def chats(stage: Stage, count: int) -> list[Message]:
    """Make Alice send this many messages."""
    return [await stage.alice.sends(stage.channel, f"chat {number}") for number in range(count)]


@pytest.mark.promise(ApiframeFault.JOB_FAILED)
@sqlite_only
@pytest.mark.parametrize("point", ["submitted, not yet saved", "saved, not yet waiting"])
async def test_a_refusal_survives_a_crash(stage: Stage, machine: Machine, point: str) -> None:
    """A rejected prompt is reported once and charged to nobody, although the process died in between."""
    stage.apiframe.faults.arm(Fault(Kind.POLICY))
    await asks_and_dies(stage, machine, point)
    await machine.starts()
    [generation] = await machine.books.closed()
    [reason] = stage.channel.messages_for(stage.alice)
    assert "refused this prompt" in text_of(reason)
    assert generation.failure is not None
    assert (generation.state, generation.failure.kind) == (State.FAILED, FailureKind.REFUSED_BY_MODEL)
    assert generation.credits == stage.apiframe.charged == 0
    assert len(stage.jobs()) == 1


@pytest.mark.promise(ProcessFault.SIGKILL_TOKEN_DEAD)
@pytest.mark.parametrize("shown", ["on the card", "in the channel", "directly"])
async def test_a_reason_is_shown_once(stage: Stage, machine: Machine, shown: str) -> None:
    """Killed right after it, the bot finds it there again, although the right to answer is over by then."""
    stage.apiframe.pace = SLOW
    stage.apiframe.faults.arm(Fault(Kind.MODEL_FAILURE))
    bot = await machine.starts(crash_at=["explained, not yet finished"])
    interaction = await stage.imagine(private=shown == "directly")
    await stage.apiframe.until(stage.jobs)
    if shown != "on the card":
        interaction.kill_token()
    stage.clock.wind(SLOW.drawing)
    assert await bot.ended() == KILLED
    place = stage.alice.opens_direct_messages() if shown == "directly" else stage.channel
    [reason] = [each for each in place.messages_for(stage.alice) if "Nothing was charged" in text_of(each)]
    sixteen_minutes_pass(interaction)
    await machine.starts()
    await machine.books.closed()
    assert [each for each in place.messages_for(stage.alice) if "charged" in text_of(each)] == [reason]


@pytest.mark.promise(ProcessFault.SIGKILL_TOKEN_DEAD)
@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("token_dies", [False, True])
async def test_a_private_reason_stays_private(stage: Stage, machine: Machine, *, token_dies: bool) -> None:
    """Killed right after it, twice, the bot leaves it on the card or sends it to its member once, directly."""
    stage.apiframe.faults.arm(Fault(Kind.MODEL_FAILURE))
    bot = await machine.starts(crash_at=["explained, not yet finished"])
    interaction = await stage.imagine(private=True)
    assert await bot.ended() == KILLED
    if token_dies:
        sixteen_minutes_pass(interaction)
    again = await machine.starts(crash_at=["explained, not yet finished"])
    assert await again.ended() == KILLED
    if token_dies:
        sixteen_minutes_pass(interaction)
    await machine.starts()
    await machine.books.closed()
    direct = stage.alice.opens_direct_messages().messages_for(stage.alice)
    assert ["Nothing was charged" in text_of(each) for each in direct] == [True] * token_dies
    [card] = stage.channel.messages_for(stage.alice)
    assert card is interaction.original
    assert "Nothing was charged" in text_of(card)
    assert is_private(card)


@pytest.mark.promise(ProcessFault.SIGKILL_23_HOURS)
@sqlite_only
@pytest.mark.parametrize("point", ["order kept, not yet sent", "submitted, not yet saved"])
async def test_nothing_is_ordered_again_after_a_day(stage: Stage, machine: Machine, point: str) -> None:
    """Apiframe knows an order by its key for a day; a bot that comes back later says so rather than pay once more."""
    stage.apiframe.faults.arm(Fault(Kind.NO_INPUT, times=None))  # so that its job cannot be found either
    await asks_and_dies(stage, machine, point)
    ordered = len(stage.jobs())
    a_day_passes(stage)
    await machine.starts()
    [generation] = await machine.books.closed()
    [reason] = stage.channel.messages_for(stage.alice)
    assert "lost track of this picture" in text_of(reason)
    assert len(stage.jobs()) == ordered
    assert (generation.state, generation.credits) == (State.FAILED, None)


@pytest.mark.promise(ProcessFault.SIGKILL_23_HOURS)
@sqlite_only
async def test_what_was_never_sent_is_ordered_however_late(stage: Stage, machine: Machine) -> None:
    """A picture whose turn had come, and for which Apiframe was not asked yet, is ordered once the bot is back."""
    await asks_and_dies(stage, machine, "about to submit")
    a_day_passes(stage)
    await machine.starts()
    await machine.one_picture_for_one_price()


@pytest.mark.promise(ProcessFault.SIGKILL_23_HOURS)
@sqlite_only
async def test_a_job_that_is_known_is_waited_for_after_a_day(stage: Stage, machine: Machine) -> None:
    """A picture whose order was stored comes at its one price, however late the bot is back."""
    stage.apiframe.pace = SLOW
    await asks_and_dies(stage, machine, "saved, not yet waiting")
    a_day_passes(stage)
    await machine.starts()
    await machine.one_picture_for_one_price()


@pytest.mark.promise(ProcessFault.SIGKILL_CARD)
@sqlite_only
@pytest.mark.parametrize("point", ["reserved, not yet answered", "answered, not yet enqueued"])
async def test_the_card_of_a_reply_is_found_again(stage: Stage, machine: Machine, point: str) -> None:
    """A member who mentioned the bot has one reply after its restart, the picture, and no waiting card."""
    bot = await machine.starts(crash_at=[point])
    await stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}> a red boat at dawn")
    assert await bot.ended() == KILLED
    await machine.starts()
    await machine.books.closed()
    assert [each for each in stage.channel.messages_for(stage.alice) if each.author.bot] == stage.pictures()
    assert len(stage.pictures()) == 1


def a_day_passes(stage: Stage) -> None:
    """Make 25 hours pass between two processes, for both platforms and the database."""
    stage.clock.wind(25 * 3600)
    with sqlite3.connect(stage.folder / "imagine.db") as database:
        database.execute("UPDATE generations SET created_at = datetime(created_at, '-25 hours')")
        database.execute("UPDATE generations SET submitted_at = datetime(submitted_at, '-25 hours')")
    database.close()


async def asks_and_dies(stage: Stage, machine: Machine, point: str) -> Interaction:
    """Make Alice request a picture from a process that dies at `point`."""
    bot = await machine.starts(crash_at=[point])
    interaction = await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn")
    assert await bot.ended() == KILLED
    return interaction
