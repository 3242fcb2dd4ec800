"""The operator who pays for a job whose price was not known at its picture's end."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.apiframe.client import Apiframe, open_apiframe
from bot.generation.lost_orders import LostOrders
from bot.maintenance.late_charges import LateCharges
from bot.metrics.metrics import Metrics
from bot.picture.failure import FailureKind
from bot.picture.generation import Generation, State
from bot.reviews.reviews import rejection
from bot.storage.budgets import BudgetStore
from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from bot.storage.ledger import Counted, LedgerStore, LedgerTransaction, UsageScope
from bot.storage.reviews import ReviewStore
from tests.bot.apiframe.far_end import far_end_that
from tests.bot.limits.counting import Watch, ledger_of
from tests.bot.storage.examples import EXECUTOR, bare, written
from tests.bot.storage.test_reviews import TERMS
from tests.promises import ApiframeFault


@pytest.mark.promise(ApiframeFault.LATE_JOB)
@pytest.mark.parametrize("state", [State.FAILED, State.DELIVERED])
async def test_what_is_charged_late_stands_in_the_books_and_in_the_figures(database: Database, state: State) -> None:
    """Once the job has ended and its price is said, and not before; it is asked for no more afterwards."""
    store, metrics = GenerationStore(database), Metrics()
    given_up = bare(state, datetime.now(UTC)).model_copy(update={"job_id": "j", "finished_at": datetime.now(UTC)})
    await written(LedgerStore(database), given_up)
    drawing = {"id": "j", "status": "PROCESSING", "creditCost": None}
    unpriced = drawing | {"status": "COMPLETED"}
    jobs = iter([drawing, unpriced, unpriced | {"creditCost": 10}])

    async def answer(_: web.Request) -> web.Response:
        return web.json_response(next(jobs))

    async with far_end_that(answer) as end, open_apiframe(end.base_url, SecretStr("afk")) as apiframe:
        late_charges = late_charges_of(store, apiframe, metrics)
        for credits_charged in (None, None, 10, 10):
            await late_charges.go_on()
            assert (await store.get(given_up.id)).credits == credits_charged
            assert metrics.registry.get_sample_value("imagine_credits_spent_total") == (credits_charged or 0)
    assert len(end.requests) == 3


@pytest.mark.promise(ApiframeFault.LATE_JOB)
@pytest.mark.parametrize("charged", [False, True])
@pytest.mark.parametrize("decided_first", [False, True])
async def test_a_rejected_picture_that_is_charged_late_counts_once(
    database: Database, decided_first: bool, charged: bool
) -> None:
    """For its server and the operator in any case, and for its member unless it's refunded; before the decision too."""
    store, reviews, metrics, now = GenerationStore(database), ReviewStore(database), Metrics(), datetime.now(UTC)
    terms = TERMS.model_copy(update={"charge_rejected": charged})
    fetched = bare(State.FETCHED, now).model_copy(update={"job_id": "j", "review": terms, "delivery_began_at": now})
    picture = await reviews.put_picture(await written(LedgerStore(database), fetched), now)

    async def decide() -> None:
        decided = await reviews.decide(picture, rejection(picture, FailureKind.REJECTED, 1, now))
        assert decided is not None
        metrics.ended(decided[0])

    async with priced(10) as apiframe:
        late_charges = late_charges_of(store, apiframe, metrics)
        for step in (decide, late_charges.go_on) if decided_first else (late_charges.go_on, decide):
            await step()
        await late_charges.go_on()
    ended = await store.get(picture.id)
    assert (ended.credits, ended.credits_owed) == (10, 10 if charged else 0)
    assert metrics.registry.get_sample_value("imagine_credits_spent_total") == 10
    used = await used_of(database, picture)
    assert used == {"server": [1, 10], "member": [1, 10] if charged else [0, 0]}


async def test_an_approved_picture_keeps_the_price_that_was_found_during_its_review(database: Database) -> None:
    """Its workflow may have read the row before."""
    store, now = GenerationStore(database), datetime.now(UTC)
    picture = await written(LedgerStore(database), bare(State.FETCHED, now).model_copy(update={"job_id": "j"}))
    assert await store.note_late_price(picture.id, 10) is not None
    settled = await ledger_of(database, Watch()).settle(picture.id, None, message_id=1)
    assert (settled.state, settled.credits) == (State.DELIVERED, 10)
    assert await store.note_late_price(picture.id, 11) is None


@asynccontextmanager
async def priced(credit_cost: int) -> AsyncIterator[Apiframe]:
    """Open an Apiframe that says what every job cost."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"id": "j", "status": "COMPLETED", "creditCost": credit_cost})

    async with far_end_that(answer) as end, open_apiframe(end.base_url, SecretStr("afk")) as apiframe:
        yield apiframe


def late_charges_of(store: GenerationStore, apiframe: Apiframe, metrics: Metrics) -> LateCharges:
    """Return the late charges of this process."""
    return LateCharges(store, apiframe, LostOrders(store, apiframe, asyncio.sleep), EXECUTOR, metrics)


async def used_of(database: Database, picture: Generation) -> dict[str, list[int]]:
    """Return the pictures and credits of the last two days, of the picture's server and of its member."""
    origin, since = picture.origin, picture.created_at - timedelta(days=2)
    counted = [Counted(since), Counted(since, in_credits=True)]
    in_server = await BudgetStore(database).used(origin.server_key, counted)
    of_member = UsageScope(origin.server_key, origin.user_id)

    def work(transaction: LedgerTransaction) -> Sequence[int]:
        return transaction.used(of_member, counted)

    return {"server": list(in_server), "member": list(await LedgerStore(database).look(work))}
