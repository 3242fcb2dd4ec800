"""The deep check expects the answers that the documents promise and the stand-ins send."""

import json

import pytest

from tests.contracts.published import MISSING, Platform, document_path
from tests.contracts.recording import record_stand_ins
from tests.contracts.shapes import TARGET, inferred, written_from


async def test_the_shapes_are_those_of_the_documents_and_the_stand_ins() -> None:
    """Nobody changed the table by hand, and no stand-in changed since: writing it again changes nothing."""
    platforms: tuple[Platform, ...] = ("discord", "apiframe")
    paths = {platform: document_path(platform) or pytest.skip(MISSING) for platform in platforms}
    documents = {platform: json.loads(path.read_text()) for platform, path in paths.items()}
    assert TARGET.read_text() == written_from(documents, await record_stand_ins()), "run `make contracts`"


def test_what_a_stand_in_always_sends_is_told_from_what_it_sends_at_times() -> None:
    assert inferred([{"a": 1, "b": None}, {"a": "x"}]) == {
        "kinds": ["object"],
        "inferred": True,
        "fields": {"a": {"kinds": ["integer", "string"], "inferred": True}, "b": {}},
        "closed": True,
        "sent": ["a"],
    }
