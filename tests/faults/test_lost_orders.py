"""The operator who pays for every order: one is repeated word for word, and one whose answer was lost is looked for."""

import json
import signal
import sqlite3

import pytest

from bot.picture.failure import FailureKind
from bot.picture.generation import Generation, State
from standins.apiframe.faults import Fault, Kind
from standins.exchange import Exchange
from tests.faults.ledgers import Books, first_true
from tests.faults.machine import SLOW, Machine
from tests.faults.test_apiframe_faults import priced
from tests.faults.test_crash import a_day_passes, asks_and_dies
from tests.images import photo
from tests.promises import ApiframeFault, ProcessFault
from tests.stage import GENERATION, Stage, text_of

ORDERS = "/v2/images/generate"
IMPATIENT = {**GENERATION, "submit_timeout_seconds": 0.3}
ELSEWHERE = {"PUBLIC_URL": "http://127.0.0.1:9", "HTTP_PORT": "0"}
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def orders(stage: Stage) -> list[Exchange]:
    """Return what Apiframe was asked for, every try, as it happens."""
    seen: list[Exchange] = []
    stage.apiframe.observers.append(lambda exchange: seen.extend([exchange] if exchange.path == ORDERS else []))
    return seen


async def asks_with_an_image_and_dies(stage: Stage, machine: Machine, point: str) -> None:
    bot = await machine.starts(crash_at=[point])
    interaction = await stage.alice.types("/imagine", stage.channel, prompt="a boat", resolution="2", image1=photo())
    assert await bot.ended() == -signal.SIGKILL
    for file in stage.attached(interaction):
        file.gone = True  # so that the image would have to be uploaded


@pytest.mark.promise(ApiframeFault.REPEATED_ORDER)
@pytest.mark.parametrize("point", ["order kept, not yet sent", "submitted, not yet saved"])
async def test_an_order_is_repeated_word_for_word(
    stage: Stage, machine: Machine, orders: list[Exchange], point: str
) -> None:
    """A restart changes neither the links to reference images nor the webhook's address nor the spelling."""
    await asks_with_an_image_and_dies(stage, machine, point)
    kept = body_in(stage)
    await machine.starts(**ELSEWHERE)
    await machine.until(lambda: orders and orders[-1].status == 202)
    [generation] = await machine.books.closed()
    assert all(order.request_body == kept for order in orders)
    assert {order.status for order in orders} == {202}
    assert stage.apiframe.uploads == {}
    assert len(stage.jobs()) == 1
    assert generation.order_body is None


@pytest.mark.promise(ApiframeFault.REPEATED_ORDER)
async def test_the_spelling_that_was_taken_is_the_one_that_is_repeated(
    stage: Stage, machine: Machine, orders: list[Exchange]
) -> None:
    """A 400 for the spelling made no job: the other spelling is the order then, also after a crash."""
    stage.apiframe.wire_format = "table"
    bot = await machine.starts(crash_at=["submitted, not yet saved"])
    await stage.alice.types("/imagine", stage.channel, prompt="a boat", resolution="2")
    assert await bot.ended() == -signal.SIGKILL
    await machine.starts()
    await machine.one_picture_for_one_price()
    assert [order.status for order in orders] == [400, 202, 202]
    assert orders[1].request_body == orders[2].request_body


@pytest.mark.promise(ApiframeFault.KEY_CONFLICT)
async def test_an_order_that_cannot_be_repeated_is_found(
    stage: Stage, machine: Machine, orders: list[Exchange]
) -> None:
    """If Apiframe responds 409, since the body differs, the job is found in its list."""
    await asks_and_dies(stage, machine, "submitted, not yet saved")
    with sqlite3.connect(stage.folder / "imagine.db") as database:
        database.execute("UPDATE generations SET order_body = NULL")  # as an older version left it
    database.close()
    await machine.starts(**ELSEWHERE)
    await machine.one_picture_for_one_price()
    assert [order.status for order in orders] == [202, 409]


@pytest.mark.promise(ApiframeFault.ORDER_IN_PROGRESS)
async def test_an_order_that_apiframe_is_still_handling_is_repeated_until_it_is_done(
    stage: Stage, machine: Machine, orders: list[Exchange]
) -> None:
    """A 409 for an earlier request in progress passes: the same body gets its job, though the list tells nothing."""
    stage.apiframe.faults.armed += [Fault(Kind.SLOW_ORDER, seconds=60), Fault(Kind.NO_INPUT, times=None)]
    bot = await machine.starts()
    await stage.alice.types("/imagine", stage.channel, prompt="a boat")
    await stage.apiframe.until(lambda: stage.apiframe.book.in_progress)
    bot.kill()
    await bot.ended()
    await machine.starts()
    await machine.until(lambda: orders and orders[-1].status == 409)
    stage.clock.wind(60)
    await machine.one_picture_for_one_price()
    assert {order.status for order in orders} == {202, 409}
    assert all(order.request_body == orders[0].request_body for order in orders)


@pytest.mark.promise(ProcessFault.SIGKILL_23_HOURS)
async def test_an_order_that_is_too_old_to_repeat_is_found(
    stage: Stage, machine: Machine, orders: list[Exchange]
) -> None:
    """After a day, when its key is forgotten, an order is not placed again, and its picture comes."""
    stage.apiframe.pace = SLOW
    await asks_and_dies(stage, machine, "submitted, not yet saved")
    with sqlite3.connect(stage.folder / "imagine.db") as database:
        database.execute("UPDATE generations SET submitted_at = datetime(submitted_at, '-25 hours')")
    database.close()
    await machine.starts()
    await machine.until(lambda: "lost_order_found" in machine.log)
    stage.clock.wind(SLOW.drawing)
    await machine.one_picture_for_one_price()
    assert len(orders) == 1


