"""What Apiframe answers, and what we make of it."""

import json

import pytest
from pydantic import ValidationError

from bot.apiframe.wire import Job, JobAccepted, JobStatus, Me, Upload

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
        ({"video": URL}, ()),
        ("", ()),
        (None, ()),
        (7, ()),
    ],
)
def test_result_in_every_shape(result: object, images: tuple[str, ...]) -> None:
    """A picture is found in a list of images and in a bare address, and a result without one is no crash."""
    assert job(result=result).images == images


def test_result_missing() -> None:
    """A job that has no result yet has no images."""
    assert job().images == ()


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
    """A status of webhooks that is no word any more is left out, and the paid picture stays readable."""
    assert job(webhookStatus={"failed": 2}).webhook_status is None
    assert job(webhookStatus="failed").webhook_status == "failed"


def test_finer_figures() -> None:
    """Figures that become fractions are rounded up, rather than making a paid picture unreadable."""
    assert (job(creditCost=4.2, progress=33.3).credit_cost, job(progress=33.3).progress) == (5, 34)


def test_what_nobody_reads_costs_nothing() -> None:
    """An order that was taken is not given up for a field that is missing or strange, and that nobody needs."""
    assert JobAccepted.model_validate_json('{"jobId": "j", "status": 7}').job_id == "j"
    assert JobAccepted.model_validate_json('{"jobId": "j"}').job_id == "j"
    assert Upload.model_validate_json(json.dumps({"url": URL, "expiresAt": None})).url == URL


def test_key_without_a_team() -> None:
    """A key that belongs to no team is no crash: its credits are unknown."""
    assert Me.model_validate_json('{"user": {}, "team": null, "apiKey": null}').credits is None
    assert Me.model_validate_json('{"team": {"credits": 12}}').credits == 12


def test_signed_addresses_stay_out_of_sight() -> None:
    """Neither the text of a value nor the complaint about a wrong one shows a signed address."""
    upload = json.dumps({"url": URL, "expiresAt": "2026-07-01T00:00:00Z"})
    shown = [repr(job(result=URL)), repr(Upload.model_validate_json(upload))]
    with pytest.raises(ValidationError) as wrong:
        job(status=None, error=[URL])
    assert not any("s3cret" in text for text in [*shown, str(wrong.value)])
