"""The client against the stand-in for Apiframe: orders, jobs, wire formats, and retries."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from bot.apiframe.client import Apiframe
from bot.apiframe.errors import BadRequest, Conflict, KeyRefused, NotFound, OrderInDoubt, OutOfCredits, Unavailable
from bot.apiframe.order import Order, OrderRecord
from bot.apiframe.retry import RetryPause, RetryReason
from bot.apiframe.wire import JobStatus
from bot.apiframe.wire_format import InputImage, WireFormat
from bot.picture.params import FluxParams, Resolution
from standins.apiframe.faults import Fault, Kind
from standins.apiframe.jobs import Pace
from standins.apiframe.server import ApiframeStandIn
from standins.exchange import Exchange
from tests.bot.apiframe.conftest import Pauses
from tests.promises import ApiframeFault

TWO_MP = FluxParams(resolution=Resolution.TWO_MP, seed=7)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.fixture
def exchanges(stand_in: ApiframeStandIn) -> list[Exchange]:
    """Return what the stand-in is asked and answers, as it happens."""
    seen: list[Exchange] = []
    stand_in.observers.append(seen.append)
    return seen


async def submit(apiframe: Apiframe, params: FluxParams = TWO_MP, key: str = "1") -> str:
    return (await apiframe.submit(apiframe.write_order("a red boat", params), idempotency_key=key)).job_id


async def test_order_says_what_was_chosen(apiframe: Apiframe, stand_in: ApiframeStandIn) -> None:
    """An order has the prompt, the model and the chosen options, and is sent with its idempotency key."""
    accepted = await apiframe.submit(
        apiframe.write_order("a red boat", FluxParams(seed=7)), idempotency_key="generation-1"
    )
    (job,) = stand_in.jobs.values()
    assert job.received == {"prompt": "a red boat", "model": "flux-2-max", "fluxParams": {"seed": 7}}
    assert (job.id, job.idempotency_key) == (accepted.job_id, "generation-1")


async def test_nothing_chosen(apiframe: Apiframe, stand_in: ApiframeStandIn) -> None:
    """An order without any choice sends no parameters at all."""
    await submit(apiframe, FluxParams())
    assert [job.received.keys() for job in stand_in.jobs.values()] == [{"prompt", "model"}]


async def test_references_and_webhook(apiframe: Apiframe, stand_in: ApiframeStandIn, tmp_path: Path) -> None:
    """References are sent in their order, and a webhook's address with the events that it is for."""
    path = tmp_path / "photo.png"
    path.write_bytes(PNG)
    urls = [(await apiframe.upload(path, "image/png")).url for _ in range(2)]
    hook = f"{stand_in.base_url}/hook"
    images = [InputImage(url, 8, 8) for url in urls]
    await apiframe.submit(apiframe.write_order("a boat", FluxParams(), images, webhook_url=hook), idempotency_key="1")
    (job,) = stand_in.jobs.values()
    assert job.received["fluxParams"] == {"input_images": urls}
    assert job.received["webhookUrl"] == hook
    assert job.received["webhookEvents"] == ["progress", "completed", "failed"]


async def test_upload_arrives_whole(apiframe: Apiframe, stand_in: ApiframeStandIn, tmp_path: Path) -> None:
    """A reference is handed over byte by byte, under a name that tells nothing, even when the first try is lost."""
    path = tmp_path / "holiday with anna.png"
    path.write_bytes(PNG)
    stand_in.faults.arm(Fault(Kind.SERVER_ERROR, route="uploads", status=502))
    await apiframe.upload(path, "image/png")
    (upload,) = stand_in.uploads.values()
    assert (upload.content, upload.file_name) == (PNG, "reference.png")


