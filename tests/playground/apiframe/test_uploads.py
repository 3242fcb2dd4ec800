"""Uploads: images by their bytes, for an hour."""

import pytest

from playground.apiframe.server import ApiframeStandIn
from playground.exchange import Exchange
from tests.playground.apiframe.conftest import Caller, image_bytes


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP", "GIF"])
async def test_image_can_be_uploaded_and_fetched_for_an_hour(
    apiframe: ApiframeStandIn, caller: Caller, image_format: str
) -> None:
    """An uploaded image is known by its bytes, whatever its name says, and is gone after an hour."""
    content = image_bytes(image_format=image_format)
    seen: list[Exchange] = []
    apiframe.observers.append(seen.append)
    answer = await caller.upload(content)
    assert (answer.status, answer.body["contentType"]) == (201, f"image/{image_format.lower()}")
    assert (answer.body["byteSize"], seen[0].request_files) == (len(content), {"file": "photo.txt"})
    assert (await caller.fetch(answer.body["url"])).body == content
    apiframe.clock.wind(3601)
    assert (await caller.fetch(answer.body["url"])).status == 404


@pytest.mark.parametrize(
    ("field_name", "content"),
    [("file", b"plain text"), ("photo", image_bytes()), ("file", image_bytes() + bytes(25 * 1024 * 1024))],
    ids=["no image", "no file", "too large"],
)
async def test_what_is_no_fitting_image_is_refused(caller: Caller, field_name: str, content: bytes) -> None:
    """No image, no file, or more than 25 MB: a 400 that blames `file`."""
    answer = await caller.upload(content, field_name)
    assert (answer.status, list(answer.body["details"])) == (400, ["file"])
