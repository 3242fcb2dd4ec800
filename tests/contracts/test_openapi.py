"""The validator itself: it finds violations of a published document, and accepts everything else."""

from dataclasses import replace

import pytest

from standins.apiframe.server import ApiframeStandIn
from standins.clock import Clock
from standins.discord.server import DiscordStandIn
from standins.exchange import Exchange
from tests.contracts.openapi import Contract
from tests.contracts.published import MISSING, published_contract
from tests.far_ends import keep_contracts

JOB_ID = "2f1c3b5e-8a3d-4f0e-9c47-0f6d1f6f4a11"
JOB = {
    "id": JOB_ID,
    "status": "QUEUED",
    "model": "flux-2-max",
    "progress": None,
    "error": None,
    "creditCost": 7,
    "webhookStatus": None,
    "createdAt": "2026-07-18T10:00:00Z",
    "completedAt": None,
}

JOB_WITHOUT_STATUS = {name: value for name, value in JOB.items() if name != "status"}


@pytest.fixture(scope="module")
def apiframe() -> Contract:
    """Apiframe's document."""
    contract = published_contract("apiframe")
    return contract or pytest.skip(MISSING)


@pytest.fixture(scope="module")
def discord() -> Contract:
    """Discord's document."""
    contract = published_contract("discord")
    return contract or pytest.skip(MISSING)


@pytest.mark.usefixtures("apiframe", "discord")
def test_every_exchange_of_every_test_is_held_against_the_documents() -> None:
    """All HTTP traffic between the bot and the stand-ins conforms to the published documents."""
    clock = Clock()
    discord, apiframe = DiscordStandIn(clock), ApiframeStandIn(clock)
    violations = keep_contracts(discord, apiframe)
    for observe in (*discord.observers, *apiframe.observers):
        observe(exchange("POST", "/not/published"))
    assert len(violations) == 2


def exchange(
    method: str,
    path: str,
    body: object = None,
    *,
    status: int = 200,
    answer: object = None,
    query: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    files: dict[str, str] | None = None,
) -> Exchange:
    """Return an exchange of JSON, or of a multipart form where it has files."""
    content_type = "multipart/form-data" if files else "application/json"
    return Exchange(method, path, query or {}, headers or {}, body, files or {}, content_type, status, {}, answer)


def order(**flux: object) -> dict[str, object]:
    """Return the body that asks for a picture."""
    return {"prompt": "a boat", "model": "flux-2-max", "fluxParams": flux}


def generate(body: object, headers: dict[str, str] | None = None) -> Exchange:
    """Return an accepted order."""
    accepted = {"jobId": JOB_ID, "status": "QUEUED"}
    return exchange("POST", "/v2/images/generate", body, status=202, answer=accepted, headers=headers)


def test_what_keeps_to_the_document_is_no_violation(apiframe: Contract) -> None:
    """A documented request with its documented answer passes."""
    assert apiframe.violations(generate(order(seed=1, resolution="1MP"))) == []
    assert apiframe.violations(exchange("GET", f"/v2/jobs/{JOB_ID}", answer=JOB)) == []
    upload = exchange("POST", "/v2/uploads", files={"file": "a.png"}, status=502, answer={"error": "CDN"})
    assert apiframe.violations(upload) == []


@pytest.mark.parametrize(
    ("wrong", "telling"),
    [
        (generate(order(magic=1)), "fluxParams: Additional properties are not allowed ('magic' was unexpected)"),
        (generate(order(resolution="1 MP")), "fluxParams.resolution"),
        (generate(order(input_images=["not a url"])), "fluxParams.input_images.0"),
        (generate({"model": "flux-2-max"}), '"prompt" is a required property'),
        (generate(None), "request body: missing"),
        (generate(order(), {"idempotency-key": "k" * 256}), "header parameter Idempotency-Key"),
        (exchange("GET", f"/v2/jobs/{JOB_ID}", answer={**JOB, "id": "7"}), 'answer 200: id: "7" is not a "uuid"'),
        (exchange("GET", f"/v2/jobs/{JOB_ID}", answer=JOB_WITHOUT_STATUS), '"status" is a required property'),
        (exchange("GET", f"/v2/jobs/{JOB_ID}", answer={**JOB, "createdAt": "today"}), "answer 200: createdAt"),
        (exchange("GET", f"/v2/jobs/{JOB_ID}", {}, answer=JOB), "request body: none is documented"),
        (exchange("GET", "/v2/jobs/7", status=404, answer={"error": "x"}), "path parameter id"),
        (exchange("GET", "/v2/jobs", answer={"jobs": [], "nextCursor": None, "hasMore": 0}), "answer 200: hasMore"),
        (exchange("GET", "/v2/models", query={"modality": "smell"}, answer={"models": []}), "query parameter modality"),
        (exchange("GET", "/v2/me", status=418, answer={"error": "x"}), "status 418 is not documented"),
        (exchange("GET", "/v2/me", status=401), "answer 401"),
        (exchange("DELETE", "/v2/me"), "the document has no such operation"),
        (exchange("GET", "/v2/pictures"), "the document has no such operation"),
        (exchange("POST", "/v2/uploads", files={"photo": "a.png"}, status=502, answer={"error": "x"}), '"file" is a'),
    ],
)
def test_what_breaks_the_document_is_told(apiframe: Contract, wrong: Exchange, telling: str) -> None:
    """Each violation is one sentence that says where it is."""
    [sentence] = apiframe.violations(wrong)
    assert sentence.startswith(f"{wrong.method} {wrong.path}: ")
    assert telling in sentence