async def test_job_comes_to_its_end(apiframe: Apiframe, stand_in: ApiframeStandIn) -> None:
    """A job is followed from the queue to its picture and its price."""
    stand_in.pace = Pace(queued=0.05, drawing=0.05)
    job_id = await submit(apiframe)
    assert (await apiframe.job(job_id)).status.is_running
    await stand_in.until(lambda: stand_in.jobs[job_id].finished)
    done = await apiframe.job(job_id)
    assert (done.status, done.id, len(done.images)) == (JobStatus.COMPLETED, job_id, 1)
    assert done.credit_cost == stand_in.charged


async def test_account_and_prices(apiframe: Apiframe, stand_in: ApiframeStandIn) -> None:
    """The operator can see credits and prices."""
    assert (await apiframe.me()).credits == stand_in.credits
    flux = {model.id: model for model in await apiframe.models()}["flux-2-max"]
    assert flux.cost_min is not None
    assert flux.cost_max is not None
    assert flux.cost_min <= flux.cost_max


async def test_status_of_tomorrow(apiframe: Apiframe, stand_in: ApiframeStandIn) -> None:
    """A status that the client does not know is waited out, and new fields change nothing."""
    job_id = await submit(apiframe)
    stand_in.faults.arm(Fault(Kind.UNKNOWN_STATUS))
    stand_in.faults.arm(Fault(Kind.EXTRA_FIELDS))
    assert (await apiframe.job(job_id)).status.is_running


async def test_spelling_is_learnt_once(
    apiframe: Apiframe, stand_in: ApiframeStandIn, exchanges: list[Exchange]
) -> None:
    """A server of the other spelling costs one 400, one job for one order, and is remembered."""
    stand_in.wire_format = "table"
    await submit(apiframe, key="1")
    assert [exchange.status for exchange in exchanges] == [400, 202]
    await submit(apiframe, FluxParams(width=512, height=768), key="2")
    assert [exchange.status for exchange in exchanges] == [400, 202, 202]
    first, second = stand_in.jobs.values()
    assert first.received["fluxParams"] == {"resolution": "2 MP", "seed": 7}
    assert second.received["fluxParams"] == {"aspect_ratio": "custom", "width": 512, "height": 768}


async def test_spelling_changes_back(apiframe: Apiframe, stand_in: ApiframeStandIn) -> None:
    """A server that changes its mind is followed, without a restart."""
    stand_in.wire_format = "table"
    await submit(apiframe, key="1")
    stand_in.wire_format = "documented"
    await submit(apiframe, key="2")
    assert len(stand_in.jobs) == 2


@pytest.mark.promise(ApiframeFault.SIZE_IGNORED)
async def test_an_ignored_size_changes_the_spelling_of_the_next_order(
    apiframe: Apiframe, stand_in: ApiframeStandIn
) -> None:
    """A size that was ignored is written in the other spelling from the next order on, and there it is understood."""
    stand_in.wire_format = "table"
    size = FluxParams(width=512, height=768)
    await submit(apiframe, size, key="1")
    ordered_at = datetime.now(UTC)
    for _ in range(3):  # as many pictures that were ordered at the same time come back wrong
        apiframe.prefer_other_format(ordered_at)
    await submit(apiframe, size, key="2")
    written = [job.received["fluxParams"] for job in stand_in.jobs.values()]
    assert written == [{"width": 512, "height": 768}, {"aspect_ratio": "custom", "width": 512, "height": 768}]


async def test_an_order_from_before_says_nothing_about_the_spelling(
    apiframe: Apiframe, stand_in: ApiframeStandIn
) -> None:
    """An order from before the wire format was switched, or from an earlier process, doesn't switch it back."""
    stand_in.wire_format = "table"
    before = datetime.now(UTC)
    await submit(apiframe, key="1")
    apiframe.prefer_other_format(before)
    apiframe.prefer_other_format(before - timedelta(days=1))
    await submit(apiframe, FluxParams(width=512, height=768), key="2")
    last = list(stand_in.jobs.values())[-1]
    assert last.received["fluxParams"] == {"aspect_ratio": "custom", "width": 512, "height": 768}


