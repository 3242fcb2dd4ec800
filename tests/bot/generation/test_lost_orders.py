"""The operator pays for an order whose response was lost: its job is found, whatever else Apiframe lists."""

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.apiframe.client import open_apiframe
from bot.apiframe.retry import RetryPolicy
from bot.generation.lost_orders import LostOrders
from bot.picture.generation import State
from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore
from tests.bot.apiframe.far_end import far_end_that
from tests.bot.storage.examples import NOON, bare, written
from tests.promises import ApiframeFault

OURS = "ours"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def no_pause(_: float) -> None:
    """Wait for nothing."""


@pytest.mark.promise(ApiframeFault.LISTED_JOB_UNREADABLE)
@pytest.mark.parametrize(("status", "others"), [(403, 1), (404, 50), (410, 1), (500, 2), (502, 1)])
async def test_a_job_that_cannot_be_read_hides_no_other(database: Database, status: int, others: int) -> None:
    """An error for another job doesn't stop the search, which continues with the jobs after it."""
    lost = await written(LedgerStore(database), bare(State.SUBMITTING))

    async def answer(request: web.Request) -> web.Response:
        job_id = request.path.removeprefix("/v2/jobs").strip("/")
        if not job_id:
            ids = [*(f"another-{number}" for number in range(others)), OURS]
            listed = [{"id": each, "status": "QUEUED", "createdAt": NOON.isoformat()} for each in ids]
            return web.json_response({"jobs": listed, "nextCursor": None})
        if job_id != OURS:
            return web.json_response({"error": "no"}, status=status)
        return web.json_response({"id": OURS, "status": "QUEUED", "input": {"prompt": lost.request.prompt}})

    store = GenerationStore(database)
    async with (
        far_end_that(answer) as end,
        open_apiframe(end.base_url, SecretStr("afk"), retries=RetryPolicy(0.0)) as apiframe,
    ):
        assert await LostOrders(store, apiframe, no_pause).find(lost) == OURS
    assert (await store.get(lost.id)).job_id == OURS


@pytest.mark.promise(ApiframeFault.LISTED_JOB_UNREADABLE)
async def test_a_look_ends_where_apiframe_is_down(database: Database) -> None:
    """Not every job of a long list is asked for, each with all patience, while no answer comes."""
    lost = await written(LedgerStore(database), bare(State.SUBMITTING))
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        if request.path != "/v2/jobs":
            asked.append(request.path)
            raise web.HTTPBadGateway
        listed = [{"id": f"{number}", "status": "QUEUED", "createdAt": NOON.isoformat()} for number in range(50)]
        return web.json_response({"jobs": listed, "nextCursor": None})

    async with (
        far_end_that(answer) as end,
        open_apiframe(end.base_url, SecretStr("afk"), retries=RetryPolicy(0.0)) as apiframe,
    ):
        assert await LostOrders(GenerationStore(database), apiframe, no_pause).look(lost) is None
    assert 0 < len(asked) < 10
