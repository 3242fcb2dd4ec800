"""The operator who pays for a job whose price was not known at its picture's end."""

import asyncio
from datetime import UTC, datetime

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.apiframe.client import open_apiframe
from bot.generation.lost_orders import LostOrders
from bot.maintenance.late_charges import LateCharges
from bot.metrics.metrics import Metrics
from bot.picture.generation import State
from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore
from tests.bot.apiframe.far_end import far_end_that
from tests.bot.storage.examples import EXECUTOR, bare, written
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
        late_charges = LateCharges(store, apiframe, LostOrders(store, apiframe, asyncio.sleep), EXECUTOR, metrics)
        for credits_charged in (None, None, 10, 10):
            await late_charges.go_on()
            assert (await store.get(given_up.id)).credits == credits_charged
            assert metrics.registry.get_sample_value("imagine_credits_spent_total") == (credits_charged or 0)
    assert len(end.requests) == 3