async def test_fault_that_no_spelling_mends(apiframe: Apiframe, exchanges: list[Exchange]) -> None:
    """A 400 for another reason is reported with its fields after one request."""
    with pytest.raises(BadRequest) as refused:
        await apiframe.submit(apiframe.write_order("x" * 2001, TWO_MP), idempotency_key="1")
    assert list(refused.value.details) == ["prompt"]
    assert len(exchanges) == 1


async def test_same_words_in_both_spellings(apiframe: Apiframe, exchanges: list[Exchange]) -> None:
    """If both wire formats encode an order in the same way, it isn't sent twice."""
    with pytest.raises(BadRequest):
        await submit(apiframe, FluxParams(aspect_ratio="match_input_image"))
    assert len(exchanges) == 1


async def test_like_the_first_image_on_either_server(
    apiframe: Apiframe, stand_in: ApiframeStandIn, tmp_path: Path
) -> None:
    """A ratio like the first image's is said by its word where there is one, and written out where there is none."""
    path = tmp_path / "photo.png"
    path.write_bytes(PNG)
    images = [InputImage((await apiframe.upload(path, "image/png")).url, 640, 480)]
    params = FluxParams(aspect_ratio="match_input_image", resolution=Resolution.ONE_MP)
    for wire_format in ("documented", "table"):
        stand_in.wire_format = wire_format
        await apiframe.submit(apiframe.write_order("a boat", params, images), idempotency_key=wire_format)
    urls = [image.url for image in images]
    assert [job.received["fluxParams"] for job in stand_in.jobs.values()] == [
        {"aspect_ratio": "4:3", "resolution": "1MP", "input_images": urls},
        {"aspect_ratio": "match_input_image", "resolution": "1 MP", "input_images": urls},
    ]


async def test_an_order_is_kept_before_it_is_respelled(apiframe: Apiframe, stand_in: ApiframeStandIn) -> None:
    """The body that goes out in the other spelling was given away to be kept, and is found again as it was."""
    kept: list[Order] = []

    class Kept(OrderRecord):
        async def keep(self, order: Order) -> None:
            assert stand_in.jobs == {}
            kept.append(order)

    stand_in.wire_format = "table"
    await apiframe.submit(apiframe.write_order("a boat", TWO_MP), idempotency_key="1", record=Kept())
    [_, order], [job] = kept, stand_in.jobs.values()
    assert json.loads(order.body) == job.received
    assert Order.kept(order.body, TWO_MP, []) == order


@pytest.mark.parametrize("wire_format", list(WireFormat))
def test_a_kept_order_is_respelled_with_its_own_links(wire_format: WireFormat) -> None:
    """After a restart, only the fields that depend on the wire format are encoded again."""
    images = [InputImage("https://x.example/a%2Fb", 640, 480), InputImage("https://x.example/c", 8, 8)]
    params = FluxParams(aspect_ratio="match_input_image", resolution=Resolution.TWO_MP, seed=7)
    written, other = (
        Order.write("a boat", params, images, wire_format=each, webhook_url="https://x.example/hook")
        for each in (wire_format, wire_format.other)
    )
    kept = Order.kept(written.body, params, [(640, 480), (8, 8)])
    assert kept == written
    assert kept.rewritten() == other


@pytest.mark.promise(ApiframeFault.KEY_CONFLICT)
async def test_a_key_with_another_body_is_in_doubt(apiframe: Apiframe, pauses: Pauses) -> None:
    """An order that is repeated in other words is answered 409, which is not tried again."""
    await submit(apiframe, FluxParams(seed=7))
    with pytest.raises(OrderInDoubt):
        await submit(apiframe, FluxParams(seed=8))
    assert pauses == []


@pytest.mark.promise(ApiframeFault.ORDER_IN_PROGRESS)
async def test_a_conflict_after_a_lost_answer_is_told_as_one(apiframe: Apiframe, stand_in: ApiframeStandIn) -> None:
    """The code that repeats the order needs to know that Apiframe may still be handling the first one."""
    stand_in.faults.armed += [Fault(Kind.LOST_ANSWER, route="generate"), Fault(Kind.KEY_CONFLICT)]
    with pytest.raises(OrderInDoubt) as doubt:
        await submit(apiframe)
    assert isinstance(doubt.value.refusal, Conflict)


