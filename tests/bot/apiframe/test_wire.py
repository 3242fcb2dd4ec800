"""Apiframe's responses, and their parsed values."""

import json

import pytest
from pydantic import ValidationError

from bot.apiframe.wire import Job, JobAccepted, JobStatus, Me, Upload
from tests.promises import ApiframeFault

URL = "https://cdn.apiframe.ai/a.png?signature=s3cret"


def job(**fields: object) -> Job:
    return Job.model_validate_json(json.dumps({"id": "1", "status": "PROCESSING", **fields}))


@pytest.mark.parametrize(
    ("result", "images"),
    [
        ({"images": [URL, URL]}, (URL, URL)),
        (URL, (URL,)),
        ([URL], (URL,)),
        ({"images": []}, ()),
        ({"images": [{"url": URL, "width": 8}, {"url": None}, URL]}, (URL, URL)),
        ({"images": {"url": URL}}, (URL,)),
        ({"images": URL}, (URL,)),
        ({"url": URL}, (URL,)),
        ([{"url": URL}], (URL,)),
        ({"images": [[7, None]]}, ()),
        ({"video": URL}, ()),
        ("", ()),
        (None, ()),
        (7, ()),
    ],
)
def test_result_in_every_shape(result: object, images: tuple[str, ...]) -> None:
    """A picture is found in a list of images and in a bare address, and a result without one isn't an error."""
    assert job(result=result).images == images


def test_result_missing() -> None:
    """A job that has no result yet has no images."""
    assert job().images == ()


@pytest.mark.promise(ApiframeFault.UNKNOWN_STATUS)
def test_unknown_status_is_still_running() -> None:
    """A status that Apiframe invents later is waited for, rather than giving up a paid picture."""
    unheard_of = job(status="UPSCALING")
    assert unheard_of.status is JobStatus.UNKNOWN
    assert unheard_of.status.is_running


@pytest.mark.parametrize("status", ["COMPLETED", "FAILED", "CANCELLED"])
def test_final_status(status: str) -> None:
    """A job at its end is no longer waited for."""
    assert not job(status=status).status.is_running


def test_unknown_fields_end_here() -> None:
    """New fields of Apiframe's change nothing for us."""
    assert job(mood="sunny") == job()


def test_what_became_of_webhooks_costs_no_picture() -> None:
    """A webhook status with the wrong type is ignored, and the paid picture stays readable."""
    assert job(webhookStatus={"failed": 2}).webhook_status is None
    assert job(webhookStatus="failed").webhook_status == "failed"


def test_finer_figures() -> None:
    """Figures that become fractions are rounded up, rather than making a paid picture unreadable."""
    assert (job(creditCost=4.2, progress=33.3).credit_cost, job(progress=33.3).progress) == (5, 34)


@pytest.mark.promise(ApiframeFault.ODD_FIELDS)
@pytest.mark.parametrize(
    ("strange", "read"),
    [
        ({"creditCost": "7"}, {"credit_cost": 7}),
        ({"creditCost": "6.5"}, {"credit_cost": 7}),
        ({"creditCost": "seven"}, {"credit_cost": None}),
        ({"creditCost": {"total": 7}}, {"credit_cost": None}),
        ({"creditCost": True}, {"credit_cost": None}),
        ({"creditCost": "inf"}, {"credit_cost": None}),
        ({"progress": "50%"}, {"progress": None}),
        ({"expired": None}, {"expired": False}),
        ({"expired": "true"}, {"expired": True}),
        ({"expired": {}}, {"expired": False}),
        ({"error": {"message": "no", "code": 7}}, {"error": "no"}),
        ({"error": {"code": 7}}, {"error": None}),
        ({"error": ["no"]}, {"error": None}),
        ({"webhookStatus": "sent"}, {"webhook_status": "sent"}),
        ({"input": None}, {"input": {}}),
        ({"input": "a boat"}, {"input": {}}),
        ({"id": 7}, {"id": None}),
        ({"status": "completed"}, {"status": JobStatus.COMPLETED}),
    ],
)
def test_strange_fields_lose_no_paid_picture(strange: dict[str, object], read: dict[str, object]) -> None:
    """A finished job is read whatever its unused fields contain."""
    finished = {"status": "COMPLETED", "result": {"images": [URL]}, **strange}
    assert job(**finished).images == (URL,)
    assert {name: getattr(job(**finished), name) for name in read} == read


def test_what_nobody_reads_costs_nothing() -> None:
    """An order that was taken is not given up for a field that is missing or strange, and that nobody needs."""
    assert JobAccepted.model_validate_json('{"jobId": "j", "status": 7}').job_id == "j"
    assert JobAccepted.model_validate_json('{"jobId": "j"}').job_id == "j"
    assert Upload.model_validate_json(json.dumps({"url": URL, "expiresAt": None})).url == URL


def test_key_without_a_team() -> None:
    """A key without a team isn't an error: its credits are unknown."""
    assert Me.model_validate_json('{"user": {}, "team": null, "apiKey": null}').credits is None
    assert Me.model_validate_json('{"team": {"credits": 12}}').credits == 12


def test_signed_addresses_stay_out_of_sight() -> None:
    """Neither the text of a value nor the complaint about a wrong one shows a signed address."""
    upload = json.dumps({"url": URL, "expiresAt": "2026-07-01T00:00:00Z"})
    shown = [repr(job(result=URL)), repr(Upload.model_validate_json(upload))]
    with pytest.raises(ValidationError) as wrong:
        job(status=None, error=[URL])
    assert not any("s3cret" in text for text in [*shown, str(wrong.value)])