def test_broken_server_is_not_the_caller_s_violation(apiframe: Contract) -> None:
    """A 500 that nobody documents may have any body; a documented 503 may not."""
    assert apiframe.violations(exchange("GET", "/v2/me", status=500, answer="oops")) == []
    assert apiframe.answer_violations(exchange("POST", "/v2/images/generate", status=503, answer="oops")) != []


def test_literal_path_is_preferred(discord: Contract) -> None:
    """`@original` is its own operation, and no message id that is wrong."""
    path = "/webhooks/1/token/messages/@original"
    assert discord.request_violations(exchange("PATCH", path, {"content": "x"})) == []
    assert discord.request_violations(exchange("PATCH", path.replace("@original", "mine"), {"content": "x"})) != []


def test_numbers_of_attachments_are_tolerated_and_nothing_else(discord: Contract) -> None:
    """Only the ids of attachments and of the message replied to may be JSON numbers, as discord.py writes them."""
    message = {"attachments": [{"id": 0, "filename": "a.png"}], "content": "x"}
    files = {"files[0]": "a.png"}
    posted = exchange("POST", "/channels/1/messages", message, files=files)
    called_back = exchange("POST", "/interactions/1/t/callback", {"type": 4, "data": message}, files=files)
    assert discord.request_violations(posted) + discord.request_violations(called_back) == []
    referring = {"content": "x", "message_reference": {"message_id": 5, "channel_id": 6, "guild_id": 7}}
    assert discord.request_violations(exchange("POST", "/channels/1/messages", referring)) == []
    [sentence] = discord.request_violations(exchange("POST", "/channels/1/messages", {"sticker_ids": [5]}))
    assert "sticker_ids.0" in sentence


def test_query_is_read_by_its_documented_types(discord: Contract) -> None:
    """A query has only text: `50` is a number and `1` a boolean where one is due, and `many` is neither."""
    callback = exchange("POST", "/interactions/1/t/callback", {"type": 5}, query={"with_response": "1"})
    assert discord.request_violations(callback) == []
    assert discord.request_violations(exchange("GET", "/channels/1/messages", query={"limit": "50"})) == []
    [sentence] = discord.request_violations(exchange("GET", "/channels/1/messages", query={"limit": "many"}))
    assert "query parameter limit" in sentence


def test_what_no_operation_takes_is_named(apiframe: Contract, discord: Contract) -> None:
    """A query parameter with a typo would be ignored, and a body of another type wouldn't be read."""
    [sentence] = apiframe.request_violations(exchange("GET", "/v2/jobs", query={"limits": "5"}))
    assert "query parameter limits is not documented" in sentence
    written = replace(exchange("POST", "/channels/1/messages", {"content": "x"}), request_content_type="text/plain")
    [sentence] = discord.request_violations(written)
    assert "request body: text/plain is not documented" in sentence


def test_the_likeliest_branch_of_a_union_is_blamed(discord: Contract) -> None:
    """Of the many kinds of components the one that was meant says what is wrong with it."""
    button = {"type": 2, "style": 1, "custom_id": "x", "label": "x" * 81}
    message = {"components": [{"type": 1, "components": [button]}]}
    [sentence] = discord.request_violations(exchange("POST", "/channels/1/messages", message))
    assert "components.0.components.0.label" in sentence


def test_discord_s_errors_have_their_shape(discord: Contract) -> None:
    """Any 4xx has a code and a message, a 429 the seconds to wait as well."""
    path = "/channels/1/messages/2"
    assert discord.violations(exchange("GET", path, status=404, answer={"code": 10008, "message": "Unknown"})) == []
    assert discord.violations(exchange("GET", path, status=404, answer={"code": 10008})) != []
    assert discord.violations(exchange("GET", path, status=429, answer={"code": 0, "message": "slow"})) != []
    assert discord.violations(exchange("DELETE", path, status=204)) == []