async def test_jobs_are_listed_as_far_back_as_asked(apiframe: Apiframe, stand_in: ApiframeStandIn) -> None:
    """All jobs since a moment are found, however many pages that takes, and no older ones."""
    stand_in.account.credits = 10**6
    ids = [await submit(apiframe, FluxParams(seed=each), key=str(each)) for each in range(3)]
    stand_in.clock.wind(3600)
    since = datetime.fromtimestamp(stand_in.clock.now(), UTC)
    ids += [await submit(apiframe, FluxParams(seed=each), key=str(each)) for each in range(3, 106)]
    assert [job.id for job in await apiframe.jobs_since(since)] == ids[:2:-1]
    assert len(await apiframe.jobs_since(since - timedelta(hours=2))) == 106


async def test_lost_answer_makes_one_job(apiframe: Apiframe, stand_in: ApiframeStandIn) -> None:
    """An order whose answer was lost is sent again, and found again rather than paid again."""
    stand_in.faults.arm(Fault(Kind.LOST_ANSWER, route="generate"))
    job_id = await submit(apiframe)
    assert list(stand_in.jobs) == [job_id]


@pytest.mark.parametrize("kind", [Kind.SERVER_ERROR, Kind.HTML, Kind.LOST_REQUEST])
async def test_outage_passes(apiframe: Apiframe, stand_in: ApiframeStandIn, pauses: Pauses, kind: Kind) -> None:
    """Server errors, lost connections and a proxy's error page are waited out."""
    stand_in.faults.arm(Fault(kind, times=3, route="generate"))
    await submit(apiframe)
    assert len(pauses) == 3


@pytest.mark.promise(ApiframeFault.NO_RESPONSE)
async def test_no_answer_in_time(apiframe: Apiframe, stand_in: ApiframeStandIn) -> None:
    """A server that accepts and then says nothing is asked again after the time limit, and makes one job."""
    stand_in.faults.arm(Fault(Kind.STALLED, route="generate", seconds=30))
    await submit(apiframe)
    assert len(stand_in.jobs) == 1


async def test_rate_limit_is_waited_out(apiframe: Apiframe, stand_in: ApiframeStandIn, pauses: Pauses) -> None:
    """After a 429, the next attempt comes at the time that Apiframe gave, and the caller is notified."""
    heard: list[RetryPause] = []
    stand_in.faults.arm(Fault(Kind.RATE_LIMITED, route="generate", seconds=12))
    await apiframe.submit(apiframe.write_order("a red boat", TWO_MP), idempotency_key="1", on_wait=heard.append)
    assert pauses == [12]
    assert heard == [RetryPause(RetryReason.RATE_LIMITED, 30)]


async def test_patience_ends(apiframe: Apiframe, stand_in: ApiframeStandIn, pauses: Pauses) -> None:
    """A server that stays down is given up within the patience that was set."""
    stand_in.faults.arm(Fault(Kind.SERVER_ERROR, times=None))
    with pytest.raises(Unavailable):
        await submit(apiframe)
    assert 10 < sum(pauses) <= 30


async def test_refused_orders(apiframe: Apiframe, stand_in: ApiframeStandIn, pauses: Pauses) -> None:
    """Missing credits, an inactive key and an unknown job are different errors, the first with both amounts."""
    stand_in.account.credits = 1
    with pytest.raises(OutOfCredits) as poor:
        await submit(apiframe)
    assert poor.value.available == 1
    assert poor.value.required is not None
    assert poor.value.required > 1
    with pytest.raises(NotFound):
        await apiframe.job(str(uuid4()))
    stand_in.account.key_active = False
    with pytest.raises(KeyRefused):
        await apiframe.me()
    assert pauses == []