@pytest.mark.promise(ProcessFault.SIGKILL_23_HOURS)
async def test_an_order_of_a_day_ago_that_was_never_sent_is_lost_track_of(stage: Stage, machine: Machine) -> None:
    """If no job is found, no message says that nothing was charged."""
    await asks_and_dies(stage, machine, "order kept, not yet sent")
    a_day_passes(stage)
    await machine.starts()
    [generation] = await machine.books.closed()
    lost_track_of(stage, generation)
    assert stage.jobs() == []


LOST: list[tuple[str, Fault]] = [
    ("lost answer", Fault(Kind.LOST_ANSWER, route="generate", times=None)),
    ("bad gateway", Fault(Kind.PROXY_PAGE, route="generate", times=None, status=502)),
    ("unreadable", Fault(Kind.HTML, route="generate", times=None)),
]


def lost_track_of(stage: Stage, generation: Generation) -> None:
    """Assert that a picture ended with its cost unknown, and that its card says so."""
    [reason] = stage.channel.messages_for(stage.alice)
    assert "lost track of this picture" in text_of(reason)
    assert "counts against your limits only if" in text_of(reason)
    assert "Nothing was charged" not in text_of(reason)
    assert generation.failure is not None
    assert generation.failure.kind is FailureKind.LOST_TRACK
    assert (generation.state, generation.credits, generation.order_body) == (State.FAILED, None, None)


@pytest.mark.promise(ApiframeFault.ORDER_IN_DOUBT)
@pytest.mark.shared_bot
async def test_an_order_whose_answers_are_all_lost_is_found(stage: Stage, books: Books) -> None:
    """The picture comes once for one price, although no answer to its order ever came."""
    stage.apiframe.faults.arm(LOST[0][1])
    async with stage.running(generation=IMPATIENT):
        await stage.picture(await stage.imagine())
        await stage.settled()
    [job], [generation] = stage.jobs(), await books.all()
    assert (generation.job_id, generation.credits) == (job.id, job.cost)
    assert stage.apiframe.charged == job.cost


@pytest.mark.promise(ApiframeFault.ORDER_IN_DOUBT)
@pytest.mark.parametrize("fault", [fault for _, fault in LOST], ids=[name for name, _ in LOST])
@pytest.mark.shared_bot
async def test_an_order_that_cannot_be_found_costs_nobody_knows_what(stage: Stage, books: Books, fault: Fault) -> None:
    """If Apiframe doesn't report the parameters of its jobs, the cost stays open, in the message and in the ledger."""
    stage.apiframe.faults.arm(fault)
    stage.apiframe.faults.arm(Fault(Kind.NO_INPUT, times=None))
    async with stage.running(generation=IMPATIENT):
        await stage.imagine()
        await stage.shows("lost track")
        [generation] = await books.closed()
        lost_track_of(stage, generation)


@pytest.mark.promise(ApiframeFault.ORDER_IN_DOUBT)
async def test_a_lost_order_that_turns_up_is_booked(stage: Stage, books: Books) -> None:
    """If Apiframe reports the parameters of its jobs later, the charge is in the ledger."""
    stage.apiframe.faults.armed += [LOST[0][1], Fault(Kind.NO_INPUT, times=None)]
    async with stage.running(generation=IMPATIENT):
        await stage.imagine()
        await stage.shows("lost track")
        await books.closed()
    stage.apiframe.faults.disarm()
    async with stage.running():
        await first_true(lambda: priced(books), within=10)
    [generation] = await books.all()
    assert generation.credits == stage.apiframe.charged > 0


@pytest.mark.promise(ApiframeFault.ORDER_IN_DOUBT)
@pytest.mark.shared_bot
async def test_two_lost_orders_of_the_same_words_and_seed_get_a_job_each(stage: Stage, books: Books) -> None:
    """A picture and the same one in another size are not taken for each other."""
    stage.apiframe.faults.arm(LOST[0][1])
    async with stage.running(generation=IMPATIENT):
        for resolution in ("1", "2"):
            await stage.imagine("a boat", seed=7, resolution=resolution)
        await stage.show_pictures(2)
        await stage.settled()
        ordered = {job.id: dict(job.received)["fluxParams"] for job in stage.jobs()}
        got = {each.request.params.resolution: ordered[each.job_id or ""] for each in await books.all()}
    assert {size: params["resolution"] for size, params in got.items()} == {"1": "1MP", "2": "2MP"}  # type: ignore[index]


@pytest.mark.shared_bot
async def test_a_key_that_is_refused_after_a_lost_answer_leaves_the_cost_open(stage: Stage, books: Books) -> None:
    """The message names the key, and doesn't say that nothing was charged."""
    stage.apiframe.faults.arm(Fault(Kind.LOST_ANSWER, route="generate"))
    stage.apiframe.faults.arm(Fault(Kind.NO_INPUT, times=None))
    async with stage.running():
        await stage.imagine()
        await stage.apiframe.until(stage.jobs)
        stage.apiframe.account.key_active = False
        reason = await stage.shows("rejected the bot's API key")
        assert "counts against your limits only if" in text_of(reason)
        [generation] = await books.closed()
    assert generation.credits is None


def body_in(stage: Stage) -> object:
    """Return the stored order."""
    with sqlite3.connect(stage.folder / "imagine.db") as database:
        [[body]] = database.execute("SELECT order_body FROM generations").fetchall()
    database.close()
    return json.loads(body)
