"""Faults: each goes wrong in its own way, as often as it was armed for."""

import asyncio
from email.utils import parsedate_to_datetime

import aiohttp
import pytest

from standins.apiframe.faults import Fault, Kind
from standins.apiframe.server import ApiframeStandIn
from standins.exchange import Exchange
from tests.standins.apiframe.conftest import Caller, decoded, image_bytes


async def test_fault_strikes_as_often_as_armed(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """A fault for two times is over after two; a standing one lasts until it is disarmed; its route is its own."""
    apiframe.faults.arm(Fault(Kind.SERVER_ERROR, times=2, route="me", status=502))
    assert (await caller.get("/v2/models")).status == 200
    assert [(await caller.get("/v2/me")).status for _ in range(3)] == [502, 502, 200]
    apiframe.faults.arm(Fault(Kind.RATE_LIMITED, times=None, seconds=1.5))
    answers = [await caller.get(path) for path in ("/v2/me", "/v2/jobs", "/v2/me")]
    assert [(answer.status, answer.headers["Retry-After"]) for answer in answers] == [(429, "2")] * 3
    apiframe.faults.disarm(Kind.RATE_LIMITED)
    assert (await caller.get("/v2/me")).status == 200


async def test_connection_lost_before_makes_no_job(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """When the connection dies on the way there, nothing was asked for."""
    apiframe.faults.arm(Fault(Kind.LOST_REQUEST, route="generate"))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await caller.generate(key="k")
    assert (apiframe.jobs, apiframe.charged) == ({}, 0)


async def test_connection_lost_after_leaves_a_job_behind(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """When it dies on the way back, the job is there and paid, and the same key finds it."""
    apiframe.faults.arm(Fault(Kind.LOST_ANSWER, route="generate"))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await caller.generate(key="k")
    [job] = apiframe.jobs.values()
    assert (await caller.generate(key="k")).body["jobId"] == job.id
    assert apiframe.charged == job.cost


async def test_a_key_conflict_refuses_a_replay_and_makes_no_job(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """A repeated key gets 409 once, even with the same body; the first order isn't affected."""
    apiframe.faults.arm(Fault(Kind.KEY_CONFLICT))
    assert [(await caller.generate(key="k")).status for _ in range(3)] == [202, 409, 202]
    [job] = apiframe.jobs.values()
    assert apiframe.charged == job.cost


async def test_a_key_is_refused_while_its_order_is_handled(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """Until the first request has made its job, the same key gets 409 and makes none, also with another body."""
    apiframe.faults.arm(Fault(Kind.SLOW_ORDER, seconds=60))
    first = asyncio.create_task(caller.generate(key="k"))
    await apiframe.until(lambda: apiframe.book.in_progress)
    refused = [await caller.generate(key="k"), await caller.generate(key="k", seed=2)]
    assert [(each.status, "in progress" in each.body["error"]) for each in refused] == [(409, True)] * 2
    assert (await caller.generate(key="another")).status == 202
    apiframe.clock.wind(60)
    made = await first
    assert (await caller.generate(key="k")).body["jobId"] == made.body["jobId"]
    assert len(apiframe.jobs) == 2


async def test_an_order_is_handled_although_its_caller_is_gone(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """The key of a caller without patience is in progress until the job is made, and finds it then."""
    apiframe.faults.arm(Fault(Kind.SLOW_ORDER, seconds=60))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await caller.generate(key="k")
    assert (await caller.generate(key="k")).status == 409
    apiframe.clock.wind(60)
    await apiframe.until(lambda: apiframe.jobs)
    [job] = apiframe.jobs.values()
    assert (await caller.generate(key="k")).body["jobId"] == job.id


async def test_stalled_answer_comes_when_the_clock_says(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """A response can be delayed; an impatient client gets none."""
    apiframe.faults.arm(Fault(Kind.STALLED, seconds=60))
    with pytest.raises(TimeoutError):
        await caller.get("/v2/me", retries=0.03)


async def test_html_comes_instead_of_json_and_is_not_shown_to_observers(
    apiframe: ApiframeStandIn, caller: Caller
) -> None:
    """A page where JSON was due breaks the contract on purpose, so nobody holds it against us."""
    seen: list[Exchange] = []
    apiframe.observers.append(seen.append)
    apiframe.faults.arm(Fault(Kind.HTML))
    answer = await caller.get("/v2/me")
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "<h1>" in answer.body
    assert seen == []


async def test_credits_run_out_on_demand(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """A 402 can be had with any balance."""
    apiframe.faults.arm(Fault(Kind.OUT_OF_CREDITS))
    answer = await caller.generate()
    assert (answer.status, answer.body["creditsAvailable"]) == (402, answer.body["creditsRequired"] - 1)
    assert (await caller.generate()).status == 202


@pytest.mark.parametrize("kind", [Kind.POLICY, Kind.MODEL_FAILURE])
async def test_job_fails_on_demand_and_is_refunded(apiframe: ApiframeStandIn, caller: Caller, kind: Kind) -> None:
    """A job fails with words of its own for each reason, and nothing is charged."""
    apiframe.faults.arm(Fault(kind))
    job = await caller.finished()
    assert (job.status, apiframe.charged) == ("FAILED", 0)
    assert ("moderated" in (job.error or "")) is (kind is Kind.POLICY)


async def test_links_to_references_can_be_dead(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """The next job that refers to an image fails for it and is refunded; a job without references is left alone."""
    link = (await caller.upload(image_bytes())).body["url"]
    apiframe.faults.arm(Fault(Kind.DEAD_REFERENCES))
    assert (await caller.finished(width=256, height=256)).status == "COMPLETED"
    charged = apiframe.charged
    failed = await caller.finished(width=256, height=256, input_images=[link])
    assert (failed.status, failed.error) == ("FAILED", "Input image 1 could not be fetched: HTTP 404")
    assert apiframe.charged == charged
    assert (await caller.finished(width=256, height=256, input_images=[link])).status == "COMPLETED"


async def test_job_takes_longer_or_for_ever(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """A slow job is done when its time has passed; one that hangs never is, however long one waits."""
    apiframe.faults.arm(Fault(Kind.SLOW, seconds=600))
    apiframe.faults.arm(Fault(Kind.HANG))
    slow = apiframe.jobs[(await caller.generate(width=256, height=256)).body["jobId"]]
    apiframe.faults.arm(Fault(Kind.HANG))
    hanging = apiframe.jobs[(await caller.generate(width=256, height=256)).body["jobId"]]
    await apiframe.until(lambda: slow.started_at and hanging.started_at)
    apiframe.clock.wind(24 * 3600)
    await apiframe.until(lambda: hanging.status == "PROCESSING")
    with pytest.raises(TimeoutError):
        await apiframe.until(lambda: hanging.finished, timeout=0.05)


@pytest.mark.parametrize(("kind", "count"), [(Kind.NO_IMAGES, 0), (Kind.THREE_IMAGES, 3)])
async def test_result_has_another_number_of_images(
    apiframe: ApiframeStandIn, caller: Caller, kind: Kind, count: int
) -> None:
    """A result may have no picture, or three different ones."""
    apiframe.faults.arm(Fault(kind))
    job = await caller.finished(width=256, height=256)
    urls = (await caller.get(f"/v2/jobs/{job.id}")).body["result"]["images"]
    assert len({(await caller.fetch(url)).body for url in urls}) == len(urls) == count


async def test_result_can_be_a_bare_address(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """Older documents have a single URL for a result."""
    apiframe.faults.arm(Fault(Kind.BARE_RESULT))
    job = await caller.finished(width=256, height=256)
    url = (await caller.get(f"/v2/jobs/{job.id}")).body["result"]
    assert (await caller.fetch(url)).body == job.images[0].content


async def test_job_can_expire_at_once(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """A completed job whose files are gone already."""
    apiframe.faults.arm(Fault(Kind.EXPIRED))
    job = await caller.finished(width=256, height=256)
    assert (await caller.get(f"/v2/jobs/{job.id}")).body["expired"] is True
    assert (await caller.fetch(job.images[0].url)).status == 404


async def test_job_can_look_strange(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """Nobody knows it, it has a status that nobody documents, and fields that nobody asked for, each once."""
    job = await caller.finished(width=256, height=256)
    apiframe.faults.arm(Fault(Kind.UNKNOWN_JOB))
    assert (await caller.get(f"/v2/jobs/{job.id}")).status == 404
    apiframe.faults.arm(Fault(Kind.UNKNOWN_STATUS))
    apiframe.faults.arm(Fault(Kind.EXTRA_FIELDS))
    strange, usual = [(await caller.get(f"/v2/jobs/{job.id}")).body for _ in range(2)]
    assert (strange["status"], usual["status"]) == ("REVIEWING", "COMPLETED")
    assert set(strange) - set(usual) == {"moderation", "queuePosition"}


async def test_job_can_keep_its_order_to_itself(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """A job is shown without `input` once, and with it the next time."""
    job = await caller.finished()
    apiframe.faults.arm(Fault(Kind.NO_INPUT))
    shown = [(await caller.get(f"/v2/jobs/{job.id}")).body for _ in range(2)]
    assert ["input" in each for each in shown] == [False, True]


async def test_job_can_have_strange_fields(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """A finished job's price is text once, its images are objects, and its expiry is missing."""
    job = await caller.finished()
    apiframe.faults.arm(Fault(Kind.STRANGE_FIELDS))
    shown = (await caller.get(f"/v2/jobs/{job.id}")).body
    assert (shown["creditCost"], shown["expired"]) == (str(job.cost), None)
    assert shown["result"]["images"][0]["url"] == job.images[0].url


async def test_a_proxy_may_answer_in_its_stead(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """A page in HTML has the status of the fault, and a pause may be named by a date."""
    apiframe.faults.arm(Fault(Kind.PROXY_PAGE, status=403))
    blocked = await caller.get("/v2/me")
    assert (blocked.status, "blocked" in blocked.body) == (403, True)
    apiframe.faults.arm(Fault(Kind.RATE_LIMITED, seconds=30, dated=True))
    limited = (await caller.get("/v2/me")).headers
    pause = parsedate_to_datetime(limited["Retry-After"]) - parsedate_to_datetime(limited["Date"])
    assert 30 <= pause.total_seconds() <= 31


async def test_download_goes_wrong_and_then_right(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """A picture can be missing, no picture at all, or cut off, and then be there after all."""
    url = (await caller.finished(width=256, height=256)).images[0].url
    apiframe.faults.arm(Fault(Kind.MISSING, times=2))
    assert [(await caller.fetch(url)).status for _ in range(3)] == [404, 404, 200]
    apiframe.faults.arm(Fault(Kind.WRONG_CONTENT))
    assert (await caller.fetch(url)).headers["Content-Type"] == "text/html"
    apiframe.faults.arm(Fault(Kind.CUT_OFF))
    with pytest.raises(aiohttp.ClientPayloadError):
        await caller.fetch(url)
    assert decoded((await caller.fetch(url)).body).size == (256, 256)


async def test_download_can_drip(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """A picture comes evenly, in as long as was asked for, and all that is due when the clock is wound."""
    apiframe.faults.arm(Fault(Kind.DRIPPING, seconds=600))
    image = (await caller.finished(width=256, height=256)).images[0]
    fetching = asyncio.create_task(caller.fetch(image.url))
    await asyncio.wait([fetching], timeout=0.2)
    assert not fetching.done()
    apiframe.clock.wind(600)
    assert (await fetching).body == image.content


@pytest.mark.parametrize("output_format", ["png", "jpg"])
async def test_huge_picture_is_about_as_large_as_asked(
    apiframe: ApiframeStandIn, caller: Caller, output_format: str
) -> None:
    """A picture of about this many megabytes, in the requested ratio, which no encoder makes smaller."""
    apiframe.faults.arm(Fault(Kind.HUGE, megabytes=3))
    job = await caller.finished(width=512, height=256, output_format=output_format)
    content = job.images[0].content
    width, height = decoded(content).size
    assert 2_700_000 < len(content) < 3_300_000
    assert width / height == pytest.approx(2, rel=0.01)
