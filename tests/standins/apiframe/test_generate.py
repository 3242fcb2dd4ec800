"""Orders: accepted ones, rejected ones, and their prices."""

import json

import pytest

from standins.apiframe.server import ApiframeStandIn
from standins.apiframe.validation import Spelling
from standins.exchange import Exchange
from tests.standins.apiframe.conftest import Caller, FluxParams

GENERATE = "/v2/images/generate"


async def test_job_is_accepted_and_kept_as_it_was_asked_for(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """A job remembers the request as it came, and its price is charged at once."""
    answer = await caller.generate("a red boat", key="once", aspect_ratio="16:9", resolution="2MP", seed=7)
    job = apiframe.jobs[answer.body["jobId"]]
    assert (answer.status, answer.body["status"]) == (202, "QUEUED")
    assert job.received["fluxParams"] == {"aspect_ratio": "16:9", "resolution": "2MP", "seed": 7}
    assert (job.idempotency_key, apiframe.charged, apiframe.credits) == ("once", job.cost, 10_000 - job.cost)


@pytest.mark.parametrize(
    ("wire_format", "flux"),
    [
        ("documented", {"resolution": "0.5MP", "aspect_ratio": "21:9", "output_format": "jpg", "output_quality": 0}),
        ("documented", {"width": 512, "height": 256}),
        ("documented", {"resolution": "match_input_image", "input_images": ["http://example.org/a.png"]}),
        ("table", {"resolution": "0.5 MP", "aspect_ratio": "1:8"}),
        ("table", {"aspect_ratio": "custom", "width": 2048, "height": 256}),
        ("table", {"width": 512, "height": 512}),
        ("table", {"aspect_ratio": "match_input_image", "input_images": ["http://example.org/a.png"]}),
    ],
)
async def test_each_spelling_takes_its_own_words(
    apiframe: ApiframeStandIn, caller: Caller, wire_format: Spelling, flux: FluxParams
) -> None:
    """Each wire format accepts its own values."""
    apiframe.wire_format = wire_format
    assert (await caller.generate(**flux)).status == 202


@pytest.mark.parametrize(
    ("wire_format", "flux", "blamed"),
    [
        ("documented", {"resolution": "1 MP"}, {"resolution"}),
        ("documented", {"aspect_ratio": "custom", "width": 512, "height": 512}, {"aspect_ratio"}),
        ("documented", {"aspect_ratio": "match_input_image"}, {"aspect_ratio"}),
        ("documented", {"resolution": "match_input_image"}, {"resolution"}),
        ("documented", {"seed": None}, {"seed"}),
        ("documented", {"seed": 1.5, "width": 255, "height": 2049}, {"seed", "width", "height"}),
        ("documented", {"aspect_ratio": "0:5"}, {"aspect_ratio"}),
        ("documented", {"output_format": "gif", "output_quality": 101}, {"output_format", "output_quality"}),
        ("documented", {"input_images": ["not a url"]}, {"input_images.0"}),
        ("documented", {"input_images": ["http://example.org/a.png"] * 11}, {"input_images"}),
        ("table", {"resolution": "1MP"}, {"resolution"}),
        ("table", {"aspect_ratio": "custom", "width": 512}, {"height"}),
        ("table", {"input_images": ["http://example.org/a.png"] * 9}, {"input_images"}),
        ("table", {"steps": 20}, {"steps"}),
    ],
)
async def test_wrong_parameters_are_blamed_by_name(
    apiframe: ApiframeStandIn, caller: Caller, wire_format: Spelling, flux: FluxParams, blamed: set[str]
) -> None:
    """A 400 names exactly the fields that are wrong, and makes and charges nothing."""
    apiframe.wire_format = wire_format
    answer = await caller.generate(**flux)
    assert answer.status == 400
    assert set(answer.body["details"]) == {f"fluxParams.{name}" for name in blamed}
    assert (apiframe.jobs, apiframe.charged) == ({}, 0)


@pytest.mark.parametrize(
    ("body", "blamed"),
    [
        ({"prompt": "x", "model": "flux-2-max", "priority": 1}, {"priority"}),
        ({"prompt": "", "model": "flux-2-max"}, {"prompt"}),
        ({"prompt": "x" * 2001, "model": "flux-2-max"}, {"prompt"}),
        ({"model": "flux-1"}, {"prompt", "model"}),
        ({"prompt": "x", "model": "flux-2-max", "webhookEvents": ["begun"]}, {"webhookEvents.0"}),
        ({"prompt": "x", "model": "flux-2-max", "webhookUrl": "nowhere"}, {"webhookUrl"}),
    ],
)
async def test_wrong_body_is_blamed_by_name(caller: Caller, body: dict[str, object], blamed: set[str]) -> None:
    """Fields around the parameters are checked as strictly as these."""
    answer = await caller.post(GENERATE, json=body)
    assert (answer.status, set(answer.body["details"])) == (400, blamed)


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
async def test_body_that_is_no_object_is_refused(caller: Caller, body: bytes) -> None:
    """A body that isn't a JSON object is a 400 with a message, never a crash."""
    answer = await caller.post(GENERATE, data=body, headers={"Content-Type": "application/json"})
    assert answer.status == 400
    assert answer.body["error"]


async def test_same_idempotency_key_is_charged_once_a_day(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """The same key within 24 hours finds the first job again; a day later it makes a new one."""
    first, again = await caller.generate(key="k"), await caller.generate(key="k")
    assert again.body["jobId"] == first.body["jobId"]
    assert apiframe.charged == apiframe.jobs[first.body["jobId"]].cost
    apiframe.clock.wind(24 * 3600)
    assert (await caller.generate(key="k")).body["jobId"] != first.body["jobId"]
    assert (await caller.generate(key="k" * 256)).status == 400


async def test_a_key_with_another_body_is_a_conflict(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """The same key finds its job by the same body only; another one is 409, and neither makes nor charges anything."""
    first = await caller.generate(key="k", seed=1)
    assert (await caller.generate(key="k", seed=2)).status == 409
    assert (await caller.generate(key="k", seed=1)).body["jobId"] == first.body["jobId"]
    spaced = json.dumps({"prompt": "a red boat at dawn", "model": "flux-2-max", "fluxParams": {"seed": 1}}, indent=1)
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    assert (await caller.post("/v2/images/generate", data=spaced.encode(), headers=headers)).status == 409
    assert len(apiframe.jobs) == 1


async def test_price_rises_with_pixels_and_references(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """A larger picture costs more, and so does every reference, in whole credits within the published range."""
    image = "http://example.org/a.png"
    choices: list[FluxParams] = [
        {"resolution": "1MP"},
        {"resolution": "4MP"},
        {"resolution": "4MP", "input_images": [image]},
        {"resolution": "4MP", "input_images": [image, image]},
    ]
    for flux in choices:
        await caller.generate(**flux)
    costs = [job.cost for job in apiframe.jobs.values()]
    models = (await caller.get("/v2/models", params={"modality": "image"})).body["models"]
    ours = next(model for model in models if model["id"] == "flux-2-max")
    assert costs == sorted(set(costs))
    assert ours["costMin"] <= costs[0] <= costs[-1] <= ours["costMax"]


async def test_too_few_credits_says_both_figures(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """Without enough credits a job is a 402 with the required and the available credits."""
    apiframe.account.credits = 3
    answer = await caller.generate()
    assert answer.status == 402
    assert answer.body == {"error": "Insufficient credits", "creditsRequired": 7, "creditsAvailable": 3}


async def test_key_is_checked(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """A missing or wrong key is a 401, one that was switched off a 403; the catalogue is open to all."""
    assert (await caller.get("/v2/me", headers={"X-API-Key": ""})).status == 401
    assert (await caller.get("/v2/me", headers={"X-API-Key": "afk_other"})).status == 401
    assert (await caller.get("/v2/models", headers={"X-API-Key": ""})).status == 200
    apiframe.account.key_active = False
    assert (await caller.get("/v2/me")).status == 403


async def test_too_many_requests_wait_for_the_minute_to_pass(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """Over the rate a caller gets 429 with the seconds after which it works again."""
    apiframe.account.requests_a_minute = 2
    for _ in range(2):
        assert (await caller.get("/v2/me")).status == 200
    refused = await caller.get("/v2/me")
    assert refused.status == 429
    apiframe.clock.wind(int(refused.headers["Retry-After"]))
    assert (await caller.get("/v2/me")).status == 200


async def test_observers_see_both_sides_of_an_exchange(apiframe: ApiframeStandIn, caller: Caller) -> None:
    """An observer gets the request and the response, parsed."""
    seen: list[Exchange] = []
    apiframe.observers.append(seen.append)
    answer = await caller.generate("a boat", seed=1)
    await caller.get("/v2/jobs", params={"limit": "5"})
    assert seen[0].request_body == {"prompt": "a boat", "model": "flux-2-max", "fluxParams": {"seed": 1}}
    assert (seen[0].path, seen[0].status, seen[0].response_body) == (GENERATE, 202, answer.body)
    assert (seen[1].path, seen[1].query) == ("/v2/jobs", {"limit": "5"})
