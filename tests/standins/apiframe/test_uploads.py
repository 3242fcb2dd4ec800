"""Uploads: images by their bytes, for an hour."""

import pytest

from standins.apiframe.server import ApiframeStandIn
from standins.exchange import Exchange
from tests.standins.apiframe.conftest import Caller, image_bytes


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


FILE = b'Content-Disposition: form-data; name="file"; filename="a.png"'
MALFORMED = {
    "no boundary": ("multipart/form-data", b"--x\r\n" + FILE + b"\r\n\r\nabc\r\n--x--\r\n"),
    "another boundary": ("multipart/form-data; boundary=y", b"--x\r\n" + FILE + b"\r\n\r\nabc\r\n--x--\r\n"),
    "a header without a colon": ("multipart/form-data; boundary=x", b"--x\r\nnonsense\r\n\r\nabc\r\n--x--\r\n"),
    "a header that is no text": ("multipart/form-data; boundary=x", b"--x\r\n\xff\x00: \x01\r\n\r\nabc\r\n--x--\r\n"),
    "a length that is no number": (
        "multipart/form-data; boundary=x",
        b"--x\r\n" + FILE + b"\r\nContent-Length: many\r\n\r\nabc\r\n--x--\r\n",
    ),
    "no end": ("multipart/form-data; boundary=x", b"--x\r\n" + FILE + b"\r\n\r\nabc"),
    "nothing": ("multipart/form-data; boundary=x", b""),
    "an empty boundary": ("multipart/form-data; boundary=", b"--\r\n\r\n"),
    "parts within parts": ("multipart/mixed; boundary=x", b"--x\r\nContent-Type: multipart/mixed\r\n\r\n--x--\r\n"),
}


@pytest.mark.parametrize(("content_type", "body"), MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_body_that_cannot_be_parsed_is_the_callers_fault(
    caller: Caller, content_type: str, body: bytes
) -> None:
    """A 400 with JSON that says what is wrong, never a 500."""
    answer = await caller.post("/v2/uploads", data=body, headers={"Content-Type": content_type})
    assert answer.status == 400
    assert answer.body["error"]
