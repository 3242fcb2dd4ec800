"""A job's life: its states by the clock, its end, and its JSON."""

from uuid import uuid4

import pytest

from standins.apiframe.jobs import Pace
from standins.apiframe.server import ApiframeStandIn
from standins.apiframe.worker import MAGIC_WORD
from tests.standins.apiframe.conftest import Caller


async def test_job_moves_with_the_clock(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """A job waits, is drawn with rising progress, and is done, all in the clock's time."""
    apiframe.pace = Pace(queued=10, drawing=100)
    job = apiframe.jobs[(await caller.generate()).body["jobId"]]
    assert (await caller.get(f"/v2/jobs/{job.id}")).body["status"] == "QUEUED"
    apiframe.clock.wind(10)
    await apiframe.until(lambda: job.status == "PROCESSING")
    seen: list[int] = []
    for _ in range(3):
        apiframe.clock.wind(25)
        least = seen[-1] if seen else 0
        await apiframe.until(lambda least=least: (job.progress or 0) > least)  # type: ignore[misc]
        seen.append((await caller.get(f"/v2/jobs/{job.id}")).body["progress"])
    apiframe.clock.wind(100)
    await apiframe.until(lambda: job.finished)
    document = (await caller.get(f"/v2/jobs/{job.id}")).body
    assert 0 < seen[0] < seen[1] < seen[2] < 100
    assert (document["status"], document["progress"], len(document["result"]["images"])) == ("COMPLETED", 100, 1)


async def test_a_job_is_drawn_from_the_moment_when_its_turn_came(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """Also where the clock is wound before anything else happens: it is done then, and not as long again later."""
    apiframe.pace = Pace(queued=10, drawing=60)
    job = apiframe.jobs[(await caller.generate()).body["jobId"]]
    apiframe.clock.wind(10 + 60)
    await apiframe.until(lambda: job.finished)


async def test_refused_prompt_is_refunded_in_full(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """A prompt with the documented word fails its job with a moderation error, and costs nothing."""
    job = await caller.finished(f"a crate of {MAGIC_WORD}")
    document = (await caller.get(f"/v2/jobs/{job.id}")).body
    assert document["status"] == "FAILED"
    assert "moderated" in document["error"]
    assert (apiframe.charged, apiframe.credits) == (0, 10_000)


async def test_files_are_purged_after_a_day(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """A day after its completion a job is marked expired, and its picture is gone."""
    job = await caller.finished()
    url = job.images[0].url
    assert (await caller.fetch(url)).status == 200
    apiframe.clock.wind(24 * 3600 + 1)
    assert (await caller.get(f"/v2/jobs/{job.id}")).body["expired"] is True
    assert (await caller.fetch(url)).status == 404


async def test_unknown_jobs_are_told_from_nonsense(caller: Caller) -> None:
    """An invalid UUID is a 400, an unknown one a 404, and an unknown route a JSON 404."""
    assert (await caller.get("/v2/jobs/none")).status == 400
    assert (await caller.get(f"/v2/jobs/{uuid4()}")).status == 404
    assert (await caller.get("/v3/jobs")).body == {"error": "Not Found"}


async def test_jobs_are_listed_page_by_page(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """The list goes from the newest to the oldest, each job once, and can be narrowed."""
    ids = [(await caller.generate()).body["jobId"] for _ in range(3)]
    await apiframe.until(lambda: all(job.finished for job in apiframe.jobs.values()))
    first = (await caller.get("/v2/jobs", params={"limit": "2", "include_models": "true"})).body
    second = (await caller.get("/v2/jobs", params={"limit": "2", "cursor": first["nextCursor"]})).body
    assert [job["id"] for job in first["jobs"] + second["jobs"]] == ids[::-1]
    assert (first["hasMore"], second["hasMore"], first["models"]) == (True, False, ["flux-2-max"])
    assert (await caller.get("/v2/jobs", params={"status": "FAILED"})).body["jobs"] == []
    assert [job["id"] for job in (await caller.get("/v2/jobs", params={"search": ids[1]})).body["jobs"]] == [ids[1]]


@pytest.mark.parametrize("query", [{"limit": "0"}, {"status": "LOST"}, {"cursor": str(uuid4())}, {"search": "x"}])
async def test_wrong_queries_are_refused(caller: Caller, query: dict[str, str]) -> None:
    """A query that the list does not know is a 400 that names it."""
    answer = await caller.get("/v2/jobs", params=query)
    assert (answer.status, set(answer.body["details"])) == (400, set(query))


async def test_caller_sees_their_credits(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """The account shows what is left after a picture."""
    await caller.finished()
    assert (await caller.get("/v2/me")).body["team"]["credits"] == apiframe.credits == 10_000 - apiframe.charged


async def test_waiting_in_vain_ends(apiframe: ApiframeStandIn) -> None:
    """A test that waits for something impossible fails in time."""
    with pytest.raises(TimeoutError):
        await apiframe.until(lambda: False, timeout=0.02)
