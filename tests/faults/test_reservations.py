"""The database fails before the order: a reservation is either started, or refunded, and never both."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
import structlog

from bot.picture.generation import State
from standins.discord.model.channels import Channel
from standins.exchange import Exchange
from tests.faults.ledgers import Books, first_true
from tests.promises import DiscordFault, StorageFault
from tests.stage import Stage, text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def breaks_at_the_first_answer(stage: Stage) -> Callable[[], None]:
    """Remove the table of pictures once the first response is sent; return a function that restores it."""

    def rename(before: str, after: str) -> None:
        with closing(sqlite3.connect(stage.folder / "imagine.db", isolation_level=None)) as stranger:
            stranger.execute(f"ALTER TABLE {before} RENAME TO {after}")

    def note(exchange: Exchange) -> None:
        if exchange.path.endswith("/callback"):
            stage.discord.observers.remove(note)
            rename("generations", "gone")

    stage.discord.observers.append(note)
    return lambda: rename("gone", "generations")


@pytest.mark.promise(DiscordFault.RESERVATION_INTERRUPTED)
async def test_what_cannot_be_begun_at_once_is_begun_later_and_not_called_broken(stage: Stage, books: Books) -> None:
    """The card stands, nothing is said to have gone wrong, and the next start makes the picture."""
    mend = breaks_at_the_first_answer(stage)
    async with stage.running():
        await stage.imagine()
        with pytest.raises(TimeoutError):
            await stage.shows("broke", timeout=1)
        mend()
    async with stage.running():
        [picture] = await stage.show_pictures(1)
        [generation] = await books.closed()
    assert generation.state is State.DELIVERED
    assert stage.channel.messages_for(stage.alice) == [picture]


@pytest.mark.promise(DiscordFault.RESERVATION_INTERRUPTED)
async def test_what_is_given_back_is_given_back_however_late(stage: Stage, books: Books) -> None:
    """If Discord rejects the response and the database is down, the reservation ends once the database is back."""
    mend = breaks_at_the_first_answer(stage)
    stage.discord.faults.next("POST", "/interactions/*", status=403)
    async with stage.running():
        await stage.alice.types("/imagine", stage.channel, prompt="a boat")
        with pytest.raises(TimeoutError):
            await stage.discord.world.until(stage.jobs, 1)
        mend()

        async def ended() -> bool:
            return [each.state for each in await books.all()] == [State.FAILED]

        await first_true(ended, within=10)
    [generation] = await books.all()
    assert generation.credits == 0
    assert stage.jobs() == []


@pytest.mark.promise(StorageFault.REFUND_TOO_LATE)
async def test_what_another_process_has_ordered_is_not_given_back(stage: Stage, books: Books) -> None:
    """If Discord rejects the first response late, a picture that another process has ordered continues."""

    def take_over(exchange: Exchange) -> None:
        if exchange.path.endswith("/callback"):
            stage.discord.observers.remove(take_over)
            with closing(sqlite3.connect(stage.folder / "imagine.db", isolation_level=None)) as other:
                other.execute("UPDATE generations SET state = 'submitted', executor = 'another', job_id = 'j'")

    stage.discord.observers.append(take_over)
    stage.discord.faults.next("POST", "/interactions/*", status=403)
    with structlog.testing.capture_logs() as log:
        async with stage.running():
            await stage.alice.types("/imagine", stage.channel, prompt="a boat")

            async def answered() -> bool:
                return any(each["event"] == "answer_refused" for each in log)

            await first_true(answered, within=10)
    [generation] = await books.all()
    assert (generation.state, generation.failure) == (State.SUBMITTED, None)
    assert [each["log_level"] for each in log if each["event"] == "not_given_back"] == ["warning"]


@pytest.mark.promise(DiscordFault.REACTION_CARD_FAILED)
async def test_a_reaction_whose_card_failed_may_be_put_there_again(stage: Stage, books: Books) -> None:
    """The second one is another, even within the same minute, and gets its picture."""
    async with stage.running():
        picture = await stage.picture(await stage.imagine())
        await stage.settled()
        stage.discord.faults.next("POST", f"/channels/{stage.channel.id}/messages", status=413)
        await stage.alice.reacts(picture, "🎲")
        await stage.shows("went wrong on my end")
        await stage.alice.unreacts(picture, "🎲")
        await stage.alice.reacts(picture, "🎲")
        await stage.show_pictures(2)
        written = await books.closed()
    assert [each.state for each in written] == [State.DELIVERED, State.FAILED, State.DELIVERED]


@pytest.mark.promise(DiscordFault.RESERVATION_INTERRUPTED)
@pytest.mark.parametrize("early", [False, True], ids=["at once", "after an early card"])
async def test_an_answer_that_discord_refuses_leaves_no_reservation(stage: Stage, books: Books, early: bool) -> None:
    """Nobody sees a card, and nothing is drawn or paid for."""

    async def refused() -> bool:
        return stage.discord.limits.invalid_requests > 0

    stage.discord.faults.next("POST", "/interactions/*", times=None, status=403)
    async with stage.running():
        if early:
            with closing(sqlite3.connect(stage.folder / "imagine.db", isolation_level=None)) as stranger:
                stranger.execute("BEGIN IMMEDIATE")
                await stage.alice.types("/imagine", stage.channel, prompt="a boat")
                await first_true(refused, within=15)
                stranger.execute("ROLLBACK")
        else:
            await stage.alice.types("/imagine", stage.channel, prompt="a boat")

        async def ended() -> bool:
            return [each.state for each in await books.all()] == [State.FAILED]

        await first_true(ended, within=15)
    assert stage.jobs() == []
    assert not any("cost" in text_of(each) for each in stage.channel.messages_for(stage.alice))


@pytest.mark.promise(StorageFault.QUEUE_REFUSES_ONE)
async def test_what_the_queue_refuses_is_given_back_and_costs_no_other_its_place(stage: Stage, books: Books) -> None:
    """The member whose picture cannot be enqueued reads that nothing was charged; the other one is served."""
    island = stage.discord.world.add_guild("Island")
    island.add_member(stage.alice.user)
    beach = island.add_channel("beach")
    async with stage.running():
        refuse_server(stage, island.id)
        asked = [stage.alice.types("/imagine", channel, prompt="a boat") for channel in (stage.channel, beach)]
        await asyncio.gather(*asked)
        [_] = await stage.show_pictures(1)
        await stage.discord.world.until(lambda: "Something went wrong on my end." in said_in(beach, stage))
        ended = {each.origin.guild_id: each for each in await books.closed()}
    assert ended[stage.guild.id].state is State.DELIVERED
    given_back = ended[island.id]
    assert (given_back.state, given_back.credits) == (State.FAILED, 0)
    assert "Nothing was charged." in said_in(beach, stage)
    assert len(stage.jobs()) == 1


def refuse_server(stage: Stage, guild_id: int) -> None:
    """Make the queue's table refuse the rows of one server."""
    with closing(sqlite3.connect(stage.folder / "imagine-workflows.db", isolation_level=None)) as stranger:
        stranger.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON workflow_status"
            f" WHEN NEW.queue_partition_key LIKE '%{guild_id}%' BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )


def said_in(channel: Channel, stage: Stage) -> str:
    return "\n".join(text_of(each) for each in channel.messages_for(stage.alice))
