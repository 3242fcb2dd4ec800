"""The stand-in's tables of facts and routes are Discord's, and the documents can be had by anybody."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.contracts import facts, requests, routes
from tests.contracts.download import DownloadFailed, Source, download
from tests.contracts.facts import CHILDREN, CHOICES, LENGTHS, RANGES, TARGET
from tests.contracts.published import MISSING, document_path

CONTENT = b'{"openapi": "3.1.0"}'


def test_the_tables_are_those_of_the_document() -> None:
    """Nobody changed a table by hand: writing it again changes nothing."""
    document = json.loads((document_path("discord") or pytest.skip(MISSING)).read_text())
    for written in (facts, routes, requests):
        assert written.TARGET.read_text() == written.written_from(document), "run `make contracts`"


def test_every_fact_is_checked() -> None:
    """A fact that no rule uses is not in the table."""
    rules = [path for path in TARGET.parents[1].rglob("*.py") if path != TARGET]
    words = set(re.findall(r"\w+", "".join(path.read_text() for path in rules)))
    assert {*LENGTHS, *RANGES, *CHOICES, *CHILDREN} <= words


async def _document(_: web.Request) -> web.Response:
    return web.Response(body=CONTENT)


@pytest.fixture
async def publisher() -> TestServer:
    """Serve one document."""
    application = web.Application()
    application.router.add_get("/openapi.json", _document)
    return TestServer(application)


async def test_a_document_is_downloaded_once(publisher: TestServer, tmp_path: Path) -> None:
    """The file lands in the folder, and a second call needs no network."""
    async with publisher:
        source = Source(str(publisher.make_url("/openapi.json")), sha256(CONTENT).hexdigest())
        path = await download("discord", source, tmp_path / "contracts")
    assert path.read_bytes() == CONTENT
    assert await download("discord", source, tmp_path / "contracts") == path


async def test_another_document_than_the_pinned_one_is_refused(publisher: TestServer, tmp_path: Path) -> None:
    """A document with other bytes is named with its checksum, and not saved."""
    folder = tmp_path / "contracts"
    async with publisher:
        with pytest.raises(DownloadFailed, match=f"SHA-256 is {sha256(CONTENT).hexdigest()}"):
            await download("discord", Source(str(publisher.make_url("/openapi.json")), "0" * 64), folder)
    assert not folder.exists()


async def test_a_publisher_that_does_not_answer_is_named(publisher: TestServer, tmp_path: Path) -> None:
    """Without network, one sentence says which address failed and where to save the file by hand."""
    async with publisher:
        gone = publisher.make_url("/missing.json")
        with pytest.raises(DownloadFailed, match=r"missing\.json .*404.*Save it in contracts/ by hand"):
            await download("discord", Source(str(gone), "0" * 64), tmp_path)
    with pytest.raises(DownloadFailed, match=r"Could not download http://127\.0\.0\.1"):
        await download("discord", Source(str(gone), "0" * 64), tmp_path)
