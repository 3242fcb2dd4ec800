"""Schemathesis, which knows only Apiframe's document, finds nothing in the stand-in that the document doesn't allow."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Final

import pytest

from standins.apiframe.server import ApiframeStandIn
from standins.clock import Clock
from tests.contracts.published import MISSING, document_path
from tests.contracts.tolerances import CONFLICT

_SEED, _EXAMPLES = 1, 15  # of each operation; a limit in seconds would try more on a faster machine
_ROUTES: Final = "^/v2/(images/generate|jobs|me|models|uploads)"
# The document allows more than the API accepts: a ratio of 0:0, an empty cursor, an upload that isn't an image.
_STRICTER_THAN_ITS_DOCUMENT: Final = "positive_data_acceptance"


@pytest.mark.slow
async def test_every_answer_to_generated_requests_is_in_the_document(tmp_path: Path) -> None:
    """Valid and invalid requests in every order get documented answers, and no 500."""
    found = document_path("apiframe")
    if found is None:
        pytest.skip(MISSING)
    document = tmp_path / "apiframe.json"
    document.write_text(json.dumps(_with_conflicts(json.loads(found.read_text()))))
    async with ApiframeStandIn(Clock(), credits_available=10**9).serving() as apiframe:
        apiframe.account.requests_a_minute = 10**9
        process = await asyncio.create_subprocess_exec(
            *(str(Path(sys.executable).with_name("st")), "run", str(document), "--url", apiframe.base_url),
            *("--header", f"X-API-Key: {apiframe.account.api_key}", "--include-path-regex", _ROUTES),
            *("--seed", str(_SEED), "--max-examples", str(_EXAMPLES), "--exclude-checks", _STRICTER_THAN_ITS_DOCUMENT),
            *("--phases", "coverage,fuzzing", "--continue-on-failure", "--warnings", "off", "--no-color"),
            cwd=tmp_path,  # it leaves files of its own there
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        assert process.returncode == 0, output.decode()
        assert apiframe.jobs, "no order was accepted, so little was tried"


def _with_conflicts(document: dict[str, dict[str, dict[str, dict[str, dict[str, object]]]]]) -> object:
    """Return the document with the 409 that it describes in words, in the shape of every other error."""
    method, path, status = CONFLICT
    responses = document["paths"][path][method.lower()]["responses"]
    responses[str(status)] = responses["400"]
    return document
